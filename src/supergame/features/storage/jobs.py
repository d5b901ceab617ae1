"""What storage does by itself."""

from __future__ import annotations

from supergame.features.storage.service import Storage
from supergame.runtime.repeat import repeat

FORGET_EVERY_S = 3_600


async def forget_expired(storage: Storage) -> None:
    """Drop expired idempotency keys, every hour, until cancelled."""
    await repeat("storage.forget_expired", FORGET_EVERY_S, storage.forget_expired)
