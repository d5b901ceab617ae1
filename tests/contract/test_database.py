"""What every engine promises to those who write transactions. The same tests run on all of them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from supergame.base.errors import Overloaded, SupergameError
from supergame.db.port import Database, DatabaseUnavailable, Query, Rows, Statement, Tx, UniqueViolation, collect
from tests.contract.conftest import OpenDatabase

CREATE = Statement("test.create", "CREATE TABLE cells (k TEXT PRIMARY KEY, v BIGINT NOT NULL, u BIGINT UNIQUE)")
INSERT = Statement("test.insert", "INSERT INTO cells (k, v) VALUES (?, ?)")
INSERT_UNIQUE = Statement("test.insert_unique", "INSERT INTO cells (k, v, u) VALUES (?, ?, ?)")
UPSERT = Statement("test.upsert", "INSERT INTO cells (k, v) VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v RETURNING v")
ADD = Statement("test.add", "UPDATE cells SET v = v + ? WHERE k = ? RETURNING v")
GET = Statement("test.get", "SELECT v FROM cells WHERE k = ?")
ALL = Statement("test.all", "SELECT k, v FROM cells ORDER BY k")
WRONG = Statement("test.wrong", "SELECT v FROM cellars WHERE k = ?")


class Refused(SupergameError):
    """The job does not want to."""

    code = "test.refused"


def all_of(*queries: Query) -> Tx[list[Rows]]:
    answers = []
    for query in queries:
        answers += [(yield query)]
    return answers


def write_and_raise(key: str, statement: Statement = INSERT) -> Tx[None]:
    yield statement(key, 1)
    raise Refused


def insert_or_say(key: str, value: int, other: str) -> Tx[str]:
    """Goes on after a violation; what it did before and does afterwards stays."""
    said = "new"
    yield INSERT(f"before {other}", value)
    try:
        yield INSERT(key, value)
    except UniqueViolation:
        said = "taken"
    yield INSERT(f"after {other}", value)
    return said


async def cells(db: Database) -> dict[str, int]:
    return dict(await db.read(collect, ALL))  # type: ignore[arg-type]


@pytest.fixture
async def db(empty_database: Database) -> Database:
    await empty_database.write(collect, CREATE)
    return empty_database


async def test_a_written_row_is_read_as_soon_as_it_is_acknowledged(db: Database) -> None:
    async def write_then_read(number: int) -> bool:
        await db.write(collect, INSERT, f"k{number}", number)
        return await db.read(collect, GET, f"k{number}") == [(number,)]

    assert all(await asyncio.gather(*(write_then_read(number) for number in range(100))))


async def test_a_transaction_sees_what_it_did(db: Database) -> None:
    answers = await db.write(all_of, INSERT("a", 1), GET("a"), UPSERT("a", 2), GET("a"), ADD(5, "a"), ADD(5, "b"))
    assert answers == [[], [(1,)], [(2,)], [(2,)], [(7,)], []]


@pytest.mark.parametrize("statement", [INSERT, UPSERT])
async def test_a_job_that_raises_takes_nobody_with_it(db: Database, statement: Statement) -> None:
    """Planted fault: no savepoint around jobs (`test_planted_faults`)."""
    jobs: list[Any] = []
    for number in range(40):
        jobs.append(db.write(collect, statement, f"good{number:02}", 1))
        jobs.append(db.write(write_and_raise, f"bad{number:02}", statement))
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes[1::2]] == [Refused] * 40
    assert not [outcome for outcome in outcomes[::2] if isinstance(outcome, BaseException)]
    assert await cells(db) == {f"good{number:02}": 1 for number in range(40)}


async def test_wrong_sql_fails_its_job_alone(db: Database) -> None:
    jobs: list[Any] = [db.write(collect, INSERT, "a", 1), db.write(all_of, INSERT("b", 1), WRONG("b"))]
    jobs += [db.write(collect, INSERT, "c", 1), db.read(collect, GET, "zz"), db.read(collect, WRONG, "a"), db.read(collect, WRONG, "b")]
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)

    assert [isinstance(outcome, Exception) for outcome in outcomes] == [False, True, False, False, True, True]
    assert not any(isinstance(outcome, SupergameError) for outcome in outcomes), "our mistakes are not the database's trouble"
    assert await cells(db) == {"a": 1, "c": 1}


async def test_a_violation_is_thrown_into_its_transaction_which_goes_on(db: Database) -> None:
    await db.write(collect, INSERT, "k0", 0)
    said = await asyncio.gather(*(db.write(insert_or_say, f"k{number % 5}", number, str(number)) for number in range(20)))

    assert said.count("new") == 4
    assert said.count("taken") == 16
    found = await cells(db)
    assert found["k0"] == 0
    assert len(found) == 5 + 40, "what came before and after the violation stays"


async def test_an_uncaught_violation_rolls_its_job_back(db: Database) -> None:
    twice = all_of
    jobs: list[Any] = [db.write(twice, INSERT("a", 1), INSERT("a", 2)), db.write(collect, INSERT, "b", 1)]
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)

    assert isinstance(outcomes[0], UniqueViolation)
    assert await cells(db) == {"b": 1}


@pytest.mark.parametrize("key", [("k", 7), ("other", 1)], ids=["primary key", "unique column"])
async def test_primary_keys_and_unique_columns_are_violated_alike(db: Database, key: tuple[str, int]) -> None:
    await db.write(collect, INSERT_UNIQUE, "k", 1, 1)
    with pytest.raises(UniqueViolation):
        await db.write(collect, INSERT_UNIQUE, key[0], 1, key[1])


async def test_nothing_is_visible_before_it_is_acknowledged_and_never_half(db: Database) -> None:
    async def watch() -> None:
        while not done:
            found = await cells(db)
            assert {key[1:] for key in found if key[0] == "a"} == {key[1:] for key in found if key[0] == "b"}, "half a transaction"

    done = False
    watching = asyncio.create_task(watch())
    for number in range(30):
        await asyncio.gather(*(db.write(all_of, INSERT(f"a{number}.{i}", 1), UPSERT(f"b{number}.{i}", 1)) for i in range(5)))
    done = True
    await watching


async def test_counters_lose_no_step(db: Database) -> None:
    await db.write(collect, INSERT, "counter", 0)
    answers = await asyncio.gather(*(db.write(collect, ADD, 1, "counter") for _ in range(200)))

    assert sorted(rows[0][0] for rows in answers) == list(range(1, 201))


async def test_a_full_queue_refuses_and_recovers(empty_database: Database, open_database: OpenDatabase) -> None:
    await empty_database.write(collect, CREATE)
    db = await open_database(jobs_queued_max=4)
    for attempt in range(3):
        jobs: list[Any] = [db.write(collect, INSERT, f"{attempt}.{number}", 1) for number in range(6)]
        outcomes = await asyncio.gather(*jobs, return_exceptions=True)
        assert [isinstance(outcome, Overloaded) for outcome in outcomes] == [False] * 4 + [True] * 2

        reads = await asyncio.gather(*(db.read(collect, GET, "0.0") for _ in range(6)), return_exceptions=True)
        assert [isinstance(outcome, Overloaded) for outcome in reads] == [False] * 4 + [True] * 2


async def test_a_caller_that_goes_away_disturbs_nobody(empty_database: Database, open_database: OpenDatabase) -> None:
    await empty_database.write(collect, CREATE)
    db = await open_database(jobs_queued_max=10)
    for attempt in range(5):
        tasks = [asyncio.create_task(db.write(all_of, INSERT(f"{attempt}a{n}", n), UPSERT(f"{attempt}b{n}", n))) for n in range(10)]
        reads = [asyncio.create_task(db.read(collect, GET, f"{attempt}a{n}")) for n in range(10)]
        await asyncio.sleep(0)  # all of them are waiting now
        for gone in (*tasks[::2], *reads[::2]):
            gone.cancel()
        outcomes = await asyncio.gather(*tasks, *reads, return_exceptions=True)
        assert [isinstance(outcome, asyncio.CancelledError) for outcome in outcomes] == [True, False] * 10

        # a writer that has taken a job carries it out although nobody waits any more; this comes after all of them
        await db.write(collect, UPSERT, "marker", attempt)
        found = await cells(db)
        assert {f"{attempt}a{n}" for n in (1, 3, 5, 7, 9)} <= found.keys()
        assert all((f"{attempt}a{n}" in found) == (f"{attempt}b{n}" in found) for n in range(10)), "half a transaction"


async def test_jobs_are_started_from_equal_arguments_however_often(db: Database) -> None:
    """An engine may start a transaction again; only its last run counts."""
    starts: list[int] = []

    def insert(number: int) -> Tx[str]:
        starts.append(number)
        try:
            yield INSERT("one for all", number)
        except UniqueViolation:
            return "taken"
        return "new"

    said = await asyncio.gather(*(db.write(insert, number) for number in range(8)))
    assert sorted(said) == ["new"] + ["taken"] * 7
    assert set(starts) == set(range(8))
    assert max(starts.count(number) for number in range(8)) <= 2


async def test_closing_finishes_what_is_queued_and_refuses_what_comes_later(open_database: OpenDatabase) -> None:
    db = await open_database()
    await db.write(collect, CREATE)
    jobs = [asyncio.create_task(db.write(collect, INSERT, f"k{number}", number)) for number in range(100)]
    reads = [asyncio.create_task(db.read(all_of, GET("k1"), GET("k2"), GET("k3"))) for _ in range(10)]
    await asyncio.sleep(0)
    await db.close()
    await asyncio.gather(*jobs)
    await asyncio.gather(*reads, return_exceptions=True)  # those that had not ended may be refused, but none waits for ever

    with pytest.raises(DatabaseUnavailable):
        await db.write(collect, INSERT, "late", 1)
    with pytest.raises(DatabaseUnavailable):
        await db.read(collect, GET, "late")
    again = await open_database()
    assert len(await cells(again)) == 100


async def test_readers_cannot_write(db: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)read.?only"):
        await db.read(collect, INSERT, "a", 1)
    assert await cells(db) == {}


async def test_durable_and_standard_jobs_go_together(db: Database) -> None:
    jobs = [(db.write_durable if number % 3 else db.write)(collect, INSERT, f"k{number}", number) for number in range(60)]
    await asyncio.gather(*jobs)
    assert len(await cells(db)) == 60


async def test_values_are_the_same_on_every_engine(empty_database: Database) -> None:
    db = empty_database
    await db.write(
        collect, Statement("test.types", "CREATE TABLE kinds (n BIGINT PRIMARY KEY, t TEXT, i BIGINT, b BYTEA, f DOUBLE PRECISION)")
    )
    insert = Statement("test.types_in", "INSERT INTO kinds (n, t, i, b, f) VALUES (?, ?, ?, ?, ?)")
    upsert = Statement("test.types_up", insert.sql + " ON CONFLICT (n) DO UPDATE SET t = excluded.t RETURNING n, t, i, b, f")
    select = Statement("test.types_out", "SELECT n, t, i, b, f FROM kinds WHERE n = ?")
    rows = [
        (1, "", 0, b"", 0.0),
        (2, "ÄÖ 日本 👾 e\u0301 \n\t'\"\\", 2**63 - 1, bytes(range(256)), -1.5),
        (3, "x" * 100_000, -(2**63), b"\0" * 10_000, 1e300),
        (4, None, None, None, None),
    ]
    for row in rows:
        await db.write(collect, insert, *row)
        assert await db.write(collect, upsert, *row) == [row]

    gathered = await asyncio.gather(*(db.read(collect, select, row[0]) for row in rows))
    assert gathered == [[row] for row in rows]
    assert [[type(value) for value in found[0]] for found in gathered] == [[type(value) for value in row] for row in rows]
    assert all(type(found[0]) is tuple for found in gathered)


async def test_text_sorts_by_code_point(db: Database) -> None:
    keys = ["a", "B", "ä", "Z", "aa", "_", "é", "👾", "1", "10", "2"]
    await asyncio.gather(*(db.write(collect, INSERT, key, 1) for key in keys))
    assert list(await cells(db)) == sorted(keys)
