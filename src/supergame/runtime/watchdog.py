"""Names the code that holds the event loop.

`guard` wraps a handler's coroutine and times each of its steps, so the report names the handler exactly, after the fact. A
thread watches for a step that does not end at all, and prints where it stands.
"""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass
from types import coroutine
from typing import Any, TypeVar

from supergame.telemetry.logging import logger
from supergame.telemetry.metrics import Metrics

T = TypeVar("T")

HELD_MAX_S = 0.005  # a step may hold the loop this long
HUNG_S = 1.0  # a step that has held it this long is reported while it still runs
LOGS_MAX = 100  # reports logged; all are counted

_log = logger("watchdog")


@dataclass(frozen=True, slots=True)
class Held:
    """One step that was too long. CPU time tells work from waiting, and from a machine that was busy elsewhere."""

    name: str
    wall_s: float
    cpu_s: float


class Watchdog:
    """Times the steps of everything that runs on one event loop."""

    def __init__(self, metrics: Metrics, on_held: Callable[[Held], None] | None = None) -> None:
        self._metrics, self._on_held = metrics, on_held
        self._step: tuple[str, float] | None = None  # what runs now, and since when; read by the thread
        self._logs_left = LOGS_MAX
        self._stop = threading.Event()
        self._loop_thread = threading.get_ident()

    @coroutine
    def guard(self, name: str, work: Coroutine[Any, Any, T]) -> Generator[Any, Any, T]:
        """The coroutine's result; each of its steps between two awaits is timed under `name`."""
        step: Callable[[Any], Any] = work.send
        value: Any = None
        while True:
            began, cpu_began = time.perf_counter(), time.thread_time()
            self._step = (name, began)
            try:
                awaited = step(value)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]
            finally:
                self._step = None
                held_s = time.perf_counter() - began
                if held_s > HELD_MAX_S:
                    self._report(Held(name, held_s, time.thread_time() - cpu_began))
            try:
                value = yield awaited
                step = work.send
            except BaseException as error:  # noqa: BLE001 - whatever is thrown in belongs to the guarded coroutine
                value, step = error, work.throw

    def step(self, name: str, work: Callable[..., T], *args: Any) -> T:
        """What a plain function returns; it is timed under `name`, also inside a guarded step."""
        outer, began, cpu_began = self._step, time.perf_counter(), time.thread_time()
        self._step = (name, began)
        try:
            return work(*args)
        finally:
            self._step = outer
            held_s = time.perf_counter() - began
            if held_s > HELD_MAX_S:
                self._report(Held(name, held_s, time.thread_time() - cpu_began))

    def _report(self, held: Held) -> None:
        self._metrics.loop_held.labels(held.name).inc()
        if self._on_held is not None:
            self._on_held(held)
        if self._logs_left > 0:
            self._logs_left -= 1
            _log.warning("loop held", name=held.name, wall_ms=round(held.wall_s * 1000, 1), cpu_ms=round(held.cpu_s * 1000, 1))

    def start(self) -> None:
        """Begin to watch for steps that hang. Call it on the event loop's thread."""
        self._loop_thread = threading.get_ident()
        threading.Thread(target=self._watch, name="supergame-watchdog", daemon=True).start()

    def close(self) -> None:
        self._stop.set()

    def _watch(self) -> None:
        reported: tuple[str, float] | None = None
        while not self._stop.wait(HUNG_S / 4):
            step = self._step
            if step is not None and step is not reported and time.perf_counter() - step[1] > HUNG_S:
                reported = step
                frame = sys._current_frames().get(self._loop_thread)
                stack = "".join(traceback.format_stack(frame)[-6:])
                _log.error("loop hangs", name=step[0], stack=stack)
