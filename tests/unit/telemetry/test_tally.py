"""Counts between two looks."""

from __future__ import annotations

import pytest

from supergame.telemetry.tally import TICK_BOUNDS_MS, Tally


def test_what_was_taken_is_counted_once() -> None:
    tally = Tally()
    tally.requests += 2
    tally.felt(0.004)
    tally.felt(0.002)
    tally.ticked(0.001)
    taken, empty = tally.take(), tally.take()
    assert (taken.requests, taken.late_s, taken.tick_ms(0.95)) == (2, 0.004, 1)
    assert (empty.requests, empty.late_s, empty.tick_ms(0.95)) == (0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("slow_of_100", "p95_ms"),
    [(0, 1), (5, 1), (6, 20), (100, 20)],
)
def test_the_quantile_is_the_bound_that_so_many_ticks_keep(slow_of_100: int, p95_ms: float) -> None:
    tally = Tally()
    for number in range(100):
        tally.ticked(0.018 if number < slow_of_100 else 0.0009)
    assert tally.tick_ms(0.95) == p95_ms


def test_a_tick_beyond_all_bounds_counts_with_the_last() -> None:
    tally = Tally()
    tally.ticked(60.0)
    assert tally.tick_ms(0.95) == TICK_BOUNDS_MS[-1]
