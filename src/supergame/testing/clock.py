"""A clock that stands still until it is moved."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable

from supergame.base.clock import SECOND_US, MonotonicSeconds, WallMicros

START_US = 1_767_225_600 * SECOND_US  # 2026-01-01


class FakeClock:
    """Wall and monotonic time, moved together."""

    def __init__(self, now_us: int = START_US) -> None:
        self._now_us = now_us
        self._monotonic_us = 7_777 * SECOND_US  # far from the wall's, so that mixing them up shows
        self._timers: list[tuple[int, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def now(self) -> WallMicros:
        return WallMicros(self._now_us)

    def monotonic(self) -> MonotonicSeconds:
        return MonotonicSeconds(self._monotonic_us / SECOND_US)

    def advance(self, seconds: float) -> None:
        """Let time pass. What is due on the way happens at its time, in order."""
        end_us = self._monotonic_us + round(seconds * SECOND_US)
        while self._timers and self._timers[0][0] <= end_us:
            due_us, _, action = heapq.heappop(self._timers)
            self._move_to(max(due_us, self._monotonic_us))
            action()
        self._move_to(end_us)

    def call_later(self, delay_s: float, action: Callable[[], None]) -> None:
        """Have something happen when so much time will have passed; those of one time in the order of the calls."""
        heapq.heappush(self._timers, (self._monotonic_us + round(delay_s * SECOND_US), next(self._order), action))

    def next_due(self) -> float | None:
        """When the next of these is due, on the monotonic clock; None when nothing is."""
        return self._timers[0][0] / SECOND_US if self._timers else None

    def _move_to(self, monotonic_us: int) -> None:
        self._now_us += monotonic_us - self._monotonic_us
        self._monotonic_us = monotonic_us
