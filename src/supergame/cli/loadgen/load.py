"""A closed loop over keep-alive HTTP/1.1: each connection sends its next request when the answer to the last has come.

Made to be cheap, for a generator that is busy measures itself: requests are bytes made beforehand, answers are only searched for
what they must hold, and there is no coroutine per request.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import cast

from supergame.base.errors import Unavailable
from supergame.cli.loadgen.target import Target

STOP_S_MAX = 5.0

Take = Callable[[float, int, bytes], None]
"""Receives each answer: the seconds it took, its status (0 when the connection was lost), its body."""


class ServerUnreachable(Unavailable):
    """The server does not answer."""

    code = "bench.server_unreachable"


class Load:
    """Sends `requests` until they end or `stop` is called. `open`, `start`, then `ended` or `stop`."""

    def __init__(self, requests: Iterator[bytes], take: Take) -> None:
        self._requests, self._take = requests, take
        self._callers: set[Caller] = set()
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._stopping = False

    async def open(self, target: Target, connections: int) -> None:
        """Raises ServerUnreachable."""
        loop = asyncio.get_running_loop()
        for _ in range(connections):
            try:
                _, caller = await loop.create_connection(lambda: Caller(self), target.host, target.port)
            except OSError as error:
                raise ServerUnreachable(f"There is no answer from {target.host}, port {target.port}: {error}") from None
            self._callers.add(caller)

    def start(self) -> None:
        for caller in list(self._callers):
            self.next(caller)

    async def stop(self) -> None:
        """No more requests; answers under way are waited for."""
        self._stopping = True
        await asyncio.wait([self.ended], timeout=STOP_S_MAX)
        for caller in list(self._callers):
            self._leave(caller)

    def next(self, caller: Caller) -> None:
        request = None if self._stopping else next(self._requests, None)
        if request is None:
            self._leave(caller)
        else:
            caller.send(request)

    def answered(self, caller: Caller, seconds: float, status: int, body: bytes) -> None:
        self._take(seconds, status, body)
        self.next(caller)

    def lost(self, caller: Caller) -> None:
        if caller in self._callers:
            self._take(0.0, 0, b"")
            self._leave(caller)

    def _leave(self, caller: Caller) -> None:
        self._callers.discard(caller)
        caller.close()
        if not self._callers and not self.ended.done():
            self.ended.set_result(None)


class Caller(asyncio.Protocol):
    """One connection. Understands answers with a Content-Length, as game servers send them."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._load.lost(self)

    def send(self, request: bytes) -> None:
        assert self._transport is not None, "not connected"
        self._sent_at = perf_counter()
        self._transport.write(request)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        answer = self._received + data if self._received else data
        head_end = answer.find(b"\r\n\r\n")
        if head_end < 0:
            self._received = answer
            return
        body_start = head_end + 4
        if len(answer) < body_start + content_length(answer[: head_end + 2]):
            self._received = answer
            return
        self._received = b""
        self._load.answered(self, perf_counter() - self._sent_at, int(answer[9:12]), answer[body_start:])


def content_length(head: bytes) -> int:
    """The length of the body that follows a head; 0 when it names none."""
    start = head.find(b"Content-Length: ")
    if start < 0:
        head = head.lower()
        start = head.find(b"content-length: ")
        if start < 0:
            return 0
    return int(head[start + 16 : head.find(b"\r", start)])
