"""WebSocket frames (RFC 6455, section 5.2) as clients send and read them, and the stamp that their messages carry."""

from __future__ import annotations

import struct
from base64 import b64encode
from binascii import a2b_base64
from collections.abc import Iterator
from typing import NamedTuple

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA

MASK = bytes((0x37, 0xFA, 0x21, 0x3D))  # any will do, and one that is not zero has to be taken off again
STAMP_LETTERS = 24
_FIN, _MASKED = 0x80, 0x80
_STAMP = struct.Struct(">HIIQ")
_MARK = 0x5347


class Stamp(NamedTuple):
    """Who has sent a message, which of theirs it is (from 0), and when: nanoseconds of the monotonic clock."""

    sender: int
    number: int
    at_ns: int

    @classmethod
    def read(cls, data: bytes, at: int = 0) -> Stamp:
        """Raises ValueError when none stands there."""
        try:
            mark, *fields = _STAMP.unpack_from(data, at)
        except struct.error:
            raise ValueError("too short for a stamp") from None
        if mark != _MARK:
            raise ValueError("no stamp")
        return cls(*fields)

    @classmethod
    def read_letters(cls, text: bytes | bytearray) -> Stamp:
        """From its base64. Raises ValueError."""
        return cls.read(a2b_base64(text))


def stamp_of(sender: int) -> bytes:
    """How all stamps of a sender begin."""
    return _STAMP.pack(_MARK, sender, 0, 0)[:6]


def text_of(data_bytes: int) -> bytes:
    """Base64 of so many bytes: room for a stamp, and what fills it up."""
    return b"A" * STAMP_LETTERS + b64encode(b"x" * (data_bytes - _STAMP.size))


class Message:
    """A client's message that is sent again and again: only the stamp in it changes, and only that is made anew."""

    def __init__(self, text: bytes, sender: int) -> None:
        """`text` has a place for the stamp, see `text_of`."""
        self._sender = sender
        self._frame = bytearray(masked(TEXT, text))
        self._at = len(self._frame) - len(text) + text.index(b"A" * STAMP_LETTERS)
        place = text.index(b"A" * STAMP_LETTERS)
        self._mask = int.from_bytes(bytes(MASK[(place + offset) % 4] for offset in range(STAMP_LETTERS)))

    def stamped(self, number: int, at_ns: int) -> bytearray:
        """The frame, to be sent before this is called again."""
        letters = b64encode(_STAMP.pack(_MARK, self._sender, number, at_ns))
        self._frame[self._at : self._at + STAMP_LETTERS] = (int.from_bytes(letters) ^ self._mask).to_bytes(STAMP_LETTERS)
        return self._frame


def masked(opcode: int, payload: bytes) -> bytes:
    """A whole message of a client, shorter than 64 KiB."""
    size = len(payload)
    head = bytes((_FIN | opcode, _MASKED | size)) if size < 126 else bytes((_FIN | opcode, _MASKED | 126)) + size.to_bytes(2)
    return head + MASK + bytes(byte ^ MASK[place % 4] for place, byte in enumerate(payload))


def whole_frames(buffer: bytearray, end: int) -> Iterator[tuple[int, int, int]]:
    """Opcode, begin and end of the payload of each whole frame in the first `end` bytes, as servers send them."""
    start = 0
    while end - start >= 2:
        size, body = buffer[start + 1], start + 2
        if size == 126:
            if end - start < 4:
                return
            size, body = buffer[start + 2] << 8 | buffer[start + 3], start + 4
        elif size == 127:
            if end - start < 10:
                return
            size, body = int.from_bytes(buffer[start + 2 : start + 10]), start + 10
        if body + size > end:
            return
        yield buffer[start] & 0x0F, body, body + size
        start = body + size
