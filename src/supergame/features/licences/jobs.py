"""What licences do by themselves."""

from __future__ import annotations

from supergame.features.licences.service import Licences
from supergame.runtime.repeat import repeat

REFRESH_EVERY_S = 1.0
"""A change that another process made, or the calendar, reaches live matches within this and the time to tell them."""


async def refresh(licences: Licences) -> None:
    """Keep up with the database and the calendar, until cancelled."""
    await repeat("licences.refresh", REFRESH_EVERY_S, licences.refresh)
