"""Heavy work off the event loop, in bounded pools: a full queue refuses at once instead of growing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from supergame.base.errors import Overloaded

T = TypeVar("T")
P = ParamSpec("P")


class Pool:
    """A few threads for functions that release the GIL, such as password hashing."""

    def __init__(self, name: str, threads: int, jobs_queued_max: int) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=f"supergame-{name}")
        self._jobs_max = threads + jobs_queued_max
        self._jobs = 0

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The work's result.

        Raises:
            Overloaded: all threads are busy and the queue is full.
        """
        if self._jobs >= self._jobs_max:
            raise Overloaded
        self._jobs += 1
        job = asyncio.get_running_loop().run_in_executor(self._executor, lambda: work(*args, **kwargs))
        job.add_done_callback(self._done)  # counted until the thread is free, also when the caller has gone
        return await asyncio.shield(job)

    def _done(self, job: asyncio.Future[T]) -> None:
        self._jobs -= 1
        if not job.cancelled():
            job.exception()  # mark as seen: the caller may have gone

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)
