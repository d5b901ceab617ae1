"""Killed publishers and installations, and flipped bits, in the numbers that we claim: 500 kills, 1,000 bits."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from supergame.content.collect import check_store
from supergame.content.install import current, damages, kept_seed
from tests.support.content import Desk, Tree, flip_bit, read_tree, some_bytes

pytestmark = pytest.mark.soak

KILLS = 250
BITS = 500
VICTIM = Path(__file__).with_name("content_victim.py")


def releases(seed: int) -> tuple[Tree, Tree]:
    chance = random.Random(seed)
    before = {f"data/{number}.pak": some_bytes(seed * 100 + number, chance.randrange(1, 2_000_000)) for number in range(8)}
    after = dict(before)
    for name in chance.sample(sorted(after), 4):
        at = chance.randrange(len(after[name]) + 1)
        after[name] = after[name][:at] + chance.randbytes(chance.randrange(200_000)) + after[name][at:]
    return before, after


def killed(action: str, desk: Desk, *arguments: str | Path, after_s: float) -> bool:
    """Whether the child was killed before it was done; the time counts from the moment at which it begins to work."""
    command = [sys.executable, VICTIM, action, desk.folder, str(desk.clock.now()), *arguments]
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    time.sleep(after_s)
    child.kill()
    child.stdout.close()
    return child.wait() != 0


def duration_s(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def test_an_installation_that_is_killed_at_250_points_is_never_corrupt_and_always_finishes(tmp_path: Path) -> None:
    desk, chance = Desk(tmp_path), random.Random(1)
    before, after = releases(1)
    desk.push(before)
    desk.player("first").sync()
    desk.push(after)
    shutil.copytree(tmp_path / "first", tmp_path / "measured", symlinks=True)
    took_s = duration_s(desk.player("measured").sync)
    hits = 0
    for number in range(KILLS):
        name = f"player-{number}"
        if number % 2:
            shutil.copytree(tmp_path / "first", tmp_path / name, symlinks=True)
        hits += killed("sync", desk, name, after_s=chance.uniform(0, took_s))
        seed = kept_seed(tmp_path / name)
        if number % 2 or seed is not None:
            assert seed is not None
            assert damages(seed) == []
            assert read_tree(seed.folder) in (before, after)
        else:
            assert current(tmp_path / name) is None
        player = desk.player(name)
        player.sync()
        assert player.tree() == after
        shutil.rmtree(tmp_path / name)
    assert hits > KILLS / 2


def test_a_publishing_that_is_killed_at_250_points_leaves_every_release_readable(tmp_path: Path) -> None:
    desk, chance = Desk(tmp_path), random.Random(2)
    trees = [*releases(3), *releases(4)]
    folders = [desk.build(tree) for tree in trees]
    took_s = duration_s(lambda: desk.publisher.push(folders[0], "game", "live", "0"))
    out, hits = trees[0], 0
    for number in range(1, KILLS + 1):
        tree, folder = trees[number % 4], folders[number % 4]
        hits += killed("push", desk, folder, str(number), after_s=chance.uniform(0, took_s))
        player = desk.player(f"player-{number}")
        player.sync()
        assert player.tree() in (out, tree)
        out = player.tree()
        assert check_store(desk.store) == []
        shutil.rmtree(player.folder)
    assert hits > KILLS / 4


def test_every_one_of_500_bits_flipped_in_an_installation_is_found_and_healed(tmp_path: Path) -> None:
    desk, chance = Desk(tmp_path), random.Random(3)
    tree, _ = releases(5)
    desk.push(tree)
    player = desk.player()
    for _ in range(BITS // 5):
        player.sync()
        names = chance.sample(sorted(tree), 5)
        for name in names:
            flip_bit(player.current / name, chance.randrange(len(tree[name]) * 8))
        seed = kept_seed(player.folder)
        assert seed is not None
        assert sorted({path for path, _ in damages(seed)}) == sorted(names)
        assert player.sync(verify=True).was_current is False
        assert player.tree() == tree


def test_every_one_of_500_bits_flipped_in_the_store_is_found_and_none_is_installed(tmp_path: Path) -> None:
    desk, chance = Desk(tmp_path), random.Random(4)
    before, after = releases(6)
    desk.push(before)
    desk.push(after)
    objects = [name for folder in ("blocks", "manifests", "deltas") for name in desk.store.names(folder)]
    for number in range(BITS):
        name = chance.choice(objects)
        file = desk.store.folder / name
        whole = file.read_bytes()
        if number % 10 == 9:
            file.write_bytes(whole[: chance.randrange(len(whole))])
        else:
            flip_bit(file, chance.randrange(len(whole) * 8))
        assert check_store(desk.store) == [name]
        file.write_bytes(whole)
