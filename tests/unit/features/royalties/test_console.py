"""Statements, disputes and the ledger in the console, from a licence's first use to a corrected line. Rules: docs/spec/royalties.md."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from supergame.base.ids import TitleId
from supergame.features.royalties.model import month_of
from supergame.testing import Answer, TestOperator, TestServer
from tests.unit.game.test_licences import PIP, Stage, starhop

CONSOLE = "/sg/v1/console"


@asynccontextmanager
async def a_closed_month(uses: int = 10) -> AsyncIterator[tuple[TestServer, TestOperator, str]]:
    """Of Pip in starhop at 10 cents a use, of which Ada has three."""
    async with TestServer(starhop()) as server:
        stage = Stage(server, await server.operator())
        await stage.license_pip()
        for _ in range(uses):
            server.node.licences.use(TitleId("starhop"), PIP, "somebody")
        await server.node.royalties.flush()
        month = month_of(server.clock.now())
        while month_of(server.clock.now()) == month:
            server.clock.advance(43_200)
        server.clock.advance(3_600)
        operator = await server.operator()
        await operator.act("POST", f"{CONSOLE}/royalties/{month}/close", {})
        yield server, operator, month


async def test_ROY11_the_statement_is_downloaded_as_csv_and_shown_as_a_page_with_one_checksum() -> None:
    async with a_closed_month() as (_, operator, month):
        path = f"{CONSOLE}/owners/ada/statements/{month}"
        told = await operator.get(path)
        assert (told["is_final"], told["totals"]) == (True, [{"currency": "EUR", "amount": "30"}])
        table: Answer = await operator.request("GET", f"{path}/csv")
        assert table.headers["Content-Disposition"] == f'attachment; filename="royalties-ada-{month}.csv"'
        assert hashlib.sha256(table.body.rpartition(b'"sha256"')[0]).hexdigest() == told["sha256"]
        page = await operator.request("GET", f"{path}/html")
        assert told["sha256"].encode() in page.body
        assert b"0.30 EUR" in page.body
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]


async def test_ROY10_an_operator_settles_a_dispute_and_both_entries_are_in_the_ledger() -> None:
    async with a_closed_month() as (_, operator, month):
        body: dict[str, Any] = {"line": f"{month}/1", "amount": "-6", "note": "Two uses were tests.", "key": "case-7"}
        for _ in range(2):
            made = await operator.act("POST", f"{CONSOLE}/owners/ada/corrections", body)
            assert (made["amount"], made["corrects"], made["signed_by"]) == ("-6", f"{month}/1", operator.name)
        entries = await operator.get(f"{CONSOLE}/ledger/entries", account="owner/ada", currency="EUR")
        assert [(one["amount"], one["balance"], one["other"]) for one in entries["entries"]] == [
            ("-6", "24", "title/starhop"),
            ("30", "30", entries["entries"][1]["other"]),
        ]
        done = await operator.get(f"{CONSOLE}/ledger/transactions/{made['transaction_id']}")
        assert done["transfers"] == [{"debit": "owner/ada", "credit": "title/starhop", "amount": "6"}]
        accounts = (await operator.get(f"{CONSOLE}/ledger/accounts"))["balances"]
        assert sum(int(one.get("amount", 0)) for one in accounts) == 0
        assert await operator.get(f"{CONSOLE}/ledger/check") == {}


async def test_ROY9_an_operator_follows_a_sum_to_its_batches() -> None:
    async with a_closed_month() as (server, operator, month):
        (licence,) = server.node.licences.all_known()
        found = await operator.get(f"{CONSOLE}/licences/{licence.id}/usage/{month}")
        assert [(one["asset"], one["uses"], one["royalty"]) for one in found["usage"]] == [(PIP, "10", "100")]


async def test_LIC14_owners_assets_and_licences_are_listed_and_a_title_limits_an_operator() -> None:
    async with a_closed_month() as (server, operator, _):
        assert [one["id"] for one in (await operator.get(f"{CONSOLE}/owners"))["owners"]] == ["ada", "kitewind-studio"]
        assert [one["home_title"] for one in (await operator.get(f"{CONSOLE}/properties"))["properties"]] == ["kitewind"]
        (asset,) = (await operator.get(f"{CONSOLE}/assets"))["assets"]
        assert asset["credits"] == [{"owner_id": "ada", "share_bps": 3000, "role": "drawing"}]
        assert len((await operator.get(f"{CONSOLE}/licences", title="starhop@beta", state="active"))["licences"]) == 1
        assert await operator.get(f"{CONSOLE}/licences", state="revoked") == {}
        stranger = await server.operator("operator", titles=["kitewind"])
        (licence,) = server.node.licences.all_known()
        assert await stranger.get(f"{CONSOLE}/licences") == {}
        assert (await stranger.request("GET", f"{CONSOLE}/licences/{licence.id}")).status == 404


async def test_LIC4_an_operator_writes_the_terms_of_a_draft_anew() -> None:
    async with a_closed_month(uses=0) as (_, operator, _):
        terms = {"title": "starhop", "property_id": "kitewind", "assets": [PIP], "starts_at": "2026-12-01T00:00:00Z"}
        made = await operator.act("POST", f"{CONSOLE}/licences", {"terms": terms})
        assert made["terms"]["currency"] == "EUR", "told, though it was not named"
        dearer = await operator.act("PUT", f"{CONSOLE}/licences/{made['id']}", {"terms": terms | {"use_fee": "20"}})
        assert (dearer["terms"]["use_fee"], dearer["terms"]["starts_at"]) == ("20", "2026-12-01T00:00:00Z")
        wrong = await operator.request("PUT", f"{CONSOLE}/licences/{made['id']}", body={"terms": terms | {"share_bps": 10_001}})
        assert wrong.headers["X-Supergame-Error"] == "licence.terms_invalid"
