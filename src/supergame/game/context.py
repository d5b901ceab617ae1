"""`ctx`: what a game's code is told of its caller, and what it can do."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any

from supergame.base.clock import as_datetime
from supergame.base.titles import environment_of
from supergame.features.chat.service import Sender
from supergame.game.accounts import AccountsAccess
from supergame.game.chat import ChatAccess
from supergame.game.friends import FriendsAccess
from supergame.game.licences import LicencesAccess
from supergame.game.matches import MatchesAccess
from supergame.game.notifications import NotificationsAccess
from supergame.game.services import Services
from supergame.game.storage import StorageAccess
from supergame.game.streams import StreamsAccess
from supergame.game.wallets import WalletsAccess
from supergame.realtime.session import CloseCode
from supergame.routing import context
from supergame.telemetry.logging import logger


class Context:
    """One call. `user_id` and `username` are empty when it was made by another server, with the HTTP key, or by a timer."""

    def __init__(self, services: Services, caller: context.Context) -> None:
        self._services, self._caller = services, caller
        self.title_id: str = caller.title_id
        """With its environment, when that is not the live one: `starhop@beta`."""
        self.environment = environment_of(caller.title_id)
        self.user_id: str = caller.user_id
        self.username: str = caller.username
        self.vars = caller.vars
        self.query = caller.query
        """Query parameters of the request, each a list of its values."""
        self.lang = caller.lang
        self.session_id: str = caller.session_id
        """Of the caller's socket; empty for calls over HTTP."""

    @cached_property
    def storage(self) -> StorageAccess:
        return StorageAccess(self._services.storage, self._caller.title_id, self._caller.user_id)

    @cached_property
    def accounts(self) -> AccountsAccess:
        return AccountsAccess(self._services.accounts, self._caller.title_id)

    @cached_property
    def notifications(self) -> NotificationsAccess:
        return NotificationsAccess(self._services.notifications, self._caller.title_id)

    @cached_property
    def chat(self) -> ChatAccess:
        return ChatAccess(self._services.chat, self._caller.title_id, Sender(self.user_id, self.username))

    @cached_property
    def streams(self) -> StreamsAccess:
        return StreamsAccess(self._services.streams, self._caller.title_id, self.session_id, self._caller.effects)

    @cached_property
    def matches(self) -> MatchesAccess:
        return MatchesAccess(self._services.matches, self._caller.title_id)

    @cached_property
    def friends(self) -> FriendsAccess:
        return FriendsAccess(self._services.friends, self._services.accounts, self._caller.title_id)

    @cached_property
    def licences(self) -> LicencesAccess:
        return LicencesAccess(self._services.licences, self._services.royalties, self._caller.title_id)

    @cached_property
    def wallets(self) -> WalletsAccess:
        return WalletsAccess(self._services.wallets, self._caller.title_id)

    async def disconnect(self, session_id: str = "") -> None:
        """Close the caller's socket, or another of this title. Raises SessionMissing when it is not open."""
        session = self._services.streams.session(self._caller.title_id, session_id or self.session_id)
        session.close(CloseCode.NORMAL, "closed by the game")

    @cached_property
    def log(self) -> Any:
        """A logger: `ctx.log.info("level up", level=5)`."""
        return logger("game").bind(title=self.title_id)

    @property
    def now(self) -> datetime:
        """The time in UTC, whole seconds, from the platform's clock (which tests can move)."""
        return as_datetime(self._services.clock.now())
