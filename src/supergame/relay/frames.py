"""What goes through a tunnel: frames of many streams on one connection (rules RLY1 to RLY4 in docs/spec/relay.md). Sans I/O.

A frame is its kind (u8), its stream (u32), the size of its payload (u32), all big-endian, and the payload. Stream 0 is the tunnel itself.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import Final, NamedTuple

from supergame.base.errors import InvalidArgument

PAYLOAD_BYTES_MAX: Final = 65_536
_HEAD: Final = struct.Struct("!BII")


class FrameInvalid(InvalidArgument):
    """The other end of the tunnel sends what is no frame; the tunnel is closed."""

    code = "relay.frame_invalid"


class Kind(IntEnum):
    SHARE = 1
    """Agent to relay: a share, as JSON (`shares.Share`)."""
    SHARED = 2
    """Relay to agent: it stands."""
    REFUSED = 3
    """Relay to agent: it does not; the payload says why."""
    UNSHARE = 4
    """Agent to relay: it has ended; the payload is its digest. Its streams are cut."""
    OPEN = 5
    """Relay to agent: a connection of a guest, as JSON (`shares.Arrival`)."""
    DATA = 6
    END = 7
    """No more data from this side."""
    RESET = 8
    """The stream is over for both sides."""
    CREDIT = 9
    """So many bytes more may be sent on the stream (u32)."""
    PING = 10
    PONG = 11


class Frame(NamedTuple):
    kind: Kind
    stream: int
    payload: bytes = b""


def pack(frame: Frame) -> bytes:
    return _HEAD.pack(frame.kind, frame.stream, len(frame.payload)) + frame.payload


class FrameParser:
    """Bytes in, whole frames out."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """The frames that are whole by now. Raises FrameInvalid."""
        self._rest += data
        while len(self._rest) >= _HEAD.size:
            kind, stream, size = _HEAD.unpack_from(self._rest)
            if size > PAYLOAD_BYTES_MAX or kind not in Kind._value2member_map_:
                raise FrameInvalid
            end = _HEAD.size + size
            if len(self._rest) < end:
                return
            payload = bytes(self._rest[_HEAD.size : end])
            del self._rest[:end]
            yield Frame(Kind(kind), stream, payload)
