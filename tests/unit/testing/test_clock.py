"""The clock that tests move."""

from __future__ import annotations

from supergame.testing import FakeClock


def test_it_stands_still_until_it_is_moved() -> None:
    clock = FakeClock()
    assert (clock.now(), clock.monotonic()) == (clock.now(), clock.monotonic())


def test_both_times_move_together_and_to_the_microsecond() -> None:
    clock = FakeClock()
    now, monotonic = clock.now(), clock.monotonic()
    for _ in range(1_000):
        clock.advance(0.001)
    assert clock.now() - now == 1_000_000
    assert clock.monotonic() - monotonic == 1.0


def test_the_two_times_are_not_to_be_mixed_up() -> None:
    clock = FakeClock()
    assert abs(clock.now() / 1_000_000 - clock.monotonic()) > 1_000_000
