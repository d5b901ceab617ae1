"""What uses and sales come to, month by month. Rules: docs/spec/royalties.md."""

from __future__ import annotations

import csv
import hashlib
import io
import random
from typing import Any

import pytest

from supergame.base.ids import TitleId
from supergame.db.port import DatabaseUnavailable, Statement
from supergame.features.ledger.model import Account, AccountKind, BalanceTooLow, Posting, PostingKeyReused, Transfer
from supergame.features.licences.model import Action, Asset, AssetKind, Credit, Owner
from supergame.features.royalties import store
from supergame.features.royalties.model import (
    CorrectionTooLarge,
    Line,
    LineNotFound,
    MonthOpen,
    RoyaltyInvalid,
    SaleRefused,
    StatementTooLong,
    bounds_of,
    check_month,
)
from supergame.features.royalties.model import Statement as RoyaltyStatement
from supergame.features.royalties.statement import COLUMNS, amount_text, as_csv, as_html, checksum
from tests.support.licences import PIP, STARHOP, World, a_world


async def balances(world: World, licence_id: str = "") -> dict[str, int]:
    names = ["title/starhop", "owner/kitewind-studio", "owner/ada", *([f"licence/{licence_id}"] if licence_id else [])]
    return {name.partition("/")[0] if "licence" in name else name: await world.ledger.balance(name, "EUR") for name in names}


async def close(world: World) -> str:
    """Go to the next month and close the one before, whose name it returns."""
    month = world.month
    await world.next_month()
    await world.royalties.close(month, "olga")
    return month


async def test_ROY1_uses_are_booked_together_and_each_batch_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_world() as world:
        licence = await world.licence(use_fee=10)
        world.use(5, "ada")
        batch = world.royalties._next_batch()
        assert batch is not None
        for _ in range(3):
            await world.db.write_durable(world.royalties._book, batch)
        assert await balances(world, licence.id) == {"title/starhop": -50, "owner/kitewind-studio": 0, "owner/ada": 0, "licence": 50}
        assert [row[2:8] for row in await world.royalties.usage(licence.id, world.month)] == [(PIP, 5, 1, 0, 0, 50)]
        assert await world.ledger.check() == []


async def test_ROY1_a_planted_fault_is_caught_a_batch_that_is_booked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(self: Any, batch_id: str, number: int) -> Any:
        yield store._BOOKED("", 0)
        return False

    async with a_world() as world:
        await world.licence(use_fee=10)
        world.use(5)
        batch = world.royalties._next_batch()
        monkeypatch.setattr(store.RoyaltyStore, "is_booked", never)
        await world.db.write_durable(world.royalties._book, batch)
        with pytest.raises(Exception, match="Another row"):
            await world.db.write_durable(world.royalties._book, batch)
        assert (await balances(world))["title/starhop"] == -50, "the database holds where the code forgets"


async def test_ROY2_what_cannot_be_booked_now_waits_and_is_booked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_world() as world:
        await world.licence(use_fee=10)
        world.use(5)
        honest, attempts = world.db.write_durable, []

        async def answer_lost(tx: Any, *args: Any) -> Any:
            attempts.append(args)
            if len(attempts) > 1:  # the first is not even written
                await honest(tx, *args)
            raise DatabaseUnavailable

        monkeypatch.setattr(world.db, "write_durable", answer_lost)
        for _ in range(3):
            with pytest.raises(DatabaseUnavailable):
                await world.royalties.flush()
            world.use(1)
        monkeypatch.undo()
        assert attempts[0] == attempts[1] == attempts[2], "the same batch each time; what is used meanwhile waits behind it"
        await world.royalties.flush()
        await world.royalties.flush()
        assert (await balances(world))["title/starhop"] == -80


