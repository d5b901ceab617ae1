"""The ledger: post, reverse, read and check (rules LED1 to LED12 in docs/spec/ledger.md)."""

from __future__ import annotations

import hashlib
from typing import cast

import msgspec

from supergame.base.clock import Clock
from supergame.base.cursor import decode_cursor, encode_cursor
from supergame.base.ids import Chance
from supergame.db.port import Database, Tx, UniqueViolation
from supergame.features.ledger.model import (
    PAGE_MAX,
    AlreadyReversed,
    Balance,
    Entry,
    Fault,
    Posting,
    PostingInvalid,
    Transaction,
    TransactionNotFound,
    check_account,
    check_posting,
    faults_of,
    reversal,
)
from supergame.features.ledger.store import LedgerStore
from supergame.telemetry.logging import logger

NEWEST = 2**63 - 1
CHECKED_AT_ONCE = 5_000  # legs in one look of a check: others read between two looks

_log = logger("ledger")


class Ledger:
    """All accounts of the deployment. What has been acknowledged is on the disk."""

    def __init__(self, db: Database, clock: Clock, chance: Chance) -> None:
        self._db, self._clock, self._chance = db, clock, chance
        self._store = LedgerStore()

    async def post(self, posting: Posting) -> Transaction:
        """Move value, all transfers or none. The same posting again gives the same transaction.

        Raises:
            PostingInvalid: malformed.
            PostingKeyReused: the key has posted something else.
            BalanceTooLow, AccountKindMismatch: nothing was posted.
        """
        try:
            return await self._db.write_durable(self.posting, posting)
        except UniqueViolation:  # another node was faster: its transaction is the answer
            return await self._db.write_durable(self.posting, posting)

    def posting(self, posting: Posting) -> Tx[Transaction]:
        """The same as part of a feature's own transaction, which then has to be a durable one."""
        check_posting(posting)
        now = self._clock.now()
        digest = hashlib.sha256(msgspec.json.encode(posting)).hexdigest()
        return (yield from self._store.post(posting, digest, self._chance.uuid7(now), now))

    async def reverse(self, transaction_id: str, key: str, event: str, memo: str = "") -> Transaction:
        """Take a transaction back by its counter-entry; both stay. The same call again gives the same answer.

        Raises:
            TransactionNotFound.
            AlreadyReversed: by another key.
            BalanceTooLow: who got it no longer has it.
        """
        try:
            return await self._db.write_durable(self._reverse, transaction_id, key, event, memo)
        except UniqueViolation:
            return await self._db.write_durable(self._reverse, transaction_id, key, event, memo)

    def _reverse(self, transaction_id: str, key: str, event: str, memo: str) -> Tx[Transaction]:
        found = yield from self._store.get(transaction_id)
        if not found:
            raise TransactionNotFound
        before = yield from self._store.reversal_of(transaction_id)
        if before:
            (done,) = yield from self._store.get(before)
            if done.posting.key != key:
                raise AlreadyReversed
        return (yield from self.posting(reversal(found[0], key, event, memo)))

    async def get(self, transaction_id: str) -> Transaction:
        """Raises TransactionNotFound."""
        found = await self._db.read(self._store.get, transaction_id)
        if not found:
            raise TransactionNotFound
        return found[0]

    async def of_event(self, event: str) -> list[Transaction]:
        """What an event has caused."""
        return await self._db.read(self._store.of_event, event, PAGE_MAX)

    async def balance(self, account_id: str, currency: str) -> int:
        """What an account has, in the currency's smallest unit; 0 before it was opened."""
        return await self._db.read(self._store.balance, account_id, currency)

    async def balances(self, limit: int = PAGE_MAX, cursor: str = "") -> tuple[list[Balance], str]:
        """A page of all accounts by name, and the cursor of the next page or "". Raises PostingInvalid, MalformedCursor."""
        _check_page(limit)
        list_of = ("ledger.balances",)
        after = cast(tuple[str, str], decode_cursor(list_of, cursor, (str, str))) if cursor else ("", "")
        found = await self._db.read(self._store.balances, after, limit + 1)
        if len(found) <= limit:
            return found, ""
        last = found[limit - 1]
        return found[:limit], encode_cursor(list_of, (last.account.id, last.currency))

    async def entries(self, account_id: str, currency: str, limit: int = PAGE_MAX, cursor: str = "") -> tuple[list[Entry], str]:
        """A page of an account's legs, the newest first, and the next cursor or "". Raises PostingInvalid, MalformedCursor."""
        check_account(account_id)
        _check_page(limit)
        list_of = ("ledger.entries", account_id, currency)
        before = cast(tuple[int], decode_cursor(list_of, cursor, (int,)))[0] if cursor else NEWEST
        found = await self._db.read(self._store.entries, account_id, currency, before, limit + 1)
        return found[:limit], encode_cursor(list_of, (found[limit - 1].number,)) if len(found) > limit else ""

    async def check(self) -> list[Fault]:
        """Whether all adds up: the sum of each currency is 0, each balance is that of its entries, none is below zero that may not be.

        While the server works; it looks at some entries at a time. What it finds is in the log too.
        """
        faults = await self._db.read(self._store.sums)
        after: tuple[str, str] | None = ("", "")
        while after is not None:
            page = await self._db.read(self._store.standings, after, PAGE_MAX)
            for balance, beyond in page:
                faults += await self._reckon(balance, beyond)
            after = (page[-1][0].account.id, page[-1][0].currency) if len(page) == PAGE_MAX else None
        for fault in faults:
            _log.error("the ledger does not add up", **fault._asdict())
        return faults

    async def _reckon(self, balance: Balance, beyond: int) -> list[Fault]:
        """One account, from its first leg to the last that it had when it was looked at: later ones change nothing of that."""
        gained, legs = 0, beyond
        for start in range(0, balance.entries, CHECKED_AT_ONCE):
            sums = await self._db.read(self._store.slice, balance, start, min(start + CHECKED_AT_ONCE, balance.entries))
            gained, legs = gained + sums[0], legs + sums[1]
        return faults_of(balance, gained, legs)


def _check_page(limit: int) -> None:
    if not 1 <= limit <= PAGE_MAX:
        raise PostingInvalid(f"A page has 1 to {PAGE_MAX} rows.")
