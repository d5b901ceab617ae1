"""Wallets' currencies and entries in the database. The balances are the ledger's; profiles have a copy of them."""

from __future__ import annotations

import msgspec

from supergame.base.clock import WallMicros
from supergame.base.ids import Chance, TitleId, UserId
from supergame.db.port import Row, Statement, Tx
from supergame.features.wallets.model import (
    CODE_LETTERS,
    CURRENCIES_MAX,
    Amounts,
    Asked,
    TooManyCurrencies,
    WalletKeyReused,
    WalletLedgerItem,
    WalletUpdate,
    code_of,
    wallet_of,
    wallet_text,
)

_CODES = Statement("wallets.codes", "SELECT name, code FROM wallet_currencies WHERE title_id = ?")
_NAME_CURRENCY = Statement(
    "wallets.name_currency",
    "INSERT INTO wallet_currencies (title_id, name, code) VALUES (?, ?, ?) ON CONFLICT (title_id, name) DO NOTHING",
)
_ITEM = "update_id, user_id, changeset, metadata, previous, number, created_at"
_BY_KEY = Statement("wallets.by_key", f"SELECT {_ITEM}, digest FROM wallet_entries WHERE title_id = ? AND update_key = ? ORDER BY part")
_LAST = Statement(
    "wallets.last", "SELECT COALESCE(MAX(number), 0) FROM wallet_entries WHERE title_id = ? AND user_id = ? AND wallet_id = ?"
)
_ADD = Statement(
    "wallets.add",
    "INSERT INTO wallet_entries (title_id, user_id, wallet_id, number, update_id, update_key, digest, part, changeset, metadata, "
    "previous, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
)
_PAGE = Statement(
    "wallets.page",
    f"SELECT {_ITEM} FROM wallet_entries WHERE title_id = ? AND user_id = ? AND wallet_id = ? AND number < ? ORDER BY number DESC LIMIT ?",
)
HELD_OF = Statement(
    "wallets.held_of",
    "SELECT wallet_id, number, update_id, changeset, metadata, previous, created_at FROM wallet_entries "
    "WHERE title_id = ? AND user_id = ? AND (wallet_id, number) > (?, ?) ORDER BY wallet_id, number LIMIT ?",
)
_WALLETS = Statement("wallets.wallets", "SELECT DISTINCT wallet_id FROM wallet_entries WHERE title_id = ? AND user_id = ?")
_ERASE = Statement("wallets.erase", "DELETE FROM wallet_entries WHERE title_id = ? AND user_id = ? AND wallet_id = ?")


class WalletStore:
    def codes(self, asked: Asked, chance: Chance) -> Tx[dict[str, str]]:
        """What the ledger calls these currencies; those that are new to the title get a code. Raises TooManyCurrencies."""
        known: dict[str, str] = dict((yield _CODES(asked.title_id)))
        new = [name for name in asked.currencies if name not in known]
        if len(known) + len(new) > CURRENCIES_MAX and new:
            raise TooManyCurrencies
        for name in new:
            yield _NAME_CURRENCY(asked.title_id, name, code_of(name, chance.letters(CODE_LETTERS)))
        return dict((yield _CODES(asked.title_id))) if new else known

    def done(self, asked: Asked) -> Tx[list[WalletLedgerItem]]:
        """What this key has done before, if anything. Raises WalletKeyReused."""
        rows = yield _BY_KEY(asked.title_id, asked.key)
        if any(row[-1] != asked.digest for row in rows):
            raise WalletKeyReused
        return [_item(row[:-1]) for row in rows]

    def add(self, asked: Asked, part: int, wallet_id: str, update_id: str, previous: Amounts, now: WallMicros) -> Tx[WalletLedgerItem]:
        """Write down a part of an update, behind what the wallet has."""
        update: WalletUpdate = asked.updates[part]
        whose = (asked.title_id, update.user_id, wallet_id)
        number = (yield _LAST(*whose))[0][0] + 1
        texts = (wallet_text(update.changeset), msgspec.json.encode(update.metadata).decode(), wallet_text(previous))
        yield _ADD(*whose, number, update_id, asked.key, asked.digest, part, *texts, now)
        return WalletLedgerItem(update_id, update.user_id, update.changeset, update.metadata, previous, number, now)

    def page(self, title_id: TitleId, user_id: UserId, wallet_id: str, before: int, count: int) -> Tx[list[WalletLedgerItem]]:
        """The newest first."""
        rows = yield _PAGE(title_id, user_id, wallet_id, before, count)
        return [_item(row) for row in rows]

    def wallets(self, title_id: TitleId, user_id: UserId) -> Tx[list[str]]:
        """The pseudonyms under which something is written down of somebody; more than one only between an erasure and its fact."""
        rows = yield _WALLETS(title_id, user_id)
        return [row[0] for row in rows]

    def erase(self, title_id: TitleId, user_id: UserId, wallet_id: str) -> Tx[None]:
        yield _ERASE(title_id, user_id, wallet_id)


def _item(row: Row) -> WalletLedgerItem:
    update_id, user_id, changeset, metadata, previous, number, created_at = row
    return WalletLedgerItem(
        update_id, user_id, wallet_of(changeset), msgspec.json.decode(metadata), wallet_of(previous), number, created_at
    )