async def test_ROY3_a_share_is_of_the_sum_however_it_was_batched() -> None:
    async with a_world() as world:
        licence = await world.licence(use_fee=0, share_bps=3_333)
        booked = [await world.royalties.sale(STARHOP, PIP, 1, "EUR", f"sale-{number}") for number in range(10)]
        assert sum(booked) == 10 * 3_333 // 10_000 == 3
        assert await world.ledger.balance(f"licence/{licence.id}", "EUR") == 3


async def test_ROY4_a_sale_is_booked_at_once_and_once() -> None:
    async with a_world() as world:
        await world.licence(use_fee=0, share_bps=1_000)
        assert await world.royalties.sale(STARHOP, PIP, 499, "EUR", "order-1") == 49
        assert await world.royalties.sale(STARHOP, PIP, 499, "EUR", "order-1") == 0
        assert (await balances(world))["title/starhop"] == -49


async def test_ROY4_sales_need_a_licence_in_their_currency_and_a_form() -> None:
    async with a_world() as world:
        with pytest.raises(SaleRefused, match="no_licence"):
            await world.royalties.sale(STARHOP, PIP, 499, "EUR", "order-1")
        licence = await world.licence(share_bps=1_000)
        with pytest.raises(SaleRefused, match="EUR"):
            await world.royalties.sale(STARHOP, PIP, 499, "USD", "order-1")
        for amount, sale_id in ((0, "a"), (-1, "a"), (10**12 + 1, "a"), (1, ""), (1, "a b"), (1, "x" * 65), (1.5, "a"), (True, "a")):
            with pytest.raises(RoyaltyInvalid):
                await world.royalties.sale(STARHOP, PIP, amount, "EUR", sale_id)  # type: ignore[arg-type]
        assert await world.royalties.sale(TitleId("starhop@beta"), PIP, 499, "EUR", "a") == 0
        await world.take(licence, Action.SUSPEND)
        with pytest.raises(SaleRefused, match="suspended"):
            await world.royalties.sale(STARHOP, PIP, 499, "EUR", "order-1")


@pytest.mark.parametrize(("uses", "owed"), [(9, 90), (10, 100), (11, 100), (25, 100)])
async def test_ROY5_a_months_maximum_is_reached_and_not_passed(uses: int, owed: int) -> None:
    async with a_world() as world:
        await world.licence(use_fee=10, royalty_max=100)
        for _ in range(uses):
            world.use(1)
            await world.royalties.flush()
        assert (await balances(world))["title/starhop"] == -owed
        await world.next_month()
        world.use(1)
        await world.royalties.flush()
        assert (await balances(world))["title/starhop"] == -owed - 10, "it is of one month"


async def test_ROY5_the_maximum_cuts_a_batch_that_would_pass_it() -> None:
    async with a_world() as world:
        await world.licence(use_fee=30, royalty_max=100)
        world.use(7)
        await world.royalties.flush()
        assert (await balances(world))["title/starhop"] == -100


@pytest.mark.parametrize(("uses", "topped_up"), [(0, 100), (9, 10), (10, 0), (11, 0)])
async def test_ROY6_what_royalties_leave_of_a_minimum_is_owed_at_the_months_end(uses: int, topped_up: int) -> None:
    async with a_world() as world:
        await world.licence(use_fee=10, minimum=100)
        world.use(uses)
        month = await close(world)
        assert (await balances(world))["title/starhop"] == -max(100, 10 * uses)
        lines = (await world.royalties.statement("kitewind-studio", month)).lines
        assert [line.amount for line in lines if line.kind == "minimum"] == ([topped_up] if topped_up else [])
        assert await world.ledger.check() == []


async def test_ROY6_no_minimum_for_a_month_in_which_the_licence_was_never_in_force() -> None:
    async with a_world() as world:
        licence = await world.licence(use_fee=10, minimum=100)
        await close(world)
        await world.take(licence, Action.SUSPEND)
        await close(world)  # it was in force for its first hour
        await close(world)
        assert (await balances(world))["title/starhop"] == -200
        await world.take(licence, Action.RESTORE)
        await close(world)
        assert (await balances(world))["title/starhop"] == -300


