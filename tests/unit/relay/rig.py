"""A relay, an agent and a small server behind it, all on loopback, and a guest who speaks HTTP by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from supergame.base.clock import whole_seconds
from supergame.relay.agent import Agent, Door, RelayAddress
from supergame.relay.heads import Head
from supergame.relay.server import Relay
from supergame.relay.shares import Share, digest_of
from supergame.testing import FakeClock

SECRET = "s" * 64
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def told(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers with the head that came, and the body's length."""
    head = await reader.readuntil(b"\r\n\r\n")
    size = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    body = await reader.readexactly(size)
    text = head + b"body: %d" % len(body)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(text) + text)
    writer.close()


class Rig:
    def __init__(self, relay: Relay, port: int, home: int, clock: FakeClock) -> None:
        self.relay, self.port, self.home, self.clock = relay, port, home, clock
        self.lost: list[str] = []

    def share(self, secret: str = SECRET, lifetime_s: float = 3_600, connections_max: int = 64) -> Share:
        ends_at_s = whole_seconds(self.clock.now()) + int(lifetime_s)
        return Share(digest=digest_of(secret), expires_at_s=ends_at_s, connections_max=connections_max)

    @asynccontextmanager
    async def agent(self, *doors: Door, key: str = "") -> AsyncIterator[Agent]:
        """An agent whose shares stand."""
        stands = asyncio.Event()
        agent = Agent(RelayAddress.of(f"http://127.0.0.1:{self.port}"), key, list(doors), stands.set, self.lost.append)
        running = asyncio.create_task(agent.run())
        try:
            await asyncio.wait_for(stands.wait(), 10)
            yield agent
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    def door(self, share: Share | None = None, admit: Callable[[Head], None] = lambda head: None) -> Door:
        return Door(share or self.share(), "127.0.0.1", self.home, admit)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def ask(self, target: str, secret: str = SECRET, method: str = "GET", body: bytes = b"", headers: str = "") -> bytes:
        """All that the relay answers."""
        reader, writer = await self.connect()
        head = f"{method} {target} HTTP/1.1\r\nHost: relay\r\nCookie: sg_share={secret}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
        writer.write(head.encode() + body)
        try:
            return await asyncio.wait_for(reader.read(), 10)
        finally:
            writer.close()

    async def until_answered(self, status: int) -> None:
        """Ask until the answer is the one awaited: what changed is on its way."""
        while not (await self.ask("/")).startswith(f"HTTP/1.1 {status} ".encode()):
            pass


@asynccontextmanager
async def rig(serve: Serve = told, key: str = "") -> AsyncIterator[Rig]:
    clock = FakeClock()
    relay, home = Relay(clock, key), await asyncio.start_server(serve, "127.0.0.1", 0)
    port = await relay.serve("127.0.0.1", 0)
    try:
        yield Rig(relay, port, home.sockets[0].getsockname()[1], clock)
    finally:
        await relay.stop()
        home.close()
        await home.wait_closed()
