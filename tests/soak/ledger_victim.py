"""Plays with a ledger until it is killed: `python -m tests.soak.ledger_victim FILE SEED [FAULT]`, postings to begin with on standard input.

It prints `send <posting>` before it asks, `told <key> <id>` for what was acknowledged, a line each, which reach the pipe whole.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import msgspec

from supergame.base.clock import SystemClock
from supergame.base.errors import SupergameError
from supergame.base.ids import Chance
from supergame.db.port import Statement
from supergame.db.sqlite import Sqlite
from supergame.features.ledger import store
from supergame.features.ledger.model import Account, Posting, Transaction, Transfer, net_of
from supergame.features.ledger.service import Ledger
from tests.support.ledger import REFUSALS, Play

FAULTS = ("lost_leg", "ignored_key")


class LoudLedger(Ledger):
    """Says what it is asked for and what it has answered."""

    async def post(self, posting: Posting) -> Transaction:
        say(b"send " + msgspec.json.encode(posting))
        return told(await super().post(posting))

    async def reverse(self, transaction_id: str, key: str, event: str, memo: str = "") -> Transaction:
        return told(await super().reverse(transaction_id, key, event, memo))


def told(done: Transaction) -> Transaction:
    say(f"told {done.posting.key} {done.id}".encode())
    return done


def say(line: bytes) -> None:
    os.write(1, line + b"\n")


def plant(fault: str) -> None:
    """Break the store in a way that the test has to notice."""
    honest = store._RECORD
    if fault == "lost_leg":
        store.net_of = losing  # type: ignore[assignment]
    elif fault == "ignored_key":
        store._BY_KEY = Statement("test.nothing", "SELECT '' WHERE ? = 'never'")
        store._RECORD = lambda name, key, *rest: honest(name, f"{key}/{name}", *rest)  # type: ignore[assignment]


def losing(transfers: tuple[Transfer, ...]) -> dict[Account, tuple[int, int]]:
    net = net_of(transfers)
    return net | {transfers[-1].credit: (0, net[transfers[-1].credit][1])}


async def expected(call: Coroutine[Any, Any, Transaction]) -> None:
    try:
        await call
    except SupergameError as error:
        if error.code not in REFUSALS:
            raise


async def main(file: str, seed: str, fault: str = "") -> None:
    plant(fault)
    ledger = LoudLedger(Sqlite(Path(file)), SystemClock(), Chance())
    again = [msgspec.json.decode(line, type=Posting) for line in sys.stdin.buffer]
    await asyncio.gather(*(expected(ledger.post(posting)) for posting in again))
    play = Play(ledger, int(seed), name=f"{seed}-")
    while True:
        await play.operations(1_000)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
