"""A player's socket: `realtime.Session` on picows.

The first frame to a socket that was idle leaves at once. Those that follow within `flush_ms` are held and leave together, in one write: a
system call per frame is what delivery costs. What a peer does not read waits in its transport's buffer, up to a bound; beyond it
the socket is cut off, and nobody else notices.
"""

from __future__ import annotations

import asyncio

from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport

from supergame.base.errors import InvalidArgument
from supergame.base.limits import Limits
from supergame.realtime.frame import JSON, PROTOBUF, Format, Frame
from supergame.realtime.session import CloseCode, SessionRegistry
from supergame.realtime.tracker import Tracker
from supergame.routing.context import Context
from supergame.routing.rt import Inbox, RtRouter
from supergame.telemetry.metrics import Metrics

HELD_BYTES_MAX = 65_536  # held back for one write; beyond: written at once
CLOSE_WITHIN_S = 5.0  # for what is unsent when a socket closes; beyond: cut off

_FORMATS = {"json": JSON, "protobuf": PROTOBUF}


class Flusher:
    """Writes what sockets hold, all of them together, every `flush_ms`. 0 holds nothing back."""

    def __init__(self, flush_ms: float) -> None:
        self.flush_s = flush_ms / 1000
        self._loop = asyncio.get_running_loop()
        self._holding: list[PlayerSocket] = []

    def hold(self, socket: PlayerSocket) -> None:
        if not self._holding:
            self._loop.call_later(self.flush_s, self._flush)
        self._holding.append(socket)

    def now(self) -> float:
        return self._loop.time()

    def _flush(self) -> None:
        holding, self._holding = self._holding, []
        for socket in holding:
            socket.flush()


def format_of(query: dict[str, list[str]]) -> Format:
    """The format that the address of a socket asks for.

    Raises:
        InvalidArgument: neither json nor protobuf.
    """
    wanted = query.get("format", ["json"])[-1] or "json"
    if wanted not in _FORMATS:
        raise InvalidArgument("The format is json or protobuf.")
    return _FORMATS[wanted]


class PlayerSocket(WSListener):
    """One socket of a player."""

    def __init__(
        self,
        ctx: Context,
        session_id: str,
        router: RtRouter,
        registry: SessionRegistry,
        tracker: Tracker,
        flusher: Flusher,
        metrics: Metrics,
        limits: Limits,
        query: dict[str, list[str]] | None = None,
    ) -> None:
        self.session_id = ctx.session_id = session_id
        self.title_id, self.user_id, self.username, self.token_id = ctx.title_id, ctx.user_id, ctx.username, ctx.token_id
        self._ctx, self._router, self._registry, self._tracker = ctx, router, registry, tracker
        self._flusher, self._metrics = flusher, metrics
        self._unsent_bytes_max = limits.socket_unsent_bytes_max
        self._inbox = Inbox()
        self._transport: WSTransport | None = None
        self._held: list[bytes] = []
        self._held_bytes = 0
        self._quiet_until = 0.0
        self._query = query or {}
        self._format = format_of(self._query)
        self._bytes_of = self._format.bytes_of
        self._closing = False

    # --- realtime's side

    def send(self, frame: Frame) -> None:
        if self._transport is None or self._closing:
            return
        data = self._bytes_of(frame)
        if self._held:
            self._hold(data)
        elif self._flusher.flush_s and (now := self._flusher.now()) < self._quiet_until:
            self._hold(data)
            self._flusher.hold(self)
        else:
            self._write(data)
            self._quiet_until = now + self._flusher.flush_s if self._flusher.flush_s else 0.0

    def _hold(self, data: bytes) -> None:
        self._held.append(data)
        self._held_bytes += len(data)
        if self._held_bytes > HELD_BYTES_MAX:
            self.flush()

    def flush(self) -> None:
        """Write what was held."""
        if self._held and self._transport is not None:
            self._write(b"".join(self._held))
            self._quiet_until = self._flusher.now() + self._flusher.flush_s
        self._held.clear()
        self._held_bytes = 0

    def close(self, code: CloseCode, reason: str) -> None:
        if self._closing:
            return
        self.flush()
        self._closing = True
        if self._transport is not None:
            self._transport.send_close(WSCloseCode(int(code)), reason.encode())
            self._transport.disconnect()
            asyncio.get_running_loop().call_later(CLOSE_WITHIN_S, self._transport.underlying_transport.abort)

    def _write(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.underlying_transport.write(data)

    # --- picows' side

    def pause_writing(self) -> None:
        if self._transport is not None:
            self._metrics.slow_readers.inc()
            self._transport.disconnect(graceful=False)

    def resume_writing(self) -> None: ...

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        transport.underlying_transport.set_write_buffer_limits(high=self._unsent_bytes_max)
        self._registry.add(self)
        self._metrics.sessions.inc()
        self._router.opened(self, self._query)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._transport = None
        self._registry.remove(self)
        self._tracker.untrack_session(self)
        self._metrics.sessions.dec()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == (WSMsgType.TEXT if self._format.is_text else WSMsgType.BINARY) and frame.fin:
            self._router.receive(self, self._ctx, self._inbox, frame.get_payload_as_bytes(), self._format)
        elif frame.msg_type == WSMsgType.CLOSE:
            self.close(CloseCode.NORMAL, "")
        elif frame.msg_type not in (WSMsgType.PING, WSMsgType.PONG):
            self.close(CloseCode.NORMAL, f"{'text' if self._format.is_text else 'binary'} messages only")
