"""The port to a database.

A transaction is a plain generator: it yields queries and receives their rows, does no I/O and knows no driver.

    def rename(user_id: UserId, name: str) -> Tx[bool]:
        rows = yield RENAME(name, user_id)
        return bool(rows)

    await db.write(rename, user_id, name)

Whatever it raises rolls it back, and it alone. Nothing that it did is visible before COMMIT, and the caller hears of success
only afterwards. An engine may start it again from the same arguments, so it changes none of them. One SQL text serves all
engines: the common subset, `?` for parameters, `RETURNING` for affected rows.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Generator
from enum import IntEnum
from typing import Any, NamedTuple, ParamSpec, Protocol, TypeAlias, TypeVar

from supergame.base.errors import AlreadyExists, Unavailable

Row: TypeAlias = tuple[Any, ...]
Rows: TypeAlias = list[Row]
T = TypeVar("T")
P = ParamSpec("P")


class Durability(IntEnum):
    """What an acknowledged write survives. A batch of writes takes the strictest of its members."""

    STANDARD = 0
    """A killed process. Saves, profiles, sign-ups."""
    DURABLE = 1
    """Power loss: flushed to the disk before the answer. Money, purchases, bans, revocations."""


class Statement:
    """One SQL text with a name for metrics and plans; calling it binds parameters.

    Args:
        sql: common subset, `?` for each parameter.
        postgres: another text for PostgreSQL where a measurement asked for it; same parameters, same rows.

    Attributes:
        postgres: the text for PostgreSQL, with its own placeholders.
        gathered: the same for a pipeline of many: a last parameter more, which returns as the first column of each row.
        reads: it changes nothing.
        adds: it inserts the values given, answers with no rows, and can be swapped with others of this kind.
    """

    __slots__ = ("_returns", "adds", "gathered", "name", "postgres", "reads", "sql")

    def __init__(self, name: str, sql: str, *, postgres: str = "") -> None:
        self.name, self.sql = name, sql
        self.postgres = numbered(postgres or sql)
        self.gathered = f"SELECT ${sql.count('?') + 1}::int8, q.* FROM ({self.postgres}) q"
        words = re.findall("[A-Z]+", sql.upper())
        self.reads = words[0] == "SELECT"
        self.adds = words[0] == "INSERT" and not {"SELECT", "CONFLICT", "RETURNING"} & set(words)
        self._returns = words[0] != "WITH" and "RETURNING" in words

    def has_changed(self, rows: int) -> bool:
        """Whether it may have changed something, when it answered with so many rows."""
        return not self.reads and (rows > 0 or not self._returns)

    def __call__(self, *parameters: object) -> Query:
        return Query(self, parameters)

    def __repr__(self) -> str:
        return f"Statement({self.name})"


class Query(NamedTuple):
    statement: Statement
    parameters: tuple[object, ...]


Tx: TypeAlias = Generator[Query, Rows, T]


def numbered(sql: str) -> str:
    """`?` placeholders as `$1`, `$2` ...; our statements hold no question marks in texts."""
    first, *rest = sql.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))


class UniqueViolation(AlreadyExists):
    """Another row holds this value. Thrown into the transaction at the statement that met it, which had no effect."""

    code = "db.unique_violation"


class DatabaseUnavailable(Unavailable):
    """The database does not answer; nothing was changed."""

    code = "db.unavailable"


class OutcomeUnknown(Unavailable):
    """The connection to the database broke at the last moment; the change may have been stored or not."""

    code = "db.outcome_unknown"


class Database(Protocol):
    """What services and jobs are given. Implementations: `db.sqlite.Sqlite`, `db.postgres.Postgres`."""

    engine: str

    @property
    def queued(self) -> int:
        """Transactions that have been asked for and have not ended."""
        ...

    async def write(self, tx: Callable[P, Tx[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a transaction with standard durability.

        Raises:
            Overloaded: too many transactions are waiting.
            DatabaseUnavailable: it was not committed.
            OutcomeUnknown: perhaps it was. Only repeat what may happen twice, or has an idempotency key.
        """
        ...

    async def write_durable(self, tx: Callable[P, Tx[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Like `write`, and on the disk before it returns."""
        ...

    async def read(self, tx: Callable[P, Tx[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a transaction that only reads. Each statement sees all that was acknowledged before it began."""
        ...

    async def close(self) -> None: ...


def collect(statement: Statement, *parameters: object) -> Tx[Rows]:
    """The transaction that is a single statement."""
    rows = yield statement(*parameters)
    return rows


Step: TypeAlias = Callable[[Query], Rows]


def drive(transaction: Tx[T], step: Step) -> T:
    """Run a transaction with a function that answers each query at once: the inner loop of an engine that blocks."""
    try:
        query = next(transaction)
        while True:
            try:
                rows = step(query)
            except UniqueViolation as violation:
                query = transaction.throw(violation)
            else:
                query = transaction.send(rows)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]
    finally:
        transaction.close()


async def drive_async(transaction: Tx[T], step: Callable[[Query], Awaitable[Rows]]) -> T:
    """The same for an engine that waits."""
    try:
        query = next(transaction)
        while True:
            try:
                rows = await step(query)
            except UniqueViolation as violation:
                query = transaction.throw(violation)
            else:
                query = transaction.send(rows)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]
    finally:
        transaction.close()
