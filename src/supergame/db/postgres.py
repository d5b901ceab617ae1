"""PostgreSQL, the engine of a cluster: a few connections, each of which takes all that waits whenever it is free.

A round trip costs the two processes 100-150 us together, whatever it carries, so it has to carry more than one job:
- Reads of equal statements travel as one pipeline. Each is still a statement of its own, with a snapshot taken after it was asked for.
- Writes that wait share one BEGIN..COMMIT, one after another, as in `sqlite`. There are no savepoints at first. Should a job
  raise, all of it is rolled back and run again with them, and only that job fails.
- Where another node holds a row's lock for long, the batch makes way and its jobs run one by one, so batches cannot deadlock.
Figures and what else was tried: docs/decisions/0004-one-database-port.md.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Generic, ParamSpec, TypeVar

import asyncpg

from supergame.base.errors import Overloaded, SupergameError
from supergame.db.port import DatabaseUnavailable, OutcomeUnknown, Query, Rows, Statement, Tx, UniqueViolation, drive_async

T = TypeVar("T")
P = ParamSpec("P")
Item = TypeVar("Item")

BATCH_MAX = 64  # jobs in one commit: bounds how long the first of them waits for the last, and for how long rows stay locked
GATHER_MAX = 128  # reads in one pipeline
LOCK_WAIT_SHARED_MS = 50  # while other jobs wait in the same transaction; PostgreSQL looks for deadlocks only after a second
LOCK_WAITS_ALONE_MS = (50, 200, 800, 3_200)  # of one job, attempt by attempt; then its caller is told to try again
CONNECT_S_MAX = 5.0
COMMAND_S_MAX = 30.0

_SETTINGS: Final = {
    "application_name": "supergame",
    "default_transaction_isolation": "read committed",
    "synchronous_commit": "on",
    "lock_timeout": str(LOCK_WAIT_SHARED_MS),
    "jit": "off",  # compiling a plan costs more than any statement of ours
}

_CONFLICTS = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError)
_TROUBLE = (
    OSError,  # and with it TimeoutError
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InternalClientError,
    asyncpg.InvalidCachedStatementError,  # another node has migrated
)


class _Spoiled(Exception):
    """A job raised after it had written: what the transaction did must not stay."""


class _Conflict(Exception):
    """Another transaction stands in the way."""


class _Lost(Exception):
    """The connection went before COMMIT was sent: nothing was changed."""


@dataclass(slots=True)
class Job:
    """A transaction on its way through a writer, and then its outcome."""

    start: Callable[[], Tx[Any]]
    future: asyncio.Future[Any]
    result: Any = None
    error: Exception | None = None


@dataclass(slots=True)
class Ask:
    """One statement of a reading transaction."""

    query: Query
    future: asyncio.Future[Rows]


class Line:
    """One connection, opened again after it broke."""

    def __init__(self, dsn: str, reads_only: bool) -> None:
        self._dsn, self._reads_only = dsn, reads_only
        self._connection: Any = None

    async def connection(self) -> Any:
        """Raises DatabaseUnavailable."""
        if self._connection is None or self._connection.is_closed():
            try:
                self._connection = await asyncpg.connect(
                    self._dsn,
                    timeout=CONNECT_S_MAX,
                    command_timeout=COMMAND_S_MAX,
                    statement_cache_size=512,
                    max_cached_statement_lifetime=0,
                    server_settings={**_SETTINGS, "default_transaction_read_only": "on" if self._reads_only else "off"},
                )
            except (*_TROUBLE, asyncpg.InterfaceError) as error:
                raise _unavailable(error) from None
        return self._connection

    def drop(self) -> None:
        """Forget a connection whose state is unknown."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    def is_trouble(self, error: Exception) -> bool:
        """Whether it is the moment's trouble, and not a mistake of ours."""
        if isinstance(error, asyncpg.InterfaceError):  # of which some are mistakes and some closed connections
            return self._connection is None or self._connection.is_closed()
        if isinstance(error, asyncpg.ReadOnlySQLTransactionError):  # a standby answers while the primary is being replaced
            return not self._reads_only
        return isinstance(error, _TROUBLE)

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()


