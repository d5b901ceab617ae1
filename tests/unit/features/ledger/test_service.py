"""The ledger, on a server's database. Rules: docs/spec/ledger.md."""

from __future__ import annotations

import random
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from supergame.base.errors import MalformedCursor
from supergame.base.ids import Chance
from supergame.db.port import Database, Statement, Tx, UniqueViolation
from supergame.features.ledger import service, store
from supergame.features.ledger.model import (
    AMOUNT_MAX,
    TRANSFERS_MAX,
    Account,
    AccountKind,
    AccountKindMismatch,
    AlreadyReversed,
    BalanceTooLow,
    Fault,
    Posting,
    PostingInvalid,
    PostingKeyReused,
    TransactionNotFound,
    Transfer,
    net_of,
)
from supergame.features.ledger.service import Ledger
from supergame.testing import TestServer
from tests.support.ledger import BANK, PURSES, Play, all_balances

ADA, BEN = PURSES[:2]
OPERATIONS = {"sqlite": 100_000, "postgres": 5_000}


@asynccontextmanager
async def a_ledger() -> AsyncIterator[Ledger]:
    async with TestServer() as server:
        yield Ledger(server.node.db, server.clock, Chance(random.Random(1).randbytes))


PLAIN: dict[str, Any] = {"key": "a", "event": "test", "currency": "EUR", "transfers": (Transfer(BANK, ADA, 100),)}
NOTHING = Statement("test.nothing", "SELECT '' WHERE ? = 'never'", postgres="SELECT '' WHERE ?::text = 'never'")


def posting(key: str, *transfers: Transfer, **more: Any) -> Posting:
    return Posting(**PLAIN | {"key": key, "transfers": transfers or PLAIN["transfers"]} | more)


async def test_LED1_both_legs_are_booked_and_all_balances_of_a_currency_are_zero_together() -> None:
    async with a_ledger() as ledger:
        await ledger.post(posting("a", Transfer(BANK, ADA, 100), Transfer(ADA, BEN, 30)))
        assert await all_balances(ledger) == {"bank": -100, "purse/0": 70, "purse/1": 30}
        await ledger.post(posting("b", Transfer(BANK, ADA, 5), currency="COIN"))
        assert [await ledger.balance(ADA.id, currency) for currency in ("EUR", "COIN", "USD")] == [70, 5, 0]
        assert await ledger.check() == []


def test_LED1_what_a_transaction_changes_adds_up_to_zero() -> None:
    chance = random.Random(7)
    for _ in range(200):
        some = tuple(Transfer(*chance.sample(PURSES, 2), chance.randint(1, AMOUNT_MAX)) for _ in range(chance.randint(1, TRANSFERS_MAX)))
        assert sum(amount for amount, _ in net_of(some).values()) == 0


async def test_LED1_the_database_itself_takes_no_leg_without_the_other_and_no_amount_below_one() -> None:
    async with a_ledger() as ledger:
        done = await ledger.post(posting("a"))
        for amount, debit, credit in ((0, "bank", "purse/0"), (-5, "bank", "purse/0"), (5, "bank", "bank"), (5, "bank", "purse/9")):
            with pytest.raises(Exception, match=r"(?i)constraint"):
                await ledger._db.write(one, store._TRANSFER, done.id, 9, "EUR", amount, debit, 9, 0, credit, 9, 0)


def one(statement: Statement, *parameters: object) -> Tx[None]:
    yield statement(*parameters)


