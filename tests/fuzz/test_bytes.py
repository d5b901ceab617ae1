"""Damaged HTTP and WebSocket bytes on real sockets. A failure prints its seed: run it again with FUZZ_SEED."""

from __future__ import annotations

import json
import random
import socket
from pathlib import Path

import pytest

from tests.fuzz.target import HTTP_KEY, SEED, SERVER_KEY, Target, bombarded
from tests.unit.gateway.peer import parse_answers
from tests.unit.gateway.test_any_input import mutated
from tests.unit.gateway.test_ws import frame, handshake, text

ANSWERS = {100, 101, 200, 400, 401, 403, 404, 408, 409, 413, 415, 429, 431, 501, 505}  # 501: a method that a path does not have
GROWTH_MB_MAX = 60.0


def request(method: str, target: str, body: object = None, authorization: str = "", *headers: str) -> bytes:
    data = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost", f"Content-Length: {len(data)}", *headers]
    return "\r\n".join([*lines, *([f"Authorization: {authorization}"] if authorization else []), "", ""]).encode() + data


def seeds(target: Target) -> list[bytes]:
    """Requests that are right and reach handlers; sockets as well."""
    player = f"Bearer {target.session()}"
    saved = {"collection": "saves", "key": "fuzz", "value": '{"level": 1}', "permission_read": 2}
    chunked = request("POST", "/v2/rpc/clientrpc.rpc", None, player).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    return [
        request("GET", "/healthcheck"),
        request("GET", "/openapi.json"),
        request("GET", "/v2/account", None, player),
        request("PUT", "/v2/account", {"display_name": "Ada", "lang_tag": "en"}, player),
        request("POST", "/v2/account/authenticate/device?create=true&username=", {"id": "fuzzing-device-0"}, SERVER_KEY),
        request("POST", "/v2/account/session/refresh", {"token": target.refresh_token}, SERVER_KEY),
        request("PUT", "/v2/storage", {"objects": [saved]}, player, "Idempotency-Key: fuzz"),
        request("POST", "/v2/storage", {"object_ids": [{"collection": "saves", "key": "fuzz"}]}, player),
        request("GET", "/v2/storage/saves?limit=10&cursor=WzEyM10", None, player),
        request("GET", "/v2/user?usernames=ada&ids=00000000-0000-0000-0000-000000000000", None, player),
        request("POST", f"/v2/rpc/clientrpc.rpc?http_key={HTTP_KEY}", "payload"),
        request("OPTIONS", "/v2/account", None, "", "Origin: null", "Access-Control-Request-Headers: authorization"),
        chunked + b'9\r\n"payload"\r\n0\r\n\r\n',
        handshake(f"/ws?token={target.session()}") + text({"cid": "1", "ping": {}}) + frame(9, b"ping") + frame(8, b"\x03\xe8"),
    ]


def bombard(target: Target, count: int) -> None:
    chance = random.Random(SEED)
    samples, before_mb = seeds(target), 0.0
    for number in range(count):
        if number % 200 == 0:
            samples = seeds(target)
            assert target.still_answers(), f"FUZZ_SEED={SEED}, request {number}"
        if number == count // 4:
            before_mb = target.memory_mb()
        data = mutated(chance, b"".join(chance.choices(samples, k=chance.randint(1, 3))))
        statuses = statuses_of(send(target.port, data))
        assert set(statuses) <= ANSWERS, f"FUZZ_SEED={SEED}, request {number}: {statuses} for {data!r}"
    assert target.still_answers()
    assert target.memory_mb() - before_mb < GROWTH_MB_MAX


def send(port: int, data: bytes) -> bytes:
    """All that comes back, until the server closes; a reset may cut it short."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65_536):
                received += piece
        except ConnectionError:
            pass
    return received


def statuses_of(answers: bytes) -> list[int]:
    """What follows a 101 is a socket's; bodies of answers to HEAD are not told apart here."""
    head, found, _ = answers.partition(b"HTTP/1.1 101 ")
    whole = [answer.status for answer in parse_answers(head)] if head.startswith(b"HTTP/1.1 ") else []
    return whole + [101] * bool(found)


def test_damaged_bytes_trouble_nobody_else(tmp_path: Path) -> None:
    with bombarded(tmp_path) as target:
        bombard(target, 2_000)


@pytest.mark.fuzz
def test_damaged_bytes_at_length(tmp_path: Path) -> None:
    with bombarded(tmp_path) as target:
        bombard(target, 20_000)
