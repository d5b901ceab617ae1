"""Wallets over the whole server, from the game's side and the player's. Rules: docs/spec/wallets.md."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from supergame.base.errors import MalformedCursor, SupergameError
from supergame.base.ids import TitleId, UserId
from supergame.db.port import Row, Statement, UniqueViolation, collect
from supergame.features.accounts.model import AccountNotFound
from supergame.features.ledger.service import Ledger
from supergame.features.wallets import store
from supergame.features.wallets.model import (
    BALANCE_MAX,
    CHANGES_MAX,
    CURRENCIES_MAX,
    TooManyCurrencies,
    WalletInvalid,
    WalletKeyReused,
    WalletTooHigh,
    WalletTooLow,
    WalletUpdate,
    purse,
)
from supergame.features.wallets.service import Wallets
from supergame.game import Game
from supergame.testing import TestPlayer, TestServer

MAIN = TitleId("main")
NOBODY = "00000000-0000-4000-8000-000000000000"
NOTHING = Statement("test.nothing", "SELECT '' WHERE ? = ?", postgres="SELECT '' WHERE ?::text = ?::text AND 1 = 0")
LEGS = Statement(
    "test.legs", "SELECT currency, debit_account, credit_account, amount FROM ledger_transfers ORDER BY debit_number, credit_number"
)
CURRENCIES = Statement("test.currencies", "SELECT title_id, name, code FROM wallet_currencies ORDER BY title_id, name")


async def give(server: TestServer, player: TestPlayer | str, changeset: dict[str, Any], key: str = "", **metadata: Any) -> dict[str, int]:
    """The wallet afterwards."""
    user_id = player if isinstance(player, str) else player.user_id
    (result,) = await server.node.wallets.update(MAIN, [WalletUpdate(user_id, changeset, metadata)], key)
    return result.updated


async def wallet(player: TestPlayer) -> Any:
    return json.loads((await player.call("GET", "/v2/account"))["wallet"])


async def pseudonym(server: TestServer, player: TestPlayer) -> str:
    return (await server.node.db.read(server.node.accounts.wallet_in, MAIN, UserId(player.user_id))).wallet_id


async def legs(server: TestServer) -> list[Row]:
    return await server.node.db.read(collect, LEGS)


async def test_WAL1_an_account_has_its_wallet_as_json_in_a_text() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        assert (await ada.call("GET", "/v2/account"))["wallet"] == "{}"
        await give(server, ada, {"gems": 1, "coins": 5})
        assert (await ada.call("GET", "/v2/account"))["wallet"] == '{"coins":5,"gems":1}'


async def test_WAL2_an_update_adds_and_takes_and_answers_with_after_and_before() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        await give(server, ada, {"coins": 5})
        (result,) = await server.node.wallets.update(MAIN, [WalletUpdate(ada.user_id, {"coins": -2, "gems": 0}, {"why": ["kite"]})])
        assert (result.user_id, result.updated, result.previous) == (ada.user_id, {"coins": 3, "gems": 0}, {"coins": 5})
        (entry, _), _ = await server.node.wallets.ledger(MAIN, UserId(ada.user_id))
        assert (entry.changeset, entry.metadata) == ({"coins": -2, "gems": 0}, {"why": ["kite"]})
        assert await wallet(ada) == await server.node.wallets.get(MAIN, UserId(ada.user_id)) == {"coins": 3, "gems": 0}


WRONG: tuple[tuple[dict[str, Any], dict[str, Any], str], ...] = (
    ({}, {}, "k"),
    ({"": 1}, {}, "k"),
    ({"c" * 65: 1}, {}, "k"),
    ({"a\nb": 1}, {}, "k"),
    ({"coins": 1.5}, {}, "k"),
    ({"coins": True}, {}, "k"),
    ({"coins": BALANCE_MAX + 1}, {}, "k"),
    ({"coins": 1}, {"text": "x" * 4_096}, "k"),
    ({"coins": 1}, {"text": "\0"}, "k"),
    ({"coins": 1}, {"what": object()}, "k"),
    ({"coins": 1}, {}, "k" * 129),
    ({"coins": 1}, {}, "a\0b"),
    ({str(number): 1 for number in range(CHANGES_MAX + 1)}, {}, "k"),
)


async def test_WAL2_and_WAL6_what_is_malformed_changes_nothing() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        for changeset, metadata, key in WRONG:
            with pytest.raises(WalletInvalid):
                await server.node.wallets.update(MAIN, [WalletUpdate(ada.user_id, changeset, metadata)], key)
        for nobody in (NOBODY, "nonsense"):
            with pytest.raises(AccountNotFound):
                await give(server, nobody, {"coins": 1})
        assert await wallet(ada) == {}
        assert await legs(server) == []


async def test_WAL3_no_currency_goes_below_zero_nor_beyond_its_bound() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        await give(server, ada, {"coins": 5, "gold": BALANCE_MAX})
        with pytest.raises(WalletTooLow):
            await give(server, ada, {"gems": 1, "coins": -6})
        with pytest.raises(WalletTooHigh):
            await give(server, ada, {"gold": 1})
        with pytest.raises(WalletTooLow):  # as in Nakama the order counts, though in the end it would be enough
            await server.node.wallets.update(MAIN, [WalletUpdate(ada.user_id, {"coins": -6}), WalletUpdate(ada.user_id, {"coins": 6})])
        assert await wallet(ada) == {"coins": 5, "gold": BALANCE_MAX}


async def test_WAL4_several_at_once_change_all_or_none() -> None:
    async with TestServer() as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        trade = [WalletUpdate(ada.user_id, {"coins": -5, "kites": 1}), WalletUpdate(bob.user_id, {"coins": 5, "kites": -1})]
        await give(server, ada, {"coins": 5})
        with pytest.raises(WalletTooLow):
            await server.node.wallets.update(MAIN, trade, "trade")
        assert (await wallet(ada), await wallet(bob)) == ({"coins": 5}, {})
        await give(server, bob, {"kites": 1})
        assert [one.updated for one in await server.node.wallets.update(MAIN, trade, "trade")] == [
            {"coins": 0, "kites": 1},
            {"coins": 5, "kites": 0},
        ]
        assert await server.node.ledger.check() == []


async def test_WAL5_the_same_update_under_one_key_is_one_and_another_is_refused() -> None:
    async with TestServer() as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        assert await give(server, ada, {"coins": 5}, "once") == {"coins": 5}
        await give(server, ada, {"coins": 1})
        assert await give(server, ada, {"coins": 5}, "once") == {"coins": 5}, "the answer of that time"
        for other in ({"coins": 6}, {"gems": 5}):
            with pytest.raises(WalletKeyReused):
                await give(server, ada, other, "once")
        with pytest.raises(WalletKeyReused):
            await give(server, bob, {"coins": 5}, "once")
        assert await wallet(ada) == {"coins": 6}


async def test_WAL5_the_database_refuses_a_second_grant_even_where_the_code_forgets_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        await give(server, ada, {"coins": 5}, "once")
        monkeypatch.setattr(store, "_BY_KEY", NOTHING)
        with pytest.raises(UniqueViolation):
            await give(server, ada, {"coins": 5}, "once")
        assert await wallet(ada) == {"coins": 5}


async def test_WAL6_any_name_gets_a_code_of_its_own_in_every_title() -> None:
    async with TestServer(Game("main"), Game("other")) as server:
        ada = await server.sign_in("ada")
        await server.sign_in("ada", title=1)
        names = ["EUR", "eur", "coins", "coin s", "金貨", "gold/2", "x" * 64]
        for title in (MAIN, TitleId("other")):
            await server.node.wallets.update(title, [WalletUpdate(ada.user_id, dict.fromkeys(names, 1))])
            await server.node.wallets.update(title, [WalletUpdate(ada.user_id, dict.fromkeys(names, 1))])
        rows = await server.node.db.read(collect, CURRENCIES)
        assert {(title, name) for title, name, _ in rows} == {(title, name) for title in ("main", "other") for name in names}
        codes = [code for _, _, code in rows]
        assert len(set(codes)) == 14 == len({leg[0] for leg in await legs(server)}), "a code for each, and no more"
        assert all(code.startswith("W") and len(code) == 12 for code in codes)
        assert sum(code.startswith("WCOIN") for code in codes) == 4
        assert await wallet(ada) == dict.fromkeys(names, 2)
        assert await server.node.ledger.check() == []


async def test_WAL6_a_title_has_a_bounded_number_of_currencies() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        for start in range(0, CURRENCIES_MAX, 50):
            await give(server, ada, {f"c{number}": 1 for number in range(start, start + 50)})
        with pytest.raises(TooManyCurrencies):
            await give(server, ada, {"one more": 1})
        assert (await give(server, ada, {"c1": 1}))["c1"] == 2
        assert "one more" not in await wallet(ada)


async def test_WAL7_the_ledger_has_both_sides_durably_and_does_not_say_whose(monkeypatch: pytest.MonkeyPatch) -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        with monkeypatch.context() as patch:
            patch.setattr(type(server.node.db), "write", None)  # a write that power loss may undo would fail here
            await give(server, ada, {"coins": 5})
            await give(server, ada, {"coins": -2})
        own = purse(await pseudonym(server, ada)).id
        assert [leg[1:] for leg in await legs(server)] == [("wallets/main", own, 5), (own, "wallets/main", 2)]
        assert ada.user_id not in own
        ((_, _, code),) = await server.node.db.read(collect, CURRENCIES)
        (last, first), _ = await server.node.ledger.entries(own, code)
        assert (last.balance, first.balance) == (3, 5)
        (item, _), _ = await server.node.wallets.ledger(MAIN, UserId(ada.user_id))
        assert last.event == f"wallets/main/{item.id}", "from a sum back to the update"


async def test_WAL8_entries_come_newest_first_in_pages() -> None:
    async with TestServer() as server:
        ada, bob = UserId((await server.sign_in("ada")).user_id), UserId((await server.sign_in("bob")).user_id)
        for number in range(5):
            await give(server, ada, {"coins": number})
            await give(server, bob, {"coins": 9})
        first, cursor = await server.node.wallets.ledger(MAIN, ada, 3)
        rest, end = await server.node.wallets.ledger(MAIN, ada, 3, cursor)
        assert [item.changeset for item in first + rest] == [{"coins": number} for number in (4, 3, 2, 1, 0)]
        assert [item.previous.get("coins", 0) for item in first + rest] == [6, 3, 1, 0, 0]
        assert end == ""
        with pytest.raises(MalformedCursor):
            await server.node.wallets.ledger(MAIN, bob, 3, cursor)
        for limit in (0, 101):
            with pytest.raises(WalletInvalid):
                await server.node.wallets.ledger(MAIN, ada, limit)
        with pytest.raises(AccountNotFound):
            await server.node.wallets.ledger(MAIN, UserId(NOBODY))


async def test_WAL9_wallets_of_two_titles_and_keys_have_nothing_to_do_with_each_other() -> None:
    async with TestServer(Game("main"), Game("other")) as server:
        ada, there = await server.sign_in("ada"), await server.sign_in("ada", title=1)
        assert ada.user_id == there.user_id
        await give(server, ada, {"coins": 5}, "once")
        await server.node.wallets.update(TitleId("other"), [WalletUpdate(ada.user_id, {"coins": 7})], "once")
        assert (await wallet(ada), await wallet(there)) == ({"coins": 5}, {"coins": 7})


async def test_WAL11_the_erased_leave_books_that_add_up_and_name_nobody() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        await give(server, ada, {"coins": 5}, note="hers")
        own = await pseudonym(server, ada)
        before = await legs(server)
        held = [entry async for entry in server.node.wallets.held_of(MAIN, UserId(ada.user_id))]
        assert [(entry["changeset"], entry["metadata"]) for entry in held] == [({"coins": 5}, {"note": "hers"})]
        await ada.call("DELETE", "/v2/account")
        await server.settle()
        assert await legs(server) == before
        assert await server.node.ledger.check() == []
        everything = repr([await server.node.db.read(collect, Statement(f"test.{table}", f"SELECT * FROM {table}")) for table in TABLES])
        assert ada.user_id not in everything
        assert everything.count(own) == 2, "its account and its leg: nothing leads there from a person"


TABLES = ("profiles", "wallet_entries", "wallet_currencies", "ledger_accounts", "ledger_transfers", "ledger_transactions")


async def test_WAL11_who_comes_back_before_the_fact_arrives_keeps_what_they_get_then() -> None:
    async with TestServer(Game("main"), Game("other")) as server:
        ada = await server.sign_in("ada")
        await server.sign_in("ada", title=1)  # she stays somebody
        await give(server, ada, {"coins": 5})
        await ada.call("DELETE", "/v2/account")
        again = await server.sign_in("ada")
        assert again.user_id == ada.user_id
        assert await wallet(again) == {}
        await give(server, again, {"coins": 1})
        await server.settle()
        (item,), _ = await server.node.wallets.ledger(MAIN, UserId(ada.user_id))
        assert (item.changeset, await wallet(again)) == ({"coins": 1}, {"coins": 1})
        assert len([entry async for entry in server.node.wallets.held_of(MAIN, UserId(ada.user_id))]) == 1
        assert await give(server, again, {"coins": -1}) == {"coins": 0}


# --- WAL12


ROUNDS = {"sqlite": 30, "postgres": 12}
AT_ONCE = 16


class Play:
    """Callers who update wallets of a few players, at random and at once, send again, and use others' keys; and what they were told."""

    def __init__(self, server: TestServer, players: list[TestPlayer], seed: int) -> None:
        self._wallets: Wallets = server.node.wallets
        self._ledger: Ledger = server.node.ledger
        self._server, self._players, self._chance = server, players, random.Random(seed)
        self._sent: list[tuple[str, list[WalletUpdate]]] = []
        self.told: dict[str, tuple[list[WalletUpdate], Any]] = {}
        self.refused: Counter[str] = Counter()

    async def rounds(self, count: int) -> None:
        for _ in range(count):
            await asyncio.gather(*(self._ask(*self._choose()) for _ in range(AT_ONCE)))

    def _choose(self) -> tuple[str, list[WalletUpdate]]:
        dice = self._chance.random()
        if self._sent and dice < 0.3:  # a retry: its first answer got lost, or is still under way
            return self._chance.choice(self._sent[-20:])
        key = self._chance.choice(self._sent)[0] if self._sent and dice < 0.35 else f"key {len(self._sent)}"
        asked = key, [self._update() for _ in range(self._chance.choice((1, 1, 2, 5)))]
        self._sent.append(asked)
        return asked

    def _update(self) -> WalletUpdate:
        currencies = self._chance.sample(("coins", "gems", "kites"), self._chance.choice((1, 2)))
        changeset = {currency: self._chance.randint(-60, 100) for currency in currencies}
        return WalletUpdate(self._chance.choice(self._players).user_id, changeset, {"dice": self._chance.random()})

    async def _ask(self, key: str, updates: list[WalletUpdate]) -> None:
        try:
            answer = await self._wallets.update(MAIN, updates, key)
        except SupergameError as refusal:
            self.refused[refusal.code] += 1
            return
        assert self.told.setdefault(key, (updates, answer)) == (updates, answer), "one key, one update, one answer"

    async def check(self) -> None:
        codes = {name: code for _, name, code in await self._server.node.db.read(collect, CURRENCIES)}
        for player in self._players:
            user_id, told = UserId(player.user_id), Counter[str]()
            for update in (update for updates, _ in self.told.values() for update in updates if update.user_id == user_id):
                told.update(update.changeset)
            held = await wallet(player)
            items = await self._items(user_id)
            assert sorted(held.items()) == sorted(told.items()), "what was acknowledged, each key once"
            assert [item.number for item in items] == list(range(1, len(items) + 1)), "entries without gaps"
            assert items[-1].updated == held, "what its entries lead to"
            assert all(after.previous == before.updated for before, after in pairwise(items))
            assert min(amount for item in items for amount in item.updated.values()) >= 0
            account = purse(await pseudonym(self._server, player)).id
            assert {name: await self._ledger.balance(account, codes[name]) for name in held} == held, "what the ledger has"
        assert await self._ledger.check() == []

    async def _items(self, user_id: UserId) -> list[Any]:
        found, cursor = [], ""
        while True:
            page, cursor = await self._wallets.ledger(MAIN, user_id, 100, cursor)
            found += page
            if not cursor:
                return found[::-1]


