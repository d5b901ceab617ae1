"""Random jobs against a model of a few lines: whatever an engine batches, gathers, keeps back or runs again must not show.

One writing line, so that jobs take effect in the order in which they were asked for; the model runs them in that order.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supergame.base.errors import SupergameError
from supergame.db.port import Database, Query, Statement, Tx, UniqueViolation, collect
from supergame.db.postgres import Postgres
from supergame.db.sqlite import Sqlite

CREATE = Statement("model.create", "CREATE TABLE IF NOT EXISTS cells (run BIGINT, k BIGINT, v BIGINT, PRIMARY KEY (run, k))")
INSERT = Statement("model.insert", "INSERT INTO cells (run, k, v) VALUES (?, ?, ?)")
UPSERT = Statement(
    "model.upsert", "INSERT INTO cells (run, k, v) VALUES (?, ?, ?) ON CONFLICT (run, k) DO UPDATE SET v = excluded.v RETURNING v"
)
ADD = Statement("model.add", "UPDATE cells SET v = v + 1 WHERE run = ? AND k = ? RETURNING v")
MOVE = Statement("model.move", "UPDATE cells SET k = k + 1 WHERE run = ? AND k = ? RETURNING k")
DELETE = Statement("model.delete", "DELETE FROM cells WHERE run = ? AND k = ?")
GET = Statement("model.get", "SELECT v FROM cells WHERE run = ? AND k = ?")
RANGE = Statement("model.range", "SELECT k, v FROM cells WHERE run = ? AND k >= ? ORDER BY k DESC LIMIT 3")
SUM = Statement("model.sum", "SELECT COUNT(*), COALESCE(MAX(v), 0) FROM cells WHERE run = ? AND k >= ?")

Op = tuple[str, int, int]
Outcome = list[Any] | str
_runs = itertools.count(1)

KINDS = ["insert", "insert?", "upsert", "add", "move?", "delete", "get", "range", "raise"]
ops = st.tuples(st.sampled_from(KINDS), st.integers(0, 5), st.integers(0, 9))
programs = st.lists(st.lists(ops, max_size=5), min_size=1, max_size=30)
questions = st.lists(st.tuples(st.sampled_from([GET, RANGE, SUM]), st.integers(0, 8)), min_size=1, max_size=40)
sizes = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Raised(SupergameError):
    """The program says so."""

    code = "test.raised"


def query(run: int, kind: str, key: int, value: int) -> Query:
    statement = {"insert": INSERT, "upsert": UPSERT, "add": ADD, "move": MOVE, "delete": DELETE, "get": GET, "range": RANGE}[kind]
    return statement(run, key, value) if kind in ("insert", "upsert") else statement(run, key)


def job(run: int, program: list[Op]) -> Tx[Outcome]:
    """A question mark: the job goes on after a violation."""
    seen: list[Any] = []
    for kind, key, value in program:
        if kind == "raise":
            raise Raised
        try:
            rows = yield query(run, kind.rstrip("?"), key, value)
        except UniqueViolation:
            if not kind.endswith("?"):
                raise
            seen.append("taken")
        else:
            seen.append(rows)
    return seen


def model_step(cells: dict[int, int], kind: str, key: int, value: int) -> list[Any]:
    if kind == "raise":
        raise Raised
    if (kind == "insert" and key in cells) or (kind == "move" and key in cells and key + 1 in cells):
        raise UniqueViolation
    if kind == "range":
        return sorted(((k, v) for k, v in cells.items() if k >= key), reverse=True)[:3]
    if kind in ("insert", "upsert"):
        cells[key] = value
        return [(value,)] if kind == "upsert" else []
    if key not in cells:
        return []
    if kind == "delete":
        del cells[key]
        return []
    if kind == "move":
        cells[key + 1] = cells.pop(key)
        return [(key + 1,)]
    cells[key] += kind == "add"
    return [(cells[key],)]


def model_job(cells: dict[int, int], program: list[Op]) -> tuple[dict[int, int], Outcome]:
    """The cells afterwards and what the job answers; as before if it raises."""
    changed, seen = dict(cells), []
    try:
        for kind, key, value in program:
            try:
                seen.append(model_step(changed, kind.rstrip("?"), key, value))
            except UniqueViolation:
                if not kind.endswith("?"):
                    raise
                seen.append("taken")
    except SupergameError as error:
        return cells, error.code
    return changed, seen


@pytest.fixture
async def db(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    opened: Database
    if engine == "postgres":
        opened = await Postgres.open(request.getfixturevalue("postgres_dsn"), writers=1)
    else:
        opened = Sqlite(tmp_path / "model.db")
    await opened.write(collect, CREATE)
    yield opened
    await opened.close()


@sizes
@given(programs)
async def test_concurrent_jobs_do_what_the_model_does_one_by_one(db: Database, programs: list[list[Op]]) -> None:
    run, cells = next(_runs), {}
    expected = []
    for program in programs:
        cells, outcome = model_job(cells, program)
        expected.append(outcome)

    outcomes = await asyncio.gather(*(db.write(job, run, program) for program in programs), return_exceptions=True)

    assert [outcome.code if isinstance(outcome, SupergameError) else outcome for outcome in outcomes] == expected
    assert dict(await db.read(collect, Statement("model.all", "SELECT k, v FROM cells WHERE run = ?"), run)) == cells


@sizes
@given(programs, questions)
async def test_gathered_reads_answer_as_single_ones(db: Database, programs: list[list[Op]], questions: list[tuple[Statement, int]]) -> None:
    run = next(_runs)
    await asyncio.gather(*(db.write(job, run, program) for program in programs), return_exceptions=True)

    one_by_one = [await db.read(collect, statement, run, key) for statement, key in questions]
    at_once = await asyncio.gather(*(db.read(collect, statement, run, key) for statement, key in questions))

    assert at_once == one_by_one
