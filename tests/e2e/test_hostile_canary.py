"""Secrets sent through every route, at the most talkative log level, are nowhere in what the process writes."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.support.server import ServerProcess

GAME = """
from supergame.game import Game, GameError

game = Game("main")

@game.rpc("echo")
async def echo(ctx, payload):
    ctx.log.info("called", user=ctx.user_id, token=payload, password=payload)
    return payload

@game.rpc("raise")
async def fails(ctx, payload):
    secret, query = payload, ctx.query
    raise RuntimeError("a mistake in the game")

@game.rpc("refuse")
async def refuse(ctx, payload):
    raise GameError(payload)

@game.after("get_account")
async def after(ctx, request, reply):
    raise RuntimeError("a mistake in a hook")
"""

PASSWORD, EMAIL, KEY, TOKEN, TEXT = "canary-password", "canary-mail@example.com", "canary-key", "canary.token.text", "canary-text"
SECRETS = [PASSWORD, "canary-mail", KEY, TOKEN, TEXT, "defaultkey", "defaulthttpkey", quote(EMAIL), b64encode(b"defaultkey:").decode()]


def basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{key}:".encode()).decode()}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


class Client:
    def __init__(self, port: int) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(self, method: str, target: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._http.request(method, target, data if method != "GET" else None, headers or {})
        answer = self._http.getresponse()
        return answer.status, answer.read()

    def close(self) -> None:
        self._http.close()


def sign_in(client: Client) -> dict[str, str]:
    account = {"email": EMAIL, "password": PASSWORD, "vars": {"secret": TEXT}}
    status, body = client.ask("POST", "/v2/account/authenticate/email", account, basic("defaultkey"))
    assert status == 200, body
    return json.loads(body)  # type: ignore[no-any-return]


def ask_everything(client: Client, session: dict[str, str]) -> set[int]:
    """Every declared route with every kind of credential, right and wrong, and secrets in path, query and body; returns the statuses."""
    document = json.loads(client.ask("GET", "/openapi.json")[1])
    statuses = set()
    body = {
        "email": EMAIL,
        "password": PASSWORD,
        "token": TOKEN,
        "refresh_token": TOKEN,
        "vars": {"secret": TEXT},
        "id": TEXT,
        "username": TEXT,
    }
    secret_query = f"token={TOKEN}&http_key={KEY}&username={TEXT}&email={quote(EMAIL)}"
    for path, operations in document["paths"].items():
        filled = re.sub(r"{\w+}", TEXT, path)
        for method in operations:
            if (method, path) in (("delete", "/v2/account"), ("post", "/v2/session/logout")):
                continue
            for headers in ({}, basic(KEY), basic("defaultkey"), bearer(TOKEN), bearer(session["token"])):
                for sent in (body, [body], json.dumps(body).encode()[:-5], b"\xff" + PASSWORD.encode(), b"[" * 5_000):
                    status, _ = client.ask(method.upper(), f"{filled}?{secret_query}", sent, headers)
                    statuses.add(status)
    return statuses


def call_functions(client: Client, session: dict[str, str]) -> None:
    for name in ("echo", "raise", "refuse", TEXT):
        for headers, query in ((bearer(session["token"]), ""), ({}, "?http_key=defaulthttpkey"), ({}, f"?http_key={KEY}")):
            client.ask("POST", f"/v2/rpc/{name}{query}", PASSWORD, headers)
            client.ask("POST", f"/v2/rpc/{name}{query or '?'}&unwrap&secret={TEXT}", PASSWORD.encode(), headers)


def break_the_protocol(port: int) -> None:
    for line in (f"GET /{TEXT}?{KEY} HTTP/9.9\r\n", f"POST / HTTP/1.1\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: x\r\n"):
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        client.connect()
        client.sock.sendall(line.encode() + b"\r\n")
        assert client.sock.recv(100)
        client.close()


def test_no_secret_reaches_the_log(tmp_path: Path) -> None:
    """Planted fault: a handler that logs its request, or a traceback with local variables."""
    game = tmp_path / "game.py"
    game.write_text(GAME)
    server = ServerProcess.start(tmp_path / "data", game, ["--log-level", "debug"])
    client = Client(server.port)
    try:
        session = sign_in(client)
        assert {200, 400, 401, 404} <= ask_everything(client, session)
        call_functions(client, session)
        break_the_protocol(server.port)
        client.ask("POST", "/v2/session/logout", {"token": session["token"], "refresh_token": TOKEN}, bearer(session["token"]))
        client.ask("DELETE", "/v2/account", None, bearer(session["token"]))
        os.kill(server.pid, signal.SIGTERM)
        assert server._process.stdout is not None
        printed = server.banner + server._process.stdout.read().decode()
    finally:
        client.close()
        assert server.stop() == 0
    written = printed + server.log.read_text()
    assert "a mistake in the game" in written  # so the log was on
    assert "a mistake in a hook" in written
    assert [secret for secret in [*SECRETS, session["token"], session["refresh_token"]] if secret in written] == []
