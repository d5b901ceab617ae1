"""Tells those concerned that an asset may be used now, or no longer: live matches first, then clients."""

from __future__ import annotations

import asyncio

import msgspec

from supergame.features.licences.model import LicenceChange
from supergame.features.matches.service import Matches
from supergame.features.notifications.model import Code
from supergame.features.notifications.service import Notifications
from supergame.realtime.session import SessionRegistry

CALLBACK = "licence_changed"
TOLD_AT_ONCE = 100  # sockets between two turns of the loop


class Push:
    """Calls the method `licence_changed` of a title's matches, and sends its sockets a notification of code -102."""

    def __init__(self, matches: Matches, registry: SessionRegistry, notifications: Notifications) -> None:
        self._matches, self._registry, self._notifications = matches, registry, notifications

    async def __call__(self, change: LicenceChange) -> None:
        await self._matches.tell(change.title, CALLBACK, change)
        content = msgspec.json.encode({"asset": change.asset, "allowed": change.allowed, "reason": change.reason}).decode()
        sessions = self._registry.of_title(change.title)
        for start in range(0, len(sessions), TOLD_AT_ONCE):
            self._notifications.tell(sessions[start : start + TOLD_AT_ONCE], Code.LICENCE_CHANGED, "licence", content)
            await asyncio.sleep(0)
