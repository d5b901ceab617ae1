"""The SQLite engine when the disk fails, and its batches."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from supergame.db import sqlite
from supergame.db.port import DatabaseUnavailable, Statement, collect
from supergame.db.sqlite import Sqlite, connect

CREATE = Statement("test.create", "CREATE TABLE cells (k BIGINT PRIMARY KEY)")
INSERT = Statement("test.insert", "INSERT INTO cells (k) VALUES (?)")
ALL = Statement("test.all", "SELECT k FROM cells ORDER BY k")


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
    outcomes = await asyncio.gather(*(db.write(collect, INSERT, number) for number in (0, 1, 2)), return_exceptions=True)
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


async def test_jobs_that_wait_share_a_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BATCH_MAX", 50)
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
