"""A player's socket and its format: chosen by the address, for good."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from picows import WSMsgType

from supergame.base.errors import InvalidArgument
from supergame.base.limits import Limits
from supergame.gateway.socket import PlayerSocket, format_of
from supergame.realtime.frame import JSON, PROTOBUF, Format
from supergame.realtime.session import CloseCode
from supergame.wire.query import parse_query


class Router:
    def __init__(self) -> None:
        self.received: list[tuple[bytes, Format]] = []

    def receive(self, session: Any, ctx: Any, inbox: Any, data: bytes, form: Format) -> None:
        self.received.append((data, form))


class Socket(PlayerSocket):
    """Without a transport: what it would be closed with is kept."""

    def __init__(self, query: str) -> None:
        ctx: Any = SimpleNamespace(title_id="main", user_id="u", username="ada", token_id="t", session_id="")
        self.router = Router()
        router: Any = self.router
        nobody: Any = None
        super().__init__(ctx, "s", router, nobody, nobody, nobody, nobody, Limits(), parse_query(query))
        self._is_open = True  # as after on_ws_connected
        self.closed: list[tuple[CloseCode, str]] = []

    def close(self, code: CloseCode, reason: str) -> None:
        self.closed.append((code, reason))

    def hear(self, kind: WSMsgType, data: bytes, fin: bool = True) -> None:
        frame: Any = SimpleNamespace(msg_type=kind, fin=fin, get_payload_as_bytes=lambda: data)
        nobody: Any = None
        self.on_ws_frame(nobody, frame)


@pytest.mark.parametrize(
    ("query", "form"), [("", JSON), ("format=", JSON), ("format=json", JSON), ("status=true&format=protobuf", PROTOBUF)]
)
def test_the_address_chooses_the_format(query: str, form: Format) -> None:
    assert format_of(parse_query(query)) is form


@pytest.mark.parametrize("wanted", ["xml", "JSON", "Protobuf", "json,protobuf"])
def test_other_formats_are_refused(wanted: str) -> None:
    with pytest.raises(InvalidArgument):
        format_of({"format": [wanted]})


@pytest.mark.parametrize(("query", "kind", "form"), [("", WSMsgType.TEXT, JSON), ("format=protobuf", WSMsgType.BINARY, PROTOBUF)])
def test_messages_are_read_in_the_format_of_their_socket(query: str, kind: WSMsgType, form: Format) -> None:
    socket = Socket(query)
    socket.hear(kind, b"data")
    assert socket.router.received == [(b"data", form)]
    assert socket.closed == []


@pytest.mark.parametrize(
    ("query", "kind", "reason"),
    [("", WSMsgType.BINARY, "text messages only"), ("format=protobuf", WSMsgType.TEXT, "binary messages only")],
)
def test_a_message_of_the_other_kind_ends_the_socket(query: str, kind: WSMsgType, reason: str) -> None:
    socket = Socket(query)
    socket.hear(kind, b"data")
    assert socket.router.received == []
    assert socket.closed == [(CloseCode.NORMAL, reason)]
