"""The agent: what `supergame share` runs beside a server. It opens the tunnel, and leads guests to the server by their share's door."""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import msgspec

from supergame.base.errors import InvalidArgument, Unavailable
from supergame.relay.frames import Frame, Kind
from supergame.relay.heads import HEAD_BYTES_MAX, HEAD_WITHIN_S, Head, HeadInvalid, parse
from supergame.relay.pages import page, plain
from supergame.relay.shares import COOKIE, HEADER, PROTOCOL, TUNNEL_PATH, Arrival, Share
from supergame.relay.tunnel import Stream, Tunnel, TunnelClosed, pipe

CONNECT_WITHIN_S: Final = 10.0
AGAIN_S: Final = (0.5, 15.0)
"""How long to wait before the tunnel is opened again, at first and at most; it doubles, and up to half of it is left to chance."""


class RelayUnreachable(Unavailable):
    """The relay does not answer, or refuses."""

    code = "relay.unreachable"


class RelayUrlInvalid(InvalidArgument):
    """The address of a relay looks like https://relay.example.org."""

    code = "relay.url_invalid"


@dataclass(frozen=True, slots=True)
class Door:
    """Where a share leads on this machine.

    Attributes:
        admit: looks at each request and may change its head; raises a SupergameError for what the share does not allow.
    """

    share: Share
    host: str
    port: int
    admit: Callable[[Head], None] = lambda head: None


@dataclass(frozen=True, slots=True)
class RelayAddress:
    host: str
    port: int
    tls: ssl.SSLContext | None

    @classmethod
    def of(cls, url: str, ca_file: str | None = None) -> RelayAddress:
        """Raises RelayUrlInvalid."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise RelayUrlInvalid from None
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
            raise RelayUrlInvalid
        tls = ssl.create_default_context(cafile=ca_file) if parts.scheme == "https" else None
        return cls(parts.hostname, port or (80 if tls is None else 443), tls)


class Agent:
    """Holds a tunnel open to a relay, for some doors.

    Args:
        on_shared: called when the relay has taken all shares, also after each time the tunnel was lost.
        on_lost: called with a reason when the tunnel is lost or could not be opened; it is tried again.
    """

    def __init__(
        self,
        relay: RelayAddress,
        key: str,
        doors: list[Door],
        on_shared: Callable[[], None],
        on_lost: Callable[[str], None],
        chance: random.Random | None = None,
    ) -> None:
        self._relay, self._key = relay, key
        self._doors = {door.share.digest: door for door in doors}
        self._on_shared, self._on_lost = on_shared, on_lost
        self._chance = chance or random.Random()
        self._tunnel: Tunnel | None = None
        self._refusal, self._taken = "", 0
        self._guests: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until cancelled; then the relay is told that the shares have ended."""
        wait_s = AGAIN_S[0]
        try:
            while True:
                try:
                    await self.hold()
                    wait_s = AGAIN_S[0]
                    self._on_lost("the relay has closed the tunnel")
                except RelayUnreachable as error:
                    self._on_lost(error.message)
                await asyncio.sleep(wait_s * (1 - self._chance.random() / 2))
                wait_s = min(wait_s * 2, AGAIN_S[1])
        finally:
            for guest in self._guests:
                guest.cancel()

    async def hold(self) -> None:
        """Open the tunnel once, and serve guests until it ends.

        Raises:
            RelayUnreachable: no answer, a wrong key, or a share that the relay does not take.
        """
        reader, writer = await self._connect()
        self._refusal, self._taken = "", 0
        tunnel = self._tunnel = Tunnel(reader, writer, self._hear)
        for door in self._doors.values():
            tunnel.send_soon(Frame(Kind.SHARE, 0, msgspec.json.encode(door.share)))
        try:
            await tunnel.run()
        finally:
            for digest in self._doors:
                tunnel.send_soon(Frame(Kind.UNSHARE, 0, digest.encode()))
            tunnel.close()
            self._tunnel = None
        if self._refusal:
            raise RelayUnreachable(f"The relay does not take the share: {self._refusal}")

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        relay = self._relay
        writer: asyncio.StreamWriter | None = None
        try:
            async with asyncio.timeout(CONNECT_WITHIN_S):
                reader, writer = await asyncio.open_connection(relay.host, relay.port, ssl=relay.tls)
                answer = await self._ask(reader, writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            if writer is not None:
                writer.close()
            raise RelayUnreachable(f"The relay {relay.host}:{relay.port} does not answer: {error}") from None
        if not answer.startswith(b"HTTP/1.1 101 "):
            writer.close()
            raise RelayUnreachable(f"The relay refuses: {answer.splitlines()[0].decode(errors='replace')}")
        return reader, writer

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        """What the relay says to an agent that wants a tunnel."""
        relay = self._relay
        head = f"GET {TUNNEL_PATH} HTTP/1.1\r\nHost: {relay.host}:{relay.port}\r\nUpgrade: {PROTOCOL}\r\nConnection: Upgrade\r\n"
        writer.write(head.encode() + (f"Authorization: Bearer {self._key}\r\n" if self._key else "").encode() + b"\r\n")
        return await reader.readuntil(b"\r\n\r\n")

    def _hear(self, frame: Frame) -> None:
        assert self._tunnel is not None, "frames come through it"
        if frame.kind is Kind.SHARED:
            self._taken += 1
            if self._taken == len(self._doors):
                self._on_shared()
        elif frame.kind is Kind.REFUSED:
            self._refusal = frame.payload.decode(errors="replace")
            self._tunnel.close()
        elif frame.kind is Kind.OPEN:
            task = asyncio.create_task(self._serve(self._tunnel.accept(frame.stream), frame.payload))
            self._guests.add(task)
            task.add_done_callback(self._guests.discard)

    async def _serve(self, stream: Stream, payload: bytes) -> None:
        try:
            arrival = msgspec.json.decode(payload, type=Arrival)
            door = self._doors[arrival.digest]
            async with asyncio.timeout(HEAD_WITHIN_S):
                head, rest = await _read_head(stream)
            head.set_cookie(COOKIE, "")
            head.replace(HEADER, "")
            await self._lead(door, arrival, head, rest, stream)
        except (TunnelClosed, HeadInvalid, TimeoutError, KeyError, msgspec.DecodeError):
            pass
        finally:
            stream.cut()

    async def _lead(self, door: Door, arrival: Arrival, head: Head, rest: bytes, stream: Stream) -> None:
        try:
            door.admit(head)
        except InvalidArgument as error:
            await _tell(stream, plain(403, error.message))
            return
        try:
            async with asyncio.timeout(CONNECT_WITHIN_S):
                reader, writer = await asyncio.open_connection(door.host, door.port)
        except (OSError, TimeoutError):
            await _tell(stream, page(502, "The game's server does not answer just now."))
            return
        writer.write(head.pack(arrival.client_ip, arrival.proto) + rest)
        await pipe(stream, reader, writer)


async def _read_head(stream: Stream) -> tuple[Head, bytes]:
    """The head of the guest's request, and what came behind it."""
    data = b""
    while b"\r\n\r\n" not in data and len(data) <= HEAD_BYTES_MAX:
        more = await stream.read()
        if not more:
            raise HeadInvalid
        data += more
    end = data.index(b"\r\n\r\n") + 4 if b"\r\n\r\n" in data else 0
    return parse(data[:end]), data[end:]


async def _tell(stream: Stream, answer: bytes) -> None:
    """An answer of the agent's own, and the end; the guest closes."""
    await stream.write(answer)
    await stream.end()
    while await stream.read():
        pass
