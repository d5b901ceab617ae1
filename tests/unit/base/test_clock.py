"""Wall time, monotonic time, and seconds as clients see them."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from supergame.base.clock import SECOND_US, SystemClock, WallMicros, as_datetime, whole_seconds


def test_the_systems_clock_tells_the_machines_time() -> None:
    before = time.time_ns() // 1_000
    now = SystemClock().now()
    assert before <= now <= time.time_ns() // 1_000


def test_the_monotonic_clock_never_goes_back() -> None:
    clock = SystemClock()
    readings = [clock.monotonic() for _ in range(1_000)]
    assert readings == sorted(readings)


@pytest.mark.parametrize(("at", "seconds"), [(0, 0), (999_999, 0), (1_000_000, 1), (1_999_999, 1), (-1, -1)])
def test_seconds_are_rounded_down(at: int, seconds: int) -> None:
    assert whole_seconds(WallMicros(at)) == seconds


def test_datetimes_are_aware_and_whole() -> None:
    assert as_datetime(1_767_225_600 * SECOND_US + 999_999) == datetime(2026, 1, 1, tzinfo=UTC)