async def test_ROY7_closing_divides_a_month_among_the_owners_and_happens_once() -> None:
    async with a_world() as world:
        licence = await world.licence(use_fee=7)
        world.use(3)
        month = await close(world)
        expected = {"title/starhop": -21, "owner/kitewind-studio": 15, "owner/ada": 6, "licence": 0}
        assert await balances(world, licence.id) == expected
        assert await world.royalties.close(month, "paul") == []
        assert await balances(world, licence.id) == expected
        assert await world.ledger.check() == []


async def test_ROY7_a_month_is_closed_when_it_is_over() -> None:
    async with a_world() as world:
        world_month = world.month
        with pytest.raises(MonthOpen):
            await world.royalties.close(world_month, "olga")
        for wrong in ("", "2026", "2026-13", "26-01", "2026-1"):
            with pytest.raises(RoyaltyInvalid):
                await world.royalties.close(wrong, "olga")
        assert bounds_of(check_month("2026-12"))[1] == bounds_of(check_month("2027-01"))[0]


async def test_ROY8_the_statement_shows_every_use_also_of_an_open_month() -> None:
    async with a_world() as world:
        licence = await world.licence(use_fee=7, share_bps=1_000)
        world.use(3, "ben")
        await world.royalties.flush()
        await world.royalties.sale(STARHOP, PIP, 1_000, "EUR", "order-1")
        month = world.month
        open_one = await world.royalties.statement("ada", month)
        assert not open_one.is_final
        (line,) = open_one.lines
        assert (line.uses, line.sessions, line.sales, line.sold, line.royalty, line.share) == (3, 1, 1, 1_000, 121, "3/10")
        assert (line.amount, line.number, line.transaction_id) == (36, 0, "")
        assert sum(row[3] for row in await world.royalties.usage(licence.id, month)) == 3
        await close(world)
        final = await world.royalties.statement("ada", month)
        assert final.is_final
        assert [(one.amount, one.uses, one.signed_by) for one in final.lines] == [(36, 3, "olga")]
        assert final.totals() == {"EUR": 36} == {"EUR": await world.ledger.balance("owner/ada", "EUR")}


async def test_ROY8_uses_that_cost_nothing_are_stated_too() -> None:
    async with a_world() as world:
        await world.licence(use_fee=0)
        world.use(4)
        month = await close(world)
        statement = await world.royalties.statement("ada", month)
        assert [(line.uses, line.amount) for line in statement.lines] == [(4, 0)]


async def test_ROY8_a_statement_is_whole_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_world() as world:
        month = await disputed(world)
        monkeypatch.setattr(store, "LINES_MAX", 1)
        assert len((await world.royalties.statement("ada", month)).lines) == 1
        monkeypatch.setattr(store, "LINES_MAX", 0)
        with pytest.raises(StatementTooLong):
            await world.royalties.statement("ada", month)


async def test_ROY8_shares_follow_a_remix_into_the_statements_of_all_its_owners() -> None:
    async with a_world() as world:
        remix = Asset(id="remixes/pip", kind=AssetKind.CHARACTER, name="Night Pip", remix_of=PIP, remix_bps=5_000)
        await world.licences.add_asset(remix)
        await world.licence(property_id="remixes", assets=("remixes/pip",), use_fee=101)
        assert world.licences.use(STARHOP, "remixes/pip").allowed
        month = await close(world)
        amounts = {owner: (await world.royalties.statement(owner, month)).totals() for owner in ("ben", "ada", "kitewind-studio")}
        assert amounts == {"ben": {"EUR": 51}, "ada": {"EUR": 15}, "kitewind-studio": {"EUR": 35}}


