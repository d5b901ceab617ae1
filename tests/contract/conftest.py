"""Both engines for every test: `database` is migrated, `empty_database` is not, `open_database` takes options.

The PostgreSQL server starts with the first test that needs it; each test has a schema of its own in it.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from supergame.base.clock import WallMicros
from supergame.db.migrate import load, migrate
from supergame.db.port import Database
from supergame.db.postgres import Postgres
from supergame.db.sqlite import Sqlite
from supergame.testing.postgres import LocalPostgres

OpenDatabase = Callable[..., Awaitable[Database]]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[LocalPostgres]:
    with LocalPostgres() as server:
        yield server


@pytest.fixture
def new_postgres_dsn(postgres_server: LocalPostgres) -> Callable[[], str]:
    """Makes empty places."""
    return lambda: postgres_server.create_schema(f"test_{next(_numbers)}")


@pytest.fixture
def postgres_dsn(new_postgres_dsn: Callable[[], str]) -> str:
    """An empty place for one test."""
    return new_postgres_dsn()


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def open_database(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenDatabase]:
    """Opens the test's place, as often as it is called: as several nodes on one PostgreSQL, or several processes on one file."""
    opened: list[Database] = []
    dsn = request.getfixturevalue("postgres_dsn") if engine == "postgres" else ""

    async def open_one(jobs_queued_max: int = 8_192) -> Database:
        db: Database
        if engine == "postgres":
            db = await Postgres.open(dsn, jobs_queued_max=jobs_queued_max)
        else:
            db = Sqlite(tmp_path / "contract.db", jobs_queued_max)
        opened.append(db)
        return db

    yield open_one
    for db in opened:
        await db.close()


@pytest.fixture
async def empty_database(open_database: OpenDatabase) -> Database:
    return await open_database()


@pytest.fixture
async def database(empty_database: Database) -> Database:
    """What a feature's store meets: all tables, nothing in them."""
    await migrate(empty_database, load(), WallMicros(1))
    return empty_database
