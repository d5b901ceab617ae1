"""Realtime frames: what is understood is answered, what is not ends only its sender."""

from __future__ import annotations

import json
from typing import Any

import pytest

from supergame.base.ids import TitleId, TokenId, UserId
from supergame.realtime.session import CloseCode
from supergame.routing.rt import Envelopes


class Socket:
    title_id, user_id, token_id = TitleId("main"), UserId("ada"), TokenId("t1")

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.closed: list[CloseCode] = []

    def send(self, frame: bytes) -> None:
        self.sent.append(json.loads(frame))

    def close(self, code: CloseCode, reason: str) -> None:
        self.closed.append(code)


def after(frame: bytes) -> Socket:
    socket = Socket()
    Envelopes().receive(socket, frame)
    return socket


@pytest.mark.parametrize(
    ("frame", "answer"),
    [(b'{"ping":{}}', {"pong": {}}), (b'{"cid":"7","ping":{}}', {"cid": "7", "pong": {}}), (b'{"cid":"","ping":{}}', {"pong": {}})],
)
def test_a_ping_is_answered_with_its_cid(frame: bytes, answer: dict[str, Any]) -> None:
    socket = after(frame)
    assert (socket.sent, socket.closed) == ([answer], [])


def test_a_pong_needs_no_answer() -> None:
    socket = after(b'{"pong":{}}')
    assert (socket.sent, socket.closed) == ([], [])


@pytest.mark.parametrize(
    "frame", [b"", b"ping", b"[]", b"null", b'"ping"', b"{", b'{"cid":7,"ping":{}}', b'{"cid":null,"ping":{}}', b"\xff", b'{"\xff":1}']
)
def test_a_malformed_frame_ends_its_sender(frame: bytes) -> None:
    socket = after(frame)
    assert (socket.sent, socket.closed) == ([], [CloseCode.NORMAL])


@pytest.mark.parametrize("frame", [b"{}", b'{"cid":"1"}', b'{"ping":{},"pong":{}}', b'{"channel_join":{}}', b'{"Ping":{}}', b'{"sg":{}}'])
def test_an_unrecognised_message_ends_its_sender(frame: bytes) -> None:
    socket = after(frame)
    assert (socket.sent, socket.closed) == ([], [CloseCode.NORMAL])


@pytest.mark.parametrize(
    "frame", [b'{"a":' * 2_000, b"[" * 4_096, b'{"ping":' + b'{"a":' * 1_000 + b"1" + b"}" * 1_001, b'{"ping":' + b"9" * 4_000 + b"}"]
)
def test_bombs_do_no_harm(frame: bytes) -> None:
    socket = after(frame)
    assert len(socket.sent) + len(socket.closed) == 1
