"""What notifications do when a socket opens."""

from __future__ import annotations

from supergame.features.notifications.service import Notifications
from supergame.realtime.session import Session
from supergame.routing.rt import Messages


def messages(notifications: Notifications) -> Messages:
    messages = Messages()

    @messages.opened
    def opened(session: Session, query: dict[str, list[str]]) -> None:
        notifications.opened(session)

    return messages
