"""What storage does by itself."""

from __future__ import annotations

import asyncio

from supergame.features.storage.service import Storage

FORGET_EVERY_S = 3_600


async def forget_expired(storage: Storage) -> None:
    """Drop expired idempotency keys, every hour, until cancelled."""
    while True:
        await asyncio.sleep(FORGET_EVERY_S)
        await storage.forget_expired()
