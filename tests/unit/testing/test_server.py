"""The in-process server that game makers test with."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from supergame.base.limits import Limits
from supergame.game import Context, Game
from supergame.testing import Refusal, TestServer


async def test_a_player_signs_in_and_comes_back_as_the_same_person() -> None:
    async with TestServer() as server:
        first, again, bob = await server.sign_in("ada"), await server.sign_in("ada"), await server.sign_in("bob")
        assert first.user_id == again.user_id != bob.user_id


async def test_equal_seeds_make_equal_ids() -> None:
    ids = []
    for seed in (1, 1, 2):
        async with TestServer(seed=seed) as server:
            ids.append((await server.sign_in("ada")).user_id)
    assert ids[0] == ids[1] != ids[2]


async def test_a_refusal_shows_what_came_back() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        with pytest.raises(Refusal, match="404") as caught:
            await ada.rpc("missing")
        assert caught.value.answer.status == 404
        with pytest.raises(Refusal, match="400"):
            await server.sign_in("x" * 200)


async def test_a_restart_keeps_what_was_stored() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        await server.stop()
        await server.start()
        assert (await ada.get("/v2/account"))["user"]["username"] == "ada"


async def test_several_games_have_players_of_their_own() -> None:
    async with TestServer(Game("alpha"), Game("beta")) as server:
        one, other = await server.sign_in("ada", title=0), await server.sign_in("ada", title=1)
        assert one.user_id == other.user_id
        assert one.token != other.token


async def test_the_table_of_limits_can_be_another() -> None:
    async with TestServer(limits=Limits(page_max=2)) as server:
        ada = await server.sign_in("ada")
        assert (await ada.request("GET", "/v2/storage/save", query={"limit": 3})).status == 400


async def test_settling_delivers_what_waits() -> None:
    game = Game("main")

    @game.rpc("save")
    async def save(ctx: Context, payload: str) -> None:
        await ctx.storage.write("save", "k", {"n": 1}, permission_read=2)

    async with TestServer(game) as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        await ada.rpc("save")
        await ada.call("DELETE", "/v2/account")
        await server.settle()
        assert await bob.get("/v2/storage/save") == {}


def test_nothing_is_left_behind() -> None:
    async def play(server: TestServer) -> None:
        async with server:
            await server.sign_in("ada")

    threads = set(threading.enumerate())
    server = TestServer()
    assert Path(server._folder.name).exists()
    asyncio.run(play(server))
    assert not Path(server._folder.name).exists()
    assert {thread for thread in threading.enumerate() if thread.name.startswith("supergame")} <= threads
