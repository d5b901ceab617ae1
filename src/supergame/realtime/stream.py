"""Streams, the addresses that presences gather on, and presences."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from supergame.base.ids import TitleId, UserId
from supergame.realtime.session import Session
from supergame.wire.rtapi import UserPresence


class Mode(IntEnum):
    """The built-in kinds of stream, as Nakama numbers them. Games use 8 and above."""

    NOTIFICATIONS = 0
    STATUS = 1
    ROOM = 2
    GROUP = 3
    DIRECT = 4
    MATCH_RELAYED = 5
    MATCH_AUTHORITATIVE = 6
    PARTY = 7


class Stream(NamedTuple):
    title_id: TitleId
    mode: int
    subject: str = ""
    subcontext: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Presence:
    """One session's membership of one stream. Hidden ones hear everything, and are neither listed nor announced."""

    session: Session
    hidden: bool = False
    persistence: bool = False
    status: str | None = None

    @property
    def session_id(self) -> str:
        return self.session.session_id

    @property
    def user_id(self) -> UserId:
        return self.session.user_id

    def shown(self) -> UserPresence:
        """As other players see it."""
        return UserPresence(
            user_id=self.session.user_id,
            session_id=self.session.session_id,
            username=self.session.username,
            persistence=self.persistence,
            status=self.status,
        )