async def test_ROY9_every_amount_leads_back_to_what_was_used() -> None:
    async with a_world() as world:
        licence = await world.licence(use_fee=7)
        world.use(3)
        month = await close(world)
        (line,) = (await world.royalties.statement("ada", month)).lines
        done = await world.ledger.get(line.transaction_id)
        assert done.posting.event == f"royalties/close/{licence.id}/{month}"
        ((batch, number, *counted),) = await world.royalties.usage(licence.id, month)
        (accrued,) = await world.ledger.of_event(f"royalties/usage/{batch}/{number}")
        assert accrued.posting.transfers[0].amount == counted[5] == 21


def test_ROY9_no_statement_of_the_store_edits_usage_closings_or_lines() -> None:
    texts = [item.sql for item in vars(store).values() if isinstance(item, Statement)]
    assert [text.split(" SET")[0] for text in texts if text.startswith(("UPDATE", "DELETE"))] == ["UPDATE royalty_meters"]


async def disputed(world: World) -> str:
    await world.licence(use_fee=10)
    world.use(10)
    return await close(world)


async def test_ROY10_a_dispute_is_settled_by_a_counter_entry_of_the_month_in_which_it_is_made() -> None:
    async with a_world() as world:
        month = await disputed(world)
        before = await world.royalties.statement("ada", month)
        back = await world.royalties.correct("ada", f"{month}/1", -10, "Ten uses were ours.", "case-1", "olga")
        more = await world.royalties.correct("ada", f"{month}/1", 4, "Four were not.", "case-2", "paul")
        assert await world.royalties.correct("ada", f"{month}/1", -10, "Ten uses were ours.", "case-1", "olga") == back
        assert await world.royalties.statement("ada", month) == before, "a closed month stays as it is"
        now = await world.royalties.statement("ada", world.month)
        assert [(line.amount, line.corrects, line.signed_by) for line in now.lines] == [
            (-10, f"{month}/1", "olga"),
            (4, f"{month}/1", "paul"),
        ]
        assert (back.kind, more.note) == ("correction", "Four were not.")
        assert await balances(world) == {"title/starhop": -94, "owner/kitewind-studio": 70, "owner/ada": 24}
        assert await world.ledger.check() == []


async def test_ROY10_corrections_have_bounds_and_a_key() -> None:
    async with a_world() as world:
        month = await disputed(world)
        correct = world.royalties.correct
        with pytest.raises(CorrectionTooLarge):
            await correct("kitewind-studio", f"{month}/1", -71, "All.", "case-1", "olga")
        paid = Transfer(Account("owner/ada", AccountKind.FUNDED), Account("bank", AccountKind.OPEN), 25)
        await world.ledger.post(Posting(key="paid", event="payment/1", currency="EUR", transfers=(paid,)))
        with pytest.raises(BalanceTooLow):
            await correct("ada", f"{month}/1", -30, "All.", "case-1", "olga")
        await correct("kitewind-studio", f"{month}/1", -70, "All.", "case-1", "olga")
        with pytest.raises(CorrectionTooLarge):
            await correct("kitewind-studio", f"{month}/1", -1, "More.", "case-2", "olga")
        with pytest.raises(PostingKeyReused):
            await correct("ada", f"{month}/1", -1, "Other.", "case-1", "olga")
        for name in (f"{month}/2", f"{month}/0"):
            with pytest.raises(LineNotFound):
                await correct("ada", name, -1, "No such line.", "case-3", "olga")
        for name, amount, note in ((month, -1, "x"), (f"{month}/1", 0, "x"), (f"{month}/1", -1, ""), (f"{month}/x", -1, "x")):
            with pytest.raises(RoyaltyInvalid):
                await correct("ada", name, amount, note, "case-4", "olga")


def statement_of(*lines: Line, name: str = "Ada") -> RoyaltyStatement:
    return RoyaltyStatement(owner_id="ada", owner_name=name, month="2026-10", is_final=True, lines=lines)


def line(**fields: Any) -> Line:
    plain = {"owner_id": "ada", "month": "2026-10", "number": 1, "kind": "share", "licence_id": "l", "title": "starhop"}
    return Line(**plain | {"asset": PIP, "currency": "EUR", "amount": 1_250, "royalty": 2_500, "share": "1/2"} | fields)


