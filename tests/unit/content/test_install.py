"""What a player's folder goes through."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supergame.content import staging
from supergame.content.install import damages, kept_seed
from supergame.content.model import ContentInUse, DiskFull, SourceDamaged, SourceUnreachable
from supergame.content.objects import READ_BYTES_MAX, Source, held
from tests.support.content import Desk, Fuse, Killed, Player, Tree, flip_bit, read_tree, some_bytes

BEFORE: Tree = {"game.pak": some_bytes(1, 1_500_000), "bin/game": some_bytes(2, 90_000), "readme.txt": b"one", "empty": b""}
AFTER: Tree = BEFORE | {
    "game.pak": BEFORE["game.pak"][:700_000] + b"edited" + BEFORE["game.pak"][700_100:],
    "readme.txt": b"two",
    "new.bin": b"x" * 9,
}


# --- round trips


def test_CNT4_a_folder_that_is_pushed_and_synced_is_the_same(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    folder = desk.build(BEFORE)
    (folder / "bin/game").chmod(0o755)
    (folder / "bin/latest").symlink_to("game")
    desk.publisher.push(folder, "game", "live", "1")
    player = desk.player()
    synced = player.sync()
    assert (player.tree(), synced.release.version) == (BEFORE, "1")
    assert os.access(player.current / "bin/game", os.X_OK)
    assert not os.access(player.current / "readme.txt", os.X_OK)
    assert os.readlink(player.current / "bin/latest") == "game"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 400_000), st.integers(0, 3_000), st.binary(max_size=40)), max_size=4), st.integers(0, 3))
def test_CNT4_any_change_of_bytes_makes_the_round_trip(tmp_path: Path, edits: list[tuple[int, int, bytes]], spread: int) -> None:
    shutil.rmtree(tmp_path / "run", ignore_errors=True)
    desk = Desk(tmp_path / "run")
    tree = {"a": some_bytes(1, 300_000), "b": b"abc" * 1_000}
    desk.push(tree)
    player = desk.player()
    player.sync()
    for at, length, data in edits:
        tree["a"] = tree["a"][:at] + data + tree["a"][at + length :]
    tree |= {f"copy-{number}": tree["a"] for number in range(spread)}
    desk.push(tree)
    player.sync()
    assert player.tree() == tree


def test_CNT8_an_update_takes_a_delta_of_few_bytes(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.push(BEFORE)
    player = desk.player()
    player.sync()
    player.source.bytes = 0
    desk.push(AFTER)
    synced = player.sync()
    assert player.tree() == AFTER
    assert (synced.used_delta, synced.healed_chunks) == (True, 0)
    assert player.source.bytes < 5_000  # the channel file has some 2,000


def test_CNT8_without_a_delta_chunks_are_fetched_and_only_those_that_changed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.push(BEFORE)
    player = desk.player()
    player.sync()
    desk.push(AFTER | {"extra": some_bytes(9, 1_000)})
    desk.push(AFTER)  # whose delta is from the release between
    player.source.bytes = 0
    synced = player.sync()
    assert (player.tree(), synced.used_delta) == (AFTER, False)
    assert player.source.bytes < 600_000


@pytest.mark.parametrize("bit", [3, 400, 2_000])
def test_CNT8_a_damaged_delta_gives_way_to_chunks(tmp_path: Path, bit: int) -> None:
    desk = Desk(tmp_path)
    desk.push(BEFORE)
    player = desk.player()
    player.sync()
    desk.push(AFTER)
    (name,) = desk.store.names("deltas")
    flip_bit(desk.store.folder / name, bit)
    assert player.sync().used_delta is False
    assert player.tree() == AFTER


def test_CNT8_a_file_that_moved_or_is_there_twice_costs_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.push(BEFORE)
    player = desk.player()
    player.sync()
    moved = {"moved/game.pak": BEFORE["game.pak"], "twice.pak": BEFORE["game.pak"], "bin/game": BEFORE["bin/game"]}
    made = desk.push(moved)
    player.sync()
    assert player.tree() == moved
    assert made.published.stored_bytes < 5_000


def test_CNT11_the_release_before_stays_as_it_was_and_going_back_costs_only_the_channel_file(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.push(BEFORE)
    player = desk.player()
    player.sync()
    old = player.current
    desk.push(AFTER)
    player.sync()
    assert read_tree(old) == BEFORE
    assert os.path.samefile(old / "bin/game", player.current / "bin/game")
    desk.publisher.roll_back("game", "live")
    player.source.requests = 0
    player.sync()
    assert (player.tree(), player.source.requests) == (BEFORE, 1)


# --- interruptions


def test_CNT9_whatever_step_an_update_dies_at_the_old_or_new_release_is_whole_and_the_next_run_finishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before: Tree = {"game.pak": some_bytes(1, 300_000), "same": b"same", "a/text": b"one"}
    after = before | {"game.pak": before["game.pak"][:99_000] + b"edited" + before["game.pak"][99_000:], "a/text": b"two"}
    desk = Desk(tmp_path)
    desk.push(before)
    desk.player("first").sync()
    desk.push(after)
    died = 0
    for limit in range(1, 200):
        folder = tmp_path / f"player-{limit}"
        shutil.copytree(tmp_path / "first", folder, symlinks=True)
        player = desk.player(folder.name)
        with monkeypatch.context() as patch:
            fuse = Fuse(patch, limit)
            try:
                player.sync()
            except Killed:
                died += 1
        assert player.tree() in (before, after)
        if fuse.count < limit:
            break
        player.sync()
        assert player.tree() == after
        shutil.rmtree(folder)
    assert died > 30


def test_CNT9_an_installation_that_was_cut_off_fetches_no_block_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.push({"big": some_bytes(1, 14_000_000)})
    player = desk.player(source=CutOff(desk.store, after=5))
    with pytest.raises(SourceUnreachable):
        player.sync()
    assert not (player.folder / "current").exists()
    again = desk.player()
    again.sync()
    assert again.source.bytes < 14_000_000 * 2 / 3


class CutOff:
    """A network that ends after some blocks."""

    def __init__(self, source: Source, after: int) -> None:
        self._source, self._left = source, after

    def read(self, name: str, start: int = 0, length: int = READ_BYTES_MAX) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise SourceUnreachable
        return self._source.read(name, start, length)


def test_CNT9_two_runs_on_one_folder_do_not_meet(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.push({"a": b"a"})
    player = desk.player()
    player.sync()
    with held(player.folder / ".supergame" / "lock"), pytest.raises(ContentInUse):
        player.sync()


def test_CNT9_a_full_disk_is_told_beforehand_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path)
    desk.push(BEFORE)
    player = desk.player()
    player.sync()
    desk.push({"huge": some_bytes(5, 3_000_000)})
    monkeypatch.setattr(staging, "free_bytes", lambda folder: 1_000_000)
    with pytest.raises(DiskFull):
        player.sync()
    assert player.tree() == BEFORE


# --- damage


def flipped(player: Player, chance: random.Random) -> set[Path]:
    """Three files of the installed release, damaged."""
    files = [path for path in player.current.rglob("*") if path.is_file() and path.stat().st_size]
    chosen = {chance.choice(files) for _ in range(3)}
    for file in chosen:
        flip_bit(file, chance.randrange(file.stat().st_size * 8))
    return chosen


def test_CNT10_every_flipped_bit_is_found_and_healed_and_only_damaged_chunks_are_fetched(tmp_path: Path) -> None:
    desk, chance = Desk(tmp_path), random.Random(1)
    desk.push(BEFORE)
    for number in range(5):
        player = desk.player(f"player-{number}")
        player.sync()
        damaged = flipped(player, chance)
        player.source.bytes = 0
        healed = player.sync(verify=True)
        assert (healed.was_current, healed.healed_chunks) == (False, len(damaged))
        assert player.tree() == BEFORE
        assert player.source.bytes < len(damaged) * 300_000
        assert player.sync(verify=True).was_current


def test_CNT10_a_truncated_a_missing_and_a_lengthened_file_are_found_without_reading_all(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.push(BEFORE)
    player = desk.player()
    for harm in (lambda file: os.truncate(file, 5), Path.unlink, lambda file: file.write_bytes(b"x" * 1_600_000)):
        player.sync()
        harm(player.current / "game.pak")
        assert not player.sync().was_current
        assert player.tree() == BEFORE


def test_CNT10_an_update_from_damaged_files_is_right_nevertheless(tmp_path: Path) -> None:
    desk, chance = Desk(tmp_path), random.Random(2)
    desk.push(BEFORE)
    player = desk.player()
    player.sync()
    for file in ("game.pak", "bin/game"):
        flip_bit(player.current / file, chance.randrange(700_000))
    desk.push(AFTER)
    player.sync()
    assert player.tree() == AFTER


def test_CNT3_damaged_blocks_are_never_installed(tmp_path: Path) -> None:
    desk, chance = Desk(tmp_path), random.Random(3)
    desk.push(BEFORE)
    (name,) = desk.store.names("blocks")
    whole = (desk.store.folder / name).read_bytes()
    for number in range(10):
        flip_bit(desk.store.folder / name, chance.randrange(64, 12_000_000))
        player = desk.player(f"player-{number}")
        with pytest.raises(SourceDamaged):
            player.sync()
        assert not (player.folder / "current").exists()
        (desk.store.folder / name).write_bytes(whole)


def test_a_planted_fault_is_caught_verification_that_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path)
    desk.push(BEFORE)
    player = desk.player()
    player.sync()
    flip_bit(player.current / "game.pak", 4_000_000)
    monkeypatch.setattr(staging.Staging, "_is_right", lambda self, chunk, data: True)
    player.sync(verify=True)
    seed = kept_seed(player.folder)
    assert seed is not None
    assert damages(seed) != []


# --- size


def test_CNT19_a_preview_tells_the_bytes_that_players_will_move(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    tree = {f"{number}.bin": some_bytes(number, 200_000) for number in range(12)}
    desk.push(tree)
    player = desk.player()
    player.sync()
    tree |= {"3.bin": some_bytes(77, 300_000), "4.bin": tree["4.bin"][:100_000] + some_bytes(78, 60_000) + tree["4.bin"][101_000:]}
    preview = desk.publisher.preview(desk.build(tree), "game", "live", "2")
    made = desk.push(tree)
    assert preview.update_size == made.update_size
    player.source.bytes = 0
    player.sync()
    assert player.source.bytes == pytest.approx(preview.update_size, rel=0.02)
    fresh = desk.player("fresh")
    fresh.sync()
    assert fresh.source.bytes == pytest.approx(preview.release.download_size, rel=0.02)


def test_CNT20_an_installation_asks_at_most_once_for_4_megabytes_besides_channel_keys_and_manifest(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.push({"big": some_bytes(1, 25_000_000)})
    player = desk.player()
    player.sync()
    assert len([name for name in player.source.names if name.startswith("blocks/")]) <= player.source.bytes / 4e6
