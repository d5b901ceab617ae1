"""Who may call: server keys, HTTP keys and session tokens, each of one title."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from supergame.base.errors import Unauthenticated
from supergame.base.ids import TitleId
from supergame.routing.context import Context
from supergame.wire.token import Claims

Headers = dict[str, str]
Query = dict[str, list[str]]


class Auth(Enum):
    """What a route asks of its caller."""

    NONE = "none"
    SERVER_KEY = "server key"
    SESSION = "session"
    SESSION_OR_HTTP_KEY = "session or HTTP key"
    OPERATOR = "operator"
    """Somebody signed in to the console. `supergame.console` tells who; elsewhere nobody is one."""


@dataclass(frozen=True, slots=True)
class TitleKeys:
    """The keys of one title. The server key ships with its clients, the HTTP key stays with its servers."""

    title_id: TitleId
    server_key: str
    http_key: str


class SessionVerifier(Protocol):
    def verify(self, token: str) -> tuple[TitleId, Claims]:
        """Raises `Unauthenticated` for tokens that are forged, expired or revoked."""
        ...


class Authenticator:
    """Turns credentials into a `Context`."""

    def __init__(
        self, titles: Iterable[TitleKeys], sessions: SessionVerifier, check_open: Callable[[TitleId], None] = lambda _: None
    ) -> None:
        """
        Args:
            check_open: refuses what a server key opens, while its title is closed.
        """
        self._sessions, self._check_open = sessions, check_open
        self.accept(titles)

    def accept(self, titles: Iterable[TitleKeys]) -> None:
        """Have these keys count from now on, and no others. A title may have several."""
        titles = list(titles)
        self._by_server_key = {title.server_key: title.title_id for title in titles}
        self._by_http_key = {title.http_key: title.title_id for title in titles}
        assert len(self._by_server_key) == len(self._by_http_key) == len(titles), "two titles share a key"
        self._basic = {_basic(title.server_key): title.title_id for title in titles}  # the header as clients write it

    def authenticate(self, auth: Auth, headers: Headers, query: Query) -> Context:
        """The caller of a route that asks for `auth`.

        Raises:
            Unauthenticated: credentials are missing, wrong or of another kind.
        """
        header = headers.get("authorization", "")
        if auth is Auth.SESSION:
            return self.session(header.removeprefix("Bearer ") if header.startswith("Bearer ") else "")
        if auth is Auth.SERVER_KEY:
            title_id = self._basic.get(header) or self._title(self._by_server_key, _user_name(header))
            self._check_open(title_id)
            return Context(title_id)
        if auth is Auth.SESSION_OR_HTTP_KEY:
            return self._session_or_http_key(header, query)
        if auth is Auth.OPERATOR:
            raise Unauthenticated
        return Context(TitleId(""))

    def session(self, token: str) -> Context:
        """The player whose session token this is."""
        if not token:
            raise Unauthenticated
        title_id, claims = self._sessions.verify(token)
        return Context(title_id, claims.uid, claims.usn, claims.tid, claims.vrs, claims.exp)

    def _session_or_http_key(self, header: str, query: Query) -> Context:
        if header.startswith("Bearer "):
            return self.session(header.removeprefix("Bearer "))
        key = query["http_key"][0] if "http_key" in query else _user_name(header)
        return Context(self._title(self._by_http_key, key))

    @staticmethod
    def _title(keys: dict[str, TitleId], key: str) -> TitleId:
        """A dict look-up compares hashes first; the time it takes tells a stranger nothing of a 256-bit key."""
        try:
            return keys[key]
        except KeyError:
            raise Unauthenticated from None


def _basic(user_name: str) -> str:
    return "Basic " + base64.b64encode(f"{user_name}:".encode()).decode()


def _user_name(header: str) -> str:
    """The user name of HTTP Basic credentials (RFC 7617); the password is ignored, as in Nakama."""
    if not header.startswith("Basic "):
        raise Unauthenticated
    try:
        return base64.b64decode(header[6:], validate=True).decode().partition(":")[0]
    except ValueError:  # also of letters beyond ASCII
        raise Unauthenticated from None