WRONG_PARTS: tuple[dict[str, Any], ...] = (
    {"transfers": ()},
    {"transfers": (Transfer(BANK, ADA, 1),) * (TRANSFERS_MAX + 1)},
    {"transfers": (Transfer(BANK, ADA, 0),)},
    {"transfers": (Transfer(BANK, ADA, -1),)},
    {"transfers": (Transfer(BANK, ADA, AMOUNT_MAX + 1),)},
    {"transfers": (Transfer(BANK, ADA, 1.5),)},  # type: ignore[arg-type]
    {"transfers": (Transfer(BANK, ADA, True),)},
    {"transfers": (Transfer(ADA, ADA, 1),)},
    {"transfers": (Transfer(Account("no spaces", AccountKind.OPEN), ADA, 1),)},
    {"transfers": (Transfer(Account("a/b/c/d/e/f", AccountKind.OPEN), ADA, 1),)},
    {"currency": "eur"},
    {"currency": ""},
    {"key": ""},
    {"key": "x" * 161},
    {"event": ""},
    {"memo": "a\0b"},
)


async def test_LED2_amounts_are_whole_numbers_of_a_currency_and_every_part_has_a_form() -> None:
    async with a_ledger() as ledger:
        for wrong in WRONG_PARTS:
            with pytest.raises(PostingInvalid):
                await ledger.post(Posting(**PLAIN | wrong))
        assert await all_balances(ledger) == {}


async def test_LED3_a_funded_account_never_goes_below_zero_and_an_open_one_may() -> None:
    async with a_ledger() as ledger:
        await ledger.post(posting("a", Transfer(BANK, ADA, 100)))
        with pytest.raises(BalanceTooLow):
            await ledger.post(posting("b", Transfer(ADA, BEN, 101)))
        with pytest.raises(BalanceTooLow):
            await ledger.post(posting("c", Transfer(BEN, ADA, 1)))
        await ledger.post(posting("d", Transfer(ADA, BEN, 100)))
        assert await all_balances(ledger) == {"bank": -100, "purse/1": 100}


async def test_LED3_what_counts_is_what_a_transaction_leaves() -> None:
    async with a_ledger() as ledger:
        await ledger.post(posting("a", Transfer(ADA, BEN, 40), Transfer(BANK, ADA, 40)))
        assert await all_balances(ledger) == {"bank": -40, "purse/1": 40}


async def test_LED3_the_kind_of_an_account_is_settled_when_it_is_opened() -> None:
    async with a_ledger() as ledger:
        await ledger.post(posting("a"))
        with pytest.raises(AccountKindMismatch):
            await ledger.post(posting("b", Transfer(Account(ADA.id, AccountKind.OPEN), BEN, 1)))


async def test_LED4_a_transaction_is_booked_whole_or_not_at_all() -> None:
    async with a_ledger() as ledger:
        await ledger.post(posting("a", Transfer(BANK, ADA, 10)))
        with pytest.raises(BalanceTooLow):
            await ledger.post(posting("b", Transfer(BANK, BEN, 7), Transfer(ADA, PURSES[2], 11)))
        assert await all_balances(ledger) == {"bank": -10, "purse/0": 10}
        assert await ledger.check() == []


async def test_LED5_the_same_posting_again_has_one_effect_and_one_answer() -> None:
    async with a_ledger() as ledger:
        first = await ledger.post(posting("a", memo="for the kite"))
        assert await ledger.post(posting("a", memo="for the kite")) == first
        assert await all_balances(ledger) == {"bank": -100, "purse/0": 100}


async def test_LED5_a_key_with_another_body_is_refused() -> None:
    others: tuple[dict[str, Any], ...] = (
        {"memo": "x"},
        {"currency": "USD"},
        {"event": "other"},
        {"transfers": (Transfer(BANK, ADA, 101),)},
    )
    async with a_ledger() as ledger:
        await ledger.post(Posting(**PLAIN))
        for other in others:
            with pytest.raises(PostingKeyReused):
                await ledger.post(Posting(**PLAIN | other))


def test_LED6_no_statement_of_the_store_changes_or_removes_what_was_booked() -> None:
    texts = [item.sql for item in vars(store).values() if isinstance(item, Statement)]
    assert len(texts) > 10
    touched = [re.sub(r"\s+", " ", text) for text in texts if re.match(r"(UPDATE|DELETE|REPLACE|TRUNCATE)", text)]
    assert all(text.startswith("UPDATE ledger_accounts SET balance = balance + ?") for text in touched), touched


