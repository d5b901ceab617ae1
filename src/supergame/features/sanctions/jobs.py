"""What sanctions do by themselves. They end by the clock; this only makes room."""

from __future__ import annotations

from supergame.features.sanctions.service import Sanctions
from supergame.runtime.repeat import repeat

FORGET_EVERY_S = 300


async def forget_expired(sanctions: Sanctions) -> None:
    """Drop ended mutes from memory, every few minutes, until cancelled."""

    async def work() -> None:
        sanctions.forget_expired()

    await repeat("sanctions.forget_expired", FORGET_EVERY_S, work)
