"""Every own endpoint `/sg/v1/a/b` is also the function `sg.a.b`, so that unchanged Nakama SDKs reach it.

The payload is the request message as JSON, with the fields that HTTP takes from path and query.
"""

from __future__ import annotations

from supergame.features.rpc.model import Function
from supergame.features.rpc.service import Functions
from supergame.routing.auth import Auth
from supergame.routing.context import Context
from supergame.routing.http import Endpoint, Router

PREFIX = "/sg/v1/"


def add_own_rpcs(router: Router, functions: Functions) -> None:
    """Register a function for each of the router's own endpoints."""
    for endpoint in router.endpoints:
        if endpoint.path.startswith(PREFIX) and not endpoint.is_raw:
            functions.add_platform(rpc_name(endpoint.path), _function(router, endpoint))


def rpc_name(path: str) -> str:
    """`sg.licences` for `/sg/v1/licences/{property}/{asset}`: what HTTP takes from the path is in the payload."""
    return ".".join(["sg", *(part for part in path.removeprefix(PREFIX).split("/") if not part.startswith("{"))])


def _function(router: Router, endpoint: Endpoint) -> Function:
    async def call(ctx: Context, payload: str) -> str:
        if endpoint.auth is Auth.SESSION:
            ctx.player()
        message = endpoint.read_message(payload.encode())
        return endpoint.write(await router.call(endpoint, ctx, message)).decode()

    return call
