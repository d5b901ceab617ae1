"""Random play with a ledger, and an account of it that knows nothing of the ledger's own books."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Coroutine
from typing import Any

from supergame.base.errors import SupergameError
from supergame.features.ledger.model import Account, AccountKind, Posting, Transaction, Transfer
from supergame.features.ledger.service import Ledger

BANK = Account("bank", AccountKind.OPEN)
PURSES = [Account(f"purse/{number}", AccountKind.FUNDED) for number in range(40)]
AT_ONCE = 64
REFUSALS = {"ledger.balance_too_low", "ledger.key_reused"}


class Play:
    """Posts, posts again, posts other things under used keys, overdraws and reverses, many at a time.

    `told` has what was acknowledged, by key: what the ledger has said to be so.
    """

    def __init__(self, ledger: Ledger, seed: int, name: str = "") -> None:
        self._ledger, self._chance, self._name = ledger, random.Random(seed), name
        self.sent: list[Posting] = []
        self.told: dict[str, Transaction] = {}
        self.refused: Counter[str] = Counter()

    async def operations(self, count: int) -> None:
        """So many transfers asked for; an operation is one of them, or a reversal."""
        while count > 0:
            calls: list[Coroutine[Any, Any, None]] = []
            for _ in range(AT_ONCE):
                size, call = self._choose()
                calls.append(call)
                count -= size
            await asyncio.gather(*calls)

    def _choose(self) -> tuple[int, Coroutine[Any, Any, None]]:
        dice = self._chance.random()
        if dice < 0.20 and self.sent:  # a retry: its first answer got lost, or is still under way
            posting = self._chance.choice(self.sent[-100:])
            return len(posting.transfers), self._post(posting)
        if dice < 0.23 and self.told:
            return 1, self._reverse(self._chance.choice(list(self.told.values())[-100:]))
        posting = self._posting(f"{self._name}{len(self.sent)}")
        if dice < 0.25 and self.sent:
            other = self._posting(self._chance.choice(self.sent).key)
            return len(other.transfers), self._post(other)
        self.sent.append(posting)
        return len(posting.transfers), self._post(posting)

    def _posting(self, key: str) -> Posting:
        size = self._chance.choice((1, 2, 8, 64, 64))
        return Posting(key=key, event=f"play/{key}", currency="EUR", transfers=tuple(self._transfer() for _ in range(size)))

    def _transfer(self) -> Transfer:
        """Mostly from the bank to a purse, else from purse to purse or back; drawn with few calls, for there are many."""
        draw = int(self._chance.random() * 2**40)
        giver, step, amount = draw % len(PURSES), draw // 64 % (len(PURSES) - 1), draw // 2**20 % 500 + 1
        purse, other = PURSES[giver], PURSES[(giver + 1 + step) % len(PURSES)]
        return Transfer(*((BANK, purse) if amount % 5 < 3 else (purse, BANK) if amount % 5 == 3 else (purse, other)), amount)

    async def _post(self, posting: Posting) -> None:
        await self._ask(self._ledger.post(posting))

    async def _reverse(self, transaction: Transaction) -> None:
        await self._ask(self._ledger.reverse(transaction.id, f"back/{transaction.id}", "play/back"))

    async def _ask(self, call: Coroutine[Any, Any, Transaction]) -> None:
        try:
            done = await call
        except SupergameError as error:
            if error.code not in REFUSALS:
                raise
            self.refused[error.code] += 1
            return
        assert self.told.setdefault(done.posting.key, done) == done, "one key, one answer"

    async def check(self) -> None:
        """The books are what was told, no more and no less."""
        assert await self._ledger.check() == []
        assert await all_balances(self._ledger) == balances_of(self.told.values())


async def all_balances(ledger: Ledger) -> dict[str, int]:
    found, cursor = await ledger.balances()
    assert cursor == "", "all accounts of a play fit into one page"
    return {balance.account.id: balance.amount for balance in found if balance.amount}


def balances_of(transactions: Any) -> dict[str, int]:
    """What must be in the accounts when exactly these have been posted, each once."""
    sums: Counter[str] = Counter()
    for transaction in transactions:
        for debit, credit, amount in transaction.posting.transfers:
            sums[debit.id] -= amount
            sums[credit.id] += amount
    return {account: amount for account, amount in sums.items() if amount}
