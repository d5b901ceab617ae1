"""Time as an argument: wall time for people and storage, monotonic time for waiting. Never mix them: each has its type."""

import time
from datetime import UTC, datetime, timedelta
from typing import NewType, Protocol

WallMicros = NewType("WallMicros", int)
"""Microseconds since 1970, UTC. What is stored and shown."""

MonotonicSeconds = NewType("MonotonicSeconds", float)
"""Seconds of a clock that never jumps. What deadlines and rates are reckoned in."""

SECOND_US = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """Where the platform reads the time; `supergame.testing.FakeClock` is the one that tests move by hand."""

    def now(self) -> WallMicros: ...

    def monotonic(self) -> MonotonicSeconds: ...


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> WallMicros:
        return WallMicros(time.time_ns() // 1000)

    def monotonic(self) -> MonotonicSeconds:
        return MonotonicSeconds(time.monotonic())


def whole_seconds(at: WallMicros) -> int:
    """Seconds since 1970, rounded down: the unit of JWT claims."""
    return at // SECOND_US


def as_datetime(at: int) -> datetime:
    """Whole seconds as an aware datetime: the precision that Nakama's clients see for nearly all times."""
    return datetime.fromtimestamp(at // SECOND_US, UTC)


def exact_datetime(at: int) -> datetime:
    """Microseconds as an aware datetime: the times of channel messages."""
    return _EPOCH + timedelta(microseconds=at)


class Succession:
    """Wall times that each come after the one before, so that what they date has one order."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._last = clock, 0

    def next(self) -> WallMicros:
        self._last = max(self._clock.now(), self._last + 1)
        return WallMicros(self._last)
