"""Endpoints for operators: how features declare them, and who may call them.

    def console_routes(matches: Matches) -> ConsoleRoutes:
        routes = ConsoleRoutes()

        @routes.read("/sg/v1/console/titles/{title_id}/matches", Permission.MATCHES_READ)
        async def list_matches(action: Action, request: ListMatches) -> MatchList: ...

        @routes.act("DELETE", "/sg/v1/console/titles/{title_id}/matches/{match_id}", Permission.MATCHES_WRITE, needs_reason=True)
        async def end_match(action: Action, request: EndMatch) -> Empty:
            ...
            action.changed(f"matches/{request.match_id}", before, None)

They are served on the operators' port alone. `supergame.console` checks who calls, asks for a reason where one is needed, and keeps the
audit trail: what is about to be done before the handler runs, what it changed and how it ended afterwards. An act that succeeds
without `changed` is a bug.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NamedTuple

from supergame.base.ids import TitleId
from supergame.base.titles import title_of
from supergame.routing.auth import Auth
from supergame.routing.http import Endpoint

CHANGES_MAX: Final = 100
"""Changes of one action that the audit trail keeps whole; those beyond are counted."""


class Permission(StrEnum):
    """Every right that an operator can have: a resource, and whether it is looked at or changed. Features add theirs, a line each."""

    NOW_READ = "now.read"
    PLAYERS_READ = "players.read"
    PLAYERS_WRITE = "players.write"
    PLAYERS_BAN = "players.ban"
    WALLETS_WRITE = "wallets.write"
    PLAYERS_EXPORT = "players.export"
    PLAYERS_ERASE = "players.erase"
    REPORTS_READ = "reports.read"
    REPORTS_WRITE = "reports.write"
    CHAT_READ = "chat.read"
    CHAT_MODERATE = "chat.moderate"
    STORAGE_READ = "storage.read"
    STORAGE_WRITE = "storage.write"
    TITLES_READ = "titles.read"
    TITLES_WRITE = "titles.write"
    LICENCES_READ = "licences.read"
    LICENCES_WRITE = "licences.write"
    LEDGER_READ = "ledger.read"
    LEDGER_WRITE = "ledger.write"
    CONFIG_READ = "config.read"
    CONFIG_WRITE = "config.write"
    RELEASES_READ = "releases.read"
    RELEASES_WRITE = "releases.write"
    MATCHES_READ = "matches.read"
    MATCHES_WRITE = "matches.write"
    FEEDBACK_READ = "feedback.read"
    FEEDBACK_WRITE = "feedback.write"
    API_READ = "api.read"
    ACCESS_READ = "access.read"
    ACCESS_WRITE = "access.write"
    AUDIT_READ = "audit.read"


class Role(StrEnum):
    """What an operator is here for; decides their permissions."""

    OWNER = "owner"
    OPERATOR = "operator"
    SUPPORT = "support"
    VIEWER = "viewer"


_FOR_OWNERS = frozenset({Permission.ACCESS_READ, Permission.ACCESS_WRITE})
_FOR_OPERATORS = frozenset(Permission) - _FOR_OWNERS
_FOR_VIEWERS = frozenset(one for one in _FOR_OPERATORS if one.endswith(".read")) - {Permission.AUDIT_READ}
_FOR_SUPPORT = _FOR_VIEWERS | {
    Permission.PLAYERS_WRITE,
    Permission.PLAYERS_BAN,
    Permission.REPORTS_WRITE,
    Permission.CHAT_MODERATE,
    Permission.FEEDBACK_WRITE,
}

PERMISSIONS: Final[dict[Role, frozenset[Permission]]] = {
    Role.OWNER: frozenset(Permission),
    Role.OPERATOR: _FOR_OPERATORS,
    Role.SUPPORT: _FOR_SUPPORT,
    Role.VIEWER: _FOR_VIEWERS,
}
"""Owners may do everything, operators everything but say who has access, support helps players, viewers look."""


class Change(NamedTuple):
    """One thing that an action has changed, for the audit trail. `before` and `after` can be encoded by msgspec; None is nothing there."""

    target: str
    before: Any
    after: Any


@dataclass(slots=True)
class Action:
    """What a handler is told of the operator who calls, and what it says of what it did."""

    operator: str
    """The operator's name: it signs whatever is signed."""
    operator_id: str
    role: Role
    client_ip: str = ""
    reason: str = ""
    titles: frozenset[str] = frozenset()
    """The titles that the operator is limited to, in all their environments; empty for no limit."""
    session_id: str = ""
    changes: list[Change] = field(default_factory=list)
    changes_dropped: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    """To be sent with the answer, such as the name of a file to save."""

    def changed(self, target: str, before: Any, after: Any) -> None:
        """Say what was changed, once or more per action: a target such as `players/<id>`, and how it was and is. Never pass secrets."""
        if len(self.changes) < CHANGES_MAX:
            self.changes.append(Change(target, before, after))
        else:
            self.changes_dropped += 1

    def may(self, permission: Permission) -> bool:
        return permission in PERMISSIONS[self.role]

    def sees(self, title_id: TitleId | str) -> bool:
        """Whether a title, in any of its environments, is among those that the operator is let into."""
        return not self.titles or title_of(TitleId(title_id)) in self.titles


