"""Durable writes that were acknowledged survive power cuts, and the database always opens intact.

The real `Writer`, batches and all, on a disk that forgets what was not flushed. Each seed is one run of about a hundred jobs and
one cut; a failure names its seed. (Which jobs meet in a batch is the threads' doing, so a seed may need a few repetitions.)
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from supergame.db import sqlite
from supergame.db.port import DatabaseUnavailable, Durability, Statement, Tx
from supergame.db.sqlite import SETTINGS, Writer
from tests.durability.forgetful_disk import ApswConnection, Disk

CUTS = 200
CALLERS = 8
_LEFT = Statement("test.left", "INSERT INTO lefts (id, filler) VALUES (?, ?)")
_RIGHT = Statement("test.right", "INSERT INTO rights (id) VALUES (?)")


class Violated(AssertionError):
    """The promise is broken."""


def write_pair(number: int) -> Tx[None]:
    yield _LEFT(number, "x" * (number * 37 % 900))
    yield _RIGHT(number)


def flushed_empty_database() -> dict[str, bytes]:
    disk = Disk({}, random.Random(0), power_cut_at=10**9)
    db = ApswConnection(disk, SETTINGS)
    db.execute("CREATE TABLE lefts (id BIGINT PRIMARY KEY, filler TEXT)")
    db.execute("CREATE TABLE rights (id BIGINT PRIMARY KEY)")
    db.close()
    return {name: bytes(file.content) for name, file in disk.files.items()}


async def run_until_the_cut(disk: Disk, chance: random.Random) -> tuple[set[int], set[int]]:
    """Everything that was acknowledged: all, and the durable part."""
    writer = Writer(cast(sqlite3.Connection, ApswConnection(disk, SETTINGS)), "power-cut-writer", 1_000)
    acknowledged: set[int] = set()
    durable: set[int] = set()
    numbers = iter(range(1, 10**6))
    durable_share = chance.choice([0.05, 0.5])

    async def caller() -> None:
        while disk.remains is None:
            number = next(numbers)
            durability = Durability.DURABLE if chance.random() < durable_share else Durability.STANDARD
            try:
                await writer.run(partial(write_pair, number), durability)
            except DatabaseUnavailable:
                return
            acknowledged.add(number)
            if durability is Durability.DURABLE:
                durable.add(number)

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    await writer.close()
    return acknowledged, durable


def stored(remains: dict[str, bytes], folder: Path) -> tuple[set[int], set[int]]:
    """What Python's own SQLite finds in what is left."""
    folder.mkdir()
    for name, content in remains.items():
        (folder / name).write_bytes(content)
    db = sqlite3.connect(folder / "game.db")
    try:
        if db.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise Violated("the database is damaged")
        lefts, rights = ({row[0] for row in db.execute(f"SELECT id FROM {table}")} for table in ("lefts", "rights"))
    except sqlite3.DatabaseError as error:
        raise Violated(f"the database does not open: {error}") from error
    finally:
        db.close()
    return lefts, rights


async def cut_power(seed: int, folder: Path, empty: dict[str, bytes]) -> tuple[int, int]:
    """One run. How many durable writes were acknowledged, and how many standard ones were lost, as they may."""
    chance = random.Random(seed)
    disk = Disk(empty, chance, power_cut_at=chance.randint(1, 400))
    acknowledged, durable = await run_until_the_cut(disk, chance)
    assert disk.remains is not None
    lefts, rights = stored(disk.remains, folder / str(seed))
    if lefts != rights:
        raise Violated(f"seed {seed}: half a transaction: {lefts ^ rights}")
    if durable - lefts:
        raise Violated(f"seed {seed}: {len(durable - lefts)} of {len(durable)} acknowledged durable writes are lost")
    return len(durable), len(acknowledged - lefts)


async def cut_power_often(folder: Path, cuts: int) -> tuple[int, int]:
    empty = flushed_empty_database()
    runs = [await cut_power(seed, folder, empty) for seed in range(cuts)]
    return sum(run[0] for run in runs), sum(run[1] for run in runs)


async def test_durable_writes_survive_power_cuts(tmp_path: Path) -> None:
    """Planted faults: see below."""
    durable, lost_standard = await cut_power_often(tmp_path, CUTS)
    print(f"{CUTS} power cuts: 0 of {durable} durable writes lost, {lost_standard} standard ones")
    assert durable > CUTS * 5, "there was something to lose"


async def test_a_writer_that_never_flushes_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def off(self: Writer, durability: Durability) -> None:
        self._db.execute("PRAGMA synchronous = OFF")

    monkeypatch.setattr(Writer, "_set_durability", off)
    with pytest.raises(Violated):
        await cut_power_often(tmp_path, CUTS)


async def test_a_batch_that_takes_the_laxest_of_its_jobs_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "max", min, raising=False)
    with pytest.raises(Violated, match="durable"):
        await cut_power_often(tmp_path, CUTS)


async def test_durable_jobs_run_as_standard_ones_are_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ignore(self: Writer, durability: Durability) -> None: ...

    monkeypatch.setattr(Writer, "_set_durability", ignore)
    with pytest.raises(Violated, match="durable"):
        await cut_power_often(tmp_path, CUTS)


def test_a_disk_that_loses_nothing_loses_nothing(tmp_path: Path) -> None:
    """The judge itself: all flushed is all there, and a disk without a flush keeps nothing for certain."""
    chance: Any = random.Random(5)
    disk = Disk({"a": b"old"}, chance, power_cut_at=10)
    disk.files["a"].change(0, b"new")
    disk.files["a"].flush()
    disk.cut()
    assert disk.remains == {"a": b"new"}

    outcomes = set()
    for seed in range(40):
        disk = Disk({"a": b"old"}, random.Random(seed), power_cut_at=10)
        disk.files["a"].change(0, b"new")
        disk.cut()
        assert disk.remains is not None
        outcomes.add(disk.remains["a"])
    assert outcomes == {b"old", b"new"}
