"""HTTP endpoints: how features declare them, and the router that runs them.

    def routes(storage: Storage) -> Routes:
        routes = Routes()

        @routes.get("/v2/storage/{collection}", auth=Auth.SESSION)
        async def list_storage_objects(ctx: Context, request: ListStorageObjectsRequest) -> StorageObjectList:
            ...
        return routes

The request message is filled from path, query and body: `body="*"` reads the whole message from the body, `body="account"` one
of its fields (Nakama's google.api.http bindings). The function's name is the name of the endpoint, for hooks and metrics.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, get_type_hints

from supergame.base.errors import Internal, NotFound, Overloaded, Status, SupergameError, Unimplemented
from supergame.base.limits import Limits
from supergame.routing.auth import Auth, Authenticator
from supergame.routing.context import Context
from supergame.routing.hooks import Hooks
from supergame.telemetry.logging import logger
from supergame.telemetry.metrics import Metrics
from supergame.wire.codec_json import JsonCodec
from supergame.wire.query import parse_query, query_fields
from supergame.wire.shape import message_shape
from supergame.wire.status import HTTP_STATUS, error_body

JSON = "application/json"

_log = logger("http")


@dataclass(slots=True)
class Request:
    """One HTTP request, whole. Header names are in lower case; `path` is unquoted, `query` is not."""

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    client_ip: str = ""
    values: dict[str, str] = field(default_factory=dict)
    """Of the path's parameters; filled in by the router."""


class Response(NamedTuple):
    """One HTTP answer. `headers` come besides content type, length and those of CORS."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()


Values = dict[str, str]
Handler = Callable[[Context, Any], Awaitable[Any]]
Guard = Callable[[str, Coroutine[Any, Any, Any]], Awaitable[Any]]
"""Runs a coroutine and reports under a name what it does to the event loop: `runtime.watchdog.Watchdog.guard`."""
ErrorBody = Callable[[SupergameError], bytes]


class Endpoint:
    """A declared route: where it is, who may call it, what it reads and answers."""

    def __init__(self, method: str, path: str, auth: Auth, handler: Handler, body: str = "", name: str = "") -> None:
        self.method, self.path, self.auth, self.handler, self.body = method, path, auth, handler, body
        self.name = name or handler.__name__
        hints = get_type_hints(handler)
        self.request_type, self.reply_type = hints["request"], hints["return"]
        self.parameters = [segment[1:-1] for segment in path.split("/") if segment.startswith("{")]
        self.error_body: ErrorBody = error_body
        self.is_raw = self.request_type is Request
        if not self.is_raw:
            self._prepare()

    def _prepare(self) -> None:
        self._shape = message_shape(self.request_type)
        part = self._shape.fields[self.body].shape.message if self.body not in ("", "*") else None
        self._message_codec = JsonCodec(self.request_type)
        self._body_codec = JsonCodec(part.type) if part is not None else self._message_codec
        self._reply_codec = JsonCodec(self.reply_type)

    @property
    def headers(self) -> tuple[tuple[str, bool], ...]:
        """The header fields that it reads of its own, and whether it needs them."""
        return ()

    @property
    def extensions(self) -> dict[str, Any]:
        """What its description says beyond OpenAPI, under names that begin with `x-`."""
        return {}

    def step_name(self, values: Values) -> str:
        """What the watchdog calls it: a game's function by its own name."""
        return f"{self.name} {values['id']}" if self.is_raw and "id" in values else self.name

    def read(self, body: bytes, values: Values, query: dict[str, list[str]]) -> Any:
        """The request message.

        Raises:
            MalformedBody, MalformedQuery: a part has the wrong form.
        """
        if self.body == "*":
            return self.read_message(body) if not values else _with(self.read_message(body), values)
        fields: dict[str, Any] = query_fields(self._shape, query) if query else {}
        if self.body:
            fields[self.body] = self._body_codec.decode(body)
        return self.request_type(**fields | values)  # the path says which thing; a query parameter of that name says nothing

    def read_message(self, text: bytes) -> Any:
        """The request message from one JSON text, with the fields that HTTP takes from path and query."""
        return self._message_codec.decode(text)

    def write(self, reply: Any) -> bytes:
        return self._reply_codec.encode(reply)


def _with(message: Any, values: Values) -> Any:
    for name, value in values.items():
        setattr(message, name, value)
    return message


class Routes:
    """The endpoints of a feature."""

    def __init__(self) -> None:
        self.endpoints: list[Endpoint] = []

    def __iter__(self) -> Iterator[Endpoint]:
        return iter(self.endpoints)

    def route(
        self, method: str, path: str, *, auth: Auth, body: str = "", name: str = "", error_body: ErrorBody = error_body
    ) -> Callable[[Any], Any]:
        """Declare an endpoint; `{name}` in the path is a field of the request."""

        def declare(handler: Any) -> Any:
            endpoint = Endpoint(method, path, auth, handler, body, name)
            endpoint.error_body = error_body
            self.endpoints.append(endpoint)
            return handler

        return declare

    def get(self, path: str, *, auth: Auth) -> Callable[[Any], Any]:
        return self.route("GET", path, auth=auth)

    def post(self, path: str, *, auth: Auth, body: str = "*", name: str = "") -> Callable[[Any], Any]:
        return self.route("POST", path, auth=auth, body=body, name=name)

    def put(self, path: str, *, auth: Auth, body: str = "*") -> Callable[[Any], Any]:
        return self.route("PUT", path, auth=auth, body=body)

    def delete(self, path: str, *, auth: Auth) -> Callable[[Any], Any]:
        return self.route("DELETE", path, auth=auth)