class Lanes(ABC, Generic[Item]):
    """Lines that take what waits in batches, a task for each while it has work. Subclasses say what waits and how it is done."""

    def __init__(self, lines: list[Line]) -> None:
        self._lines, self._free = lines, deque(lines)
        self._tasks: set[asyncio.Task[None]] = set()

    @abstractmethod
    def take(self) -> list[Item]:
        """The next batch of what waits; empty when nothing does."""

    @abstractmethod
    async def work(self, line: Line, batch: list[Item]) -> None:
        """Carry out a batch; outcomes stand in its items afterwards. Never raises."""

    def wake(self) -> None:
        if self._free:
            task = asyncio.get_running_loop().create_task(self._run(self._free.popleft()))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _run(self, line: Line) -> None:
        while batch := self.take():
            await self.work(line, batch)
        self._free.append(line)

    async def close(self) -> None:
        """End after what is waiting already."""
        while self._tasks:
            await asyncio.wait(self._tasks)
        for line in self._lines:
            await line.close()


class Reader(Lanes[Ask]):
    """Gathers statements: a free line takes the one that has waited longest, and with it all equal ones."""

    def __init__(self, lines: list[Line]) -> None:
        super().__init__(lines)
        self._waiting: dict[Statement, list[Ask]] = {}

    async def fetch(self, query: Query) -> Rows:
        ask = Ask(query, asyncio.get_running_loop().create_future())
        self._waiting.setdefault(query.statement, []).append(ask)
        self.wake()
        return await ask.future

    def take(self) -> list[Ask]:
        while self._waiting:
            statement = next(iter(self._waiting))
            asks = self._waiting.pop(statement)
            if len(asks) > GATHER_MAX:
                self._waiting[statement] = asks[GATHER_MAX:]  # behind the other statements
            if batch := [ask for ask in asks[:GATHER_MAX] if not ask.future.done()]:  # done: its caller went away
                return batch
        return []

    async def work(self, line: Line, batch: list[Ask]) -> None:
        try:
            await self._answer(line, batch)
        except Exception as error:  # noqa: BLE001 - no caller may wait for ever
            line.drop()
            for ask in batch:
                _fail(ask.future, _copy(error))

    async def _answer(self, line: Line, batch: list[Ask], retry: bool = True) -> None:
        connection = await line.connection()
        try:
            answers = await (_fetch(connection, batch[0]) if len(batch) == 1 else _fetch_gathered(connection, batch))
        except Exception as error:  # noqa: BLE001 - whose fault it is decides what follows
            if line.is_trouble(error):
                line.drop()
                if not retry:
                    raise _unavailable(error) from None
                await self._answer(line, batch, retry=False)
            elif len(batch) == 1:
                _fail(batch[0].future, error)
            else:  # one of them is wrong: each gets its own answer
                for ask in batch:
                    await self._answer(line, [ask])
        else:
            for ask, rows in zip(batch, answers, strict=True):
                if not ask.future.done():
                    ask.future.set_result(rows)


