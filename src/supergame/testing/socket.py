"""A player's socket inside the test's own process: no port, no frames on a wire, no waiting for time."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from supergame.app.node import Node
from supergame.realtime.frame import Frame
from supergame.realtime.session import CloseCode
from supergame.routing.context import Context
from supergame.routing.rt import Inbox
from supergame.testing.link import Wire

STUCK_S = 30.0  # a message that never comes: a bound for a failing test, not a figure

Envelope = dict[str, Any]


class Closed(NamedTuple):
    code: int
    reason: str


ABNORMAL = 1006  # the code of an end without a close frame (RFC 6455, section 7.4.1)


class SocketClosed(AssertionError):
    """The server closed the socket while the test waited for a message."""


class TestSocket:
    """A `realtime.Session`. `log` holds every message that came, `received` those that are no replies and were not taken yet.

    Over a link, `call` and `next` let time pass until what they wait for has arrived.
    """

    __test__ = False  # pytest: not a test

    def __init__(self, node: Node, ctx: Context, session_id: str, query: dict[str, list[str]], wire: Wire | None = None) -> None:
        self.session_id = ctx.session_id = session_id
        self.title_id, self.user_id, self.username, self.token_id = ctx.title_id, ctx.user_id, ctx.username, ctx.token_id
        self.log: list[Envelope] = []
        self.received: deque[Envelope] = deque()
        self.closed: Closed | None = None
        self._node, self._ctx, self._inbox = node, ctx, Inbox()
        self._cids = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[Envelope]] = {}
        self._next: asyncio.Future[None] | None = None
        self._has_ended = False
        self._wire = wire
        self._carry_up, self._carry_down = (wire.carry_up, wire.carry_down) if wire else (_at_once, _at_once)
        if wire is not None:
            wire.link.on_cut = self._cut
        node.registry.add(self)
        node.rt_router.opened(self, query)

    # --- the server's side

    def send(self, frame: Frame) -> None:
        if not self._has_ended:
            envelope: Envelope = json.loads(_payload(frame.json))
            self._carry_down(lambda: self._hear(envelope))

    def close(self, code: CloseCode = CloseCode.NORMAL, reason: str = "") -> None:
        """End it, as the server or as the client. The server knows at once, the client when it has arrived."""
        if not self._has_ended:
            self._end()
            self._carry_down(lambda: self._heard_the_end(Closed(code, reason)))

    def _end(self) -> None:
        self._has_ended = True
        self._node.registry.remove(self)
        self._node.tracker.untrack_session(self)

    def _receive(self, data: bytes) -> None:
        if not self._has_ended:
            self._node.rt_router.receive(self, self._ctx, self._inbox, data)

    # --- the test's side

    def post(self, envelope: Envelope | bytes) -> None:
        """Send a message, or any bytes, and do not wait."""
        data = envelope if isinstance(envelope, bytes) else json.dumps(envelope).encode()
        self._carry_up(lambda: self._receive(data))

    async def call(self, envelope: Envelope) -> Envelope:
        """Send a message and return its reply without the `cid`, also when it is an `error`."""
        cid = f"call-{next(self._cids)}"
        waiting = self._waiting[cid] = asyncio.get_running_loop().create_future()
        self.post({"cid": cid, **envelope})
        await self._wait(waiting)
        return {name: value for name, value in waiting.result().items() if name != "cid"}

    async def next(self) -> Envelope:
        """The oldest message that is no reply, as soon as there is one."""
        while not self.received:
            if self.closed is not None:
                raise SocketClosed(self.closed.reason)
            self._next = asyncio.get_running_loop().create_future()
            await self._wait(self._next)
        return self.received.popleft()

    def take(self) -> list[Envelope]:
        """All messages that are no replies and came up to now."""
        taken = list(self.received)
        self.received.clear()
        return taken

    async def _wait(self, awaited: asyncio.Future[Any]) -> None:
        async with asyncio.timeout(STUCK_S):
            if self._wire is not None:
                await self._wire.pass_time(awaited)
            await awaited

    def _hear(self, envelope: Envelope) -> None:
        self.log.append(envelope)
        waiting = self._waiting.pop(envelope.get("cid", ""), None)
        if waiting is not None:
            waiting.set_result(envelope)
            return
        self.received.append(envelope)
        self._wake()

    def _heard_the_end(self, closed: Closed) -> None:
        self.closed = closed
        for waiting in self._waiting.values():
            waiting.set_exception(SocketClosed(closed.reason))
        self._waiting.clear()
        self._wake()

    def _cut(self) -> None:
        if not self._has_ended:
            self._end()
        if self.closed is None:
            self._heard_the_end(Closed(ABNORMAL, "the link was cut"))

    def _wake(self) -> None:
        if self._next is not None and not self._next.done():
            self._next.set_result(None)


def _at_once(arrive: Callable[[], None]) -> None:
    arrive()


def _payload(framed: bytes) -> bytes:
    """What stands in a WebSocket frame of a server (RFC 6455, section 5.2)."""
    return framed[{126: 4, 127: 10}.get(framed[1] & 0x7F, 2) :]
