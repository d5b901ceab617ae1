"""Facts on their way: written in the transaction that made them true, delivered at least once, across restarts too.

A service writes `yield from outbox.record(fact)` inside its transaction and calls `outbox.wake()` after it. Receivers are
idempotent. One that raises is tried again later, after 1, 2, 4 ... 300 seconds, and holds up nobody else.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec

from supergame.base.clock import SECOND_US, Clock, WallMicros
from supergame.base.errors import ResourceExhausted, Unavailable
from supergame.base.events import Fact
from supergame.base.ids import Chance
from supergame.db.port import Database, Row, Rows, Statement, Tx, collect
from supergame.telemetry.logging import logger
from supergame.telemetry.metrics import Metrics

F = TypeVar("F", bound=Fact)
Receiver = Callable[[Any], Awaitable[None]]

LOOK_S = 1.0  # between two looks at the table when nobody wakes the relay
RETRY_S_MAX = 300

_INSERT = Statement("outbox.insert", "INSERT INTO outbox (fact_id, kind, body, due_at) VALUES (?, ?, ?, ?)")
_DUE = Statement("outbox.due", "SELECT fact_id, kind, body, attempts FROM outbox WHERE due_at <= ? ORDER BY due_at, fact_id LIMIT ?")
_DELETE = Statement("outbox.delete", "DELETE FROM outbox WHERE fact_id = ?")
_POSTPONE = Statement("outbox.postpone", "UPDATE outbox SET attempts = attempts + 1, due_at = ? WHERE fact_id = ?")

_log = logger("outbox")


class Outbox:
    """Records facts and relays them to their receivers."""

    def __init__(self, db: Database, clock: Clock, chance: Chance, metrics: Metrics, batch: int = 128) -> None:
        self._db, self._clock, self._chance, self._metrics, self._batch = db, clock, chance, metrics, batch
        self._types: dict[str, type[Fact]] = {}
        self._receivers: dict[str, list[Receiver]] = {}
        self._wakeup = asyncio.Event()

    def subscribe(self, fact: type[F], receiver: Callable[[F], Awaitable[None]]) -> None:
        """Have every fact of this type delivered, at least once; those recorded before a restart as well."""
        self._types[fact.kind] = fact
        self._receivers.setdefault(fact.kind, []).append(receiver)

    def record(self, fact: Fact) -> Tx[None]:
        """Part of the transaction that makes the fact true."""
        now = self._clock.now()
        yield _INSERT(self._chance.uuid7(now), fact.kind, msgspec.json.encode(fact).decode(), now)

    def wake(self) -> None:
        """Deliver soon: called after the COMMIT that recorded a fact."""
        self._wakeup.set()

    async def run(self) -> None:
        """Relay until cancelled."""
        while True:
            self._wakeup.clear()
            if await self._deliver_if_possible() < self._batch:
                with contextlib.suppress(TimeoutError):  # not wait_for: in Python 3.11 it may swallow a cancellation
                    async with asyncio.timeout(LOOK_S):
                        await self._wakeup.wait()

    async def _deliver_if_possible(self) -> int:
        """A database that is away or busy is looked at again later: the facts are safe in it."""
        try:
            return await self.deliver_due()
        except (Unavailable, ResourceExhausted) as error:
            _log.warning("outbox waits for the database", reason=error.code)
            return 0

    async def deliver_due(self) -> int:
        """Deliver the facts that are due, oldest first; returns how many were looked at."""
        rows: Rows = await self._db.read(collect, _DUE, self._clock.now(), self._batch)
        for row in rows:
            await self._deliver(row)
        return len(rows)

    async def _deliver(self, row: Row) -> None:
        fact_id, kind, body, attempts = row
        try:
            for receiver in self._receivers.get(kind, ()):
                await receiver(msgspec.json.decode(body, type=self._types[kind]))
        except Exception as error:  # noqa: BLE001 - a failing receiver must not hold up other facts
            self._metrics.outbox_failures.labels(kind).inc()
            _log.error("fact not delivered", kind=kind, attempts=attempts + 1, exc_info=error)
            await self._db.write(collect, _POSTPONE, self._retry_at(attempts), fact_id)
        else:
            await self._db.write(collect, _DELETE, fact_id)

    def _retry_at(self, attempts: int) -> WallMicros:
        return WallMicros(self._clock.now() + min(2 ** min(attempts, 16), RETRY_S_MAX) * SECOND_US)