class ConsoleEndpoint(Endpoint):
    """A declared route of the console.

    Attributes:
        permission: what a caller needs; None for what operators do about themselves, whatever their role.
        is_act: it changes something, so it is audited and asks for the header against forged requests.
        needs_reason: the operator says why.
        across_titles: also for operators who are limited to titles; the handler shows no others (`Action.sees`).
        is_open: for those who have not signed in; the handler is told of an operator without a name.
        is_first_step: also for those who have yet to choose a password or a second factor.
    """

    def __init__(
        self,
        method: str,
        path: str,
        handler: Any,
        permission: Permission | None,
        *,
        is_act: bool = False,
        needs_reason: bool = False,
        across_titles: bool = False,
        is_open: bool = False,
        is_first_step: bool = False,
    ) -> None:
        body = "*" if method in ("POST", "PUT", "PATCH") else ""
        super().__init__(method, path, Auth.NONE if is_open else Auth.OPERATOR, handler, body)
        self.perform: Callable[[Action, Any], Awaitable[Any]] = handler
        self.permission, self.is_act, self.needs_reason = permission, is_act, needs_reason
        self.across_titles, self.is_open, self.is_first_step = across_titles, is_open, is_first_step

    @property
    def headers(self) -> tuple[tuple[str, bool], ...]:
        csrf = (("X-CSRF", True),) if self.is_act or self.method != "GET" else ()
        reason = (("X-Reason", self.needs_reason),) if self.is_act else ()
        return csrf + reason

    @property
    def extensions(self) -> dict[str, Any]:
        return {} if self.permission is None else {"x-permission": self.permission.value}


class ConsoleRoutes:
    """The console's endpoints of a feature."""

    def __init__(self) -> None:
        self.endpoints: list[ConsoleEndpoint] = []

    def __iter__(self) -> Iterator[ConsoleEndpoint]:
        return iter(self.endpoints)

    def read(self, path: str, permission: Permission, *, across_titles: bool = False) -> Callable[[Any], Any]:
        """Declare what operators look at. The request is filled from path and query."""
        return self._declare("GET", path, permission, across_titles=across_titles)

    def act(self, method: str, path: str, permission: Permission, *, needs_reason: bool = False) -> Callable[[Any], Any]:
        """Declare what operators do. The request is filled from the path and, unless it is a DELETE or GET, the body."""
        return self._declare(method, path, permission, is_act=True, needs_reason=needs_reason)

    def own(self, method: str, path: str, *, is_first_step: bool = False) -> Callable[[Any], Any]:
        """Declare what every operator may do about themselves: audited when it is no GET."""
        return self._declare(method, path, None, is_act=method != "GET", across_titles=True, is_first_step=is_first_step)

    def open(self, method: str, path: str) -> Callable[[Any], Any]:
        """Declare what those may call who have not signed in."""
        return self._declare(method, path, None, is_open=True)

    def _declare(self, method: str, path: str, permission: Permission | None, **rights: bool) -> Callable[[Any], Any]:
        def declare(handler: Any) -> Any:
            self.endpoints.append(ConsoleEndpoint(method, path, handler, permission, **rights))
            return handler

        return declare
