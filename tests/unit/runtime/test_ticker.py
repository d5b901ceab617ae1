"""The tick scheduler. Rules MAT19, MAT20: docs/spec/matches.md."""

from __future__ import annotations

import asyncio

import pytest

from supergame.runtime import ticker as ticker_module
from supergame.runtime.ticker import Ticker
from supergame.testing import FakeClock


class Rig:
    """Entries that log their names, and take as long as they are told."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.ticker = Ticker(self.clock)
        self.ran: list[str] = []
        self.missed: dict[str, int] = {}

    def add(self, name: str, rate_hz: float, takes_s: float = 0.0) -> None:
        def tick() -> None:
            self.ran.append(name)
            self.clock.advance(takes_s)

        def missed(count: int) -> None:
            self.missed[name] = self.missed.get(name, 0) + count

        self.ticker.add(name, rate_hz, tick, missed)

    def play(self, seconds: float) -> None:
        """As the event loop would run it, on the fake clock."""
        end = self.clock.monotonic() + seconds
        while True:
            wait_s = self.ticker.run_due()
            if wait_s is None or self.clock.monotonic() + wait_s > end:
                return
            self.clock.advance(wait_s + 1e-6)


@pytest.mark.parametrize("rate_hz", [1, 7, 30, 60])
def test_MAT20_due_times_do_not_drift(rate_hz: int) -> None:
    rig = Rig()
    began = rig.clock.monotonic()
    rig.add("steady", rate_hz, takes_s=0.001)
    rig.play(100.0)
    assert abs(len(rig.ran) - 100 * rate_hz) <= 1
    due = rig.ticker.next_due()
    assert due is not None
    assert due - began == pytest.approx((len(rig.ran) + 1) / rate_hz, abs=1e-6)
    assert rig.missed == {}


def test_MAT19_a_late_entry_misses_ticks_and_does_not_catch_up() -> None:
    rig = Rig()
    rig.add("slow", 10, takes_s=0.35)  # due 0.1, done 0.45: 0.2, 0.3 and 0.4 are missed, 0.5 is next
    rig.play(0.2)
    assert (rig.ran, rig.missed) == (["slow"], {"slow": 3})
    assert rig.ticker.next_due() == pytest.approx(rig.clock.monotonic() + 0.05, abs=1e-4)


def starves(rig: Rig) -> bool:
    """Whether a steady entry runs less than once for each tick of one that is always late."""
    rig.add("late", 60, takes_s=0.1)
    rig.add("steady", 10)
    rig.play(10.0)
    return rig.ran.count("steady") < rig.ran.count("late") * 0.9 or "late late" in " ".join(rig.ran[2:])


def test_MAT19_a_late_entry_never_starves_another() -> None:
    assert not starves(Rig())


def test_MAT19_a_planted_fault_is_caught_a_late_entry_that_catches_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticker_module.math, "floor", lambda number: 0)
    assert starves(Rig())


def test_after_a_while_sockets_get_a_turn() -> None:
    rig = Rig()
    for name in "abc":
        rig.add(name, 10, takes_s=0.004)
    rig.clock.advance(0.1)
    assert rig.ticker.run_due() == 0.0
    assert rig.ran == ["a", "b"]
    wait_s = rig.ticker.run_due()
    assert rig.ran == ["a", "b", "c"]
    assert wait_s is not None
    assert wait_s > 0.05


def test_what_raises_ends_and_the_others_go_on() -> None:
    rig = Rig()
    rig.ticker.add("broken", 10, lambda: 1 / 0, lambda missed: None)
    rig.add("fine", 10)
    rig.play(1.05)
    assert rig.ran == ["fine"] * 10


def test_cancelled_entries_never_run() -> None:
    rig = Rig()
    first = rig.ticker.add("first", 10, lambda: rig.ran.append("first"), lambda missed: None)
    rig.play(0.25)
    first.cancel()
    rig.play(1.0)
    assert rig.ran == ["first", "first"]
    assert rig.ticker.next_due() is None
    assert rig.ticker.run_due() is None


async def test_it_runs_on_the_event_loop_and_wakes_for_what_is_added() -> None:
    rig = Rig()
    running = asyncio.create_task(rig.ticker.run())
    await asyncio.sleep(0)  # it waits now, for nothing is there
    done = asyncio.Event()
    rig.ticker.add("first", 10, done.set, lambda missed: None)
    rig.clock.advance(0.1)
    async with asyncio.timeout(30):
        await done.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
