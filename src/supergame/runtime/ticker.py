"""One scheduler for everything in the process that ticks at a steady rate.

Each entry has a grid of due times of its own that never drifts. What is due earliest runs first and once; an entry that is late, by its
own fault or another's, goes on at the next point of its grid that lies ahead. So ticks are missed, and counted, but never caught up: a
slow entry cannot pile up work, nor run twice before others have run.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
from collections.abc import Callable

from supergame.base.clock import Clock
from supergame.telemetry.logging import logger

EARLY_S = 0.000_5  # timers are in milliseconds: a tick may be this early rather than a whole timer late
PASS_S = 0.005  # then sockets get a turn, whatever is still due

_log = logger("ticker")


class Ticking:
    """Something that ticks. `missed` counts the ticks that could not be run in time."""

    __slots__ = ("due", "is_cancelled", "missed", "name", "on_missed", "period_s", "tick")

    def __init__(self, name: str, period_s: float, due: float, tick: Callable[[], None], on_missed: Callable[[int], None]) -> None:
        self.name, self.period_s, self.due, self.tick, self.on_missed = name, period_s, due, tick, on_missed
        self.missed = 0
        self.is_cancelled = False

    def cancel(self) -> None:
        self.is_cancelled = True


class Ticker:
    """Runs all of them, on the event loop or moved by hand."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heap: list[tuple[float, int, Ticking]] = []
        self._order = itertools.count()
        self._wake = asyncio.Event()

    def add(self, name: str, rate_hz: float, tick: Callable[[], None], on_missed: Callable[[int], None]) -> Ticking:
        """Call `tick` at this rate, one period from now for the first time."""
        period_s = 1 / rate_hz
        ticking = Ticking(name, period_s, self._clock.monotonic() + period_s, tick, on_missed)
        self._push(ticking)
        self._wake.set()
        return ticking

    def next_due(self) -> float | None:
        """When the next tick is due, on the monotonic clock."""
        while self._heap and self._heap[0][2].is_cancelled:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def run_due(self) -> float | None:
        """Run what is due. Returns the seconds to wait for the next; 0 when some is due still, None when nothing ticks."""
        began = self._clock.monotonic()
        while (due := self.next_due()) is not None:
            now = self._clock.monotonic()
            if due > now + EARLY_S:
                return due - now
            if now - began > PASS_S:
                return 0.0
            self._run(heapq.heappop(self._heap)[2])
        return None

    async def run(self) -> None:
        """Tick until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            self._wake.clear()
            wait_s = self.run_due()
            if wait_s == 0.0:
                await asyncio.sleep(0)
                continue
            timer = None if wait_s is None else loop.call_later(wait_s, self._wake.set)
            await self._wake.wait()
            if timer is not None:
                timer.cancel()

    def _run(self, ticking: Ticking) -> None:
        try:
            ticking.tick()
        except Exception as error:  # noqa: BLE001 - one that fails must not end the others
            _log.error("tick failed", name=ticking.name, exc_info=error)
            ticking.cancel()
        if ticking.is_cancelled:
            return
        late_periods = (self._clock.monotonic() - ticking.due) / ticking.period_s
        missed = max(0, math.floor(late_periods + EARLY_S / ticking.period_s))
        ticking.due += (missed + 1) * ticking.period_s
        if missed:
            ticking.missed += missed
            ticking.on_missed(missed)
        self._push(ticking)

    def _push(self, ticking: Ticking) -> None:
        heapq.heappush(self._heap, (ticking.due, next(self._order), ticking))