class Node:
    """A segment of the tree of paths with parameters."""

    __slots__ = ("children", "methods", "parameter")

    def __init__(self) -> None:
        self.children: dict[str, Node] = {}
        self.parameter: Node | None = None
        self.methods: dict[str, Endpoint] = {}


class Router:
    """Finds a request's endpoint, checks its caller, runs hooks and handler, turns errors into wire codes. The only place that does."""

    def __init__(self, auth: Authenticator, hooks: Hooks, metrics: Metrics, guard: Guard, limits: Limits) -> None:
        self._auth, self._hooks, self._metrics, self._guard, self._limits = auth, hooks, metrics, guard, limits
        self._exact: dict[str, dict[str, Endpoint]] = {}
        self._tree = Node()
        self._in_flight = 0
        self._timers: dict[str, Callable[[float], None]] = {}
        self.endpoints: list[Endpoint] = []

    def add(self, endpoints: Iterable[Endpoint]) -> None:
        for endpoint in endpoints:
            methods = self._methods_at(endpoint.path)
            assert endpoint.method not in methods, f"{endpoint.method} {endpoint.path} is declared twice"
            methods[endpoint.method] = endpoint
            self.endpoints.append(endpoint)
            self._timers[endpoint.name] = self._metrics.requests.labels(endpoint.name).observe

    def _methods_at(self, path: str) -> dict[str, Endpoint]:
        if "{" not in path:
            return self._exact.setdefault(path, {})
        node = self._tree
        for segment in path.split("/"):
            if segment.startswith("{"):
                node.parameter = node = node.parameter or Node()
            else:
                node = node.children.setdefault(segment, Node())
        return node.methods

    def find(self, method: str, path: str) -> tuple[Endpoint, Values]:
        """The endpoint of a path, and the values of the path's parameters.

        Raises:
            NotFound: no endpoint has this path.
            Unimplemented: one has, but not with this method.
        """
        methods = self._exact.get(path)
        segments: tuple[str, ...] = ()
        if methods is None:
            methods, segments = self._walk(path)
        if not methods:
            raise NotFound
        endpoint = methods.get(method) or (methods.get("GET") if method == "HEAD" else None)
        if endpoint is None:
            raise Unimplemented
        if not segments:
            return endpoint, {}
        return endpoint, dict(zip(endpoint.parameters, segments, strict=True))

    def _walk(self, path: str) -> tuple[dict[str, Endpoint], tuple[str, ...]]:
        node, values = self._tree, []
        for segment in path.split("/"):
            child = node.children.get(segment)
            if child is None:
                if node.parameter is None or not segment:
                    return {}, ()
                child = node.parameter
                values.append(segment)
            node = child
        return node.methods, tuple(values)

    async def dispatch(self, request: Request) -> Response:
        """The answer to a request; never raises."""
        try:
            endpoint, values = self.find(request.method, request.path)
        except SupergameError as error:
            return self._refuse("unknown", error, error_body)
        began = time.perf_counter()
        self._in_flight += 1
        self._metrics.tally.requests += 1
        try:
            if self._in_flight > self._limits.requests_in_flight_max:
                raise Overloaded
            return await self._guard(endpoint.step_name(values), self._run(endpoint, values, request))  # type: ignore[no-any-return]
        except SupergameError as error:
            return self._refuse(endpoint.name, error, endpoint.error_body)
        except Exception as error:  # noqa: BLE001 - the last line of defence: log here, tell the client nothing of it
            _log.error("handler failed", route=endpoint.name, exc_info=error)
            return self._refuse(endpoint.name, Internal(), endpoint.error_body)
        finally:
            self._in_flight -= 1
            self._timers[endpoint.name](time.perf_counter() - began)

    async def _run(self, endpoint: Endpoint, values: Values, request: Request) -> Response:
        query = parse_query(request.query) if request.query else {}
        ctx = self._auth.authenticate(endpoint.auth, request.headers, query)
        ctx.client_ip, ctx.query = request.client_ip, query
        ctx.lang = request.headers.get("accept-language", "")
        ctx.idempotency_key = request.headers.get("idempotency-key", "")
        ctx.client = request.headers.get("x-supergame-client", "")
        if endpoint.is_raw:
            request.values = values
            return await endpoint.handler(ctx, request)  # type: ignore[no-any-return]
        reply = await self.call(endpoint, ctx, endpoint.read(request.body, values, query))
        return Response(200, endpoint.write(reply))

    async def call(self, endpoint: Endpoint, ctx: Context, message: Any) -> Any:
        """Run an endpoint between its hooks, if it has any."""
        if not self._hooks.has(ctx.title_id, endpoint.name):
            return await endpoint.handler(ctx, message)
        message = await self._hooks.run_before(endpoint.name, ctx, message)
        reply = await endpoint.handler(ctx, message)
        await self._hooks.run_after(endpoint.name, ctx, message, reply)
        return reply

    def _refuse(self, name: str, error: SupergameError, body: ErrorBody) -> Response:
        self._metrics.refusals.labels(name, error.code).inc()
        if HTTP_STATUS[error.status] >= 500:
            self._metrics.tally.failures += 1
        else:
            self._metrics.tally.refused += 1
        headers: tuple[tuple[str, str], ...] = (("X-Supergame-Error", error.code),)
        if error.status is Status.UNAUTHENTICATED:
            headers += (("WWW-Authenticate", error.message),)
        return Response(HTTP_STATUS[error.status], body(error), JSON, headers)