def test_ROY11_the_csv_ends_with_the_sha256_of_its_rows_and_is_the_same_each_time() -> None:
    statement = statement_of(line(), line(number=2, amount=-50, corrects="2026-09/1"), line(number=3, currency="JPY", amount=7))
    made = as_csv(statement)
    assert made == as_csv(statement)
    rows = list(csv.reader(io.StringIO(made.decode(), newline="")))
    assert rows[0] == list(COLUMNS)
    owed, taken = COLUMNS.index("owed"), COLUMNS.index("taken_back")
    assert [(row[owed], row[taken]) for row in rows[1:6]] == [("1250", "0"), ("0", "50"), ("7", "0"), ("1200", "0"), ("7", "0")]
    body, _, _ = made.rpartition(b'"sha256"')
    assert rows[-1] == ["sha256", hashlib.sha256(body).hexdigest()] == ["sha256", checksum(statement)]


async def test_ROY11_a_closed_months_files_are_the_same_bytes_whenever_and_wherever_they_are_made() -> None:
    async with a_world() as world:
        month = await disputed(world)
        first = await world.royalties.statement("ada", month)
        await close(world)
        again = await (await world.node()).royalties.statement("ada", month)
        assert (as_csv(first), as_html(first)) == (as_csv(again), as_html(again))


def test_ROY12_no_cell_of_the_csv_is_a_formula() -> None:
    for evil in ("=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "\r=1"):
        made = as_csv(statement_of(line(note=evil, signed_by=evil, asset=evil, title=evil, amount=-5)))
        cells = [cell for row in csv.reader(io.StringIO(made.decode(), newline="")) for cell in row]
        assert f"'{evil}" in cells
        assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_ROY13_the_page_shows_texts_as_texts_and_amounts_in_full_units() -> None:
    page = as_html(statement_of(line(note="<script>alert(1)</script>", corrects="2026-09/1"), name='Ada "<b>"')).decode()
    assert "<script" not in page
    assert "<b>" not in page
    assert "12.50 EUR" in page
    assert checksum(statement_of(line(note="<script>alert(1)</script>", corrects="2026-09/1"))) in page
    assert [amount_text(*one) for one in ((-5, "EUR"), (1_234_567, "JPY"), (1_234_567, "KWD"), (0, "USD"))] == [
        "-0.05 EUR",
        "1,234,567 JPY",
        "1,234.567 KWD",
        "0.00 USD",
    ]


async def test_ROY14_months_of_random_play_add_up_to_the_cent() -> None:
    async with a_world() as world:
        chance = random.Random(9)
        await world.licences.add_owner(Owner(id="cleo", name="Cleo"))
        remix = Asset(id="remixes/pip", kind=AssetKind.CHARACTER, name="P", credits=(Credit("cleo", 3_333),), remix_of=PIP, remix_bps=3_333)
        await world.licences.add_asset(remix)
        await world.licence(use_fee=3, share_bps=777, royalty_max=5_000, minimum=900)
        await world.licence(property_id="remixes", assets=("remixes/pip",), use_fee=1, share_bps=2_500)
        for _ in range(3):
            for number in range(chance.randint(5, 40)):
                asset = chance.choice((PIP, "remixes/pip"))
                for _ in range(chance.randint(1, 60)):
                    world.licences.use(STARHOP, asset, chance.choice(("", "ada", "ben")))
                if number % 3 == 0:
                    await world.royalties.sale(STARHOP, asset, chance.randint(1, 5_000), "EUR", f"{world.month}-{number}")
                await world.royalties.flush()
            await close(world)
        owned = [await world.ledger.balance(f"owner/{owner}", "EUR") for owner in ("kitewind-studio", "ada", "ben", "cleo")]
        assert sum(owned) == -await world.ledger.balance("title/starhop", "EUR") > 2_700
        assert min(owned) > 0
        assert await world.ledger.check() == []
