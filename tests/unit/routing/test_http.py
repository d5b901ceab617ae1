"""The router: finding endpoints, filling requests, turning errors into answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from typing import Annotated, Any

import pytest
from structlog.testing import capture_logs

from supergame.base.errors import (
    AlreadyExists,
    FailedPrecondition,
    NotFound,
    Overloaded,
    PermissionDenied,
    Status,
    SupergameError,
    Unauthenticated,
    Unavailable,
    Unimplemented,
)
from supergame.base.ids import TitleId, TokenId, UserId
from supergame.base.limits import Limits
from supergame.routing.auth import Auth, Authenticator, TitleKeys
from supergame.routing.context import Context
from supergame.routing.hooks import Hooks
from supergame.routing.http import Request, Response, Router, Routes
from supergame.telemetry.metrics import Metrics
from supergame.wire.message import Int32, Message, field
from supergame.wire.token import Claims


class Inner(Message):
    id: Annotated[str, field(1)] = ""


class Asked(Message):
    """A request that tells back what it holds."""

    name: Annotated[str, field(1)] = ""
    key: Annotated[str, field(2)] = ""
    limit: Annotated[Int32 | None, field(3)] = None
    tags: Annotated[list[str], field(4)] = []
    inner: Annotated[Inner | None, field(5)] = None


class Sessions:
    def verify(self, token: str) -> tuple[TitleId, Claims]:
        return TitleId("main"), Claims(tid=TokenId("t1"), uid=UserId(token), usn=token, exp=60, iat=0)


async def unguarded(name: str, work: Coroutine[Any, Any, Any]) -> Any:
    return await work


def router_of(routes: Routes, hooks: Hooks | None = None, metrics: Metrics | None = None, limits: Limits | None = None) -> Router:
    auth = Authenticator([TitleKeys(TitleId("main"), "server", "http")], Sessions())
    router = Router(auth, hooks or Hooks(), metrics or Metrics(), unguarded, limits or Limits())
    router.add(routes)
    return router


def echoing(method: str, path: str, body: str = "") -> Router:
    routes = Routes()

    @routes.route(method, path, auth=Auth.NONE, body=body)
    async def echo(ctx: Context, request: Asked) -> Asked:
        return request

    return router_of(routes)


def raising(error: Exception) -> Router:
    routes = Routes()

    @routes.get("/fail", auth=Auth.NONE)
    async def fail(ctx: Context, request: Asked) -> Asked:
        raise error

    return router_of(routes)


async def ask(router: Router, method: str, path: str, query: str = "", body: bytes = b"", **headers: str) -> tuple[int, Any]:
    response = await router.dispatch(Request(method, path, query, headers, body))
    return response.status, json.loads(response.body)


# --- paths


def three_ways() -> Router:
    routes = Routes()
    for path in ("/v2/things", "/v2/things/{name}", "/v2/things/{name}/{key}", "/v2/things/fixed"):

        async def found(ctx: Context, request: Asked, path: str = path) -> Asked:
            return Asked(name=request.name, key=request.key, tags=[path])

        routes.route("GET", path, auth=Auth.NONE)(found)
    return router_of(routes)


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/v2/things", {"tags": ["/v2/things"]}),
        ("/v2/things/a", {"name": "a", "tags": ["/v2/things/{name}"]}),
        ("/v2/things/a/b", {"name": "a", "key": "b", "tags": ["/v2/things/{name}/{key}"]}),
        ("/v2/things/fixed", {"tags": ["/v2/things/fixed"]}),
        ("/v2/things/ä b", {"name": "ä b", "tags": ["/v2/things/{name}"]}),
    ],
)
async def test_a_path_finds_its_endpoint_and_fills_its_parameters(path: str, answer: dict[str, Any]) -> None:
    assert await ask(three_ways(), "GET", path) == (200, answer)


@pytest.mark.parametrize(
    "path", ["", "/", "/v2", "/v2/things/", "/v2/things//", "/v2/things/a/b/c", "/v2/things/a/", "//v2/things", "/V2/things"]
)
async def test_an_unknown_path_is_not_found(path: str) -> None:
    assert (await ask(three_ways(), "GET", path))[0] == 404


async def test_a_known_path_with_another_method_is_not_offered() -> None:
    assert (await ask(three_ways(), "DELETE", "/v2/things"))[0] == 501
    assert (await ask(three_ways(), "PATCH", "/v2/things/a"))[0] == 501


async def test_head_is_answered_as_get() -> None:
    assert (await ask(three_ways(), "HEAD", "/v2/things"))[0] == 200


def test_an_endpoint_is_declared_once() -> None:
    routes = Routes()
    for name in ("one", "other"):

        async def found(ctx: Context, request: Asked) -> Asked:
            return request

        routes.route("GET", "/x", auth=Auth.NONE, name=name)(found)
    with pytest.raises(AssertionError, match="declared twice"):
        router_of(routes)


# --- requests


async def test_a_query_fills_the_request_in_both_spellings() -> None:
    status, answer = await ask(echoing("GET", "/x"), "GET", "/x", "name=a%20b&limit=5&tags=1&tags=2&unknown=7")
    assert (status, answer) == (200, {"name": "a b", "limit": 5, "tags": ["1", "2"]})


async def test_the_path_wins_over_a_query_parameter_of_the_same_name() -> None:
    assert await ask(echoing("GET", "/x/{name}"), "GET", "/x/path", "name=query&key=k") == (200, {"name": "path", "key": "k"})


async def test_a_malformed_query_is_refused_with_its_parameter() -> None:
    status, answer = await ask(echoing("GET", "/x"), "GET", "/x", "limit=many")
    assert (status, answer["code"]) == (400, Status.INVALID_ARGUMENT)
    assert "limit" in answer["message"]


async def test_a_whole_body_fills_the_request_and_the_path_wins() -> None:
    router = echoing("PUT", "/x/{name}", body="*")
    assert await ask(router, "PUT", "/x/path", body=b'{"name":"body","key":"k","later":1}') == (200, {"name": "path", "key": "k"})
    assert await ask(router, "PUT", "/x/path") == (200, {"name": "path"})


async def test_a_part_of_the_request_may_be_the_body_and_the_rest_the_query() -> None:
    router = echoing("POST", "/x", body="inner")
    assert await ask(router, "POST", "/x", "name=n", b'{"id":"i"}') == (200, {"name": "n", "inner": {"id": "i"}})


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b'{"name":5}', b'{"tags":{}}', b'{"inner":[]}', b"\xff", b'{"a":' * 5_000])
async def test_a_malformed_body_is_refused(body: bytes) -> None:
    status, answer = await ask(echoing("POST", "/x", body="*"), "POST", "/x", body=body)
    assert (status, answer["code"]) == (400, Status.INVALID_ARGUMENT)


async def test_one_text_holds_the_whole_message_for_endpoints_with_a_part_as_body() -> None:
    endpoint = echoing("POST", "/x/{name}", body="inner").endpoints[0]
    assert endpoint.read_message(b'{"name":"n","inner":{"id":"i"}}') == Asked(name="n", inner=Inner(id="i"))


async def test_a_handler_is_told_who_calls_from_where() -> None:
    seen: list[Context] = []
    routes = Routes()

    @routes.get("/me", auth=Auth.SESSION)
    async def me(ctx: Context, request: Asked) -> Asked:
        seen.append(ctx)
        return request

    headers = {"authorization": "Bearer ada", "accept-language": "fr", "idempotency-key": "k1"}
    await router_of(routes).dispatch(Request("GET", "/me", "a=1", headers, client_ip="192.0.2.7"))
    ctx = seen[0]
    assert (ctx.user_id, ctx.client_ip, ctx.lang, ctx.idempotency_key, ctx.query) == ("ada", "192.0.2.7", "fr", "k1", {"a": ["1"]})


async def test_nobody_is_let_in_without_credentials_and_the_body_stays_unread() -> None:
    routes = Routes()

    @routes.post("/me", auth=Auth.SESSION)
    async def me(ctx: Context, request: Asked) -> Asked:
        raise AssertionError("reached")

    assert (await ask(router_of(routes), "POST", "/me", body=b"nonsense"))[0] == 401


async def test_a_raw_endpoint_gets_the_request_as_it_came() -> None:
    routes = Routes()

    @routes.get("/raw/{name}", auth=Auth.NONE)
    async def raw(ctx: Context, request: Request) -> Response:
        return Response(201, f"{request.values} {request.query}".encode(), "text/plain")

    assert await router_of(routes).dispatch(Request("GET", "/raw/x", "q=1")) == Response(201, b"{'name': 'x'} q=1", "text/plain")


# --- answers


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound(), 404),
        (Unauthenticated(), 401),
        (PermissionDenied(), 403),
        (AlreadyExists(), 409),
        (FailedPrecondition(), 400),
        (Overloaded(), 429),
        (Unimplemented(), 501),
        (Unavailable(), 503),
        (SupergameError(), 500),
    ],
)
async def test_expected_trouble_becomes_its_status_sentence_and_code(error: SupergameError, status: int) -> None:
    response = await raising(error).dispatch(Request("GET", "/fail"))
    assert response.status == status
    assert json.loads(response.body) == {"code": int(error.status), "message": error.message}
    assert ("X-Supergame-Error", error.code) in response.headers


async def test_unexpected_trouble_is_logged_and_told_to_nobody() -> None:
    with capture_logs() as logs:
        status, answer = await ask(raising(ValueError("the secret is 4711")), "GET", "/fail")
    assert (status, answer) == (500, {"code": 13, "message": "Something went wrong on the server."})
    assert [(log["event"], log["route"]) for log in logs] == [("handler failed", "fail")]


async def test_401_says_so_in_the_header_of_http_too() -> None:
    response = await raising(Unauthenticated()).dispatch(Request("GET", "/fail"))
    assert "WWW-Authenticate" in dict(response.headers)


async def test_more_requests_than_may_be_in_flight_are_refused_until_one_has_ended() -> None:
    release, routes = asyncio.Event(), Routes()

    @routes.get("/slow", auth=Auth.NONE)
    async def slow(ctx: Context, request: Asked) -> Asked:
        await release.wait()
        return request

    router = router_of(routes, limits=Limits(requests_in_flight_max=2))
    first = [asyncio.create_task(ask(router, "GET", "/slow")) for _ in range(2)]
    await asyncio.sleep(0)
    assert (await ask(router, "GET", "/slow"))[0] == 429
    release.set()
    assert [(await task)[0] for task in first] == [200, 200]
    assert (await ask(router, "GET", "/slow"))[0] == 200


async def test_a_caller_that_goes_away_frees_its_place() -> None:
    routes = Routes()

    @routes.get("/slow", auth=Auth.NONE)
    async def slow(ctx: Context, request: Asked) -> Asked:
        await asyncio.Event().wait()
        return request

    router = router_of(routes, limits=Limits(requests_in_flight_max=1))
    task = asyncio.create_task(ask(router, "GET", "/slow"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert router._in_flight == 0


async def test_requests_and_refusals_are_counted_by_the_name_of_their_route() -> None:
    metrics, routes = Metrics(), Routes()

    @routes.get("/x/{name}", auth=Auth.NONE)
    async def by_name(ctx: Context, request: Asked) -> Asked:
        if request.name == "no":
            raise NotFound
        return request

    router = router_of(routes, metrics=metrics)
    for path in ("/x/a-secret-name", "/x/b", "/x/no", "/unknown-secret"):
        await ask(router, "GET", path)
    text = metrics.text().decode()
    assert 'supergame_request_seconds_count{route="by_name"} 3.0' in text
    assert 'supergame_refusals_total{error="not_found",route="by_name"} 1.0' in text
    assert 'supergame_refusals_total{error="not_found",route="unknown"} 1.0' in text
    assert "secret" not in text
