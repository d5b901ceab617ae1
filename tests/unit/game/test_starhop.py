"""The example Star Hop: Pip is a guest under licence, and leaves live when that is suspended."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from supergame.app.deployment import Served
from supergame.app.games import load_games
from supergame.game import Game
from supergame.testing import TestServer, TestSocket
from tests.unit.game.test_licences import Stage

STEER, WORLD, STATE, TOLD = 1, 2, 3, 4


@pytest.fixture
def starhop() -> Game:
    (game,) = load_games([Served(Path(__file__).parents[3] / "examples" / "starhop" / "game.py")])
    return game


async def hop_in(server: TestServer, name: str, hero: str) -> tuple[TestSocket, str]:
    player = await server.sign_in(name)
    match_id = json.loads(await player.rpc("play"))["match_id"]
    socket = await player.connect()
    reply = await socket.call({"match_join": {"match_id": match_id, "metadata": {"hero": hero}}})
    assert "match" in reply, reply
    return socket, match_id


def last(socket: TestSocket, op_code: int) -> Any:
    found = [one["match_data"] for one in socket.log if one.get("match_data", {}).get("op_code") == str(op_code)]
    return json.loads(base64.b64decode(found[-1]["data"]))


def heroes(socket: TestSocket) -> dict[str, str]:
    return {name: hero for name, hero, *_ in last(socket, STATE)["hoppers"].values()}


async def test_pip_hops_by_licence_is_swapped_out_when_it_is_suspended_and_comes_back(starhop: Game) -> None:
    async with TestServer(starhop) as server:
        stage = Stage(server, await server.operator())
        await stage.license_pip()
        ada, _ = await hop_in(server, "ada", "pip")
        await hop_in(server, "ben", "comet")
        server.tick()
        assert heroes(ada) == {"ada": "pip", "ben": "comet"}
        await stage.step("suspend")
        server.tick()
        assert heroes(ada) == {"ada": "comet", "ben": "comet"}
        assert last(ada, TOLD) == {"pip": False, "reason": "suspended"}
        await stage.step("restore")
        server.tick()
        assert heroes(ada) == {"ada": "pip", "ben": "comet"}


async def test_without_a_licence_everybody_is_at_home_in_comet(starhop: Game) -> None:
    async with TestServer(starhop) as server:
        ada, _ = await hop_in(server, "ada", "pip")
        server.tick()
        assert heroes(ada) == {"ada": "comet"}


async def test_hoppers_land_on_pads_run_hop_and_gather_whatever_they_send(starhop: Game) -> None:
    async with TestServer(starhop) as server:
        ada, match_id = await hop_in(server, "ada", "comet")
        server.advance(2)
        (hopper,) = last(ada, STATE)["hoppers"].values()
        assert [hopper[2], hopper[3]] == [480, 200], "on the pad below the middle"
        for data in (
            b"[]",
            b"{",
            b'{"x": 9, "hop": true}',
            b'{"x": NaN, "hop": true}',
            b'{"x": "far", "hop": true}',
            b'{"x": 1, "hop": false}',
        ):
            ada.post({"match_data_send": {"match_id": match_id, "op_code": STEER, "data": base64.b64encode(data).decode()}})
        await ada.call({"rpc": {"id": "play", "payload": ""}})
        server.tick(2)
        (hopper,) = last(ada, STATE)["hoppers"].values()
        assert [hopper[2], hopper[3]] == [510, 200]
