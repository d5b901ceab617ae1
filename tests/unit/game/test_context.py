"""`ctx`: who calls, what time it is, and where a game's words go."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from structlog.testing import capture_logs

from supergame.game import Context, Game
from supergame.testing import TestServer


async def test_a_function_knows_its_caller() -> None:
    game = Game("main")

    @game.rpc("who")
    async def who(ctx: Context, payload: str) -> str:
        return json.dumps([ctx.title_id, ctx.user_id, ctx.username, ctx.vars, ctx.query, ctx.lang])

    async with TestServer(game) as server:
        signed_in = await server.authenticate("device", {"id": "device-of-ada", "vars": {"build": "7"}}, username="ada")
        headers = {"authorization": f"Bearer {signed_in.json['token']}", "accept-language": "fr"}
        answer = await server.request("POST", "/v2/rpc/who", query={"a": "1"}, headers=headers)
        told = json.loads(answer.json["payload"])
        assert (told[0], told[2:]) == ("main", ["ada", {"build": "7"}, {"a": ["1"]}, "fr"])
        assert len(told[1]) == 36


async def test_the_time_is_the_platforms() -> None:
    game, seen = Game("main"), []

    @game.rpc("when")
    async def when(ctx: Context, payload: str) -> None:
        seen.append(ctx.now)

    async with TestServer(game) as server:
        ada = await server.sign_in("ada")
        await ada.rpc("when")
        server.clock.advance(59.9)
        await ada.rpc("when")
    assert seen == [datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 0, 0, 59, tzinfo=UTC)]


async def test_a_games_log_names_its_title() -> None:
    game = Game("main")

    @game.rpc("level_up")
    async def level_up(ctx: Context, payload: str) -> None:
        ctx.log.info("level up", level=5)

    async with TestServer(game) as server:
        ada = await server.sign_in("ada")
        with capture_logs() as logs:
            await ada.rpc("level_up")
    assert logs == [{"event": "level up", "level": 5, "title": "main", "part": "game", "log_level": "info"}]
