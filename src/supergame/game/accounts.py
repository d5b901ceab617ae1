"""A game's access to accounts."""

from __future__ import annotations

from contextlib import suppress

from supergame.base.ids import TitleId, UserId
from supergame.features.accounts.service import Accounts
from supergame.features.sanctions.model import BY_THE_GAME, SanctionNotFound
from supergame.wire.api import Account, UpdateAccountRequest, User


class AccountsAccess:
    """`ctx.accounts`: the people of this title."""

    __slots__ = ("_accounts", "_title_id")

    def __init__(self, accounts: Accounts, title_id: TitleId) -> None:
        self._accounts, self._title_id = accounts, title_id

    async def get(self, user_id: str) -> Account:
        """The whole account, as its owner sees it. Raises AccountNotFound."""
        return await self._accounts.account_as_server(self._title_id, UserId(user_id))

    async def users(self, *, ids: list[str] | None = None, usernames: list[str] | None = None) -> list[User]:
        """Some accounts as others see them; unknown ones are left out."""
        return await self._accounts.users(self._title_id, ids or [], usernames or [])

    async def update(self, user_id: str, *, username: str | None = None, display_name: str | None = None) -> None:
        """Change names. Raises UsernameInvalid, ProfileInvalid, AccountNotFound."""
        change = UpdateAccountRequest(username=username, display_name=display_name)
        await self._accounts.update(self._title_id, UserId(user_id), change)

    async def ban(self, user_id: str, *, reason: str = "", duration_s: int = 0) -> None:
        """Close the title to somebody at once: sign-in, sessions, sockets. For some seconds, or until it is lifted.

        They read the reason when they try to sign in. Raises AccountNotFound, SanctionInvalid.
        """
        await self._accounts.ban(self._title_id, UserId(user_id), reason, BY_THE_GAME, duration_s)

    async def unban(self, user_id: str) -> None:
        """Lift the bans of somebody in this title; those of the whole deployment stay."""
        with suppress(SanctionNotFound):
            await self._accounts.unban(self._title_id, UserId(user_id), by=BY_THE_GAME)

    async def delete(self, user_id: str) -> None:
        """Erase somebody from this title."""
        await self._accounts.delete(self._title_id, UserId(user_id))