async def test_LED7_a_reversal_is_a_counter_entry_and_happens_once() -> None:
    async with a_ledger() as ledger:
        done = await ledger.post(posting("a", Transfer(BANK, ADA, 100), Transfer(ADA, BEN, 30)))
        back = await ledger.reverse(done.id, "back", "dispute/1", "charged twice")
        assert back.posting.reverses == done.id
        assert await all_balances(ledger) == {}
        assert await ledger.reverse(done.id, "back", "dispute/1", "charged twice") == back
        with pytest.raises(AlreadyReversed):
            await ledger.reverse(done.id, "again", "dispute/2")
        assert await ledger.get(done.id) == done, "the first entry stands as it was"
        assert len((await ledger.entries("bank", "EUR"))[0]) == 2


async def test_LED7_what_is_gone_cannot_be_taken_back_nor_what_never_was() -> None:
    async with a_ledger() as ledger:
        done = await ledger.post(posting("a"))
        await ledger.post(posting("b", Transfer(ADA, BEN, 1)))
        with pytest.raises(BalanceTooLow):
            await ledger.reverse(done.id, "back", "dispute/1")
        with pytest.raises(TransactionNotFound):
            await ledger.reverse("nothing", "back", "dispute/1")
        assert await ledger.check() == []


async def test_LED8_an_accounts_legs_come_newest_first_in_pages_with_the_balance_after_each() -> None:
    async with a_ledger() as ledger:
        for number in range(5):
            await ledger.post(posting(f"in{number}", Transfer(BANK, ADA, 10 + number)))
            await ledger.post(posting(f"out{number}", Transfer(ADA, BEN, 3)))
        found, cursor = [], ""
        while True:
            page, cursor = await ledger.entries(ADA.id, "EUR", 3, cursor)
            found += page
            if not cursor:
                break
        assert [entry.number for entry in found] == list(range(10, 0, -1))
        assert [entry.amount for entry in found[:4]] == [-3, 14, -3, 13]
        assert found[0].balance == await ledger.balance(ADA.id, "EUR") == 45
        assert all(found[at].balance == found[at + 1].balance + found[at].amount for at in range(9))
        with pytest.raises(MalformedCursor):
            await ledger.entries(BEN.id, "EUR", 3, (await ledger.entries(ADA.id, "EUR", 3))[1])


async def test_LED8_accounts_come_in_pages_of_bounded_size() -> None:
    async with a_ledger() as ledger:
        await ledger.post(posting("a", *(Transfer(BANK, purse, 1) for purse in PURSES[:6])))
        first, cursor = await ledger.balances(4)
        rest, end = await ledger.balances(4, cursor)
        assert [balance.account.id for balance in first + rest] == ["bank", *(f"purse/{number}" for number in range(6))]
        assert end == ""
        for limit in (0, 201):
            with pytest.raises(PostingInvalid):
                await ledger.balances(limit)


async def test_LED9_every_entry_leads_to_the_event_that_caused_it_and_back() -> None:
    async with a_ledger() as ledger:
        done = await ledger.post(posting("a", event="licences/usage/7"))
        (entry,), _ = await ledger.entries(ADA.id, "EUR")
        assert (entry.event, entry.transaction_id) == ("licences/usage/7", done.id)
        assert await ledger.of_event("licences/usage/7") == [done] == [await ledger.get(done.id)]


