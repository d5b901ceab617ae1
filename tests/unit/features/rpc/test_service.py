"""Functions over the whole server, without sockets. Rules: docs/spec/rpc.md."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest
from structlog.testing import capture_logs

from supergame.app.own_rpcs import PREFIX, rpc_name
from supergame.base.ids import TitleId
from supergame.features.rpc.service import Functions
from supergame.game import Context, Game, GameError, Status
from supergame.routing.http import Request
from supergame.testing import Answer, TestServer


def echo_game(title: str = "main") -> Game:
    game = Game(title)

    @game.rpc("Echo.Text")
    async def echo(ctx: Context, payload: str) -> str:
        return payload

    @game.rpc("nothing")
    async def nothing(ctx: Context, payload: str) -> None:
        return None

    @game.rpc("who")
    async def who(ctx: Context, payload: str) -> str:
        return json.dumps({"title": ctx.title_id, "user": ctx.username, "id": ctx.user_id, "query": ctx.query})

    @game.rpc("refuse")
    async def refuse(ctx: Context, payload: str) -> str:
        raise GameError("The gate is shut.", Status.PERMISSION_DENIED)

    @game.rpc("break")
    async def break_down(ctx: Context, payload: str) -> str:
        raise ZeroDivisionError("the secret is 4711")

    return game


def code(answer: Answer) -> str:
    return answer.headers.get("X-Supergame-Error", "")


async def by_http_key(server: TestServer, name: str, key: str = "defaulthttpkey", **query: str) -> Answer:
    return await server.request("GET", f"/v2/rpc/{name}", query={"http_key": key, **query})


@pytest.mark.parametrize("name", ["Echo.Text", "echo.text", "ECHO.TEXT"])
async def test_RPC1_a_function_is_called_by_its_name_in_any_case(name: str) -> None:
    async with TestServer(echo_game()) as server:
        ada = await server.sign_in("ada")
        assert await ada.rpc(name, "hällo ☃ \0") == "hällo ☃ \0"


async def test_RPC1_get_has_no_payload_and_nothing_is_the_empty_text() -> None:
    async with TestServer(echo_game()) as server:
        ada = await server.sign_in("ada")
        got = await ada.request("GET", "/v2/rpc/echo.text", body="ignored")
        assert got.json == {"payload": ""}
        assert await ada.rpc("nothing", "x") == ""
        assert await ada.call("POST", "/v2/rpc/echo.text") == {"payload": ""}


@pytest.mark.parametrize("body", [b"{}", b"[1]", b"5", b"null", b'"open', b"text", b'"\xff"', b'"a" "b"'])
async def test_RPC2_a_payload_that_is_no_json_string_is_refused(body: bytes) -> None:
    async with TestServer(echo_game()) as server:
        ada = await server.sign_in("ada")
        answer = await ada.request("POST", "/v2/rpc/echo.text", raw=body)
        assert (answer.status, code(answer)) == (400, "rpc.payload_invalid")
        assert answer.json.keys() == {"error", "message", "code"}


@pytest.mark.parametrize("text", ['{"a": 1}', "[1]", "plain ☃", ""])
async def test_RPC2_unwrapped_bodies_travel_as_they_are(text: str) -> None:
    async with TestServer(echo_game()) as server:
        ada = await server.sign_in("ada")
        request = Request("POST", "/v2/rpc/echo.text", "unwrap", {"authorization": f"Bearer {ada.token}"}, text.encode())
        response = await server.node.router.dispatch(request)
        assert (response.status, response.body.decode()) == (200, text)
        assert response.content_type == ("application/json" if text[:1] in ("{", "[") and text else "text/plain; charset=utf-8")


async def test_RPC2_an_unwrapped_body_is_text() -> None:
    async with TestServer(echo_game()) as server:
        ada = await server.sign_in("ada")
        assert (await ada.request("POST", "/v2/rpc/echo.text", query={"unwrap": ""}, raw=b"\xff")).status == 400


async def test_RPC3_a_player_is_known_by_the_session() -> None:
    async with TestServer(echo_game()) as server:
        ada = await server.sign_in("ada")
        assert json.loads(await ada.rpc("who")) == {"title": "main", "user": "ada", "id": ada.user_id, "query": {}}


async def test_RPC3_another_server_calls_with_the_http_key_and_is_no_player() -> None:
    async with TestServer(echo_game()) as server:
        told = json.loads((await by_http_key(server, "who")).json["payload"])
        assert (told["title"], told["user"], told["id"]) == ("main", "", "")
        basic = {"authorization": "Basic " + b64encode(b"defaulthttpkey:").decode()}
        assert (await server.request("POST", "/v2/rpc/who", headers=basic)).status == 200


@pytest.mark.parametrize("key", ["", "wrong", "defaultkey"])
async def test_RPC3_nobody_else_calls(key: str) -> None:
    async with TestServer(echo_game()) as server:
        assert (await by_http_key(server, "who", key)).status == 401
        assert (await server.request("POST", "/v2/rpc/who")).status == 401


async def check_that_titles_have_functions_of_their_own() -> None:
    beta = Game("beta")

    @beta.rpc("only_beta")
    async def only_beta(ctx: Context, payload: str) -> str:
        return ctx.title_id

    async with TestServer(echo_game("alpha"), beta) as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob", title=1)
        assert code(await ada.request("POST", "/v2/rpc/only_beta")) == "rpc.function_not_found"
        assert code(await bob.request("POST", "/v2/rpc/echo.text")) == "rpc.function_not_found"
        assert await bob.rpc("only_beta") == "beta"


async def test_RPC4_a_title_has_functions_of_its_own() -> None:
    await check_that_titles_have_functions_of_their_own()


async def test_RPC4_a_planted_fault_is_caught_functions_looked_up_without_their_title(monkeypatch: pytest.MonkeyPatch) -> None:
    async def call(self: Functions, ctx: Any, name: str, payload: str) -> str:
        found = {key: function for (_, key), function in self._games.items()}
        return await found[name](ctx, payload) or ""

    monkeypatch.setattr(Functions, "call", call)
    with pytest.raises(AssertionError):
        await check_that_titles_have_functions_of_their_own()


@pytest.mark.parametrize("name", ["unknown", "sg.unknown", "echo.text2", "%20", "../healthcheck"])
async def test_RPC4_an_unknown_name_is_not_found(name: str) -> None:
    async with TestServer(echo_game()) as server:
        ada = await server.sign_in("ada")
        assert (await ada.request("POST", f"/v2/rpc/{name}")).status == 404


async def test_RPC5_what_is_raised_on_purpose_reaches_the_client() -> None:
    async with TestServer(echo_game()) as server:
        ada = await server.sign_in("ada")
        answer = await ada.request("POST", "/v2/rpc/refuse")
        assert (answer.status, code(answer)) == (403, "game.error")
        assert answer.json == {"error": "The gate is shut.", "message": "The gate is shut.", "code": 7}


async def test_RPC5_what_is_raised_by_mistake_is_logged_and_not_told() -> None:
    async with TestServer(echo_game()) as server:
        ada = await server.sign_in("ada")
        with capture_logs() as logs:
            answer = await ada.request("POST", "/v2/rpc/break")
        assert (answer.status, code(answer)) == (500, "rpc.function_failed")
        assert b"4711" not in answer.body
        assert [(log["event"], log["name"], log["title"]) for log in logs] == [("function failed", "break", "main")]


async def test_RPC6_a_function_sees_parameters_and_no_credentials() -> None:
    async with TestServer(echo_game()) as server:
        answer = await server.request(
            "GET", "/v2/rpc/who", query={"http_key": "defaulthttpkey", "unwrap": "", "level": ["1", "2"], "empty": ""}
        )
        assert answer.json["query"] == {"level": ["1", "2"], "empty": [""]}


async def test_RPC7_every_own_endpoint_is_also_a_function_with_the_same_answer() -> None:
    async with TestServer(echo_game()) as server:
        ada = await server.sign_in("ada")
        own = [endpoint for endpoint in server.node.router.endpoints if endpoint.path.startswith(PREFIX)]
        assert own
        for endpoint in own:
            values = dict.fromkeys(endpoint.parameters, "none")
            body = None if endpoint.method == "GET" else {}
            over_http = await ada.request(endpoint.method, endpoint.path.format(**values), body=body)
            called = await ada.request("POST", f"/v2/rpc/{rpc_name(endpoint.path)}", body=json.dumps(values))
            assert (called.status, error_of(called)) == (over_http.status, error_of(over_http)), endpoint.path
            if called.status == 200:
                assert json.loads(called.json["payload"]) == over_http.json


def error_of(answer: Answer) -> str:
    return dict(answer.headers).get("X-Supergame-Error", "")


@pytest.mark.parametrize("payload", ["[]", "nonsense", '{"deep":' * 3_000])
async def test_RPC7_an_own_function_refuses_a_malformed_payload(payload: str) -> None:
    async with TestServer(echo_game()) as server:
        ada = await server.sign_in("ada")
        assert (await ada.request("POST", "/v2/rpc/sg.about", body=payload)).status == 400


async def test_RPC7_own_functions_need_credentials_like_others() -> None:
    async with TestServer(echo_game()) as server:
        assert (await server.request("POST", "/v2/rpc/sg.about")).status == 401
        assert (await by_http_key(server, "sg.about")).status == 200


@pytest.mark.parametrize("name", ["sg.about", "SG.mine", "sg."])
def test_RPC7_a_game_cannot_take_a_name_of_the_platform(name: str) -> None:
    with pytest.raises(ValueError, match="platform"):
        Game("main").rpc(name)(_function)
    with pytest.raises(ValueError, match="reserved"):
        Functions().add(TitleId("main"), name, _function)


def test_RPC7_the_platform_declares_its_names_once_and_under_its_prefix() -> None:
    functions = Functions()
    functions.add_platform("sg.about", _function)
    for name in ("sg.about", "about"):
        with pytest.raises(AssertionError):
            functions.add_platform(name, _function)


def test_RPC8_a_name_is_declared_once() -> None:
    game = Game("main")
    game.rpc("hello")(_function)
    with pytest.raises(ValueError, match="twice"):
        game.rpc("Hello")(_function)
    functions = Functions()
    functions.add(TitleId("main"), "hello", _function)
    functions.add(TitleId("beta"), "hello", _function)
    with pytest.raises(ValueError, match="already"):
        functions.add(TitleId("main"), "HELLO", _function)
    assert functions.names(TitleId("main")) == ["hello"]


async def _function(ctx: Any, payload: str) -> str:
    return payload
