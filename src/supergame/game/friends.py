"""A game's access to friends: whom players know, in all titles of the deployment."""

from __future__ import annotations

from supergame.base.ids import TitleId, UserId
from supergame.features.accounts.model import AccountNotFound
from supergame.features.accounts.service import Accounts
from supergame.features.friends.service import Friends
from supergame.routing import context
from supergame.wire.api import Friend


class FriendsAccess:
    """`ctx.friends`. A `state` is 0 for friends, 1 for those a player has invited, 2 for those who invited them, 3 for the blocked."""

    __slots__ = ("_accounts", "_friends", "_title_id")

    def __init__(self, friends: Friends, accounts: Accounts, title_id: TitleId) -> None:
        self._friends, self._accounts, self._title_id = friends, accounts, title_id

    async def list(self, user_id: str, *, state: int | None = 0, limit: int = 100, cursor: str = "") -> tuple[list[Friend], str]:
        """A page of whom a player knows, and the cursor of the next page or "". Raises FriendsInvalid, MalformedCursor."""
        page = await self._friends.page(context.Context(self._title_id, UserId(user_id)), state, limit, cursor)
        return page.friends, page.cursor

    async def add(self, user_id: str, other_id: str) -> None:
        """Invite somebody in a player's name, or accept their invite. Raises FriendsInvalid, TooManyFriends, AccountNotFound."""
        await self._friends.add(await self._as(user_id), [other_id], [])

    async def remove(self, user_id: str, other_id: str) -> None:
        """End what two are to each other; of the player's own block, take that away. Raises FriendsInvalid, AccountNotFound."""
        await self._friends.remove(await self._as(user_id), [other_id], [])

    async def block(self, user_id: str, other_id: str) -> None:
        """Have a player hear nothing of somebody. Raises FriendsInvalid, TooManyFriends, AccountNotFound."""
        await self._friends.block(await self._as(user_id), [other_id], [])

    async def _as(self, user_id: str) -> context.Context:
        """In the name of a player of this title."""
        found = await self._accounts.users(self._title_id, [user_id], [])
        if not found:
            raise AccountNotFound
        return context.Context(self._title_id, UserId(user_id), found[0].username)
