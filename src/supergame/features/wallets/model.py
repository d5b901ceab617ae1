"""Wallets, their updates, and what can be wrong with them (rules WAL1 to WAL12 in docs/spec/wallets.md)."""

from __future__ import annotations

import hashlib
import re
from typing import Any, Final, TypeAlias

import msgspec

from supergame.base.clock import WallMicros
from supergame.base.errors import FailedPrecondition, InvalidArgument, ResourceExhausted
from supergame.base.ids import TitleId, UserId
from supergame.base.names import has_control
from supergame.features.accounts.model import check_player
from supergame.features.ledger.model import TRANSFERS_MAX, Account, AccountKind

BALANCE_MAX: Final = 10**15
"""Of one currency in one wallet. JavaScript's numbers, with which clients read `account.wallet`, are exact up to 9 * 10^15."""
CURRENCIES_MAX: Final = 100  # of a title
CURRENCY_BYTES_MAX: Final = 64
CHANGES_MAX: Final = TRANSFERS_MAX
"""Of all players and currencies in one update; in one currency they are one transaction of the ledger."""
METADATA_BYTES_MAX: Final = 4_096
KEY_BYTES_MAX: Final = 128
PAGE_MAX: Final = 100

CODE_LETTERS: Final = 12
_NAME_LETTERS: Final = 5
_SEGMENT_LETTERS_MAX: Final = 63

Amounts: TypeAlias = dict[str, int]
"""By currency."""


class WalletInvalid(InvalidArgument):
    """A changeset, metadata, key or page does not have the required form."""

    code = "wallet.invalid"


class WalletKeyReused(InvalidArgument):
    """This key has made another update."""

    code = "wallet.key_reused"


class WalletTooLow(FailedPrecondition):
    """A player has less than this; nothing was changed."""

    code = "wallet.too_low"


class WalletTooHigh(FailedPrecondition):
    """A wallet holds at most 1,000,000,000,000,000 of a currency; nothing was changed."""

    code = "wallet.too_high"


class TooManyCurrencies(ResourceExhausted):
    """This title has as many currencies as it may have."""

    code = "wallet.too_many_currencies"


class WalletUpdate(msgspec.Struct, frozen=True):
    """What one player gets, and gives where the amount is below zero; `metadata` says why, as the game likes."""

    user_id: str
    changeset: Amounts
    metadata: dict[str, Any] = {}


class WalletUpdateResult(msgspec.Struct, frozen=True):
    """A player's wallet after an update and before it."""

    user_id: str
    updated: Amounts
    previous: Amounts


class WalletLedgerItem(msgspec.Struct, frozen=True):
    """An update of one player's wallet, as it was made. `previous` is the wallet before it."""

    id: str
    user_id: str
    changeset: Amounts
    metadata: dict[str, Any]
    previous: Amounts
    number: int
    created_at: WallMicros

    @property
    def updated(self) -> Amounts:
        return changed(self.previous, self.changeset)

    def result(self) -> WalletUpdateResult:
        return WalletUpdateResult(self.user_id, self.updated, self.previous)


class Asked(msgspec.Struct, frozen=True):
    """A checked update of a title: all of it or nothing. `digest` tells whether one that comes again is the same."""

    title_id: TitleId
    updates: tuple[WalletUpdate, ...]
    key: str
    digest: str

    @property
    def users(self) -> list[UserId]:
        """Each once, in the order in which every update locks them."""
        return [UserId(user) for user in sorted({update.user_id for update in self.updates})]

    @property
    def currencies(self) -> list[str]:
        return sorted({currency for update in self.updates for currency in update.changeset})


def checked(title_id: TitleId, updates: list[WalletUpdate], key: str) -> Asked:
    """Raises WalletInvalid, and AccountNotFound for what cannot be anybody's id."""
    if not 1 <= sum(len(update.changeset) for update in updates) <= CHANGES_MAX or not all(update.changeset for update in updates):
        raise WalletInvalid(f"An update has 1 to {CHANGES_MAX} amounts in all, and at least one for each of its players.")
    if not 1 <= len(key.encode()) <= KEY_BYTES_MAX or "\0" in key:
        raise WalletInvalid(f"A key has 1 to {KEY_BYTES_MAX} bytes and no NUL.")
    for update in updates:
        check_player(title_id, update.user_id)
        for currency, amount in update.changeset.items():
            _check_amount(currency, amount)
        if "\\u0000" in (text := _as_json(update.metadata)) or len(text.encode()) > METADATA_BYTES_MAX:
            raise WalletInvalid(f"Metadata has at most {METADATA_BYTES_MAX} bytes as JSON and no NUL.")
    digest = hashlib.sha256(msgspec.json.encode(updates, order="sorted")).hexdigest()
    return Asked(title_id, tuple(updates), key, digest)


def _check_amount(currency: str, amount: int) -> None:
    if not 1 <= len(currency.encode()) <= CURRENCY_BYTES_MAX or has_control(currency):
        raise WalletInvalid(f"A currency's name has 1 to {CURRENCY_BYTES_MAX} bytes and no control characters.")
    if type(amount) is not int or abs(amount) > BALANCE_MAX:
        raise WalletInvalid(f"An amount is a whole number, at most {BALANCE_MAX} either way.")


def _as_json(metadata: dict[str, Any]) -> str:
    if not isinstance(metadata, dict):
        raise WalletInvalid("Metadata is a JSON object.")
    try:
        return msgspec.json.encode(metadata).decode()
    except (TypeError, ValueError):
        raise WalletInvalid("Metadata is a JSON object.") from None


def changed(wallet: Amounts, changeset: Amounts) -> Amounts:
    """The wallet afterwards. Raises WalletTooLow, WalletTooHigh."""
    after = wallet | {currency: wallet.get(currency, 0) + amount for currency, amount in changeset.items()}
    for currency in changeset:
        if after[currency] < 0:
            raise WalletTooLow
        if after[currency] > BALANCE_MAX:
            raise WalletTooHigh
    return after


def wallet_text(wallet: Amounts) -> str:
    """As `account.wallet` has it."""
    return msgspec.json.encode(wallet, order="sorted").decode()


def wallet_of(text: str) -> Amounts:
    return msgspec.json.decode(text, type=Amounts)


def code_of(name: str, letters: str) -> str:
    """What the ledger may call a currency: W, the beginning of its name as far as that can be written so, and chance."""
    readable = re.sub(r"[^A-Z0-9]", "", name.upper())[:_NAME_LETTERS]
    return f"W{readable}{letters.upper()}"[:CODE_LETTERS]


def purse(wallet_id: str) -> Account:
    """A player's account: it never goes below zero, and does not say whose it is."""
    return Account(f"wallet/{wallet_id}", AccountKind.FUNDED)


def issuer(title_id: TitleId) -> Account:
    """Where a title's currencies come from and go to. A very long title id is cut; its currencies are in no other title."""
    return Account(f"wallets/{title_id[:_SEGMENT_LETTERS_MAX]}", AccountKind.OPEN)