async def test_LED10_what_was_acknowledged_was_written_durably(monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_ledger() as ledger:
        monkeypatch.setattr(type(ledger._db), "write", None)  # a write that power loss may undo would fail here
        done = await ledger.post(posting("a"))
        await ledger.reverse(done.id, "b", "test")


async def test_LED11_the_check_finds_a_balance_that_is_not_that_of_its_entries() -> None:
    async with a_ledger() as ledger:
        await ledger.post(posting("a"))
        await ledger._db.write(
            one, Statement("test.steal", "UPDATE ledger_accounts SET balance = balance + 1 WHERE account_id = 'purse/0'")
        )
        assert await ledger.check() == [Fault("sum", "", "EUR", 1, 0), Fault("balance", "purse/0", "EUR", 101, 100)]


async def test_LED11_the_check_finds_an_entry_that_is_missing() -> None:
    async with a_ledger() as ledger:
        await ledger.post(posting("a"))
        await ledger._db.write(one, Statement("test.lose", "DELETE FROM ledger_transfers"))
        assert {fault.what for fault in await ledger.check()} == {"balance", "entries"}


async def test_LED11_the_check_finds_an_entry_that_no_account_knows_of() -> None:
    async with a_ledger() as ledger:
        done = await ledger.post(posting("a"))
        await ledger._db.write(one, store._TRANSFER, done.id, 1, "EUR", 5, "bank", 2, 0, ADA.id, 2, 0)
        found = {(fault.what, fault.account, fault.found, fault.wanted) for fault in await ledger.check()}
        assert found == {("entries", "bank", 1, 2), ("entries", ADA.id, 1, 2)}


async def test_LED11_the_check_goes_through_a_long_account_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_ledger() as ledger:
        for number in range(7):
            await ledger.post(posting(f"in{number}", Transfer(BANK, ADA, 10), Transfer(ADA, BEN, 3)))
        monkeypatch.setattr(service, "CHECKED_AT_ONCE", 4)
        assert await ledger.check() == []
        await ledger._db.write(one, Statement("test.steal", "UPDATE ledger_accounts SET balance = 48 WHERE account_id = 'purse/0'"))
        assert [(fault.what, fault.found, fault.wanted) for fault in await ledger.check()] == [("sum", -1, 0), ("balance", 48, 49)]


async def test_LED12_random_operations_add_up_and_grant_nothing_twice() -> None:
    async with a_ledger() as ledger:
        play = Play(ledger, seed=4)
        await play.operations(OPERATIONS[ledger._db.engine])
        await play.check()
        assert set(play.refused) == {"ledger.balance_too_low", "ledger.key_reused"}, "all of it happened"


async def planted_play(db: Database, clock: Any) -> None:
    ledger = Ledger(db, clock, Chance(random.Random(1).randbytes))
    play = Play(ledger, seed=5)
    await play.operations(12_000)
    await play.check()


async def test_LED12_a_planted_fault_is_caught_a_lost_leg(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a purse gets does not reach its balance."""

    def losing(transfers: tuple[Transfer, ...]) -> dict[Account, tuple[int, int]]:
        net = net_of(transfers)
        return net | {transfers[-1].credit: (0, net[transfers[-1].credit][1])}

    async with TestServer() as server:
        monkeypatch.setattr(store, "net_of", losing)
        with pytest.raises(AssertionError):
            await planted_play(server.node.db, server.clock)


async def test_LED12_a_planted_fault_is_caught_an_ignored_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every retry is granted again."""
    record = store._RECORD

    def under_a_key_of_its_own(transaction_id: str, key: str, *rest: object) -> Any:
        return record(transaction_id, f"{key}/{transaction_id}", *rest)

    async with TestServer() as server:
        monkeypatch.setattr(store, "_BY_KEY", NOTHING)
        monkeypatch.setattr(store, "_RECORD", under_a_key_of_its_own)
        with pytest.raises(AssertionError, match="one key, one answer"):
            await planted_play(server.node.db, server.clock)


async def test_LED12_the_database_refuses_a_second_grant_even_where_the_code_forgets_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_ledger() as ledger:
        await ledger.post(posting("a"))
        monkeypatch.setattr(store, "_BY_KEY", NOTHING)
        with pytest.raises(UniqueViolation):
            await ledger.post(posting("a"))
        assert await all_balances(ledger) == {"bank": -100, "purse/0": 100}
