"""A player's socket inside the test's own process: no port, no frames on a wire, no waiting for time."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import deque
from typing import Any, NamedTuple

from supergame.app.node import Node
from supergame.realtime.frame import Frame
from supergame.realtime.session import CloseCode
from supergame.routing.context import Context
from supergame.routing.rt import Inbox

STUCK_S = 30.0  # a message that never comes: a bound for a failing test, not a figure

Envelope = dict[str, Any]


class Closed(NamedTuple):
    code: CloseCode
    reason: str


class SocketClosed(AssertionError):
    """The server closed the socket while the test waited for a message."""


class TestSocket:
    """A `realtime.Session`. `log` holds every message that came, `received` those that are no replies and were not taken yet."""

    __test__ = False  # pytest: not a test

    def __init__(self, node: Node, ctx: Context, session_id: str, query: dict[str, list[str]]) -> None:
        self.session_id = ctx.session_id = session_id
        self.title_id, self.user_id, self.username, self.token_id = ctx.title_id, ctx.user_id, ctx.username, ctx.token_id
        self.log: list[Envelope] = []
        self.received: deque[Envelope] = deque()
        self.closed: Closed | None = None
        self._node, self._ctx, self._inbox = node, ctx, Inbox()
        self._cids = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[Envelope]] = {}
        self._next: asyncio.Future[None] | None = None
        node.registry.add(self)
        node.rt_router.opened(self, query)

    # --- the server's side

    def send(self, frame: Frame) -> None:
        if self.closed is not None:
            return
        envelope: Envelope = json.loads(_payload(frame.json))
        self.log.append(envelope)
        waiting = self._waiting.pop(envelope.get("cid", ""), None)
        if waiting is not None:
            waiting.set_result(envelope)
            return
        self.received.append(envelope)
        self._wake()

    def close(self, code: CloseCode = CloseCode.NORMAL, reason: str = "") -> None:
        """End it, as the server or as the client."""
        if self.closed is not None:
            return
        self.closed = Closed(code, reason)
        self._node.registry.remove(self)
        self._node.tracker.untrack_session(self)
        for waiting in self._waiting.values():
            waiting.set_exception(SocketClosed(reason))
        self._waiting.clear()
        self._wake()

    # --- the test's side

    def post(self, envelope: Envelope | bytes) -> None:
        """Send a message, or any bytes, and do not wait."""
        data = envelope if isinstance(envelope, bytes) else json.dumps(envelope).encode()
        self._node.rt_router.receive(self, self._ctx, self._inbox, data)

    async def call(self, envelope: Envelope) -> Envelope:
        """Send a message and return its reply without the `cid`, also when it is an `error`."""
        cid = f"call-{next(self._cids)}"
        waiting = self._waiting[cid] = asyncio.get_running_loop().create_future()
        self.post({"cid": cid, **envelope})
        async with asyncio.timeout(STUCK_S):
            reply = await waiting
        return {name: value for name, value in reply.items() if name != "cid"}

    async def next(self) -> Envelope:
        """The oldest message that is no reply, as soon as there is one."""
        async with asyncio.timeout(STUCK_S):
            while not self.received:
                if self.closed is not None:
                    raise SocketClosed(self.closed.reason)
                self._next = asyncio.get_running_loop().create_future()
                await self._next
        return self.received.popleft()

    def take(self) -> list[Envelope]:
        """All messages that are no replies and came up to now."""
        taken = list(self.received)
        self.received.clear()
        return taken

    def _wake(self) -> None:
        if self._next is not None and not self._next.done():
            self._next.set_result(None)


def _payload(framed: bytes) -> bytes:
    """What stands in a WebSocket frame of a server (RFC 6455, section 5.2)."""
    return framed[{126: 4, 127: 10}.get(framed[1] & 0x7F, 2) :]
