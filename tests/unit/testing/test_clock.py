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


def test_what_is_due_happens_on_the_way_at_its_time_and_in_order() -> None:
    clock, seen = FakeClock(), []
    began = clock.monotonic()

    def note(name: str) -> None:
        seen.append((name, round(clock.monotonic() - began, 6)))
        if name == "early":
            clock.call_later(0.1, lambda: note("soon after"))

    for delay_s, name in ((0.5, "late"), (0.2, "early"), (0.2, "as early"), (2.0, "later")):
        clock.call_later(delay_s, lambda name=name: note(name))
    clock.advance(1.0)
    assert seen == [("early", 0.2), ("as early", 0.2), ("soon after", 0.3), ("late", 0.5)]
    assert clock.monotonic() - began == 1.0
    assert clock.next_due() == began + 2.0
