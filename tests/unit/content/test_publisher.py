"""The publisher's side: interruptions, channels, sweeping."""

from __future__ import annotations

from pathlib import Path

import pytest

from supergame.base.errors import InvalidArgument
from supergame.content import collect, report
from supergame.content.collect import GRACE_US, check_store, sweep
from supergame.content.model import ChannelUnknown, ContentInUse, ManifestInvalid, PathUnsafe, ReleaseUnknown, SourceDamaged
from supergame.content.objects import held
from supergame.content.reader import read_manifest
from tests.support.content import Desk, Fuse, Killed, Tree, flip_bit, some_bytes

ONE: Tree = {"a": some_bytes(1, 300_000), "b": b"one"}
TWO: Tree = {"a": some_bytes(1, 150_000) + b"!" + some_bytes(2, 150_000), "b": b"two"}


def test_CNT12_whatever_step_a_push_dies_at_the_channel_leads_to_a_whole_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    died = 0
    for limit in range(1, 100):
        desk = Desk(tmp_path / str(limit))
        desk.push(ONE)
        folder = desk.build(TWO)
        with monkeypatch.context() as patch:
            fuse = Fuse(patch, limit)
            try:
                desk.publisher.push(folder, "game", "live", "2")
            except Killed:
                died += 1
        player = desk.player()
        player.sync()
        assert player.tree() in (ONE, TWO)
        if fuse.count < limit:
            break
        desk.publisher.push(folder, "game", "live", "2")
        player.sync()
        assert player.tree() == TWO
    assert died > 10


