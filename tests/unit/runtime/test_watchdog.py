"""The watchdog names the code that holds the event loop, and nobody else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from supergame.game import Context, Game
from supergame.runtime import watchdog
from supergame.runtime.watchdog import HELD_MAX_S, LOGS_MAX, Held, Watchdog
from supergame.telemetry.metrics import Metrics
from supergame.testing import TestServer

STUCK_S = 30  # a bound for a test that hangs, never waited for


class Time:
    """Stands in for the module `time`: moves when it is told to."""

    def __init__(self) -> None:
        self.wall_s = self.cpu_s = 100.0

    def perf_counter(self) -> float:
        return self.wall_s

    def thread_time(self) -> float:
        return self.cpu_s

    def work(self, seconds: float) -> None:
        self.wall_s += seconds
        self.cpu_s += seconds

    def wait(self, seconds: float) -> None:
        self.wall_s += seconds


class Log:
    """Notes what is logged, and wakes whoever waits for an error."""

    def __init__(self) -> None:
        self.warnings: list[dict[str, Any]] = []
        self.errors: list[dict[str, Any]] = []
        self.has_error = threading.Event()

    def warning(self, event: str, **told: Any) -> None:
        self.warnings.append(told)

    def error(self, event: str, **told: Any) -> None:
        self.errors.append(told)
        self.has_error.set()


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(watchdog, "time", time)
    return time


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Log:
    log = Log()
    monkeypatch.setattr(watchdog, "_log", log)
    return log


@pytest.fixture
def held() -> list[Held]:
    return []


@pytest.fixture
def dog(held: list[Held]) -> Iterator[Watchdog]:
    dog = Watchdog(Metrics(), held.append)
    yield dog
    dog.close()


async def test_a_step_that_works_too_long_is_named_with_its_times(time: Time, log: Log, dog: Watchdog, held: list[Held]) -> None:
    async def greedy() -> str:
        time.wait(0.001)
        time.work(0.02)
        return "done"

    assert await dog.guard("greedy", greedy()) == "done"
    assert [(report.name, round(report.wall_s, 6), round(report.cpu_s, 6)) for report in held] == [("greedy", 0.021, 0.02)]
    assert log.warnings == [{"name": "greedy", "wall_ms": 21.0, "cpu_ms": 20.0}]
    assert 'supergame_loop_held_total{name="greedy"} 1.0' in dog._metrics.text().decode()


async def test_a_step_within_the_bound_is_not_reported(time: Time, dog: Watchdog, held: list[Held]) -> None:
    async def modest() -> None:
        time.work(HELD_MAX_S * 0.99)

    await dog.guard("modest", modest())
    assert held == []


async def test_a_handler_that_awaits_long_is_not_reported(time: Time, dog: Watchdog, held: list[Held]) -> None:
    answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def patient() -> None:
        time.work(0.001)
        await answer
        time.work(0.001)

    task = asyncio.ensure_future(dog.guard("patient", patient()))
    await asyncio.sleep(0)
    time.work(3_600)  # others use the loop meanwhile
    answer.set_result(None)
    await task
    assert held == []


async def test_only_the_step_that_was_too_long_counts(time: Time, dog: Watchdog, held: list[Held]) -> None:
    async def uneven() -> None:
        for seconds in (0.001, 0.03, 0.001):
            time.work(seconds)
            await asyncio.sleep(0)

    await dog.guard("uneven", uneven())
    assert [round(report.wall_s, 6) for report in held] == [0.03]


async def test_a_step_that_fails_after_too_long_is_reported_and_fails(time: Time, dog: Watchdog, held: list[Held]) -> None:
    async def broken() -> None:
        time.work(0.02)
        raise KeyError("lost")

    with pytest.raises(KeyError, match="lost"):
        await dog.guard("broken", broken())
    assert [report.name for report in held] == ["broken"]


async def test_what_is_thrown_in_reaches_the_guarded_code(dog: Watchdog) -> None:
    seen: list[str] = []

    async def cleans_up() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            seen.append("cleaned up")
            raise

    task = asyncio.ensure_future(dog.guard("cleans_up", cleans_up()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == ["cleaned up"]


async def test_a_guarded_coroutine_may_catch_an_error_of_what_it_awaits(dog: Watchdog) -> None:
    answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def copes() -> str:
        try:
            await answer
        except ValueError:
            return "coped"
        return "nothing came"

    task = asyncio.ensure_future(dog.guard("copes", copes()))
    await asyncio.sleep(0)
    answer.set_exception(ValueError())
    assert await task == "coped"


async def test_the_log_is_bounded_and_the_count_goes_on(time: Time, log: Log, dog: Watchdog, held: list[Held]) -> None:
    async def greedy() -> None:
        time.work(0.02)

    for _ in range(LOGS_MAX + 5):
        await dog.guard("greedy", greedy())
    assert (len(log.warnings), len(held)) == (LOGS_MAX, LOGS_MAX + 5)


async def test_a_step_that_hangs_is_named_while_it_hangs(monkeypatch: pytest.MonkeyPatch, log: Log, dog: Watchdog) -> None:
    monkeypatch.setattr(watchdog, "HUNG_S", 0.01)

    async def handler_that_hangs() -> bool:
        return log.has_error.wait(STUCK_S)  # goes on as soon as the watchdog has spoken

    dog.start()
    assert await dog.guard("save_game", handler_that_hangs())
    assert log.errors[0]["name"] == "save_game"
    assert "handler_that_hangs" in log.errors[0]["stack"]


def test_one_hang_is_one_report(time: Time, log: Log, dog: Watchdog, monkeypatch: pytest.MonkeyPatch) -> None:
    class Looks:
        left = 5

        def wait(self, seconds: float) -> bool:
            self.left -= 1
            return self.left == 0

        def set(self) -> None: ...

    monkeypatch.setattr(dog, "_stop", Looks())
    dog._step = ("save_game", time.wall_s)
    time.wait(watchdog.HUNG_S + 0.1)
    dog._watch()
    assert [error["name"] for error in log.errors] == ["save_game"]


async def test_the_function_of_a_game_is_named(time: Time, log: Log) -> None:
    game = Game("main")

    @game.rpc("greedy")
    async def greedy(ctx: Context, payload: str) -> None:
        time.work(0.02)

    async with TestServer(game) as server:
        ada = await server.sign_in("ada")
        await ada.rpc("greedy")
    assert {report["name"] for report in log.warnings} == {"rpc_func greedy"}
