"""Wallets in the console, over the operators' port. Rules: docs/spec/wallets.md."""

from __future__ import annotations

import json

from supergame.testing import Answer, TestServer
from tests.unit.features.wallets.test_service import give, wallet

PLAYERS = "/sg/v1/console/titles/main/players"


def code(answer: Answer) -> str:
    return answer.headers.get("X-Supergame-Error", "")


async def test_WAL10_operators_see_what_there_is_and_how_it_came_about() -> None:
    async with TestServer() as server:
        ada, viewer = await server.sign_in("ada"), await server.operator("viewer")
        for amount in (5, -2, 4):
            await give(server, ada, {"coins": amount, "gems": 1}, why="play")
        page = await viewer.get(f"{PLAYERS}/{ada.user_id}/wallet", limit="2")
        assert page["balances"] == [{"currency": "coins", "amount": "7"}, {"currency": "gems", "amount": "3"}]
        assert [entry["changeset"][0]["amount"] for entry in page["entries"]] == ["4", "-2"]
        assert page["entries"][1]["updated"] == [{"currency": "coins", "amount": "3"}, {"currency": "gems", "amount": "2"}]
        assert json.loads(page["entries"][0]["metadata"]) == {"why": "play"}
        rest = await viewer.get(f"{PLAYERS}/{ada.user_id}/wallet", cursor=page["cursor"])
        assert [entry["changeset"][0]["amount"] for entry in rest["entries"]] == ["5"]
        assert "cursor" not in rest


async def test_WAL10_operators_give_and_take_with_a_reason_and_once_per_key() -> None:
    async with TestServer() as server:
        ada, olga = await server.sign_in("ada"), await server.operator("operator", name="olga")
        path = f"{PLAYERS}/{ada.user_id}/wallet"
        gift = {"currency": "coins", "amount": "30", "key": "dialog-1"}
        for _ in range(2):
            assert await olga.act("POST", path, gift, reason="lost in a crash") == {"balances": [{"currency": "coins", "amount": "30"}]}
        await olga.act("POST", path, {"currency": "coins", "amount": "-10"}, reason="too much")
        assert await wallet(ada) == {"coins": 20}
        taken, given = (await olga.get(path))["entries"]
        assert json.loads(given["metadata"]) == {"operator": "olga", "reason": "lost in a crash"}
        assert json.loads(taken["metadata"])["reason"] == "too much"
        trail = (await (await server.operator()).get("/sg/v1/console/audit", target=f"players/{ada.user_id}/wallet"))["actions"]
        assert [entry["reason"] for entry in trail] == ["too much", "lost in a crash", "lost in a crash"]
        assert (json.loads(trail[0]["changes"][0]["before"]), json.loads(trail[0]["changes"][0]["after"])) == ({"coins": 30}, {"coins": 20})
        refused = await olga.request("POST", path, body={"currency": "coins", "amount": "-21"}, reason="all of it")
        assert (refused.status, code(refused)) == (400, "wallet.too_low")


async def test_WAL10_nobody_changes_a_wallet_without_a_reason_or_the_right_to() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        path, gift = f"{PLAYERS}/{ada.user_id}/wallet", {"currency": "coins", "amount": "1"}
        assert code(await (await server.operator()).request("POST", path, body=gift)) == "console.reason_missing"
        for role in ("support", "viewer"):
            assert code(await (await server.operator(role)).request("POST", path, body=gift, reason="why not")) == "console.not_permitted"
        assert await wallet(ada) == {}
