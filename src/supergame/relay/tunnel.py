"""One connection that carries many streams, each with a window of its own: a guest who reads slowly holds up nobody else."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from typing import Final

from supergame.base.errors import Unavailable
from supergame.relay.frames import PAYLOAD_BYTES_MAX, Frame, FrameInvalid, FrameParser, Kind, pack

WINDOW_BYTES: Final = 262_144
"""What a stream may have under way that its reader has not taken; beyond, its sender waits."""
STREAMS_MAX: Final = 1_024
PING_EVERY_S: Final = 20.0
SILENCE_S_MAX: Final = 60.0
READ_BYTES: Final = 65_536
_CREDIT = struct.Struct("!I")


class TunnelClosed(Unavailable):
    """The tunnel has ended, or the stream was cut off."""

    code = "relay.tunnel_closed"


class Stream:
    """One guest's connection inside a tunnel."""

    def __init__(self, tunnel: Tunnel, number: int) -> None:
        self.number = number
        self._tunnel = tunnel
        self._window, self._may_write = WINDOW_BYTES, asyncio.Event()
        self._came: list[bytes] = []
        self._waiting_bytes, self._untold_bytes = 0, 0
        self._may_read = asyncio.Event()
        self._has_ended = self._is_cut = False

    async def read(self) -> bytes:
        """What has come; empty when the other side has ended.

        Raises:
            TunnelClosed: cut off.
        """
        while not self._came and not self._has_ended and not self._is_cut:
            self._may_read.clear()
            await self._may_read.wait()
        if self._is_cut and not self._came and not self._has_ended:
            raise TunnelClosed
        data = b"".join(self._came)
        self._came.clear()
        self._waiting_bytes = 0
        self._give_credit(len(data))
        return data

    async def write(self, data: bytes) -> None:
        """Send; waits while the other side's window is full. Raises TunnelClosed."""
        while data:
            while not self._window and not self._is_cut:
                self._may_write.clear()
                await self._may_write.wait()
            if self._is_cut:
                raise TunnelClosed
            part = data[: min(self._window, PAYLOAD_BYTES_MAX)]
            self._window -= len(part)
            await self._tunnel.send(Frame(Kind.DATA, self.number, part))
            data = data[len(part) :]

    async def end(self) -> None:
        """Say that no more comes from here."""
        if not self._is_cut:
            await self._tunnel.send(Frame(Kind.END, self.number))

    def cut(self) -> None:
        """End both directions now; what came and was not read is dropped."""
        if not self._is_cut:
            self._came.clear()
            self.was_cut()
            self._tunnel.send_soon(Frame(Kind.RESET, self.number))

    # --- told by the tunnel

    def was_cut(self) -> None:
        """What came before can still be read."""
        self._is_cut = True
        self._may_read.set()
        self._may_write.set()
        self._tunnel.forget(self)

    def take(self, data: bytes) -> None:
        self._came.append(data)
        self._waiting_bytes += len(data)
        if self._waiting_bytes > WINDOW_BYTES:
            raise FrameInvalid("The other end of the tunnel sends more than the window has room for.")
        self._may_read.set()

    def credit(self, size: int) -> None:
        self._window = min(self._window + size, WINDOW_BYTES)
        self._may_write.set()

    def ended(self) -> None:
        self._has_ended = True
        self._may_read.set()

    def _give_credit(self, size: int) -> None:
        """Tell in large steps, so that a small message costs no frame of its own."""
        self._untold_bytes += size
        if self._untold_bytes >= WINDOW_BYTES // 4:
            self._tunnel.send_soon(Frame(Kind.CREDIT, self.number, _CREDIT.pack(self._untold_bytes)))
            self._untold_bytes = 0


class Tunnel:
    """One end of a tunnel.

    Args:
        on_frame: hears of frames that are not about a known stream, such as OPEN and SHARE.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, on_frame: Callable[[Frame], None]) -> None:
        self._reader, self._writer, self._on_frame = reader, writer, on_frame
        self._streams: dict[int, Stream] = {}
        self._last_number = 0

    async def run(self) -> None:
        """Read until the other end goes, is silent for too long, or sends what is no frame; then everything is cut."""
        parser, pinger = FrameParser(), asyncio.create_task(self._ping())
        try:
            while data := await self._read():
                for frame in parser.feed(data):
                    self._take(frame)
        except (OSError, TimeoutError, FrameInvalid):
            pass
        finally:
            pinger.cancel()
            self.close()

    async def _read(self) -> bytes:
        async with asyncio.timeout(SILENCE_S_MAX):
            return await self._reader.read(READ_BYTES)

    def close(self) -> None:
        for stream in tuple(self._streams.values()):
            stream.was_cut()
        self._writer.close()

    def open(self, payload: bytes) -> Stream:
        """A new stream, told to the other end. Raises TunnelClosed when there are too many, or it is closing."""
        if self._writer.is_closing() or len(self._streams) >= STREAMS_MAX:
            raise TunnelClosed("The tunnel holds no more connections.")
        self._last_number += 1
        self.send_soon(Frame(Kind.OPEN, self._last_number, payload))
        return self.accept(self._last_number)

    def accept(self, number: int) -> Stream:
        """The stream that the other end has opened."""
        if number in self._streams or len(self._streams) >= STREAMS_MAX:
            raise FrameInvalid
        stream = self._streams[number] = Stream(self, number)
        return stream

    def forget(self, stream: Stream) -> None:
        self._streams.pop(stream.number, None)

    async def send(self, frame: Frame) -> None:
        """Raises TunnelClosed."""
        self.send_soon(frame)
        try:
            await self._writer.drain()
        except OSError:
            raise TunnelClosed from None

    def send_soon(self, frame: Frame) -> None:
        """For small frames: what is sent this way is bounded by what comes in."""
        if not self._writer.is_closing():
            self._writer.write(pack(frame))

    def _take(self, frame: Frame) -> None:
        stream = self._streams.get(frame.stream)
        match frame.kind:
            case Kind.DATA if stream is not None:
                stream.take(frame.payload)
            case Kind.CREDIT if stream is not None and len(frame.payload) == _CREDIT.size:
                stream.credit(_CREDIT.unpack(frame.payload)[0])
            case Kind.END if stream is not None:
                stream.ended()
            case Kind.RESET if stream is not None:
                stream.was_cut()
            case Kind.PING:
                self.send_soon(Frame(Kind.PONG, 0))
            case Kind.DATA | Kind.CREDIT | Kind.END | Kind.RESET | Kind.PONG:
                pass  # of a stream that was cut here meanwhile
            case _:
                self._on_frame(frame)

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(PING_EVERY_S)
            self.send_soon(Frame(Kind.PING, 0))


async def pipe(stream: Stream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, linger_s: float | None = None) -> None:
    """Carry bytes both ways until both have ended, or one is cut; then neither is left open.

    Args:
        linger_s: how long the other side of `writer` may keep its half open once it has got everything.
    """

    async def inwards() -> None:
        while data := await stream.read():
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    async def outwards() -> None:
        try:
            while data := await reader.read(READ_BYTES):
                await stream.write(data)
            await stream.end()
        except OSError:
            stream.cut()  # whoever was there has gone without a word: the other end need not wait for more

    ways = [asyncio.create_task(inwards()), asyncio.create_task(outwards())]
    try:
        await ways[0]
        async with asyncio.timeout(linger_s):
            await ways[1]
    except (OSError, TimeoutError, TunnelClosed):
        pass
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        stream.cut()
        writer.close()
