"""A clock that stands still until it is moved."""

from __future__ import annotations

from supergame.base.clock import SECOND_US, MonotonicSeconds, WallMicros

START_US = 1_767_225_600 * SECOND_US  # 2026-01-01


class FakeClock:
    """Wall and monotonic time, moved together."""

    def __init__(self, now_us: int = START_US) -> None:
        self._now_us = now_us
        self._monotonic_us = 7_777 * SECOND_US  # far from the wall's, so that mixing them up shows

    def now(self) -> WallMicros:
        return WallMicros(self._now_us)

    def monotonic(self) -> MonotonicSeconds:
        return MonotonicSeconds(self._monotonic_us / SECOND_US)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now_us += round(seconds * SECOND_US)
        self._monotonic_us += round(seconds * SECOND_US)