class Writer(Lanes[Job]):
    """Runs jobs that wait in one transaction, one after another; acknowledges them after COMMIT."""

    def __init__(self, lines: list[Line]) -> None:
        super().__init__(lines)
        self._waiting: deque[Job] = deque()
        self._batch_max = BATCH_MAX

    async def run(self, start: Callable[[], Tx[T]]) -> T:
        job = Job(start, asyncio.get_running_loop().create_future())
        self._waiting.append(job)
        self.wake()
        result: T = await job.future
        return result

    def take(self) -> list[Job]:
        batch: list[Job] = []
        while self._waiting and len(batch) < self._batch_max:
            job = self._waiting.popleft()
            if not job.future.done():  # done: its caller went away before it began
                batch.append(job)
        return batch

    async def work(self, line: Line, batch: list[Job]) -> None:
        try:
            await self._batch(line, batch)
        except Exception as error:  # noqa: BLE001 - no caller may wait for ever
            line.drop()
            _settle(batch, error)

    async def _batch(self, line: Line, jobs: list[Job]) -> None:
        """All jobs in one transaction. When another node's locks stand in the way: one by one, and smaller batches for a while."""
        try:
            await self._commit(line, jobs)
        except _Conflict:
            self._batch_max = max(1, self._batch_max // 2)
            for job in jobs:
                await self._alone(line, job)
        else:
            self._batch_max = min(BATCH_MAX, self._batch_max + 1)

    async def _alone(self, line: Line, job: Job) -> None:
        for wait_ms in LOCK_WAITS_ALONE_MS:
            try:
                return await self._commit(line, [job], f"BEGIN; SET LOCAL lock_timeout = {wait_ms}")
            except _Conflict:
                continue
        _settle([job], DatabaseUnavailable("Others are changing the same; nothing was changed. Try again."))
        return None

    async def _commit(self, line: Line, jobs: list[Job], begin: str = "BEGIN") -> None:
        """The jobs' transaction, twice if a job raises and twice if the connection had gone; acknowledges them."""
        careful = retried = False
        while True:
            try:
                await Transaction(line, careful).run(jobs, begin)
                return _settle(jobs)
            except _Spoiled:
                careful = True
            except _Lost as error:
                if retried:
                    raise _unavailable(error) from None
                retried = True


class Transaction:
    """One BEGIN..COMMIT around some jobs.

    Plain inserts are kept back until a statement follows that could see them, and then travel in one pipeline for each kind: ledger
    entries, messages, facts and sign-ups cost a quarter. They are believed to succeed. If not, all is rolled back and run with care.

    Args:
        careful: nothing is kept back; a savepoint before each job and each of its writing statements.
    """

    def __init__(self, line: Line, careful: bool) -> None:
        self._line, self._careful = line, careful
        self._connection: Any = None
        self._inserts: dict[Statement, list[tuple[object, ...]]] = {}
        self._own_inserts: list[Query] = []  # of the job that runs, which may still raise
        self._changed = False  # by the job that runs

    async def run(self, jobs: list[Job], begin: str) -> None:
        self._connection = await self._line.connection()
        committing = False
        try:
            try:
                await self._connection.execute(begin)
                for job in jobs:
                    await self._run_job(job)
                await self._insert()
                committing = True
                tag = await self._connection.execute("COMMIT")
                assert tag == "COMMIT", "a transaction that had failed reached COMMIT"
            except (_Spoiled, *_CONFLICTS) as error:
                await self._connection.execute("ROLLBACK")
                raise error if isinstance(error, _Spoiled) else _Conflict from None
        except Exception as error:
            if not self._line.is_trouble(error):
                raise
            self._line.drop()
            if committing:
                raise OutcomeUnknown from None
            raise _Lost(str(error)) from None

    async def _run_job(self, job: Job) -> None:
        job.result = job.error = None
        self._changed = False
        try:
            if self._careful:
                await self._connection.execute("SAVEPOINT job; SAVEPOINT step")
            job.result = await drive_async(job.start(), self._step)
            if self._careful:
                await self._connection.execute("RELEASE job")
            self._keep_back()
        except (_Spoiled, *_CONFLICTS):
            raise
        except Exception as error:
            if self._line.is_trouble(error):
                raise
            job.error = error
            self._own_inserts.clear()
            if self._careful:
                await self._connection.execute("ROLLBACK TO job; RELEASE job")
            elif self._changed or isinstance(error, asyncpg.PostgresError):  # after one, PostgreSQL takes nothing but ROLLBACK
                raise _Spoiled from None

    async def _step(self, query: Query) -> Rows:
        if self._careful:
            records = await self._fetch_careful(query)
        elif query.statement.adds:
            self._own_inserts.append(query)
            return []
        else:
            await self._insert()
            try:
                records = await self._connection.fetch(query.statement.postgres, *query.parameters)
            except asyncpg.UniqueViolationError:
                raise _Spoiled from None
        self._changed = self._changed or query.statement.has_changed(len(records))
        return [tuple(record) for record in records]

    async def _fetch_careful(self, query: Query) -> list[Any]:
        if self._changed and not query.statement.reads:
            await self._connection.execute("RELEASE step; SAVEPOINT step")
        try:
            records: list[Any] = await self._connection.fetch(query.statement.postgres, *query.parameters)
        except asyncpg.UniqueViolationError:
            await self._connection.execute("ROLLBACK TO step")
            raise UniqueViolation from None
        return records

    def _keep_back(self) -> None:
        for statement, parameters in self._own_inserts:
            self._inserts.setdefault(statement, []).append(parameters)
        self._own_inserts.clear()

    async def _insert(self) -> None:
        """Send what was kept back. Whatever PostgreSQL or its driver finds wrong, nobody knows yet in which job."""
        self._changed = self._changed or bool(self._own_inserts)
        self._keep_back()
        for statement, parameters in self._inserts.items():
            try:
                await self._connection.executemany(statement.postgres, parameters)
            except Exception as error:
                if isinstance(error, _CONFLICTS) or self._line.is_trouble(error):
                    raise
                raise _Spoiled from None
        self._inserts.clear()


async def _fetch(connection: Any, ask: Ask) -> list[Rows]:
    statement, parameters = ask.query
    return [[tuple(record) for record in await connection.fetch(statement.postgres, *parameters)]]


async def _fetch_gathered(connection: Any, batch: list[Ask]) -> list[Rows]:
    """One pipeline; each row begins with the number of the question that it answers."""
    answers: list[Rows] = [[] for _ in batch]
    arguments = [(*ask.query.parameters, number) for number, ask in enumerate(batch)]
    for number, *row in await connection.fetchmany(batch[0].query.statement.gathered, arguments):
        answers[number].append(tuple(row))
    return answers


def _settle(jobs: Iterable[Job], error: Exception | None = None) -> None:
    for job in jobs:
        if job.future.done():  # acknowledged already, or its caller went away
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        elif error is not None:
            job.future.set_exception(_copy(error))
        else:
            job.future.set_result(job.result)


def _copy(error: Exception) -> Exception:
    """One for each caller: exceptions gather the traceback of whoever raises them."""
    return type(error)(error.message) if isinstance(error, SupergameError) else error


def _fail(future: asyncio.Future[Any], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)


def _unavailable(error: Exception) -> DatabaseUnavailable:
    return DatabaseUnavailable(f"The database does not answer ({error or type(error).__name__}); nothing was changed.")


class Postgres:
    """`Database` on a PostgreSQL server. Both durabilities are `synchronous_commit = on`: less was not faster, as commits are shared."""

    engine = "postgres"

    def __init__(self, readers: list[Line], writers: list[Line], jobs_queued_max: int) -> None:
        self._reader, self._writer = Reader(readers), Writer(writers)
        self._jobs_queued_max = jobs_queued_max
        self._reading = self._writing = 0
        self._closed = False

    @property
    def queued(self) -> int:
        return self._reading + self._writing

    @classmethod
    async def open(cls, dsn: str, *, jobs_queued_max: int = 8_192, readers: int = 2, writers: int = 2) -> Postgres:
        """Connect.

        Raises:
            DatabaseUnavailable: nobody answers there, or not to us.
        """
        reading = [Line(dsn, reads_only=True) for _ in range(readers)]
        writing = [Line(dsn, reads_only=False) for _ in range(writers)]
        try:
            for line in (*reading, *writing):
                await line.connection()
        except BaseException:
            for line in (*reading, *writing):
                line.drop()
            raise
        return cls(reading, writing, jobs_queued_max)

    async def write(self, tx: Callable[P, Tx[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        self._admit(self._writing)
        self._writing += 1
        try:
            return await self._writer.run(lambda: tx(*args, **kwargs))
        finally:
            self._writing -= 1

    async def write_durable(self, tx: Callable[P, Tx[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.write(tx, *args, **kwargs)

    async def read(self, tx: Callable[P, Tx[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        self._admit(self._reading)
        self._reading += 1
        try:
            return await drive_async(tx(*args, **kwargs), self._reader.fetch)
        finally:
            self._reading -= 1

    async def close(self) -> None:
        self._closed = True
        await self._writer.close()
        await self._reader.close()

    def _admit(self, waiting: int) -> None:
        if self._closed:
            raise DatabaseUnavailable("The database was closed; nothing was changed.")
        if waiting >= self._jobs_queued_max:
            raise Overloaded
