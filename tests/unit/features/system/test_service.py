"""What a server tells of itself, on both of its ports."""

from __future__ import annotations

import json
from pathlib import Path

from supergame import __version__
from supergame.app.build import build
from supergame.app.config import Config
from supergame.game import Context, Game
from supergame.routing.http import Request
from supergame.testing import TestServer


async def on_console(server: TestServer, path: str):
    return await server.node.console_server.dispatch(Request("GET", path))


async def test_health_is_told_to_anyone_on_both_ports() -> None:
    async with TestServer() as server:
        assert (await server.request("GET", "/healthcheck")).body == b"{}"
        assert (await on_console(server, "/healthcheck")).status == 200


async def test_a_server_tells_what_it_is_and_offers() -> None:
    game = Game("main", name="My game")

    @game.rpc("Hello")
    async def hello(ctx: Context, payload: str) -> None: ...

    async with TestServer(game, Game("beta")) as server:
        server.clock.advance(90.5)
        told = (await server.request("GET", "/sg/v1/about")).json
        assert told == {
            "name": "supergame",
            "version": __version__,
            "engine": "sqlite",
            "titles": [{"id": "main", "name": "My game"}, {"id": "beta", "name": "beta"}],
            "rpcs": ["hello"],
            "uptime_s": 90,
        }


async def test_well_known_keys_are_told_apart_from_own_ones(tmp_path: Path) -> None:
    node = await build(Config(data_dir=tmp_path, host="0.0.0.0"), [Game("main")])
    answer = await node.router.dispatch(Request("GET", "/sg/v1/about"))
    await node.stop()
    assert b'"secure_keys":true' in answer.body


async def test_no_key_and_no_secret_is_told() -> None:
    async with TestServer() as server:
        await server.sign_in("ada")
        pages = [(await server.request("GET", path)).body for path in ("/sg/v1/about", "/openapi.json", "/healthcheck")]
        pages += [(await on_console(server, path)).body for path in ("/about", "/metrics")]
        for key in server.node.keys:
            assert not any(secret.encode() in page for page in pages for secret in (key.server_key, key.http_key))


async def test_metrics_are_for_the_operators_port_only() -> None:
    async with TestServer() as server:
        await server.sign_in("ada")
        answer = await on_console(server, "/metrics")
        assert answer.content_type.startswith("text/plain")
        assert b'supergame_request_seconds_count{route="authenticate_device"} 1.0' in answer.body
        assert (await server.request("GET", "/metrics")).status == 404


async def test_the_api_is_not_on_the_operators_port() -> None:
    async with TestServer() as server:
        assert (await on_console(server, "/v2/account")).status == 404
        described = json.loads((await on_console(server, "/openapi.json")).body)
        assert not any(path.startswith("/v2/") for path in described["paths"]), "it describes the console"
