"""Work that is done from time to time for as long as the node lives."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from supergame.base.errors import ResourceExhausted, Unavailable
from supergame.telemetry.logging import logger

_log = logger("jobs")


async def repeat(name: str, seconds: float, work: Callable[[], Awaitable[object]]) -> None:
    """Do `work` every `seconds` until cancelled. A database that is away or busy now is a reason to wait, not to give up."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except (Unavailable, ResourceExhausted) as error:
            _log.warning("put off", job=name, reason=error.code)
