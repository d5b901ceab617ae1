"""A peer without sockets: a stand-in for asyncio's transport, and for the loop's clock, which only the test moves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from supergame.base.limits import Limits
from supergame.gateway.cors import Cors
from supergame.gateway.http import HttpProtocol
from supergame.gateway.server import HttpServer, Upgrade
from supergame.routing.http import Request, Response
from supergame.telemetry.metrics import Metrics

Dispatch = Callable[[Request], Awaitable[Response]]

HIGH_WATER = 65_536


class StillLoop:
    """The loop with a clock that stands still."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self._loop = asyncio.get_running_loop()

    def time(self) -> float:
        return self.now

    def create_task(self, work: Any) -> asyncio.Task[Any]:
        return self._loop.create_task(work)


class FakeTransport(asyncio.Transport):
    """Takes what is written; with `stalled` the peer reads nothing, so that it piles up."""

    def __init__(self, protocol: HttpProtocol, address: str, tls: bool = False) -> None:
        super().__init__({"peername": (address, 40_000)})
        self._protocol, self._tls = protocol, tls
        self.written = bytearray()
        self.stalled = False
        self.unsent = 0
        self.paused = self.half_closed = self.closed = self.aborted = False
        self._told_to_stop = False

    def write(self, data: Any) -> None:
        assert not self.half_closed, "written after the end of the own side"
        if self.closed:
            return
        self.written += data
        if self.stalled:
            self.unsent += len(data)
            if self.unsent > HIGH_WATER and not self._told_to_stop:
                self._told_to_stop = True
                self._protocol.pause_writing()

    def read_some(self, count: int) -> None:
        """The peer reads so many of the bytes that wait for it."""
        self.unsent = max(0, self.unsent - count)
        if self._told_to_stop and self.unsent <= HIGH_WATER // 4:
            self._told_to_stop = False
            self._protocol.resume_writing()

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def can_write_eof(self) -> bool:
        return not self._tls

    def write_eof(self) -> None:
        self.half_closed = True

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False

    def is_reading(self) -> bool:
        return not self.paused and not self.closed

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = self.aborted = True


class Heard(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def parse_answers(data: bytes, methods: tuple[str, ...] = ()) -> list[Heard]:
    """All answers in a stream; those to HEAD have no body, so name the methods when one was."""
    found: list[Heard] = []
    asked = iter(methods)
    while data:
        head, _, data = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split()[1])
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
        has_body = status >= 200 and next(asked, "") != "HEAD"
        size = int(headers.get("content-length", "0")) if has_body else 0
        found.append(Heard(status, headers, data[:size]))
        data = data[size:]
    return found


class Stage:
    """A server without a port. Its handler tells what it was asked; `/wait` answers when `open` is set, `/large` with a megabyte."""

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        dispatch: Dispatch | None = None,
        upgrade: Upgrade | None = None,
        origins: tuple[str, ...] = ("*",),
        trusted_proxies: tuple[str, ...] = (),
    ) -> None:
        self.asked: list[Request] = []
        self.cancelled: list[str] = []
        self.open = asyncio.Event()
        self.metrics = Metrics()
        self.server = HttpServer(
            HttpProtocol, dispatch or self._dispatch, upgrade, limits or Limits(), self.metrics, Cors(origins), trusted_proxies
        )
        self.loop = StillLoop()
        self.server.loop = self.loop  # type: ignore[assignment] # as much of it as a connection needs
        self.server.date_line = b"Date: today\r\n"

    def peer(self, address: str = "192.0.2.7", *, tls: bool = False) -> Peer:
        return Peer(self, address, tls)

    async def _dispatch(self, request: Request) -> Response:
        self.asked.append(request)
        if request.path == "/wait":
            try:
                await self.open.wait()
            except asyncio.CancelledError:
                self.cancelled.append(request.path)
                raise
        if request.path == "/large":
            return Response(200, b"x" * 1_000_000)
        told = {"method": request.method, "path": request.path, "query": request.query, "body": request.body.decode("latin-1")}
        return Response(200, json.dumps(told).encode())


class Peer:
    def __init__(self, stage: Stage, address: str, tls: bool) -> None:
        self.stage = stage
        self.protocol = HttpProtocol(stage.server)
        self.transport = FakeTransport(self.protocol, address, tls)
        self.protocol.connection_made(self.transport)

    async def send(self, *chunks: bytes) -> None:
        """Bytes arrive, each chunk by itself, and what they start runs as far as it can."""
        for chunk in chunks:
            self.protocol.data_received(chunk)
        await self.settle()

    async def settle(self) -> None:
        for _ in range(8):
            await asyncio.sleep(0)

    async def pass_time(self, seconds: float) -> None:
        """The clock moves on, and the server's timer looks at the connection."""
        self.stage.loop.now += seconds
        if self.protocol.deadline < self.stage.loop.now:
            self.protocol.expire()
        await self.settle()

    def end_sending(self) -> bool:
        """The peer closes its side; returns whether the transport stays open."""
        stays = self.protocol.eof_received()
        if not stays:
            self.transport.close()
        return stays

    async def go_away(self) -> None:
        self.transport.abort()
        self.protocol.connection_lost(None)
        await self.settle()

    def heard(self, *methods: str) -> list[Heard]:
        return parse_answers(bytes(self.transport.written), methods)

    def statuses(self) -> list[int]:
        return [answer.status for answer in self.heard()]

    @property
    def has_ended(self) -> bool:
        """Whether the server has ended its side."""
        return self.transport.closed or self.transport.half_closed
