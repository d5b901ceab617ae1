"""A game's access to notifications."""

from __future__ import annotations

from typing import Any

import msgspec

from supergame.base.ids import TitleId, UserId
from supergame.features.notifications.model import NotificationInvalid
from supergame.features.notifications.service import Draft, Notifications
from supergame.wire.api import NotificationList


class NotificationsAccess:
    """`ctx.notifications`: tell players something, now on their sockets and, if persistent, until they delete it."""

    __slots__ = ("_notifications", "_title_id")

    def __init__(self, notifications: Notifications, title_id: TitleId) -> None:
        self._notifications, self._title_id = notifications, title_id

    async def send(
        self, user_id: str | list[str], subject: str, content: Any, *, code: int, sender_id: str = "", persistent: bool = True
    ) -> None:
        """Notify one player, or at most 100.

        Args:
            content: a dict, or a dataclass or struct that becomes a JSON object.
            code: your own kind of notification, from 1 to 2**31 - 1; the platform's own are below.
            sender_id: the player it comes from; empty for the game itself.
            persistent: keep it until the player deletes it.

        Raises:
            NotificationInvalid: a subject, content, code or id has the wrong form.
            AccountNotFound: a persistent one goes to nobody.
        """
        if not 1 <= code < 2**31:
            raise NotificationInvalid("Codes of a game are from 1 to 2147483647.")
        text = msgspec.json.encode(content).decode()
        receivers = [user_id] if isinstance(user_id, str) else user_id
        drafts = [Draft(UserId(receiver), subject, text, code, sender_id, persistent) for receiver in receivers]
        await self._notifications.send(self._title_id, drafts)

    async def delete(self, user_id: str, ids: list[str]) -> None:
        """Delete some of a player's stored notifications."""
        await self._notifications.delete(self._title_id, UserId(user_id), ids)

    async def list(self, user_id: str, *, limit: int = 100, cursor: str = "") -> NotificationList:
        """A page of a player's stored notifications, oldest first, and a cursor for what is newer."""
        return await self._notifications.list(self._title_id, UserId(user_id), limit, cursor)
