"""Typed ids, and where they come from. Chance is an argument: tests pass a seeded `Chance`."""

import os
import re
from collections.abc import Callable
from typing import Final, NewType

from supergame.base.clock import WallMicros

TitleId = NewType("TitleId", str)
"""One game of the deployment; leads the key of everything that belongs to a title."""

UserId = NewType("UserId", str)
"""The person. The same in every title of the deployment."""

TokenId = NewType("TokenId", str)
"""One sign-in: the claim `tid` that a session token shares with its refresh tokens."""

SYSTEM_USER: Final = UserId("00000000-0000-0000-0000-000000000000")
"""Owner of what belongs to no player, as in Nakama."""

LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def is_uuid(text: str) -> bool:
    """Whether the text is a UUID in its lower-case form, the only one accepted on the wire."""
    return len(text) == 36 and _UUID.fullmatch(text) is not None


class Chance:
    """Random ids and names, drawn from one source of bytes."""

    def __init__(self, draw: Callable[[int], bytes] = os.urandom) -> None:
        self._draw = draw

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
        picked = ""
        while len(picked) < count:
            picked += "".join(LETTERS[byte % 52] for byte in self._draw(count * 2) if byte < 208)
        return picked[:count]

    def secret(self) -> str:
        """256 random bits in hexadecimal: keys and signing secrets."""
        return self._draw(32).hex()


def _dashed(bits: bytearray) -> str:
    bits[8] = bits[8] & 0x3F | 0x80
    text = bits.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
