"""The rows of the table of limits about matches: at the bound, and beyond it."""

from __future__ import annotations

import asyncio
from typing import Any

from supergame.base.limits import Limits
from supergame.game import Context, Game, Match, MatchMessage
from supergame.testing import TestOperator, TestServer, TestSocket
from tests.unit.game.test_match import Arena, make_game
from tests.unit.routing.test_rt import test_too_many_waiting_messages_end_their_sender as test_socket_messages_queued_max

__all__ = ["test_socket_messages_queued_max"]


def serving(**limits: Any) -> TestServer:
    return TestServer(make_game(), limits=Limits(**limits))


async def socket_of(server: TestServer, name: str = "ada") -> TestSocket:
    return await (await server.sign_in(name)).connect()


async def is_made(socket: TestSocket, name: str = "") -> bool:
    return "match" in await socket.call({"match_create": {"name": name}})


async def test_matches_max() -> None:
    async with serving(matches_max=1) as server:
        arena = await Arena.open(server)
        assert (await arena.host.request("POST", "/v2/rpc/create", body="arena")).status == 429


async def test_matches_per_session_max() -> None:
    async with serving(matches_per_session_max=2) as server:
        ada = await socket_of(server)
        assert [await is_made(ada) for _ in range(3)] == [True, True, False]


async def test_match_players_max() -> None:
    async with serving(match_players_max=2) as server:
        arena = await Arena.open(server, "ada", "bob")
        assert "error" in await arena.join("eve")


async def test_match_messages_queued_max() -> None:
    async with serving(match_messages_queued_max=3) as server:
        arena = await Arena.open(server, "ada")
        for number in range(5):
            arena.say("ada", f"say {number}")
        server.tick()
        assert arena.heard()["ada"] == ["ada:0", "ada:1", "ada:2"]


async def test_match_label_bytes_max() -> None:
    async with serving(match_label_bytes_max=4) as server:
        arena = await Arena.open(server, "ada")
        for label, is_over in (("four", False), ("fives", True)):
            arena.say("ada", f"label {label}")
            server.tick()
            assert arena.is_over is is_over


async def test_match_name_bytes_max() -> None:
    async with serving(match_name_bytes_max=4) as server:
        ada = await socket_of(server)
        assert [await is_made(ada, name) for name in ("four", "fives")] == [True, False]


async def test_match_data_bytes_max() -> None:
    async with serving(match_data_bytes_max=4) as server:
        arena = await Arena.open(server, "ada")
        for text, is_over in (("four", False), ("fives", True)):
            arena.say("ada", f"say {text}")
            server.tick()
            assert arena.is_over is is_over


async def test_match_spawned_max() -> None:
    async with serving(match_spawned_max=1) as server:
        arena = await Arena.open(server, "ada")
        for _ in range(2):
            arena.say("ada", "spawn save")
        server.tick()
        assert arena.is_over  # the handler did not expect the refusal
        await asyncio.gather(*server.node.matches._parts.tasks)


async def test_match_grace_s() -> None:
    game, ended = Game("main"), []

    @game.match("stubborn")
    class Stubborn:
        def init(self, match: Match, params: dict[str, Any]) -> None:
            async def work() -> None:
                try:
                    await asyncio.get_running_loop().create_future()
                finally:
                    ended.append("given up")

            match.spawn(work())

        def loop(self, match: Match, messages: list[MatchMessage]) -> None: ...

    @game.rpc("create")
    async def create(ctx: Context, payload: str) -> str:
        return await ctx.matches.create("stubborn")

    async with TestServer(game, limits=Limits(match_grace_s=0.01)) as server:
        await (await server.sign_in("ada")).rpc("create")
    assert ended == ["given up"]


async def test_match_query_bytes_max() -> None:
    async with serving(match_query_bytes_max=8) as server:
        ada = await server.sign_in("ada")
        statuses = [(await ada.request("GET", "/v2/match", query={"query": query})).status for query in ("a" * 8, "a" * 9)]
        assert statuses == [200, 400]


async def test_match_query_steps_max() -> None:
    async with serving(match_query_steps_max=100) as server:
        host = await server.sign_in("host")
        for _ in range(10):
            await host.rpc("create", "arena " + "x" * 50)
        assert (await host.request("GET", "/v2/match", query={"query": "+label:/x*y/"})).status == 400


async def spectate(operator: TestOperator, match_id: str, after: str = "0") -> Any:
    return await operator.get(f"/sg/v1/console/titles/main/matches/{match_id}/messages", after=after)


async def test_spectated_matches_max() -> None:
    """Planted fault: nothing is closed for the new one."""
    async with serving(spectated_matches_max=2) as server:
        host, operator = await server.sign_in("host"), await server.operator()
        first, second, third = [await host.rpc("create", "arena") for _ in range(3)]
        last = {match_id: (await spectate(operator, match_id))["last"] for match_id in (second, first)}
        assert "skipped" not in await spectate(operator, second, last[second])
        await spectate(operator, third)
        assert "skipped" not in await spectate(operator, second, last[second])
        assert (await spectate(operator, first, last[first]))["skipped"]


async def test_spectated_messages_max() -> None:
    """Planted fault: a list without an end in place of the ring."""
    async with serving(spectated_messages_max=3) as server:
        arena, operator = await Arena.open(server, "ada"), await server.operator()
        last = (await spectate(operator, arena.match_id))["last"]
        for said, skipped in ((3, False), (4, True)):
            for number in range(said):
                arena.say("ada", f'"{number}"')
            seen = await spectate(operator, arena.match_id, last)
            assert ([one["text"] for one in seen["messages"]], seen.get("skipped", False)) == (
                [f'"{n}"' for n in range(said)][-3:],
                skipped,
            )
            last = seen["last"]


async def test_spectated_data_bytes_max() -> None:
    async with serving(spectated_data_bytes_max=4) as server:
        arena, operator = await Arena.open(server, "ada"), await server.operator()
        await spectate(operator, arena.match_id)
        for text in ('"ab"', '"abc"'):
            arena.say("ada", text)
        seen = await spectate(operator, arena.match_id)
        assert [(one["text"], one["data_bytes"], one.get("is_cut", False)) for one in seen["messages"]] == [
            ('"ab"', 4, False),
            ('"abc', 5, True),
        ]


async def test_spectating_s() -> None:
    """Planted fault: a tap that never closes."""
    async with serving(spectating_s=3.0) as server:
        arena, operator = await Arena.open(server, "ada"), await server.operator()
        last = (await spectate(operator, arena.match_id))["last"]
        for passed_s, is_closed in ((2.5, False), (4.0, True)):
            server.advance(passed_s)
            assert (await spectate(operator, arena.match_id, last)).get("skipped", False) is is_closed
