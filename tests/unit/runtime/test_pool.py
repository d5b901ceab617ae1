"""Bounded pools: what fits is done, what does not fit is refused at once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from supergame.base.errors import Overloaded
from supergame.runtime.pool import Pool

STUCK_S = 30  # a bound for a test that hangs, never waited for


class Gate:
    """Work that lasts until the test lets it end."""

    def __init__(self) -> None:
        self.started, self._open = threading.Semaphore(0), threading.Event()

    def work(self) -> str:
        self.started.release()
        assert self._open.wait(STUCK_S)
        return "done"

    async def wait_started(self) -> None:
        assert await asyncio.to_thread(self.started.acquire, timeout=STUCK_S)

    def open(self) -> None:
        self._open.set()


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool("test", threads=1, jobs_queued_max=1)
    yield pool
    pool.close()


async def test_the_result_comes_back_from_another_thread(pool: Pool) -> None:
    def where(a: int, *, b: int) -> tuple[int, str]:
        return a + b, threading.current_thread().name

    total, name = await pool.run(where, 1, b=2)
    assert total == 3
    assert name.startswith("supergame-test")


async def test_what_the_work_raises_reaches_the_caller(pool: Pool) -> None:
    def fail() -> None:
        raise KeyError("lost")

    with pytest.raises(KeyError, match="lost"):
        await pool.run(fail)
    assert await pool.run(lambda: "next") == "next"


async def test_beyond_threads_and_queue_work_is_refused_at_once_and_later_taken_again(pool: Pool) -> None:
    gate = Gate()
    running, queued = asyncio.create_task(pool.run(gate.work)), asyncio.create_task(pool.run(gate.work))
    await gate.wait_started()
    with pytest.raises(Overloaded):
        await pool.run(gate.work)
    gate.open()
    assert await asyncio.gather(running, queued) == ["done", "done"]
    assert await pool.run(gate.work) == "done"


async def test_work_whose_caller_went_away_keeps_its_place_until_it_ends(pool: Pool) -> None:
    gate = Gate()
    callers = [asyncio.create_task(pool.run(gate.work)) for _ in range(2)]
    await gate.wait_started()
    for caller in callers:
        caller.cancel()
    await asyncio.gather(*callers, return_exceptions=True)
    with pytest.raises(Overloaded):
        await pool.run(gate.work)
    gate.open()
    await gate.wait_started()  # the second one began, so the first has ended
    assert await pool.run(gate.work) == "done"


async def test_closing_waits_for_what_runs_and_drops_what_waits() -> None:
    pool, gate = Pool("test", threads=1, jobs_queued_max=1), Gate()
    running, queued = asyncio.create_task(pool.run(gate.work)), asyncio.create_task(pool.run(gate.work))
    await gate.wait_started()
    closing = asyncio.create_task(asyncio.to_thread(pool.close))
    gate.open()
    await closing
    assert await running == "done"
    outcome = await asyncio.gather(queued, return_exceptions=True)
    assert outcome == ["done"] or isinstance(outcome[0], asyncio.CancelledError)
