"""Whether bytes are a PNG and nothing else. Only its frame is read (PNG specification, section 5): no pixel is unpacked here, ever."""

from __future__ import annotations

import struct
import zlib
from typing import Final

SIDE_MAX: Final = 4_096
PIXELS_MAX: Final = 4_096 * 2_304

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEADER: Final = struct.Struct(">IIBBBBB")
_KINDS: Final = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
"""Bits of a sample, by colour type."""


class NoPng(ValueError):
    """These bytes are no PNG that is taken; the reason is its text."""


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height. Raises NoPng for anything but a whole PNG of bounded size with nothing before, between or after its chunks."""
    if not data.startswith(_SIGNATURE):
        raise NoPng("it does not begin as a PNG does")
    names: list[bytes] = []
    at, size = len(_SIGNATURE), (0, 0)
    while at < len(data):
        name, body, at = _chunk(data, at)
        if name == b"IHDR" and not names:
            size = _header(body)
        names.append(name)
        if name == b"IEND":
            break
    if names[:1] != [b"IHDR"] or names.count(b"IHDR") != 1 or b"IDAT" not in names or names[-1] != b"IEND" or at != len(data):
        raise NoPng("its chunks are not those of one picture, from head to end")
    return size


def _chunk(data: bytes, at: int) -> tuple[bytes, bytes, int]:
    """Name and content of the chunk that begins here, and where the next one does."""
    if at + 12 > len(data):
        raise NoPng("a chunk is cut off")
    (length,) = struct.unpack_from(">I", data, at)
    end = at + 8 + length
    if end + 4 > len(data):
        raise NoPng("a chunk is cut off")
    name, body = data[at + 4 : at + 8], data[at + 8 : end]
    if not name.isalpha() or not name.isascii():
        raise NoPng("a chunk has no name")
    if zlib.crc32(data[at + 4 : end]) != struct.unpack_from(">I", data, end)[0]:
        raise NoPng("a chunk is damaged")
    return name, body, end + 4


def _header(body: bytes) -> tuple[int, int]:
    if len(body) != _HEADER.size:
        raise NoPng("its head has another size")
    width, height, bits, kind, compression, filtering, interlace = _HEADER.unpack(body)
    if not 1 <= width <= SIDE_MAX or not 1 <= height <= SIDE_MAX or width * height > PIXELS_MAX:
        raise NoPng(f"{width} x {height} pixels are too many, or none")
    if bits not in _KINDS.get(kind, ()) or compression != 0 or filtering != 0 or interlace not in (0, 1):
        raise NoPng("its head names a form that does not exist")
    return width, height
