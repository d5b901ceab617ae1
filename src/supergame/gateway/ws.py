"""Players' sockets: picows takes the transport over from HTTP, and each socket is a `realtime.Session`.

The token is checked before the hand-over, so a refused socket gets a plain HTTP answer, as Nakama's clients expect.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable

from picows import WSAutoPingStrategy, WSListener
from picows.picows import WSProtocol  # type: ignore[attr-defined] # see _protocol

from supergame.base.errors import InvalidArgument, SupergameError
from supergame.base.limits import Limits
from supergame.gateway.socket import format_of
from supergame.routing.auth import Auth, Authenticator
from supergame.routing.context import Context
from supergame.routing.http import Request, Response
from supergame.wire.query import parse_query
from supergame.wire.status import HTTP_STATUS, error_body

PING_AFTER_IDLE_S = 15.0  # as Nakama pings
PONG_WITHIN_S = 10.0
HANDSHAKE_WITHIN_S = 5.0
READ_BUFFER_BYTES = 1_024  # of a socket that is idle; for longer messages it grows
SYSTEM_BUFFER_BYTES = 32_768  # for what is sent. Left alone, Linux takes up to 4 MiB for a peer that does not read

_NO_PROTOCOL = asyncio.Protocol()

_log = logging.getLogger("picows.server")
_log.addHandler(logging.NullHandler())
_log.propagate = False  # a peer's broken frame is no news

OpenSocket = Callable[[Context, dict[str, list[str]]], WSListener]
"""Makes the socket of a player, given the query of its address."""


class WebSockets:
    """The hand-over from HTTP for `/ws`."""

    def __init__(self, auth: Authenticator, open_socket: OpenSocket, limits: Limits) -> None:
        self._auth, self._open_socket, self._limits = auth, open_socket, limits

    def upgrade(self, request: Request, transport: asyncio.Transport, rest: bytes, on_lost: Callable[[], None]) -> Response | None:
        """Make a player's socket of a transport, or return the refusal."""
        query = parse_query(request.query)
        try:
            ctx = self._player(request, query)
        except SupergameError as error:
            return Response(HTTP_STATUS[error.status], error_body(error))
        query.pop("token", None)  # it is long, and has served its purpose
        protocol = _protocol(
            lambda _request: self._open_socket(ctx, query),
            self._limits.socket_message_bytes_max,
            on_lost,
        )
        _bound_system_buffer(transport)
        protocol.connection_made(transport)
        transport.set_protocol(_NO_PROTOCOL)  # uvloop would keep the last one that is not buffered, as HTTP's, as long as the socket
        transport.set_protocol(protocol)
        _feed(protocol, _head(request) + rest)
        return None

    def _player(self, request: Request, query: dict[str, list[str]]) -> Context:
        if request.path != "/ws":
            raise InvalidArgument("Sockets open at /ws.")
        format_of(query)  # refused before the token is looked at, as Nakama does
        if request.headers.get("sec-websocket-version") != "13":
            raise InvalidArgument("Sockets speak version 13 of the protocol.")
        header = request.headers.get("authorization", "")
        if header.startswith("Bearer "):
            return self._auth.authenticate(Auth.SESSION, request.headers, query)
        return self._auth.session(query.get("token", [""])[-1])


class CountedProtocol(WSProtocol):  # type: ignore[misc] # compiled, without types
    """picows' protocol for one connection that also tells when it has ended, even before the handshake."""

    on_lost: Callable[[], None]

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.on_lost()


def _protocol(listener: Callable[[object], WSListener], message_bytes_max: int, on_lost: Callable[[], None]) -> CountedProtocol:
    """Not public API of picows: the version is pinned, this is the only place, and tests cover it."""
    is_client, disconnect_on_exception, auto_ping, auto_pong = False, True, True, True
    protocol = CountedProtocol(
        None,
        None,
        is_client,
        listener,
        _log,
        disconnect_on_exception,
        HANDSHAKE_WITHIN_S,
        auto_ping,
        PING_AFTER_IDLE_S,
        PONG_WITHIN_S,
        WSAutoPingStrategy.PING_WHEN_IDLE,
        auto_pong,
        message_bytes_max,
        None,
        READ_BUFFER_BYTES,
    )
    protocol.on_lost = on_lost
    return protocol


def _bound_system_buffer(transport: asyncio.Transport) -> None:
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SYSTEM_BUFFER_BYTES)


def _head(request: Request) -> bytes:
    """The request once more, for picows to answer the handshake. Only what the handshake needs (RFC 6455, section 4.2.1)."""
    wanted = ("host", "upgrade", "connection", "sec-websocket-key", "sec-websocket-version")
    lines = [f"{name}: {request.headers[name]}" for name in wanted if name in request.headers]
    return "\r\n".join(["GET /ws HTTP/1.1", *lines, "", ""]).encode("latin-1")


def _feed(protocol: WSProtocol, data: bytes) -> None:
    """Hand bytes to a BufferedProtocol."""
    left = memoryview(data)
    while left:
        buffer = protocol.get_buffer(len(left))
        count = min(len(buffer), len(left))
        buffer[:count] = left[:count]
        protocol.buffer_updated(count)
        left = left[count:]
