"""Wallets from a game's own code. Rules: docs/spec/wallets.md."""

from __future__ import annotations

import json

from supergame.base.ids import TitleId
from supergame.game import Context, Game, WalletUpdate
from supergame.testing import TestServer


def shop() -> Game:
    game = Game("main")

    @game.rpc("buy")
    async def buy(ctx: Context, payload: str) -> str:
        result = await ctx.wallets.update(ctx.user_id, {"coins": -30, "kites": 1}, {"bought": "kite"}, key=payload)
        assert await ctx.wallets.get(ctx.user_id) == result.updated
        return json.dumps(result.updated)

    @game.rpc("share")
    async def share(ctx: Context, payload: str) -> str:
        parts = [WalletUpdate(ctx.user_id, {"coins": -1}), WalletUpdate(payload, {"coins": 1}, {"from": ctx.username})]
        return json.dumps([result.updated for result in await ctx.wallets.update_many(parts)])

    @game.rpc("history")
    async def history(ctx: Context, payload: str) -> str:
        items, cursor = await ctx.wallets.ledger(ctx.user_id, limit=2, cursor=payload)
        return json.dumps([[item.changeset for item in items], cursor])

    return game


async def test_WAL2_and_WAL4_and_WAL8_a_game_sells_shares_and_looks_back() -> None:
    async with TestServer(shop()) as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        await server.node.wallets.update(TitleId("main"), [WalletUpdate(ada.user_id, {"coins": 100})])
        for _ in range(2):
            assert json.loads(await ada.rpc("buy", "purchase-1")) == {"coins": 70, "kites": 1}
        assert json.loads(await ada.rpc("share", bob.user_id)) == [{"coins": 69, "kites": 1}, {"coins": 1}]
        changes, cursor = json.loads(await ada.rpc("history", ""))
        assert changes == [{"coins": -1}, {"coins": -30, "kites": 1}]
        assert json.loads(await ada.rpc("history", cursor)) == [[{"coins": 100}], ""]


async def test_WAL3_a_player_who_has_too_little_is_told_so() -> None:
    async with TestServer(shop()) as server:
        ada = await server.sign_in("ada")
        answer = await ada.request("POST", "/v2/rpc/buy", body="purchase-1")
        assert (answer.status, answer.headers["X-Supergame-Error"]) == (400, "wallet.too_low")