def test_CNT3_every_flipped_bit_in_the_store_is_found(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.push(ONE)
    desk.push(TWO)
    assert check_store(desk.store) == []
    objects = [name for folder in ("blocks", "manifests", "deltas") for name in desk.store.names(folder)]
    assert len(objects) == 5
    for number, name in enumerate(objects * 4):
        file = desk.store.folder / name
        whole = file.read_bytes()
        flip_bit(file, number * 7919 % (len(whole) * 8))
        assert check_store(desk.store) == [name]
        file.write_bytes(whole)


def test_CNT12_a_channel_never_points_at_what_is_not_there(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    made = desk.push(ONE, channel="beta")
    desk.store.remove(f"blocks/{made.published.manifest.block_names[0]}")
    with pytest.raises(SourceDamaged):
        desk.publisher.promote("game", "beta", "live")
    with pytest.raises(ChannelUnknown):
        desk.publisher.channel("game", "live")


def test_CNT12_two_publishers_do_not_meet(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.push(ONE)
    with held(desk.store.folder / ".lock"), pytest.raises(ContentInUse):
        desk.push(TWO)


@pytest.mark.parametrize("name", ["aux", "a\\b", "back "])
def test_CNT5_a_name_that_would_not_do_everywhere_cannot_be_published(tmp_path: Path, name: str) -> None:
    with pytest.raises(PathUnsafe):
        Desk(tmp_path).push({name: b"x"})


def test_CNT5_a_link_that_leads_out_cannot_be_published(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    folder = desk.build(ONE)
    (folder / "out").symlink_to("/etc")
    with pytest.raises(PathUnsafe):
        desk.publisher.push(folder, "game", "live", "1")
    with pytest.raises(ManifestInvalid):
        desk.publisher.push(tmp_path / "missing", "game", "live", "1")


# --- channels


def test_RLS3_going_back_is_a_new_pointer_and_twice_goes_back_two(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for version in ("1", "2", "3"):
        desk.push(ONE | {"version": version.encode()}, version)
    serial = desk.publisher.channel("game", "live").serial
    back = [desk.publisher.roll_back("game", "live") for _ in range(2)]
    assert [(channel.current.version, channel.serial) for channel in back if channel.current] == [("2", serial + 1), ("1", serial + 2)]
    with pytest.raises(ReleaseUnknown):
        desk.publisher.roll_back("game", "live")
    again = desk.publisher.roll_back("game", "live", version="3")
    assert again.current is not None
    assert again.current.version == "3"
    assert [step.action for step in again.steps][:2] == ["roll back", "roll back"]


def test_RLS3_a_rollout_that_was_ended_is_never_gone_back_to(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.push(ONE, "1")
    desk.push(TWO, "bad", percent=10)
    ended = desk.publisher.roll_back("game", "live")
    assert (ended.current and ended.current.version, ended.rollout) == ("1", None)
    desk.push(ONE | {"new": b"3"}, "3")
    back = desk.publisher.roll_back("game", "live")
    assert back.current is not None
    assert back.current.version == "1"


def test_a_first_release_is_for_all_and_percentages_have_bounds(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with pytest.raises(InvalidArgument):
        desk.push(ONE, percent=10)
    for percent in (0, -1, 100.1):
        with pytest.raises(InvalidArgument):
            desk.push(ONE, percent=percent)
    with pytest.raises(InvalidArgument):
        desk.push(ONE, version="../1")
    desk.push(ONE)
    with pytest.raises(ReleaseUnknown):
        desk.publisher.pause("game", "live")


def test_a_promotion_brings_a_delta_from_what_the_target_has(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.push(ONE)
    desk.push(ONE | {"b": b"between"}, channel="beta")
    desk.push(TWO, channel="beta")
    player = desk.player()
    player.sync()
    desk.publisher.promote("game", "beta", "live")
    assert player.sync().used_delta
    assert player.tree() == TWO


# --- sweeping


def test_CNT18_only_what_no_channel_reaches_goes_and_only_after_its_grace(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    made = desk.push(ONE)
    lost = f"blocks/{'0' * 64}"
    desk.store.write(lost, b"left over by a push that died")
    marks = tmp_path / "marks"
    assert sweep(desk.store, marks, desk.clock).removed == []
    desk.clock.advance(GRACE_US / 1e6 - 1)
    assert (sweep(desk.store, marks, desk.clock).removed, desk.store.has(lost)) == ([], True)
    desk.clock.advance(1)
    assert (sweep(desk.store, marks, desk.clock).removed, desk.store.has(lost)) == ([lost], False)
    assert collect.reach(desk.store) >= {f"manifests/{made.release.manifest}"}
    desk.player().sync()


def test_CNT18_what_is_being_published_stays_even_with_a_sweep_at_every_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path)
    desk.push(ONE)
    real = type(desk.store).write

    def write_and_sweep(store: object, name: str, data: bytes) -> None:
        real(desk.store, name, data)
        monkeypatch.setattr(type(desk.store), "write", real)
        with pytest.raises(ContentInUse):  # the publisher is alone
            sweep(desk.store, tmp_path / "marks", desk.clock, grace_us=0)
        monkeypatch.setattr(type(desk.store), "write", write_and_sweep)

    monkeypatch.setattr(type(desk.store), "write", write_and_sweep)
    desk.push(TWO)
    player = desk.player()
    player.sync()
    assert player.tree() == TWO


# --- why is it big?


def test_CNT19_the_report_says_which_files_bring_the_bytes_and_why(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    tree = {"levels.zip": some_bytes(1, 200_000), "pak": some_bytes(2, 900_000)}
    first = desk.push(tree)
    tree |= {
        "levels.zip": some_bytes(3, 200_000),
        "pak": tree["pak"][:500_000] + b"!" + tree["pak"][500_000:],
        "song.ogg": some_bytes(4, 90_000),
    }
    told = report.lines(desk.push(tree), read_manifest(desk.store, first.release.manifest))
    assert told[0] == "2: 3 files, 1.19 MB installed"
    zipped, pak, song = (next(line for line in told if name in line) for name in tree)
    assert "an archive hides what stayed the same" in zipped
    assert pak.endswith("% new")
    assert song.endswith("song.ogg: a new file")