async def played(seed: int, rounds: dict[str, int] = ROUNDS) -> Play:
    async with TestServer() as server:
        play = Play(server, [await server.sign_in(name) for name in ("ada", "bob", "cleo")], seed)
        await play.rounds(rounds[server.node.db.engine])
        await play.check()
    return play


async def test_WAL12_random_updates_of_many_at_once_add_up_and_grant_nothing_twice() -> None:
    play = await played(seed=3)
    assert set(play.refused) == {"wallet.too_low", "wallet.key_reused"}, "all of it happened"
    assert len(play.told) > 40


async def test_WAL12_a_planted_fault_is_caught_an_ignored_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every retry is granted again."""
    add = store._ADD

    def under_a_key_of_its_own(title: str, user: str, wallet_id: str, number: int, update_id: str, key: str, *rest: object) -> Any:
        return add(title, user, wallet_id, number, update_id, f"{key}/{update_id}", *rest)

    monkeypatch.setattr(store, "_BY_KEY", NOTHING)
    monkeypatch.setattr(store, "_ADD", under_a_key_of_its_own)
    with pytest.raises(AssertionError, match="one key, one update, one answer"):
        await played(seed=3)


async def test_WAL12_a_planted_fault_is_caught_a_posting_that_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is taken does not reach the ledger."""
    honest = Ledger.posting

    def forgetful(self: Ledger, posting: Any) -> Any:
        return honest(self, posting) if posting.transfers[0].debit.id.startswith("wallets/") else iter(())

    monkeypatch.setattr(Ledger, "posting", forgetful)
    with pytest.raises(AssertionError, match="what the ledger has"):
        await played(seed=3)
