"""Functions over HTTP. Source of the envelope rules: Nakama's `/v2/rpc/{id}` (payload as a JSON string, `unwrap` for raw bodies)."""

from __future__ import annotations

import msgspec

from supergame.features.rpc.model import PayloadInvalid
from supergame.features.rpc.service import Functions
from supergame.routing.auth import Auth
from supergame.routing.context import Context
from supergame.routing.http import JSON, Request, Response, Routes
from supergame.wire.api import Rpc
from supergame.wire.codec_json import JsonCodec
from supergame.wire.status import rpc_error_body

TEXT = "text/plain; charset=utf-8"

_PAYLOAD = msgspec.json.Decoder(str)
_REPLY = JsonCodec(Rpc)
_OBJECT_MARKS = ("{", "[")


def routes(functions: Functions) -> Routes:
    routes = Routes()

    async def rpc_func(ctx: Context, request: Request) -> Response:
        is_raw = "unwrap" in ctx.query
        ctx.query.pop("http_key", None)  # the function sees parameters, not credentials
        ctx.query.pop("unwrap", None)
        reply = await functions.call(ctx, request.values["id"], _payload(request, is_raw))
        if not is_raw:
            return Response(200, b'{"payload":""}' if not reply else _REPLY.encode(Rpc(payload=reply)))
        return Response(200, reply.encode(), JSON if reply.startswith(_OBJECT_MARKS) else TEXT)

    for method in ("POST", "GET"):
        routes.route(method, "/v2/rpc/{id}", auth=Auth.SESSION_OR_HTTP_KEY, error_body=rpc_error_body)(rpc_func)
    return routes


def _payload(request: Request, is_raw: bool) -> str:
    if request.method == "GET" or not request.body:
        return ""
    try:
        return request.body.decode() if is_raw else _PAYLOAD.decode(request.body)
    except (UnicodeDecodeError, msgspec.DecodeError):
        raise PayloadInvalid from None
