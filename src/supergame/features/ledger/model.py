"""Accounts, transfers and transactions, and what can be wrong with them (rules LED1 to LED12 in docs/spec/ledger.md).

An amount is a whole number of a currency's smallest unit, so 12.50 EUR is 1250.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

import msgspec

from supergame.base.clock import WallMicros
from supergame.base.errors import AlreadyExists, FailedPrecondition, InvalidArgument, NotFound

AMOUNT_MAX = 10**15
"""Of one transfer; ten trillion euros in cents. Sums of thousands of them still fit into 64 bits."""
TRANSFERS_MAX = 64  # in one transaction
KEY_BYTES_MAX = 160
TEXT_BYTES_MAX = 400  # event, memo
PAGE_MAX = 200

_ACCOUNT = re.compile(r"[a-z0-9][a-z0-9._@-]{0,62}(/[a-z0-9][a-z0-9._@-]{0,62}){0,4}")
_CURRENCY = re.compile(r"[A-Z][A-Z0-9]{2,11}")


class PostingInvalid(InvalidArgument):
    """An account, amount, currency, key or text of this transaction does not have the required form."""

    code = "ledger.posting_invalid"


class PostingKeyReused(InvalidArgument):
    """This key has posted another transaction."""

    code = "ledger.key_reused"


class BalanceTooLow(FailedPrecondition):
    """An account that may not go below zero has less than this."""

    code = "ledger.balance_too_low"


class AccountKindMismatch(FailedPrecondition):
    """The account exists with the other kind: whether it may go below zero is settled when it is opened."""

    code = "ledger.account_kind_mismatch"


class TransactionNotFound(NotFound):
    """There is no such transaction in the ledger."""

    code = "ledger.transaction_not_found"


class AlreadyReversed(AlreadyExists):
    """This transaction was reversed before."""

    code = "ledger.already_reversed"


class AccountKind(StrEnum):
    OPEN = "open"
    """May go below zero: who owes, and where value enters the ledger."""
    FUNDED = "funded"
    """Never below zero: it gives only what it has."""


class Account(NamedTuple):
    """`id` is a path such as `owner/kitewind`. It is opened, per currency, by the first transfer that names it."""

    id: str
    kind: AccountKind


class Transfer(NamedTuple):
    """Both legs at once: what leaves `debit` reaches `credit`. There is no way to write down one without the other."""

    debit: Account
    credit: Account
    amount: int


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """A transaction as it is asked for: all of it or nothing.

    Attributes:
        key: who posts twice with one key has posted once; with another body it is refused.
        event: what caused it, such as `licences/usage/<id>`; from here a sum is followed back to its origin.
        reverses: the transaction that this one takes back; only `Ledger.reverse` sets it.
    """

    key: str
    event: str
    currency: str
    transfers: tuple[Transfer, ...]
    memo: str = ""
    reverses: str = ""


class Transaction(NamedTuple):
    """A transaction as it stands in the ledger, for ever."""

    id: str
    posted_at: WallMicros
    posting: Posting


class Balance(NamedTuple):
    account: Account
    currency: str
    amount: int
    entries: int
    """How many legs it has; the last one's number."""


class Entry(NamedTuple):
    """One account's leg of a transfer. `amount` is below zero when it gave; `balance` is what it had afterwards."""

    number: int
    amount: int
    balance: int
    other: str
    transaction_id: str
    event: str
    memo: str
    posted_at: WallMicros


class Fault(NamedTuple):
    """What a check found: the books do not add up here."""

    what: str
    account: str
    currency: str
    found: int
    wanted: int


def check_posting(posting: Posting) -> None:
    """Raises PostingInvalid."""
    if not 1 <= len(posting.transfers) <= TRANSFERS_MAX:
        raise PostingInvalid(f"A transaction has 1 to {TRANSFERS_MAX} transfers.")
    if not _CURRENCY.fullmatch(posting.currency):
        raise PostingInvalid("A currency is written in 3 to 12 capital letters and digits, such as EUR.")
    _check_text("A key", posting.key, 1, KEY_BYTES_MAX)
    _check_text("An event", posting.event, 1, TEXT_BYTES_MAX)
    _check_text("A memo", posting.memo, 0, TEXT_BYTES_MAX)
    for transfer in posting.transfers:
        check_account(transfer.debit.id)
        check_account(transfer.credit.id)
        if transfer.debit.id == transfer.credit.id:
            raise PostingInvalid("A transfer has two different accounts.")
        if type(transfer.amount) is not int or not 1 <= transfer.amount <= AMOUNT_MAX:
            raise PostingInvalid(f"An amount is a whole number from 1 to {AMOUNT_MAX}, in the currency's smallest unit.")


def check_account(account_id: str) -> None:
    """Raises PostingInvalid."""
    if not _ACCOUNT.fullmatch(account_id):
        raise PostingInvalid("An account is a path of up to five names in lower case, such as owner/kitewind.")


def _check_text(what: str, text: str, least: int, most: int) -> None:
    if not least <= len(text.encode()) <= most or "\0" in text:
        raise PostingInvalid(f"{what} has {least} to {most} bytes and no NUL.")


def net_of(transfers: tuple[Transfer, ...]) -> dict[Account, tuple[int, int]]:
    """What each account gains or loses, and in how many legs; ordered, so that two transactions lock their accounts in one order."""
    net: dict[Account, tuple[int, int]] = {}
    for debit, credit, amount in transfers:
        lost, legs = net.get(debit, (0, 0))
        net[debit] = lost - amount, legs + 1
        gained, legs = net.get(credit, (0, 0))
        net[credit] = gained + amount, legs + 1
    assert sum(amount for amount, _ in net.values()) == 0, "each transfer gives as much as it takes"
    return dict(sorted(net.items()))


def reversal(of: Transaction, key: str, event: str, memo: str) -> Posting:
    """The counter-entry: the same transfers backwards, the last one first."""
    back = tuple(Transfer(one.credit, one.debit, one.amount) for one in reversed(of.posting.transfers))
    return Posting(key=key, event=event, currency=of.posting.currency, transfers=back, memo=memo, reverses=of.id)


def faults_of(balance: Balance, gained: int, legs: int) -> list[Fault]:
    """What is wrong with an account whose legs have brought so much and are so many."""
    found = []
    if balance.amount != gained:
        found.append(Fault("balance", balance.account.id, balance.currency, balance.amount, gained))
    if balance.entries != legs:
        found.append(Fault("entries", balance.account.id, balance.currency, balance.entries, legs))
    if balance.account.kind is AccountKind.FUNDED and balance.amount < 0:
        found.append(Fault("below zero", balance.account.id, balance.currency, balance.amount, 0))
    return found
