"""The relay: guests come in here with a link, and leave through the tunnel of the agent whose share it is (rules in docs/spec/relay.md).

It keeps nothing on disk and understands nothing of what it carries, but for the head of each request.
"""

from __future__ import annotations

import asyncio
import hmac
import ssl
from dataclasses import dataclass, field
from typing import Final

import msgspec

from supergame.base.clock import Clock, whole_seconds
from supergame.base.errors import SupergameError
from supergame.relay.frames import Frame, Kind
from supergame.relay.heads import HEAD_BYTES_MAX, Head, HeadInvalid, read_head
from supergame.relay.pages import page, plain, redirect
from supergame.relay.shares import (
    COOKIE,
    HEADER,
    LINK_PATH,
    PROTOCOL,
    TUNNEL_PATH,
    Arrival,
    Share,
    ShareFull,
    ShareNotFound,
    digest_of,
    read_share,
)
from supergame.relay.tunnel import Stream, Tunnel, pipe
from supergame.telemetry.logging import logger

CONNECTIONS_MAX: Final = 4_096  # guests' and tunnels; beyond: refused
SHARES_MAX: Final = 32  # of one tunnel
LINGER_S: Final = 10.0  # for a guest who has got everything and does not close

_log = logger("relay")


@dataclass
class _Standing:
    share: Share
    tunnel: Tunnel
    expiry: asyncio.TimerHandle
    streams: set[Stream] = field(default_factory=set)


class Relay:
    """
    Args:
        key: what agents have to know; empty lets anybody share through it.
    """

    def __init__(self, clock: Clock, key: str = "") -> None:
        self._clock, self._key = clock, key
        self._standing: dict[str, _Standing] = {}
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._proto = "http"

    async def serve(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen; the port that was got. Raises OSError when it is taken."""
        self._proto = "http" if tls is None else "https"
        self._server = await asyncio.start_server(self._arrived, host, port, ssl=tls, limit=HEAD_BYTES_MAX)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        assert self._server is not None, "it serves"
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    # --- connections

    async def _arrived(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            if len(self._tasks) > CONNECTIONS_MAX:
                writer.write(page(503, ShareFull.__doc__ or ""))
                return
            await self._serve(await read_head(reader), reader, writer)
        except HeadInvalid as error:
            writer.write(plain(400, error.message))
        except (SupergameError, OSError) as error:
            _log.info("a guest was not served", why=str(error))
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _serve(self, head: Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if head.path == "/healthcheck":
            writer.write(plain(200, "ok"))
        elif head.path == TUNNEL_PATH:
            await self._carry(head, reader, writer)
        elif head.path.startswith(LINK_PATH):
            self._let_in(head, writer)
        else:
            await self._forward(head, reader, writer)

    def _let_in(self, head: Head, writer: asyncio.StreamWriter) -> None:
        """A guest opens the link: the secret moves from the address, which is seen and shared, into a cookie, which is not."""
        secret = head.path.removeprefix(LINK_PATH)
        standing = self._standing.get(digest_of(secret))
        if standing is None:
            writer.write(page(404, ShareNotFound.__doc__ or ""))
            return
        left_s = standing.share.expires_at_s - whole_seconds(self._clock.now())
        secure = "; Secure" if self._proto == "https" else ""
        writer.write(redirect(standing.share.landing, f"{COOKIE}={secret}; Path=/; Max-Age={left_s}; HttpOnly; SameSite=Lax{secure}"))

    async def _forward(self, head: Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        secret = head.get(HEADER) or head.cookie(COOKIE)
        standing = self._standing.get(digest_of(secret)) if secret else None
        if standing is None:
            writer.write(page(404, ShareNotFound.__doc__ or ""))
            return
        if len(standing.streams) >= standing.share.connections_max:
            writer.write(page(503, ShareFull.__doc__ or ""))
            return
        client_ip = str(writer.get_extra_info("peername")[0])
        stream = standing.tunnel.open(msgspec.json.encode(Arrival(standing.share.digest, client_ip, self._proto)))
        standing.streams.add(stream)
        try:
            await stream.write(head.pack(client_ip, self._proto))
            await pipe(stream, reader, writer, LINGER_S)
        finally:
            stream.cut()
            standing.streams.discard(stream)

    # --- tunnels

    async def _carry(self, head: Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if head.get(b"upgrade") != PROTOCOL:
            writer.write(plain(426, f"This is for agents that speak {PROTOCOL}."))
            return
        if not hmac.compare_digest(head.get(b"authorization").encode(), f"Bearer {self._key}".encode() if self._key else b""):
            writer.write(plain(401, "The relay's key is wrong or missing."))
            return
        writer.write(f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: {PROTOCOL}\r\nConnection: Upgrade\r\n\r\n".encode())
        tunnel = Tunnel(reader, writer, lambda frame: self._hear(tunnel, frame))
        try:
            await tunnel.run()
        finally:
            tunnel.close()
            for standing in [one for one in self._standing.values() if one.tunnel is tunnel]:
                self._end(standing)

    def _hear(self, tunnel: Tunnel, frame: Frame) -> None:
        if frame.kind is Kind.UNSHARE:
            standing = self._standing.get(frame.payload.decode(errors="replace"))
            if standing is not None and standing.tunnel is tunnel:
                self._end(standing)
        elif frame.kind is Kind.SHARE:
            try:
                self._stand(tunnel, read_share(frame.payload, whole_seconds(self._clock.now())))
            except SupergameError as error:
                tunnel.send_soon(Frame(Kind.REFUSED, 0, error.message.encode()))
            else:
                tunnel.send_soon(Frame(Kind.SHARED, 0))

    def _stand(self, tunnel: Tunnel, share: Share) -> None:
        """An agent that comes back takes its share over from a tunnel that has not noticed its end."""
        if sum(one.tunnel is tunnel for one in self._standing.values()) >= SHARES_MAX:
            raise ShareFull(f"One tunnel holds {SHARES_MAX} shares.")
        if (before := self._standing.get(share.digest)) is not None:
            self._end(before)
        left_s = share.expires_at_s - self._clock.now() / 1_000_000
        expiry = asyncio.get_running_loop().call_later(left_s, self._expire, share.digest)
        self._standing[share.digest] = _Standing(share, tunnel, expiry)

    def _expire(self, digest: str) -> None:
        self._end(self._standing[digest])

    def _end(self, standing: _Standing) -> None:
        """No new guest from here on, and those who are there are cut off."""
        standing.expiry.cancel()
        if self._standing.get(standing.share.digest) is standing:
            del self._standing[standing.share.digest]
        for stream in tuple(standing.streams):
            stream.cut()
