"""Wallets: update, read, list (rules WAL1 to WAL12 in docs/spec/wallets.md).

Each update is booked in the ledger, written down as entries of its players, and copied to their profiles, in one transaction. The
ledger knows a wallet by a pseudonym alone, which the profile has: erase that, and the books still add up but name nobody.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import cast

import msgspec

from supergame.base.clock import Clock
from supergame.base.cursor import decode_cursor, encode_cursor
from supergame.base.ids import Chance, TitleId, UserId
from supergame.db.port import Database, Tx, UniqueViolation
from supergame.db.walk import walk
from supergame.features.accounts.model import AccountDeleted, AccountNotFound, Wallet
from supergame.features.accounts.service import Accounts
from supergame.features.ledger.model import Posting, Transfer
from supergame.features.ledger.service import Ledger
from supergame.features.wallets.model import (
    PAGE_MAX,
    Amounts,
    Asked,
    WalletInvalid,
    WalletLedgerItem,
    WalletUpdate,
    WalletUpdateResult,
    changed,
    checked,
    issuer,
    purse,
    wallet_of,
    wallet_text,
)
from supergame.features.wallets.store import HELD_OF, WalletStore
from supergame.runtime.outbox import Outbox

NEWEST = 2**63 - 1


class Wallets:
    def __init__(self, db: Database, clock: Clock, chance: Chance, accounts: Accounts, ledger: Ledger, outbox: Outbox) -> None:
        self._db, self._clock, self._chance = db, clock, chance
        self._accounts, self._ledger = accounts, ledger
        self._store = WalletStore()
        outbox.subscribe(AccountDeleted, self._erase)

    async def update(self, title_id: TitleId, updates: list[WalletUpdate], key: str = "") -> list[WalletUpdateResult]:
        """Change wallets, all or none, in this order; the answers are in it too. The same again under one key gives the same answers.

        It is on the disk when this returns.

        Raises:
            WalletInvalid: malformed, or a bound.
            WalletKeyReused: the key has made another update.
            WalletTooLow, WalletTooHigh, TooManyCurrencies, AccountNotFound: nothing was changed.
        """
        asked = checked(title_id, updates, key or self._chance.uuid4())
        try:
            items = await self._db.write_durable(self._update_in, asked)
        except UniqueViolation:  # another node was faster with this key: its answer is the answer
            items = await self._db.write_durable(self._update_in, asked)
        return [item.result() for item in items]

    def _update_in(self, asked: Asked) -> Tx[list[WalletLedgerItem]]:
        held: dict[str, Wallet] = {}
        for user in asked.users:
            held[user] = yield from self._accounts.lock_wallet_in(asked.title_id, user)
        if done := (yield from self._store.done(asked)):
            return done
        ids = {user: wallet.wallet_id or self._chance.uuid4() for user, wallet in held.items()}
        balances = {user: wallet_of(wallet.text) for user, wallet in held.items()}
        now = self._clock.now()
        update_id, items = self._chance.uuid7(now), []
        for part, update in enumerate(asked.updates):
            whose, previous = update.user_id, balances[update.user_id]
            balances[whose] = changed(previous, update.changeset)
            items.append((yield from self._store.add(asked, part, ids[whose], update_id, previous, now)))
        yield from self._book(asked, ids, f"wallets/{asked.title_id}/{update_id}")
        for user in asked.users:
            yield from self._accounts.set_wallet_in(asked.title_id, user, Wallet(wallet_text(balances[user]), ids[user]))
        return items

    def _book(self, asked: Asked, ids: Mapping[str, str], event: str) -> Tx[None]:
        """A transaction of the ledger for each currency, in the order in which every update locks the accounts."""
        codes = yield from self._store.codes(asked, self._chance)
        bank = issuer(asked.title_id)
        for currency in sorted(asked.currencies, key=codes.__getitem__):
            given = [(purse(ids[one.user_id]), one.changeset.get(currency, 0)) for one in asked.updates]
            transfers = tuple(
                Transfer(bank, own, amount) if amount > 0 else Transfer(own, bank, -amount) for own, amount in given if amount
            )
            if transfers:
                code = codes[currency]
                yield from self._ledger.posting(Posting(key=f"{event}/{code}", event=event, currency=code, transfers=transfers))

    async def get(self, title_id: TitleId, user_id: UserId) -> Amounts:
        """What somebody has, by currency. Raises AccountNotFound."""
        return wallet_of((await self._wallet(title_id, user_id)).text)

    async def ledger(
        self, title_id: TitleId, user_id: UserId, limit: int = PAGE_MAX, cursor: str = ""
    ) -> tuple[list[WalletLedgerItem], str]:
        """A page of somebody's updates, the newest first, and the next cursor or "".

        Raises WalletInvalid, MalformedCursor, AccountNotFound.
        """
        if not 1 <= limit <= PAGE_MAX:
            raise WalletInvalid(f"A page has 1 to {PAGE_MAX} entries.")
        wallet = await self._wallet(title_id, user_id)
        list_of = ("wallet", title_id, user_id, wallet.wallet_id)
        before = cast("tuple[int]", decode_cursor(list_of, cursor, (int,)))[0] if cursor else NEWEST
        found = await self._db.read(self._store.page, title_id, user_id, wallet.wallet_id, before, limit + 1)
        return found[:limit], encode_cursor(list_of, (found[limit - 1].number,)) if len(found) > limit else ""

    async def _wallet(self, title_id: TitleId, user_id: UserId) -> Wallet:
        return await self._db.read(self._accounts.wallet_in, title_id, user_id)

    async def held_of(self, title_id: TitleId, user_id: UserId) -> AsyncIterator[Mapping[str, object]]:
        """Somebody's updates in a title, for an export."""
        async for row in walk(self._db, HELD_OF, (title_id, user_id), ("", 0)):
            _, number, update_id, changeset, metadata, previous, created_at = row
            texts = {"changeset": changeset, "metadata": metadata, "previous": previous}
            told = {name: msgspec.json.decode(text) for name, text in texts.items()}
            yield {"id": update_id, "number": number, "created_at": created_at} | told

    async def _erase(self, deleted: AccountDeleted) -> None:
        """What the ledger has stays, under a pseudonym that nothing leads to any more. Idempotent."""
        await self._db.write(self._erase_in, deleted.title_id, deleted.user_id)

    def _erase_in(self, title_id: TitleId, user_id: UserId) -> Tx[None]:
        """All but the wallet of a profile that somebody has made since. Wallets first: each that is seen is then seen with its profile."""
        found = yield from self._store.wallets(title_id, user_id)
        try:
            present = (yield from self._accounts.wallet_in(title_id, user_id)).wallet_id
        except AccountNotFound:
            present = ""
        for wallet_id in found:
            if wallet_id != present:
                yield from self._store.erase(title_id, user_id, wallet_id)
