"""Whom a player's copy believes: The Update Framework's four guards."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from supergame.base.ids import Chance
from supergame.content.channels import LIFETIME_US
from supergame.content.model import ChannelStale, ChannelUnknown, KeyMissing, SignatureInvalid, StoreNewer
from supergame.content.signing import Keys, opened, public_key, sign
from tests.support.content import Desk, Killed

LIVE = "channels/game/live"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.push({"a": b"one"}, "1")
    return desk


def test_CNT13_a_channel_file_of_another_key_or_changed_by_a_byte_is_refused(desk: Desk, tmp_path: Path) -> None:
    player = desk.player()
    player.sync()
    file = desk.store.read(LIVE)
    payload = opened(file)[0]
    stranger = Keys(tmp_path / "stranger.json", Chance()).load_or_make(Desk(tmp_path / "other").store)
    for forged in (
        sign("channel", payload.replace(b'"version":"1"', b'"version":"9"'), stranger.signer),
        sign("keys", payload, desk.keys.load().signer),
        sign("channel", payload, desk.keys.load().root),
        msgspec.json.encode({"signed": "", "signatures": []}),
        file.replace(b"signed", b"Signed"),
        b"",
        b"[" * 5_000,
        bytes(2 << 20),
    ):
        desk.store.write(LIVE, forged)
        with pytest.raises(SignatureInvalid):
            player.sync()
    desk.store.write(LIVE, file)
    assert player.sync().was_current


def test_CNT14_an_older_channel_file_than_was_seen_is_refused(desk: Desk) -> None:
    old = desk.store.read(LIVE)
    desk.push({"a": b"two"}, "2")
    player = desk.player()
    player.sync()
    desk.store.write(LIVE, old)
    with pytest.raises(ChannelStale):
        player.sync()
    assert player.tree() == {"a": b"two"}


def test_CNT15_a_channel_file_that_nobody_signs_anew_expires(desk: Desk) -> None:
    player = desk.player()
    player.sync()
    desk.clock.advance(LIFETIME_US / 1e6)
    with pytest.raises(ChannelStale):
        player.sync()
    assert player.tree() == {"a": b"one"}
    desk.publisher.refresh()
    assert player.sync().was_current


def test_CNT16_a_channel_file_in_the_place_of_another_is_refused(desk: Desk) -> None:
    desk.push({"a": b"beta"}, "2-beta", channel="beta")
    desk.store.write(LIVE, desk.store.read("channels/game/beta"))
    with pytest.raises(SignatureInvalid):
        desk.player().sync()


def test_CNT17_a_replaced_key_is_learnt_and_the_old_one_believed_no_more(desk: Desk) -> None:
    player = desk.player()
    player.sync()
    stolen = desk.keys.load().signer
    desk.publisher.replace_key()
    assert player.sync().was_current
    latest = desk.store.read(LIVE)
    for claimed in (b'"keyset":2', b'"keyset":1'):
        payload = opened(latest)[0].replace(b'"serial":2', b'"serial":9').replace(b'"keyset":2', claimed)
        desk.store.write(LIVE, sign("channel", payload, stolen))
        with pytest.raises(SignatureInvalid):
            player.sync()
    desk.store.write(LIVE, latest)
    desk.player("new").sync()


def test_CNT17_a_key_set_that_no_trusted_root_signed_is_refused(desk: Desk, tmp_path: Path) -> None:
    player = desk.player()
    player.sync()
    other = Desk(tmp_path / "other", seed=2)
    other.push({"a": b"evil"}, "1")
    other.publisher.replace_key()
    for name in ("keys/1", "keys/2", LIVE):
        desk.store.write(name, other.store.read(name))
    with pytest.raises(SignatureInvalid):
        player.sync()
    assert player.tree() == {"a": b"one"}


def test_CNT13_the_root_that_was_asked_for_is_the_only_one_believed(desk: Desk) -> None:
    root = public_key(desk.keys.load().root)
    desk.publisher.replace_key()
    desk.player("right", root=root).sync()
    with pytest.raises(SignatureInvalid):
        desk.player("wrong", root=public_key(desk.keys.load().signer)).sync()


def test_CNT17_a_replacement_that_died_in_the_middle_is_finished_by_the_next_command(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(type(desk.store), "write", dies)
        with pytest.raises(Killed):
            desk.publisher.replace_key()
    desk.push({"a": b"two"}, "2")
    player = desk.player()
    player.sync()
    assert player.tree() == {"a": b"two"}


def test_keys_are_refused_when_missing_open_to_others_or_damaged(desk: Desk, tmp_path: Path) -> None:
    file = desk.keys.path
    file.chmod(0o644)
    with pytest.raises(KeyMissing):
        desk.push({"a": b"two"})
    file.chmod(0o600)
    file.write_bytes(b"{}")
    with pytest.raises(KeyMissing):
        desk.push({"a": b"two"})
    file.unlink()
    with pytest.raises(KeyMissing):  # rather than keys that no player knows
        desk.push({"a": b"two"})


def test_channels_that_are_missing_or_of_a_newer_format_are_told_apart(desk: Desk) -> None:
    with pytest.raises(ChannelUnknown):
        desk.player().sync("nightly")
    payload = opened(desk.store.read(LIVE))[0].replace(b'"format":1', b'"format":2')
    desk.store.write(LIVE, sign("channel", payload, desk.keys.load().signer))
    with pytest.raises(StoreNewer):
        desk.player().sync()
