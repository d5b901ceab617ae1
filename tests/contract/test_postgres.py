"""What only PostgreSQL can do to us: servers that go and come back, other nodes' locks, answers lost at COMMIT."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from supergame.db.port import DatabaseUnavailable, OutcomeUnknown, Rows, Statement, Tx, UniqueViolation, collect
from supergame.db.postgres import Line, Postgres
from supergame.testing.postgres import LocalPostgres
from tests.contract.test_database import ADD, CREATE, GET, INSERT, UPSERT, all_of

PID = Statement("test.pid", "SELECT 1", postgres="SELECT pg_backend_pid()")
SHOW = Statement("test.show", "SELECT ?", postgres="SELECT current_setting(?)")
LOCK = Statement("test.lock", "SELECT v FROM cells WHERE k = ?", postgres="SELECT v FROM cells WHERE k = ? FOR UPDATE")
SUM = Statement("test.sum", "SELECT SUM(v)::int8 FROM cells")


@pytest.fixture
async def db(postgres_dsn: str) -> AsyncIterator[Postgres]:
    opened = await Postgres.open(postgres_dsn)
    await opened.write(collect, CREATE)
    yield opened
    await opened.close()


async def test_nobody_there_or_a_wrong_password_says_so(postgres_server: LocalPostgres) -> None:
    for dsn in ("postgresql://nobody:nothing@127.0.0.1:1/none", postgres_server.dsn.replace("supergame:", "supergame:wrong")):
        with pytest.raises(DatabaseUnavailable):
            await Postgres.open(dsn)


async def test_a_server_that_ends_and_returns_needs_no_new_node() -> None:
    with LocalPostgres() as server:
        db = await Postgres.open(server.dsn)
        await db.write(collect, CREATE)
        await db.write(collect, INSERT, "before", 1)
        server.stop()
        jobs: list[Any] = [db.write(collect, INSERT, f"during{number}", 1) for number in range(20)]
        jobs += [db.read(collect, GET, "before") for _ in range(20)]
        outcomes = await asyncio.gather(*jobs, return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {DatabaseUnavailable}

        server.start()
        assert await db.read(collect, GET, "before") == [(1,)]
        await db.write(collect, INSERT, "after", 1)
        server.crash()
        server.start()
        await db.write(collect, INSERT, "after a crash", 1)
        assert await db.read(all_of, GET("during0"), GET("after"), GET("after a crash")) == [[], [(1,)], [(1,)]]
        await db.close()


async def test_lines_that_were_cut_while_idle_are_opened_again_unnoticed(db: Postgres, postgres_dsn: str) -> None:
    pids = [(await db.write(collect, PID))[0][0], (await db.read(collect, PID))[0][0]]
    other = await asyncpg.connect(postgres_dsn)
    for pid in pids:
        assert await other.fetchval("SELECT pg_terminate_backend($1, 5000)", pid)
    await other.close()

    await asyncio.gather(*(db.write(collect, INSERT, f"k{number}", number) for number in range(20)))
    assert await asyncio.gather(*(db.read(collect, GET, f"k{number}") for number in range(20))) == [[(number,)] for number in range(20)]


async def test_an_answer_lost_at_commit_is_not_called_a_failure(db: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    class CutAtCommit:
        def __init__(self, connection: Any) -> None:
            self._connection = connection

        def __getattr__(self, name: str) -> Any:
            return getattr(self._connection, name)

        async def execute(self, sql: str) -> Any:
            answer = await self._connection.execute(sql)
            if sql == "COMMIT":
                self._connection.terminate()
                raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")
            return answer

    connect = Line.connection

    async def connect_cutting(self: Line) -> Any:
        return CutAtCommit(await connect(self))

    with monkeypatch.context() as patch:
        patch.setattr(Line, "connection", connect_cutting)
        outcomes = await asyncio.gather(*(db.write(collect, UPSERT, f"k{number}", 1) for number in range(4)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {OutcomeUnknown}
    assert await db.read(collect, GET, "k0") == [(1,)], "this time it was stored"


async def test_acknowledged_means_flushed_whatever_the_server_prefers(postgres_server: LocalPostgres) -> None:
    dsn = postgres_server.create_database("careless")
    postgres_server.execute("ALTER DATABASE careless SET synchronous_commit = off")
    db = await Postgres.open(dsn)
    assert await db.write(collect, SHOW, "synchronous_commit") == [("on",)]
    await db.close()


async def test_two_nodes_that_lock_crosswise_lose_nothing(db: Postgres, postgres_dsn: str) -> None:
    """Batches that hold many rows make way; what is left are single transactions, which repeat."""
    keys = [f"k{number}" for number in range(6)]
    await asyncio.gather(*(db.write(collect, INSERT, key, 1000) for key in keys))
    nodes = [db, await Postgres.open(postgres_dsn)]
    chance = random.Random(11)

    def move(giver: str, taker: str) -> Tx[None]:
        rows = yield LOCK(giver)
        yield ADD(-1, giver)
        taken = yield ADD(1, taker)
        assert rows, "the giver is there"
        assert taken, "the taker is there"

    moves = [nodes[number % 2].write(move, *chance.sample(keys, 2)) for number in range(200)]
    outcomes = await asyncio.gather(*moves, return_exceptions=True)

    refused = [outcome for outcome in outcomes if outcome is not None]
    assert all(isinstance(outcome, DatabaseUnavailable) for outcome in refused), refused
    assert len(refused) < 20, "repeating is what helps"
    assert await db.read(collect, SUM) == [(6000,)]
    await nodes[1].close()


async def test_a_lock_that_stays_is_told_and_blocks_nobody_else(db: Postgres, postgres_dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supergame.db.postgres.LOCK_WAITS_ALONE_MS", (1, 2, 4))
    await db.write(all_of, INSERT("held", 1), INSERT("free", 1))
    holder = await asyncpg.connect(postgres_dsn)
    starts = itertools.count()

    def add_held() -> Tx[None]:
        next(starts)
        yield ADD(1, "held")

    async with holder.transaction():
        await holder.execute("UPDATE cells SET v = 5 WHERE k = 'held'")
        outcomes = await asyncio.gather(
            *(db.write(collect, ADD, 1, "free") for _ in range(10)),
            db.write(add_held),
            *(db.write(collect, ADD, 1, "free") for _ in range(10)),
            return_exceptions=True,
        )
    await holder.close()
    assert [type(outcome) for outcome in outcomes] == [list] * 10 + [DatabaseUnavailable] + [list] * 10
    assert next(starts) == 1 + 3
    assert await db.read(all_of, GET("held"), GET("free")) == [[(5,)], [(21,)]]


async def test_wrong_values_fail_their_job_alone_although_inserts_travel_together(db: Postgres) -> None:
    """The driver refuses them before they are sent, in the middle of everybody's pipeline."""
    values: list[Any] = [1, "not a number", 2, 2**63, 3]
    outcomes = await asyncio.gather(
        *(db.write(collect, INSERT, f"k{number}", value) for number, value in enumerate(values)),
        *(db.read(collect, GET, key) for key in ("k0", 5, "k4")),
        return_exceptions=True,
    )
    assert [isinstance(outcome, Exception) for outcome in outcomes] == [False, True, False, True, False, False, True, False]
    assert await db.read(all_of, *(GET(f"k{number}") for number in range(5))) == [[(1,)], [], [(2,)], [], [(3,)]]


async def test_many_inserts_of_many_jobs_keep_their_owners(db: Postgres) -> None:
    def sign_up(number: int) -> Tx[str]:
        yield INSERT(f"first {number}", number)
        try:
            yield INSERT(f"name {number // 2}", number)
        except UniqueViolation:
            return "taken"
        yield INSERT(f"last {number}", number)
        return "new"

    said = await asyncio.gather(*(db.write(sign_up, number) for number in range(100)))
    assert sorted(said) == ["new"] * 50 + ["taken"] * 50
    rows: Rows = await db.read(collect, Statement("test.last", "SELECT k FROM cells WHERE k LIKE 'last%' OR k LIKE 'first%'"))
    kept = {f"first {number}" for number in range(100)} | {f"last {number}" for number in range(100) if said[number] == "new"}
    assert {key for (key,) in rows} == kept
