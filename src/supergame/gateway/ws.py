"""Players' sockets: picows takes the transport over from HTTP, and each socket is a `realtime.Session`.

The token is checked before the hand-over, so a refused socket gets a plain HTTP answer, as Nakama's clients expect.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from picows import WSAutoPingStrategy, WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport
from picows.picows import WSProtocol  # type: ignore[attr-defined] # see _protocol

from supergame.base.errors import InvalidArgument, SupergameError, Unimplemented
from supergame.base.limits import Limits
from supergame.realtime.session import CloseCode, SessionRegistry
from supergame.routing.auth import Auth, Authenticator
from supergame.routing.context import Context
from supergame.routing.http import Request, Response
from supergame.routing.rt import Envelopes
from supergame.telemetry.metrics import Metrics
from supergame.wire.query import parse_query
from supergame.wire.status import HTTP_STATUS, error_body

PING_AFTER_IDLE_S = 15.0  # as Nakama pings
PONG_WITHIN_S = 10.0
HANDSHAKE_WITHIN_S = 5.0
READ_BUFFER_BYTES = 4_096
CLOSE_WITHIN_S = 5.0  # for what is unsent when a socket closes; beyond: cut off

_log = logging.getLogger("picows.server")
_log.addHandler(logging.NullHandler())
_log.propagate = False  # a peer's broken frame is no news


class PlayerSocket(WSListener):
    """One socket of a player."""

    def __init__(self, ctx: Context, envelopes: Envelopes, registry: SessionRegistry, metrics: Metrics, unsent_bytes_max: int) -> None:
        self.title_id, self.user_id, self.token_id = ctx.title_id, ctx.user_id, ctx.token_id
        self._ctx, self._envelopes, self._registry, self._metrics = ctx, envelopes, registry, metrics
        self._unsent_bytes_max = unsent_bytes_max
        self._transport: WSTransport | None = None

    def send(self, frame: bytes) -> None:
        if self._transport is not None:
            self._transport.send(WSMsgType.TEXT, frame)

    def close(self, code: CloseCode, reason: str) -> None:
        if self._transport is not None:
            self._transport.send_close(WSCloseCode(int(code)), reason.encode())
            self._transport.disconnect()
            asyncio.get_running_loop().call_later(CLOSE_WITHIN_S, self._transport.underlying_transport.abort)

    def pause_writing(self) -> None:
        if self._transport is not None:
            self._transport.disconnect(graceful=False)

    def resume_writing(self) -> None: ...

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        transport.underlying_transport.set_write_buffer_limits(high=self._unsent_bytes_max)
        self._registry.add(self)
        self._metrics.sessions.inc()

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._transport = None
        self._registry.remove(self)
        self._metrics.sessions.dec()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.CLOSE:
            self.close(CloseCode.NORMAL, "")
        elif frame.msg_type == WSMsgType.TEXT and frame.fin:
            self._envelopes.receive(self, frame.get_payload_as_bytes())
        elif frame.msg_type not in (WSMsgType.PING, WSMsgType.PONG):
            self.close(CloseCode.NORMAL, "text messages only")


class WebSockets:
    """The hand-over from HTTP for `/ws`."""

    def __init__(self, auth: Authenticator, envelopes: Envelopes, registry: SessionRegistry, metrics: Metrics, limits: Limits) -> None:
        self._auth, self._envelopes, self._registry, self._metrics, self._limits = auth, envelopes, registry, metrics, limits

    def upgrade(self, request: Request, transport: asyncio.Transport, rest: bytes, on_lost: Callable[[], None]) -> Response | None:
        """Make a player's socket of a transport, or return the refusal."""
        try:
            ctx = self._player(request)
        except SupergameError as error:
            return Response(HTTP_STATUS[error.status], error_body(error))
        limits = self._limits
        protocol = _protocol(
            lambda _request: PlayerSocket(ctx, self._envelopes, self._registry, self._metrics, limits.socket_unsent_bytes_max),
            limits.socket_message_bytes_max,
            on_lost,
        )
        protocol.connection_made(transport)
        transport.set_protocol(protocol)
        _feed(protocol, _head(request) + rest)
        return None

    def _player(self, request: Request) -> Context:
        query = parse_query(request.query)
        if request.path != "/ws":
            raise InvalidArgument("Sockets open at /ws.")
        if request.headers.get("sec-websocket-version") != "13":
            raise InvalidArgument("Sockets speak version 13 of the protocol.")
        wanted = query.get("format", ["json"])[-1] or "json"
        if wanted == "protobuf":
            raise Unimplemented("The protobuf format is not offered yet; use format=json.")
        if wanted != "json":
            raise InvalidArgument("The format is json or protobuf.")
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
