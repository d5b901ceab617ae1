"""Statements and the loops that drive transactions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from supergame.db.port import Query, Rows, Statement, Tx, UniqueViolation, collect, drive, drive_async, numbered

ONE = Statement("test.one", "SELECT 1 FROM t WHERE a = ?")
Steps = Callable[[Query], Rows]


def test_placeholders_become_numbers() -> None:
    assert numbered("SELECT 1") == "SELECT 1"
    assert numbered("a = ? AND b = ? OR c = ?") == "a = $1 AND b = $2 OR c = $3"


def test_statements_know_what_they_are() -> None:
    def kinds(sql: str) -> tuple[bool, bool]:
        statement = Statement("test.kind", sql)
        return statement.reads, statement.adds

    assert kinds("SELECT 1") == (True, False)
    assert kinds(" insert into t (a, b)\nvalues (?, ?)") == (False, True)
    for other in (
        "INSERT INTO t (a) VALUES (?) ON CONFLICT DO NOTHING",
        "INSERT INTO t (a) VALUES (?)\nRETURNING a",
        "INSERT INTO t (a) SELECT a FROM u",
        "INSERT INTO t (a) VALUES ((SELECT max(a) FROM t))",
        "UPDATE t SET a = ?",
        "DELETE FROM t",
        "WITH x AS (DELETE FROM t RETURNING a) SELECT a FROM x",
        "CREATE TABLE t (a BIGINT)",
    ):
        assert kinds(other) == (False, False), other
    assert Statement("test.kind", "SELECT a FROM t WHERE b = ? AND c = ?").gathered == (
        "SELECT $3::int8, q.* FROM (SELECT a FROM t WHERE b = $1 AND c = $2) q"
    )


def test_what_answered_nothing_changed_nothing_if_it_returns_rows() -> None:
    assert not ONE.has_changed(1)
    assert not Statement("test.update", "UPDATE t SET a = 1 RETURNING a").has_changed(0)
    assert Statement("test.update", "UPDATE t SET a = 1 RETURNING a").has_changed(1)
    assert Statement("test.update", "UPDATE t SET a = 1").has_changed(0), "who knows"
    assert Statement("test.with", "WITH x AS (DELETE FROM t) UPDATE u SET a = 1 RETURNING a").has_changed(0), "who knows"


async def outcome_of(transaction: Callable[[], Tx[object]], step: Steps) -> object:
    """Both loops, which must agree."""

    async def step_async(query: Query) -> Rows:
        return step(query)

    outcomes: list[object] = []
    for run in (lambda: drive(transaction(), step), lambda: drive_async(transaction(), step_async)):
        try:
            result = run()
            outcomes.append(await result if hasattr(result, "__await__") else result)
        except Exception as error:  # noqa: BLE001 - compared below
            outcomes.append(repr(error))
    assert outcomes[0] == outcomes[1]
    return outcomes[0]


async def test_rows_go_in_and_the_result_comes_out() -> None:
    assert await outcome_of(lambda: collect(ONE, 5), lambda query: [query.parameters]) == [(5,)]


async def test_a_transaction_may_end_without_a_statement() -> None:
    def nothing() -> Tx[str]:
        if False:
            yield ONE(1)
        return "done"

    assert await outcome_of(nothing, lambda query: []) == "done"


async def test_violations_are_thrown_in_and_everything_else_is_not() -> None:
    def careful() -> Tx[str]:
        try:
            yield ONE(1)
        except Exception as error:  # noqa: BLE001 - it sees only what it is meant to see
            return type(error).__name__
        return "nothing"

    def violate(query: Query) -> Rows:
        raise UniqueViolation

    def fail(query: Query) -> Rows:
        raise OSError("disk")

    assert await outcome_of(careful, violate) == "UniqueViolation"
    assert await outcome_of(careful, fail) == "OSError('disk')"


async def test_a_transaction_is_closed_whatever_happens() -> None:
    closed = []

    def watched() -> Tx[None]:
        try:
            yield ONE(1)
        finally:
            closed.append(True)

    def fail(query: Query) -> Rows:
        raise OSError("disk")

    await outcome_of(watched, fail)
    with pytest.raises(OSError, match="disk"):
        drive(watched(), fail)
    assert closed == [True] * 3
