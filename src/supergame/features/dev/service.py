"""The reports, for whoever waits for the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from supergame.features.dev.model import Failure, Report

WAIT_S_MAX = 20.0  # below `answer_deadline_s`
WAITING_MAX = 32  # pages that are open at a time; one more is answered at once and may ask again


class Reports:
    """Holds the latest report only: it tells how things stand."""

    def __init__(self, listener: Callable[[Report], None] = lambda report: None) -> None:
        self.latest = Report()
        self._listener = listener
        self._news = asyncio.Event()
        self._waiting = 0
        self._is_closed = False

    def reloaded(self, files: list[str], took_ms: float, held_ms: float) -> None:
        self._tell(Report(self.latest.number + 1, files, took_ms, held_ms))

    def failed(self, files: list[str], failure: Failure) -> None:
        self._tell(Report(self.latest.number + 1, files, failure=failure))

    def _tell(self, report: Report) -> None:
        self.latest = report
        self._wake()
        self._listener(report)

    async def after(self, number: int, wait_s: float = WAIT_S_MAX) -> Report:
        """The latest report, at once unless it is the one of that number; then as soon as there is another, or when time is up."""
        if self.latest.number == number and self._waiting < WAITING_MAX and not self._is_closed:
            self._waiting += 1
            try:
                async with asyncio.timeout(wait_s):
                    await self._news.wait()
            except TimeoutError:
                pass
            finally:
                self._waiting -= 1
        return self.latest

    def close(self) -> None:
        """The server stops: nobody waits any more."""
        self._is_closed = True
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
