"""What sessions do by themselves."""

from __future__ import annotations

import asyncio

from supergame.features.sessions.service import Sessions

FORGET_EVERY_S = 300


async def forget_expired(sessions: Sessions) -> None:
    """Drop what has expired, every few minutes, until cancelled."""
    while True:
        await asyncio.sleep(FORGET_EVERY_S)
        await sessions.forget_expired()
