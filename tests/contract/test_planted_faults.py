"""The contract's tests catch the faults that they are there for."""

from __future__ import annotations

from pathlib import Path

import pytest

from supergame.db.port import Database, Query, Rows, Statement, collect
from supergame.db.postgres import Postgres, Transaction
from supergame.db.sqlite import Job, Sqlite, Writer
from tests.contract.test_database import CREATE, UPSERT, test_a_job_that_raises_takes_nobody_with_it
from tests.contract.test_model import CREATE as CREATE_MODEL
from tests.contract.test_model import test_concurrent_jobs_do_what_the_model_does_one_by_one

one_by_one = test_concurrent_jobs_do_what_the_model_does_one_by_one.hypothesis.inner_test
isolation_of_jobs = test_a_job_that_raises_takes_nobody_with_it
# they are not to be collected here
del test_a_job_that_raises_takes_nobody_with_it, test_concurrent_jobs_do_what_the_model_does_one_by_one


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


async def test_inserts_kept_back_past_a_statement_that_should_see_them_are_caught(
    postgres_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def step_without_sending(self: Transaction, query: Query) -> Rows:
        if query.statement.adds:
            self._own_inserts.append(query)
            return []
        return [tuple(record) for record in await self._connection.fetch(query.statement.postgres, *query.parameters)]

    db = await Postgres.open(postgres_dsn)
    await db.write(collect, CREATE_MODEL)
    program = [("insert", 1, 7), ("get", 1, 0)]
    await one_by_one(db, [program])
    monkeypatch.setattr(Transaction, "_step", step_without_sending)
    with pytest.raises(AssertionError):
        await one_by_one(db, [program])
    await db.close()
