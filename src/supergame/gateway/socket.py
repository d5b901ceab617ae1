"""A player's socket: `realtime.Session` on picows.

The first frame to a socket that was idle leaves at the end of this turn of the loop, with what else the turn has for it. Those that follow
are held for `flush_ms` at most, 1.5 times that under heavy load, and leave together, in one write: system calls are what delivery costs.

What a peer does not read fills the system's buffers first, which are small, and then waits in its transport's. From there on its reader is
watched: when it takes nothing for `socket_stall_s`, or too much waits, the socket is closed. Nobody else waits for it at any time.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport

from supergame.base.errors import InvalidArgument
from supergame.base.limits import Limits
from supergame.realtime.frame import JSON, PROTOBUF, Format, Frame
from supergame.realtime.session import CloseCode, SessionRegistry
from supergame.realtime.tracker import Tracker
from supergame.routing.context import Context
from supergame.routing.rt import Inbox, RtRouter
from supergame.telemetry.metrics import Metrics

IDLE_AFTER_BEATS = 2  # since the last write
PAUSE_PER_WRITING = 3.0  # a pause is as many times as long as the writing before it, ...
STRETCH_MAX = 1.5  # ... between `flush_ms` and as many times that
HELD_BYTES_MAX = 65_536  # held back for one write; beyond: written at once
CLOSE_WITHIN_S = 5.0  # for what is unsent when a socket closes; beyond: cut off
GIVE_UP_WITHIN_S = 0.5  # the same for a peer that does not read
WATCHED_FROM_BYTES = 16_384  # unsent; below, nobody looks whether the peer reads

_FORMATS = {"json": JSON, "protobuf": PROTOBUF}


class Flusher:
    """Writes what sockets hold: of idle ones at the end of this turn of the loop, of busy ones all together at the next beat.

    A beat comes when the writing of the last one has ended and a pause has passed, so however many are busy, others have their turn.
    The pause is `flush_ms`; when writing takes much of the time it stretches, as fewer and larger writes cost less. There are beats only
    while somebody is busy, which is who was written to since the beat before last. With a `flush_ms` of 0 nothing is held.
    """

    def __init__(self, flush_ms: float, timer: Callable[[], float] = time.perf_counter) -> None:
        self._flush_s, self._timer = flush_ms / 1000, timer
        self._loop = asyncio.get_running_loop()
        self._beats, self._last_written_beat = IDLE_AFTER_BEATS, 0
        self._is_beating = False
        self._idle: list[PlayerSocket] = []
        self._busy: list[PlayerSocket] = []

    def add(self, socket: PlayerSocket) -> None:
        """Have a socket written that holds its first frame."""
        if not self._flush_s:
            socket.flush()
        elif self._beats - socket.written_beat < IDLE_AFTER_BEATS:
            self._busy.append(socket)
        else:
            if not self._idle:
                self._loop.call_soon(self._write_idle)
            self._idle.append(socket)

    def _write_idle(self) -> None:
        idle, self._idle = self._idle, []
        if not self._is_beating:
            self._is_beating = True
            self._loop.call_later(self._flush_s, self._beat)
        self._write(idle)

    def _beat(self) -> None:
        busy, self._busy = self._busy, []
        self._beats += 1
        began_s = self._timer()
        self._write(busy)
        self._is_beating = self._beats - self._last_written_beat < IDLE_AFTER_BEATS
        if self._is_beating:
            wanted_s = (self._timer() - began_s) * PAUSE_PER_WRITING
            self._loop.call_later(min(max(self._flush_s, wanted_s), self._flush_s * STRETCH_MAX), self._beat)

    def _write(self, sockets: list[PlayerSocket]) -> None:
        if sockets:
            self._last_written_beat = beat = self._beats
            for socket in sockets:
                socket.written_beat = beat
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

    __slots__ = (  # a dict beside picows' own fields would make every look-up on the busiest path twice as slow
        "_backlog", "_bytes_of", "_ctx", "_flusher", "_format", "_fragments", "_held", "_held_bytes", "_inbox", "_is_open", "_limits",
        "_metrics", "_opcode", "_query", "_registry", "_router", "_stream", "_tracker", "_transport",
        "session_id", "title_id", "token_id", "user_id", "username", "written_beat",
    )  # fmt: skip

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
        self._limits = limits
        self._inbox = Inbox()
        self._transport: WSTransport | None = None
        self._stream: asyncio.Transport
        self._held: list[bytes] = []
        self._held_bytes = 0
        self.written_beat = 0
        self._query = query or {}
        self._format = format_of(self._query)
        self._bytes_of = self._format.bytes_of
        self._opcode = WSMsgType.TEXT if self._format.is_text else WSMsgType.BINARY
        self._fragments: bytearray | None = None
        self._backlog: Backlog | None = None
        self._is_open = False

    # --- realtime's side

    def send(self, frame: Frame) -> None:
        if self._is_open:
            data, held = self._bytes_of(frame), self._held
            held.append(data)
            self._held_bytes += len(data)
            if len(held) == 1:
                self._flusher.add(self)
            if self._held_bytes > HELD_BYTES_MAX:
                self.flush()

    def flush(self) -> None:
        """Write what is held."""
        held = self._held
        if held:
            data = held[0] if len(held) == 1 else b"".join(held)
            self._drop_held()
            backlog = self._backlog  # this write may begin one, which counts it
            self._stream.write(data)
            if backlog is not None:
                backlog.grow(len(data))

    def _drop_held(self) -> None:
        self._held.clear()
        self._held_bytes = 0

    def close(self, code: CloseCode, reason: str) -> None:
        if self._is_open:
            self.flush()
            self._is_open = False
            self._end(code, reason, CLOSE_WITHIN_S)

    def _end(self, code: CloseCode, reason: str, within_s: float) -> None:
        self._leave()
        if self._transport is not None:
            self._transport.send_close(WSCloseCode(int(code)), reason.encode())
            self._transport.disconnect()
            asyncio.get_running_loop().call_later(within_s, self._transport.underlying_transport.abort)

    def _leave(self) -> None:
        """Be in no stream and found by nobody any more."""
        self._registry.remove(self)
        self._tracker.untrack_session(self)

    # --- a peer that does not read

    def pause_writing(self) -> None:
        if self._transport is not None and self._is_open:
            self._backlog = Backlog(self._transport.underlying_transport, self._limits, self._give_up)

    def resume_writing(self) -> None:
        if self._backlog is not None:
            self._backlog.end()
            self._backlog = None

    def _give_up(self) -> None:
        if self._is_open:
            self._is_open = False
            self._drop_held()
            self._metrics.slow_readers.inc()
            # Soon, not now: this may be in the middle of a delivery to others, and telling them adds to what they have to read.
            asyncio.get_running_loop().call_soon(self._end, CloseCode.POLICY, "reads too slowly", GIVE_UP_WITHIN_S)

    # --- picows' side

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport, self._stream = transport, transport.underlying_transport
        self._stream.set_write_buffer_limits(high=min(WATCHED_FROM_BYTES, self._limits.socket_unsent_bytes_max))
        self._is_open = True
        self._registry.add(self)
        self._metrics.sessions.inc()
        self._router.opened(self, self._query)
        self._query = {}

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._transport, self._is_open = None, False
        self._drop_held()
        self.resume_writing()
        self._leave()
        self._metrics.sessions.dec()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if not self._is_open:
            return
        if frame.msg_type == self._opcode and frame.fin and self._fragments is None:
            self._router.receive(self, self._ctx, self._inbox, frame.get_payload_as_bytes(), self._format)
        elif frame.msg_type == WSMsgType.CLOSE:
            self.close(CloseCode.NORMAL, "")
        elif frame.msg_type not in (WSMsgType.PING, WSMsgType.PONG):
            self._take_fragment(frame)

    def _take_fragment(self, frame: WSFrame) -> None:
        """A message in several frames (RFC 6455, section 5.4) has the bound of one in a single frame."""
        is_next = frame.msg_type == WSMsgType.CONTINUATION
        if not is_next and frame.msg_type != self._opcode:
            self.close(CloseCode.NORMAL, f"{'text' if self._format.is_text else 'binary'} messages only")
            return
        if is_next != (self._fragments is not None):
            self.close(CloseCode.PROTOCOL, "a message begins before the last one has ended, or goes on without having begun")
            return
        fragments = self._fragments = bytearray() if self._fragments is None else self._fragments
        fragments += frame.get_payload_as_bytes()
        if len(fragments) > self._limits.socket_message_bytes_max:
            self.close(CloseCode.TOO_LARGE, "the message is too large")
        elif frame.fin:
            self._fragments = None
            self._router.receive(self, self._ctx, self._inbox, bytes(fragments), self._format)


class Backlog:
    """What waits for a peer whose buffers are full, watched until the peer reads again.

    Args:
        on_hopeless: called when the peer has taken nothing for `socket_stall_s`, or more than `socket_unsent_bytes_max` wait.
    """

    def __init__(self, transport: asyncio.WriteTransport, limits: Limits, on_hopeless: Callable[[], None]) -> None:
        self._transport, self._limits, self._on_hopeless = transport, limits, on_hopeless
        self._loop = asyncio.get_running_loop()
        self._written, self._taken = transport.get_write_buffer_size(), 0
        self._timer = self._loop.call_later(limits.socket_stall_s, self._look)
        self.grow(0)

    def grow(self, size: int) -> None:
        """More was written."""
        self._written += size
        if self._transport.get_write_buffer_size() > self._limits.socket_unsent_bytes_max:
            self._on_hopeless()

    def end(self) -> None:
        self._timer.cancel()

    def _look(self) -> None:
        taken = self._written - self._transport.get_write_buffer_size()
        if taken <= self._taken:
            self._on_hopeless()
            return
        self._taken = taken
        self._timer = self._loop.call_later(self._limits.socket_stall_s, self._look)
