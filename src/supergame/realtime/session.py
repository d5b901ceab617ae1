"""Sessions: authenticated sockets, and the registry that finds them by sign-in or by person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

from supergame.base.ids import TitleId, TokenId, UserId
from supergame.base.titles import title_of

if TYPE_CHECKING:
    from supergame.realtime.frame import Frame

K = TypeVar("K")


class CloseCode(IntEnum):
    """Why a socket was closed (RFC 6455, section 7.4.1)."""

    NORMAL = 1000
    GOING_AWAY = 1001
    PROTOCOL = 1002
    POLICY = 1008
    TOO_LARGE = 1009


class Session(Protocol):
    """One authenticated socket. Implemented by `gateway`."""

    session_id: str
    title_id: TitleId
    user_id: UserId
    username: str
    token_id: TokenId

    def send(self, frame: Frame) -> None:
        """Queue a frame; a full queue closes the session. Never waits."""
        ...

    def close(self, code: CloseCode, reason: str) -> None:
        """End it after what is queued; closing twice is fine."""
        ...


class SessionRegistry:
    """All sessions of this node. A sign-in may have several sockets, a person several sign-ins."""

    def __init__(self) -> None:
        self._by_id: dict[str, Session] = {}
        self._by_token: defaultdict[tuple[TitleId, TokenId], set[Session]] = defaultdict(set)
        self._by_user: defaultdict[tuple[TitleId, UserId], set[Session]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._by_id)

    @property
    def players(self) -> int:
        """People with an open socket, counted once in each title."""
        return len(self._by_user)

    def of_user(self, title_id: TitleId, user_id: UserId) -> Iterable[Session]:
        """The sockets that a person has open in a title."""
        return tuple(self._by_user.get((title_id, user_id), ()))

    def of_title(self, title: str) -> list[Session]:
        """The sockets open in a title, in all of its environments."""
        return [session for session in self._by_id.values() if title_of(session.title_id) == title]

    def get(self, session_id: str) -> Session | None:
        """The open socket of this id."""
        return self._by_id.get(session_id)

    def add(self, session: Session) -> None:
        self._by_id[session.session_id] = session
        self._by_token[session.title_id, session.token_id].add(session)
        self._by_user[session.title_id, session.user_id].add(session)

    def remove(self, session: Session) -> None:
        self._by_id.pop(session.session_id, None)
        _discard(self._by_token, (session.title_id, session.token_id), session)
        _discard(self._by_user, (session.title_id, session.user_id), session)

    def close_token(self, title_id: TitleId, token_id: TokenId, reason: str) -> None:
        """Close the sockets of one sign-in."""
        for session in list(self._by_token.get((title_id, token_id), ())):
            session.close(CloseCode.NORMAL, reason)

    def close_user(self, title_id: TitleId, user_id: UserId, reason: str) -> None:
        """Close all sockets of a person in a title."""
        for session in list(self._by_user.get((title_id, user_id), ())):
            session.close(CloseCode.NORMAL, reason)

    def close_all(self, code: CloseCode, reason: str) -> None:
        for sessions in list(self._by_token.values()):
            for session in list(sessions):
                session.close(code, reason)


def _discard(index: dict[K, set[Session]], key: K, session: Session) -> None:
    sessions = index.get(key, set())
    sessions.discard(session)
    if not sessions:
        index.pop(key, None)
