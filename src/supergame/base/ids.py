"""Typed ids, and where they come from. Chance is an argument: tests pass a seeded `Chance`."""

import os
import re
from collections.abc import Callable
from threading import Lock
from typing import Final, NewType

from supergame.base.clock import WallMicros

TitleId = NewType("TitleId", str)
"""One game of the deployment in one environment (`base.titles`); leads the key of everything that belongs to a title."""

UserId = NewType("UserId", str)
"""The person. The same in every title of the deployment."""

TokenId = NewType("TokenId", str)
"""One sign-in: the claim `tid` that a session token shares with its refresh tokens."""

SYSTEM_USER: Final = UserId("00000000-0000-0000-0000-000000000000")
"""Owner of what belongs to no player, as in Nakama."""

LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

RANDOM_BYTES = 4_096  # fetched from the system at a time
_LETTER = (LETTERS * 5)[:256].encode()
_UNEVEN = bytes(range(208, 256))  # 208 = 4 * 52: these would favour the first letters
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def is_uuid(text: str) -> bool:
    """Whether the text is a UUID in its lower-case form, the only one accepted on the wire."""
    return len(text) == 36 and _UUID.fullmatch(text) is not None


class SystemRandom:
    """The system's random bytes, fetched in pieces: to ask it for each id costs more than the id. Not for use across a fork."""

    def __init__(self) -> None:
        self._piece, self._used, self._lock = b"", 0, Lock()  # ids are drawn within transactions too, on the database's thread

    def __call__(self, count: int) -> bytes:
        with self._lock:
            if self._used + count > len(self._piece):
                self._piece, self._used = os.urandom(max(count, RANDOM_BYTES)), 0
            start, self._used = self._used, self._used + count
            return self._piece[start : self._used]


class Chance:
    """Random ids and names, drawn from one source of bytes: the system's, unless told."""

    def __init__(self, draw: Callable[[int], bytes] | None = None) -> None:
        self._draw = draw or SystemRandom()

    def uuid4(self) -> str:
        """A random UUID (RFC 9562, section 5.4)."""
        bits = bytearray(self._draw(16))
        bits[6] = bits[6] & 0x0F | 0x40
        return _dashed(bits)

    def uuid7(self, at: WallMicros) -> str:
        """A UUID that sorts by time, in milliseconds (RFC 9562, section 5.7)."""
        bits = bytearray((at // 1000).to_bytes(6, "big") + self._draw(10))
        bits[6] = bits[6] & 0x0F | 0x70
        return _dashed(bits)

    def letters(self, count: int) -> str:
        """Random letters, every one equally likely (52 letters; bytes of 208 and more are drawn again)."""
        picked = b""
        while len(picked) < count:
            picked += self._draw(count * 2).translate(_LETTER, _UNEVEN)
        return picked[:count].decode()

    def secret(self) -> str:
        """256 random bits in hexadecimal: keys and signing secrets."""
        return self._draw(32).hex()


def _dashed(bits: bytearray) -> str:
    bits[8] = bits[8] & 0x3F | 0x80
    text = bits.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
