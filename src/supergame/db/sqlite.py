"""SQLite, the embedded engine: one writer thread with group commit, one reader thread with snapshots.

Jobs queue up while the writer works; it then takes them all into one transaction and acknowledges them together after COMMIT. So
concurrency makes commits cheaper instead of slower. In WAL mode readers never wait. What one turn of the event loop asks for is
handed over at once: to wake a thread, and to share the interpreter's lock with it, costs more than most jobs do.
Measured against one commit per job, aiosqlite and an ORM: docs/decisions/0004-one-database-port.md.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

from supergame.base.errors import Overloaded
from supergame.db.port import DatabaseUnavailable, Durability, Query, Rows, Tx, UniqueViolation, drive

T = TypeVar("T")
P = ParamSpec("P")

BATCH_MAX = 256  # jobs in one commit: bounds how long the first of them waits for the last
GATHERED_MAX = 64  # jobs handed over together, before the turn of the loop ends
SETTINGS = (
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "foreign_keys = ON",
    "busy_timeout = 2000",
    "mmap_size = 268435456",
    "cache_size = -65536",
)
Connect = Callable[[Path], sqlite3.Connection]


@dataclass(slots=True)
class Job:
    """A transaction on its way through a worker, and then its outcome."""

    start: Callable[[], Tx[Any]]
    durability: Durability
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


def connect(file: Path) -> sqlite3.Connection:
    """A connection as both workers use it: explicit transactions, WAL, hardly any waiting for other processes."""
    db = sqlite3.connect(file, isolation_level=None, check_same_thread=False, cached_statements=512)
    for setting in SETTINGS:
        db.execute(f"PRAGMA {setting}")
    return db


class Worker(ABC):
    """A thread that owns a connection and runs jobs in batches; subclasses say what stands around a batch."""

    def __init__(self, db: sqlite3.Connection, name: str, jobs_queued_max: int) -> None:
        self._db, self._jobs_queued_max = db, jobs_queued_max
        self._gathered: list[Job | None] = []  # asked for in this turn of the loop
        self._queue: SimpleQueue[list[Job | None]] = SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self.waiting = 0  # counted on the loop's side, so that refusing needs no lock
        self._closed = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    async def run(self, start: Callable[[], Tx[T]], durability: Durability) -> T:
        if self._closed:
            raise DatabaseUnavailable("The database was closed; nothing was changed.")
        if self.waiting >= self._jobs_queued_max:
            raise Overloaded
        self.waiting += 1
        future: asyncio.Future[T] = self._loop.create_future()
        self._gathered.append(Job(start, durability, future))
        if len(self._gathered) == 1:
            self._loop.call_soon(self._hand_over)
        elif len(self._gathered) == GATHERED_MAX:
            self._hand_over()
        return await future

    async def close(self) -> None:
        """End after the jobs that are queued already."""
        self._closed = True
        self._gathered.append(None)
        self._hand_over()
        await asyncio.to_thread(self._thread.join)
        self._db.close()

    def _hand_over(self) -> None:
        if self._gathered:
            self._queue.put(self._gathered)
            self._gathered = []

    def _work(self) -> None:
        while batch := self._next_batch():
            self._run_guarded([job for job in batch if job is not None and not job.future.cancelled()])
            self._loop.call_soon_threadsafe(self._deliver, batch)
            if batch[-1] is None:
                return

    def _run_guarded(self, jobs: list[Job]) -> None:
        """Whatever befalls a batch, its callers hear of it and the thread lives on."""
        try:
            if jobs:
                self.run_batch(jobs)
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            for job in jobs:
                job.error = job.error or _unavailable(error)

    def _next_batch(self) -> list[Job | None]:
        batch = self._queue.get()
        while batch[-1] is not None and len(batch) + GATHERED_MAX <= BATCH_MAX and not self._queue.empty():
            batch += self._queue.get()
        return batch

    def _deliver(self, batch: list[Job | None]) -> None:
        for job in batch:
            if job is None:
                continue
            self.waiting -= 1
            if job.future.done():  # its caller went away
                continue
            if job.error is None:
                job.future.set_result(job.result)
            else:
                job.future.set_exception(job.error)

    @abstractmethod
    def run_batch(self, jobs: list[Job]) -> None:
        """Carry out jobs; outcomes stand in them afterwards."""

    def step(self, query: Query) -> Rows:
        try:
            return self._db.execute(query.statement.sql, query.parameters).fetchall()
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorname in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"):
                raise UniqueViolation from None
            raise

    def run_job(self, job: Job) -> None:
        """Drive one job; its outcome stands in it afterwards."""
        try:
            job.result = drive(job.start(), self.step)
        except sqlite3.Error as error:
            job.error = _translated(error)
        except Exception as error:  # noqa: BLE001 - every caller gets its own outcome
            job.error = error


class Writer(Worker):
    """Runs all jobs that wait in one transaction; a job that raises is undone alone."""

    _synchronous = Durability.STANDARD
    _changed = False  # whether the job that runs has changed something

    def run_batch(self, jobs: list[Job]) -> None:
        self._set_durability(max(job.durability for job in jobs))
        if not self._run_together(jobs):
            self._run_apart(jobs)

    def _run_together(self, jobs: list[Job]) -> bool:
        """Without savepoints, for which SQLite copies each page that a job touches. False, and nothing done, if one has to be undone."""
        self._db.execute("BEGIN IMMEDIATE")
        for job in jobs:
            self._changed = False
            self.run_job(job)
            if job.error is not None and (self._changed or not self._db.in_transaction):  # SQLite may have rolled back by itself
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                return False
        self._db.execute("COMMIT")
        return True

    def _run_apart(self, jobs: list[Job]) -> None:
        """All anew, each in a savepoint."""
        self._db.execute("BEGIN IMMEDIATE")
        for job in jobs:
            job.result = job.error = None
            self._run_in_savepoint(job)
        self._db.execute("COMMIT")

    def step(self, query: Query) -> Rows:
        rows = super().step(query)
        self._changed = self._changed or query.statement.has_changed(len(rows))
        return rows

    def _set_durability(self, durability: Durability) -> None:
        """Before BEGIN: the level of a running transaction cannot be changed."""
        if durability is not self._synchronous:
            self._db.execute(f"PRAGMA synchronous = {'FULL' if durability is Durability.DURABLE else 'NORMAL'}")
            self._synchronous = durability

    def _run_in_savepoint(self, job: Job) -> None:
        self._db.execute("SAVEPOINT job")
        self.run_job(job)
        if job.error is not None:
            self._db.execute("ROLLBACK TO job")
        self._db.execute("RELEASE job")


class Reader(Worker):
    """Runs all jobs that wait on one snapshot, taken after the last of them was asked for."""

    def run_batch(self, jobs: list[Job]) -> None:
        self._db.execute("BEGIN")
        for job in jobs:
            self.run_job(job)
        self._db.execute("COMMIT")


def _translated(error: sqlite3.Error) -> Exception:
    """Full disks, locks and I/O errors are the moment's trouble; wrong SQL is ours and stays what it is."""
    if isinstance(error, sqlite3.OperationalError) and getattr(error, "sqlite_errorname", "") != "SQLITE_ERROR":
        return _unavailable(error)
    return error


def _unavailable(error: sqlite3.Error) -> DatabaseUnavailable:
    return DatabaseUnavailable(f"The database does not answer ({error}); nothing was changed.")


class Sqlite:
    """`Database` on one file. Open it inside a running loop."""

    engine = "sqlite"

    def __init__(self, file: Path, jobs_queued_max: int = 8_192, connect: Connect = connect) -> None:
        self._writer = Writer(connect(file), "supergame-db-writer", jobs_queued_max)
        reading = connect(file)
        reading.execute("PRAGMA query_only = ON")
        self._reader = Reader(reading, "supergame-db-reader", jobs_queued_max)

    @property
    def queued(self) -> int:
        return self._writer.waiting + self._reader.waiting

    async def write(self, tx: Callable[P, Tx[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._writer.run(lambda: tx(*args, **kwargs), Durability.STANDARD)

    async def write_durable(self, tx: Callable[P, Tx[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._writer.run(lambda: tx(*args, **kwargs), Durability.DURABLE)

    async def read(self, tx: Callable[P, Tx[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._reader.run(lambda: tx(*args, **kwargs), Durability.STANDARD)

    async def close(self) -> None:
        await self._writer.close()
        await self._reader.close()
