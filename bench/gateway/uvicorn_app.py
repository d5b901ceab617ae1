"""The same router behind two HTTP protocols: `uvicorn` with its httptools protocol and a bare ASGI application, or `own`.

`python bench/gateway/uvicorn_app.py own|uvicorn` listens on a free port and prints it, with a session token. `compare.py` uses it.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvicorn
import uvloop

from supergame.app.build import build
from supergame.app.config import Config
from supergame.app.node import Node
from supergame.cli.up import _settle_memory
from supergame.features.sessions.model import Lifetimes
from supergame.game import Context, Game
from supergame.routing.context import Context as Caller
from supergame.routing.http import Request, Router

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

game = Game("bench")


@game.rpc("clientrpc.rpc")
async def echo(ctx: Context, payload: str) -> str:
    return payload


def bare_application(router: Router) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """As little between uvicorn and the router as ASGI allows; bodies are only waited for when there is one."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        body = b""
        more = "content-length" in headers or "transfer-encoding" in headers
        while more:
            event = await receive()
            body += event.get("body", b"")
            more = event.get("more_body", False)
        query = scope["query_string"].decode("latin-1")
        response = await router.dispatch(Request(scope["method"], scope["path"], query, headers, body, scope["client"][0]))
        lines = [(b"content-type", response.content_type.encode()), (b"content-length", str(len(response.body)).encode())]
        lines += [(name.encode(), value.encode("latin-1", "replace")) for name, value in response.headers]
        await send({"type": "http.response.start", "status": response.status, "headers": lines})
        await send({"type": "http.response.body", "body": response.body})

    return application


async def serve(which: str, folder: Path) -> None:
    config = Config(data_dir=folder, port=0, console_port=0, lifetimes=Lifetimes(session_s=86_400))
    node = await build(config, [game])
    token = await session_token(node)
    _settle_memory()
    await node.serve()
    if which == "own":
        print(node.port, token, flush=True)
        await asyncio.Event().wait()
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(listener.getsockname()[1], token, flush=True)
    options = uvicorn.Config(
        bare_application(node.router), http="httptools", ws="none", lifespan="off", interface="asgi3", access_log=False, log_level="error"
    )
    await uvicorn.Server(options).serve([listener])


async def session_token(node: Node) -> str:
    endpoint, _ = node.router.find("POST", "/v2/account/authenticate/device")
    request = endpoint.read(b'{"id": "device-of-the-bench"}', {}, {})
    return (await endpoint.handler(Caller(game.id), request)).token  # type: ignore[no-any-return]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as data, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(sys.argv[1], Path(data)))
