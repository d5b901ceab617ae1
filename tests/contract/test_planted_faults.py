"""The contract's tests catch the faults that they are there for."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.contract.test_database import CREATE, UPSERT, test_a_job_that_raises_takes_nobody_with_it

from supergame.db.port import Database, Statement, collect
from supergame.db.postgres import Postgres
from supergame.db.sqlite import Job, Sqlite, Writer

isolation_of_jobs = test_a_job_that_raises_takes_nobody_with_it
del test_a_job_that_raises_takes_nobody_with_it  # it is not to be collected here


async def assert_isolation_is_found_missing(db: Database) -> None:
    await db.write(collect, CREATE)
    with pytest.raises(AssertionError):
        await isolation_of_jobs(db, UPSERT)
    await db.close()


async def test_a_sqlite_writer_without_savepoints_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run_bare(self: Writer, job: Job) -> None:
        self.run_job(job)

    monkeypatch.setattr(Writer, "_run_in_savepoint", run_bare)
    await assert_isolation_is_found_missing(Sqlite(tmp_path / "fault.db"))


async def test_a_postgres_writer_that_keeps_what_a_raising_job_did_is_caught(postgres_dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Statement, "has_changed", lambda statement, rows: False)
    await assert_isolation_is_found_missing(await Postgres.open(postgres_dsn))
