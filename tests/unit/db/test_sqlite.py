"""The SQLite engine when the disk fails, and its batches."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from supergame.db import sqlite
from supergame.db.port import DatabaseUnavailable, Statement, Tx, UniqueViolation, collect
from supergame.db.sqlite import Sqlite, connect

CREATE = Statement("test.create", "CREATE TABLE cells (k BIGINT PRIMARY KEY)")
INSERT = Statement("test.insert", "INSERT INTO cells (k) VALUES (?)")
ALL = Statement("test.all", "SELECT k FROM cells ORDER BY k")


def insert_both(first: int, second: int) -> Tx[None]:
    yield INSERT(first)
    yield INSERT(second)


def fill_the_disk(db: Failing) -> Tx[None]:
    db.execute("ROLLBACK")
    raise sqlite3.OperationalError("database or disk is full")
    yield


class Failing:
    """A connection that fails for statements that begin with what is in `broken`, and lists what it is asked."""

    def __init__(self, file: Path) -> None:
        self._db = connect(file)
        self.broken: str | None = None
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    def execute(self, sql: str, *parameters: Any) -> Any:
        self.asked.append(sql)
        if self.broken is not None and sql.startswith(self.broken):
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorname = "SQLITE_IOERR"
            raise error
        return self._db.execute(sql, *parameters)


def opener(opened: list[Failing]) -> Callable[[Path], sqlite3.Connection]:
    def open_one(file: Path) -> sqlite3.Connection:
        opened.append(Failing(file))
        return cast(sqlite3.Connection, opened[-1])

    return open_one


@pytest.mark.parametrize("broken", ["BEGIN", "SAVEPOINT", "INSERT", "ROLLBACK TO", "RELEASE", "COMMIT"])
async def test_a_failing_disk_is_told_to_all_and_then_it_goes_on(tmp_path: Path, broken: str) -> None:
    opened: list[Failing] = []
    db = Sqlite(tmp_path / "failing.db", connect=opener(opened))
    await db.write(collect, CREATE)
    await db.write(collect, INSERT, 0)
    opened[0].broken = broken
    outcomes = await asyncio.gather(db.write(insert_both, 9, 0), *(db.write(collect, INSERT, k) for k in (1, 2)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes[1:]} == {DatabaseUnavailable}
    assert isinstance(outcomes[0], Exception)

    opened[0].broken = None
    await db.write(collect, INSERT, 3)
    assert await db.read(collect, ALL) == [(0,), (3,)]
    await db.close()


@pytest.mark.parametrize("broken", ["BEGIN", "SELECT", "COMMIT"])
async def test_a_reader_survives_a_failing_disk(tmp_path: Path, broken: str) -> None:
    opened: list[Failing] = []
    db = Sqlite(tmp_path / "failing.db", connect=opener(opened))
    await db.write(collect, CREATE)
    opened[1].broken = broken
    outcomes = await asyncio.gather(*(db.read(collect, ALL) for _ in range(3)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {DatabaseUnavailable}

    opened[1].broken = None
    assert await db.read(collect, ALL) == []
    await db.close()


async def test_a_job_that_changed_something_and_failed_is_undone_alone(tmp_path: Path) -> None:
    opened: list[Failing] = []
    db = Sqlite(tmp_path / "undone.db", connect=opener(opened))
    await db.write(collect, CREATE)
    outcomes = await asyncio.gather(
        db.write(collect, INSERT, 1), db.write(insert_both, 2, 1), db.write(collect, INSERT, 3), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [list, UniqueViolation, list]
    assert await db.read(collect, ALL) == [(1,), (3,)]
    assert opened[0].asked.count("ROLLBACK") == 1
    await db.close()


async def test_a_job_that_failed_without_a_change_costs_the_others_nothing(tmp_path: Path) -> None:
    opened: list[Failing] = []
    db = Sqlite(tmp_path / "refused.db", connect=opener(opened))
    await db.write(collect, CREATE)
    outcomes = await asyncio.gather(*(db.write(collect, INSERT, k) for k in (1, 1, 3)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [list, UniqueViolation, list]
    assert await db.read(collect, ALL) == [(1,), (3,)]
    assert not [sql for sql in opened[0].asked if "ROLLBACK" in sql or "SAVEPOINT" in sql]
    await db.close()


async def test_a_transaction_that_the_engine_gave_up_is_not_gone_on_with(tmp_path: Path) -> None:
    """SQLite rolls back by itself when a disk is full: what came before must not be acknowledged, what follows not be stored alone."""
    opened: list[Failing] = []
    db = Sqlite(tmp_path / "full.db", connect=opener(opened))
    await db.write(collect, CREATE)
    outcomes = await asyncio.gather(
        db.write(collect, INSERT, 1), db.write(fill_the_disk, opened[0]), db.write(collect, INSERT, 3), return_exceptions=True
    )
    stored = {k for (k,) in await db.read(collect, ALL)}
    assert stored == {k for k, outcome in zip((1, 2, 3), outcomes, strict=True) if outcome == []}
    await db.close()


async def test_jobs_that_wait_share_a_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BATCH_MAX", 50)
    monkeypatch.setattr(sqlite, "GATHERED_MAX", 10)
    opened: list[Failing] = []
    db = Sqlite(tmp_path / "batches.db", connect=opener(opened))
    await db.write(collect, CREATE)
    await asyncio.gather(*(db.write(collect, INSERT, number) for number in range(200)))
    commits = opened[0].asked.count("COMMIT")
    await db.close()
    assert 5 <= commits < 100, "as large as the bound allows, apart from the first"


async def test_durability_is_set_before_the_batch_that_needs_it(tmp_path: Path) -> None:
    opened: list[Failing] = []
    db = Sqlite(tmp_path / "durable.db", connect=opener(opened))
    await db.write(collect, CREATE)
    await db.write_durable(collect, INSERT, 1)
    await db.write(collect, INSERT, 2)
    asked = [sql for sql in opened[0].asked if "synchronous" in sql or sql.startswith(("BEGIN", "INSERT"))]
    await db.close()
    assert asked == [
        "BEGIN IMMEDIATE",
        "PRAGMA synchronous = FULL",
        "BEGIN IMMEDIATE",
        INSERT.sql,
        "PRAGMA synchronous = NORMAL",
        "BEGIN IMMEDIATE",
        INSERT.sql,
    ]
