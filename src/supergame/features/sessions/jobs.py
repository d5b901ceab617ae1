"""What sessions do by themselves."""

from __future__ import annotations

from supergame.features.sessions.service import Sessions
from supergame.runtime.repeat import repeat

FORGET_EVERY_S = 300


async def forget_expired(sessions: Sessions) -> None:
    """Drop what has expired, every few minutes, until cancelled."""
    await repeat("sessions.forget_expired", FORGET_EVERY_S, sessions.forget_expired)
