"""The deployment's keys: drawn once, kept from others' eyes, never half written."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest

from supergame.app import keys as module
from supergame.app.keys import FILE_NAME, KeysExposed, KeysInvalid, load_keys, title_keys
from supergame.base.ids import Chance, TitleId

MAIN, BETA = TitleId("main"), TitleId("beta")


def chance(seed: int = 1) -> Chance:
    return Chance(random.Random(seed).randbytes)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_keys_are_drawn_once_and_kept(tmp_path: Path) -> None:
    first = load_keys(tmp_path, [MAIN], chance(1))
    assert load_keys(tmp_path, [MAIN], chance(2)) == first
    assert len({first.session_secret, *first.titles[MAIN]}) == 3
    assert all(len(bytes.fromhex(secret)) == 32 for secret in (first.session_secret, *first.titles[MAIN]))


def test_a_new_title_gets_keys_and_the_others_keep_theirs(tmp_path: Path) -> None:
    first = load_keys(tmp_path, [MAIN], chance(1))
    second = load_keys(tmp_path, [BETA], chance(2))
    assert second.session_secret == first.session_secret
    assert second.titles == first.titles | {BETA: second.titles[BETA]}
    assert load_keys(tmp_path, [MAIN, BETA], chance(3)) == second


def check_that_nobody_else_reads_the_file(folder: Path) -> None:
    before = os.umask(0)
    try:
        load_keys(folder, [MAIN], chance())
    finally:
        os.umask(before)
    assert mode(folder / FILE_NAME) == 0o600


def test_the_file_is_its_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    check_that_nobody_else_reads_the_file(tmp_path)


def test_a_planted_fault_is_caught_a_file_written_like_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_write", lambda file, keys: file.write_bytes(b"{}"))
    with pytest.raises(AssertionError):
        check_that_nobody_else_reads_the_file(tmp_path)


@pytest.mark.parametrize("rights", [0o640, 0o604, 0o644, 0o620, 0o601])
def test_a_file_that_others_may_touch_is_refused(tmp_path: Path, rights: int) -> None:
    load_keys(tmp_path, [MAIN], chance())
    (tmp_path / FILE_NAME).chmod(rights)
    with pytest.raises(KeysExposed):
        load_keys(tmp_path, [MAIN], chance())


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"titles":{}}', b'{"session_secret":5}', b"\xff"])
def test_a_damaged_file_is_told_and_left_as_it_is(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / FILE_NAME
    file.touch(0o600)
    file.write_bytes(text)
    with pytest.raises(KeysInvalid):
        load_keys(tmp_path, [MAIN], chance())
    assert file.read_bytes() == text


def test_a_process_that_ends_in_the_middle_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_keys(tmp_path, [MAIN], chance(1))

    def killed(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module.os, "fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        load_keys(tmp_path, [MAIN, BETA], chance(2))
    monkeypatch.undo()
    assert load_keys(tmp_path, [MAIN], chance(3)) == first
    assert set(load_keys(tmp_path, [MAIN, BETA], chance(4)).titles) == {MAIN, BETA}
    assert [file.name for file in tmp_path.iterdir()] == [FILE_NAME]


def test_well_known_keys_stand_in_on_loopback_one_for_each_title(tmp_path: Path) -> None:
    known = title_keys(load_keys(tmp_path, [MAIN, BETA], chance()), [MAIN, BETA], well_known=True)
    assert [(key.title_id, key.server_key, key.http_key) for key in known] == [
        ("main", "defaultkey", "defaulthttpkey"),
        ("beta", "defaultkey-beta", "defaulthttpkey-beta"),
    ]


def test_elsewhere_the_drawn_keys_count(tmp_path: Path) -> None:
    keys = load_keys(tmp_path, [MAIN], chance())
    (own,) = title_keys(keys, [MAIN], well_known=False)
    assert (own.server_key, own.http_key) == keys.titles[MAIN]


def test_the_file_is_plain_json_that_an_operator_can_read(tmp_path: Path) -> None:
    load_keys(tmp_path, [MAIN], chance())
    assert json.loads((tmp_path / FILE_NAME).read_text()).keys() == {"session_secret", "titles"}
