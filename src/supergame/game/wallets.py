"""A game's access to wallets: what players have of its currencies. Only the game changes them, and operators with a reason.

    result = await ctx.wallets.update(ctx.user_id, {"coins": -30, "gems": 1}, {"bought": "kite"}, key=purchase_id)
    result.updated  # {"coins": 70, "gems": 1}

Players read theirs in `account.wallet`, as with Nakama.
"""

from __future__ import annotations

from typing import Any

from supergame.base.ids import TitleId
from supergame.features.accounts.model import check_player
from supergame.features.wallets.model import PAGE_MAX, WalletLedgerItem, WalletUpdate, WalletUpdateResult
from supergame.features.wallets.service import Wallets


class WalletsAccess:
    """`ctx.wallets`. A currency is named as the game likes; it is there from its first update on."""

    __slots__ = ("_title_id", "_wallets")

    def __init__(self, wallets: Wallets, title_id: TitleId) -> None:
        self._wallets, self._title_id = wallets, title_id

    async def get(self, user_id: str) -> dict[str, int]:
        """What a player has, by currency. Raises AccountNotFound."""
        return await self._wallets.get(*check_player(self._title_id, user_id))

    async def update(
        self, user_id: str, changeset: dict[str, int], metadata: dict[str, Any] | None = None, *, key: str = ""
    ) -> WalletUpdateResult:
        """Give a player something, and take what is below zero. It is on the disk when this returns.

        Args:
            changeset: whole amounts by currency, up to 10^15 either way; names of 1 to 64 bytes, at most 100 in a title.
            metadata: why, as a JSON object of at most 4,096 bytes; kept with the update.
            key: the same update again under one key is the same update: retry until it succeeds.

        Raises:
            WalletTooLow: the player has less; nothing was changed.
            WalletInvalid, WalletKeyReused, WalletTooHigh, TooManyCurrencies, AccountNotFound: nothing was changed.
        """
        (result,) = await self.update_many([WalletUpdate(user_id, changeset, metadata or {})], key=key)
        return result

    async def update_many(self, updates: list[WalletUpdate], *, key: str = "") -> list[WalletUpdateResult]:
        """Several players' updates, all or none, in this order; up to 64 amounts in all. Raises as `update`."""
        return await self._wallets.update(self._title_id, updates, key)

    async def ledger(self, user_id: str, *, limit: int = PAGE_MAX, cursor: str = "") -> tuple[list[WalletLedgerItem], str]:
        """A page of a player's updates, the newest first, and the cursor of the next page or "".

        Raises WalletInvalid, MalformedCursor, AccountNotFound.
        """
        return await self._wallets.ledger(*check_player(self._title_id, user_id), limit, cursor)
