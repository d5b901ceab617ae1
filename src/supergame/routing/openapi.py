"""`/openapi.json`: the endpoints as OpenAPI 3.1, from their declarations, so that it cannot lie."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import msgspec

from supergame.routing.auth import Auth
from supergame.routing.context import Context
from supergame.routing.http import Endpoint, Request, Response, Routes
from supergame.wire.shape import Field, camel, message_shape
from supergame.wire.status import HTTP_STATUS

Run = Callable[[Callable[[], bytes]], Awaitable[bytes]]

_SECURITY: dict[Auth, list[dict[str, list[str]]]] = {
    Auth.NONE: [],
    Auth.SERVER_KEY: [{"serverKey": []}],
    Auth.SESSION: [{"session": []}],
    Auth.SESSION_OR_HTTP_KEY: [{"session": []}, {"httpKey": []}],
    Auth.OPERATOR: [{"operator": []}],
}
_SCHEMES = {
    "serverKey": {"type": "http", "scheme": "basic", "description": "The title's server key as user name, no password."},
    "session": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "httpKey": {"type": "apiKey", "in": "query", "name": "http_key"},
    "operator": {"type": "apiKey", "in": "cookie", "name": "sg_console", "description": "Of the operators' port only."},
}
_QUERY_TYPES = {"text": "string", "bool": "boolean", "int": "integer", "int64": "string"}


def routes(endpoints: Iterable[Endpoint], version: str, run: Run) -> Routes:
    """The route that describes those that `endpoints` are now. The document is written when it is first asked for: most nodes never are.

    Args:
        run: does work beside the event loop; the document takes a tenth of a second.
    """
    routes, described, writing = Routes(), list(endpoints), asyncio.Lock()
    document = b""

    @routes.get("/openapi.json", auth=Auth.NONE)
    async def openapi(ctx: Context, request: Request) -> Response:
        nonlocal document
        async with writing:
            document = document or await run(lambda: msgspec.json.encode(describe(described, version)))
        return Response(200, document)

    return routes


def describe(endpoints: list[Endpoint], version: str) -> dict[str, Any]:
    """The OpenAPI document of some endpoints."""
    messages = {kind for item in endpoints if not item.is_raw for kind in (item.request_type, item.reply_type)}
    ordered = sorted(messages, key=lambda kind: str(kind.__name__))
    _, components = msgspec.json.schema_components(ordered, ref_template="#/components/schemas/{name}")
    schemas = {name: _lenient(schema) for name, schema in components.items()} | {"Error": _ERROR}
    used = {scheme for item in endpoints for way in _SECURITY[item.auth] for scheme in way}
    paths: dict[str, Any] = {}
    for item in endpoints:
        paths.setdefault(item.path, {})[item.method.lower()] = _operation(item)
    return {
        "openapi": "3.1.0",
        "info": {"title": "supergame", "version": version},
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {name: _SCHEMES[name] for name in _SCHEMES if name in used}},
    }


_ERROR = {
    "type": "object",
    "properties": {"code": {"type": "integer"}, "message": {"type": "string"}, "error": {"type": "string"}},
    "required": ["code", "message"],
}


def _lenient(schema: dict[str, Any]) -> dict[str, Any]:
    """Input may have unknown fields, which are ignored; the strictness of our structs is a matter of the decoder."""
    return {key: value for key, value in schema.items() if key != "additionalProperties"}


def _operation(item: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{item.name}_{item.method.lower()}_{item.path.count('{')}",
        "security": _SECURITY[item.auth],
        "parameters": _parameters(item),
        "responses": {"200": _reply(item)} | _refusals(),
        **item.extensions,
    }
    if item.is_raw and item.method == "POST":
        operation["requestBody"] = {"content": {"application/json": {"schema": {"type": "string"}}}}
    elif item.body:
        operation["requestBody"] = {"content": {"application/json": {"schema": _reference(_body_type(item))}}}
    return operation


def _refusals() -> dict[str, Any]:
    error = {"description": "Refused", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
    return {str(status): error for status in sorted({*HTTP_STATUS.values(), 408, 413, 415, 431} - {200})}


def _parameters(item: Endpoint) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}} for name in item.parameters
    ]
    found += [{"name": name, "in": "header", "required": required, "schema": {"type": "string"}} for name, required in item.headers]
    if item.is_raw or item.body == "*":
        return found
    fields = message_shape(item.request_type).fields.values()
    return found + [_query_parameter(field) for field in fields if field.name not in (*item.parameters, item.body)]


def _query_parameter(field: Field) -> dict[str, Any]:
    if field.shape.kind == "list":
        schema: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
    else:
        schema = {"type": _QUERY_TYPES[field.shape.kind]}
    return {"name": field.name, "in": "query", "schema": schema, "description": f"Also accepted as {camel(field.name)}."}


def _reply(item: Endpoint) -> dict[str, Any]:
    if item.is_raw:
        return {"description": "OK"}
    return {"description": "OK", "content": {"application/json": {"schema": _reference(item.reply_type)}}}


def _body_type(item: Endpoint) -> type[msgspec.Struct]:
    if item.body == "*":
        return item.request_type  # type: ignore[no-any-return]
    message = message_shape(item.request_type).fields[item.body].shape.message
    assert message is not None
    return message.type


def _reference(kind: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{kind.__name__}"}
