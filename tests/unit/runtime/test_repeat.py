"""Work from time to time: it goes on when the database was away, and ends when it is told to."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from supergame.base.errors import Overloaded
from supergame.db.port import DatabaseUnavailable
from supergame.runtime import repeat as module
from supergame.runtime.repeat import repeat


class Sleeps:
    """Stands in for `asyncio`: notes how long was asked for, and gives way once."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.asked.append(seconds)
        await asyncio.sleep(0)


async def run_until_done(monkeypatch: pytest.MonkeyPatch, outcomes: list[Exception | None]) -> list[float]:
    """How long it waited before each of its attempts, which had these outcomes; the one after them is cancelled."""
    sleeps, task = Sleeps(), asyncio.current_task()
    monkeypatch.setattr(module, "asyncio", sleeps)

    async def work() -> None:
        if not outcomes:
            assert task is not None
            task.cancel()
            await asyncio.sleep(0)
        if outcome := outcomes.pop(0):
            raise outcome

    with pytest.raises(asyncio.CancelledError):
        await repeat("tidy", 300, work)
    return sleeps.asked


async def test_it_waits_before_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await run_until_done(monkeypatch, [None, None]) == [300, 300, 300]


async def test_a_database_that_is_away_or_busy_puts_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    with capture_logs() as logs:
        await run_until_done(monkeypatch, [DatabaseUnavailable(), Overloaded(), None])
    assert [(log["job"], log["reason"]) for log in logs] == [("tidy", "db.unavailable"), ("tidy", "overloaded")]


async def test_anything_else_is_a_bug_and_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZeroDivisionError):
        await run_until_done(monkeypatch, [ZeroDivisionError(), None])
