"""Where files are cut: FastCDC (2020), so that an insertion moves cuts only near itself.

The parameters are frozen under a name that every manifest carries. Other cuts would find nothing again in old releases; whoever
changes any of this gives it another name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

CHUNKER: Final = "fastcdc2020-64k-1"
AVERAGE_BYTES: Final = 65_536
MIN_BYTES: Final = 16_384
CHUNK_BYTES_MAX: Final = 262_144
SEED: Final = 0x5355_5045_5247_414D
"""Each entry of the gear table is XORed with it."""

_BITS64: Final = (1 << 64) - 1
_MASK_BEFORE: Final = 0xD907_0353_7000
"""Of the paper, 17 bits: hard to meet before the average, hence few small chunks."""
_MASK_AFTER: Final = 0xD90F_0353_0000
"""15 bits: easy to meet after it."""

Cut = Callable[[memoryview], list[int]]


def gear_table(seed: int) -> list[int]:
    """The paper's table, which is the MD5 of 64 times the same byte, under a seed."""
    digests = (hashlib.md5(bytes([byte]) * 64, usedforsecurity=False).digest() for byte in range(256))
    return [int.from_bytes(digest[:8]) ^ seed for digest in digests]


_GEAR: Final = gear_table(SEED)


def cut_slowly(data: memoryview) -> list[int]:
    """The lengths of a file's chunks, in Python alone: some 5 MB/s, cut for cut those of `cut_fast`."""
    lengths, start = [], 0
    while start < len(data):
        length = _next_cut(data[start : start + CHUNK_BYTES_MAX])
        lengths.append(length)
        start += length
    return lengths


def _next_cut(data: memoryview) -> int:
    if len(data) <= MIN_BYTES:
        return len(data)
    middle = min(AVERAGE_BYTES, len(data)) & ~1  # bytes are taken in pairs: an odd last one is not looked at
    end = len(data) & ~1
    gear, rolling = _GEAR, 0
    for position in range(MIN_BYTES, middle):
        rolling = ((rolling << 1) + gear[data[position]]) & _BITS64
        if not rolling & _MASK_BEFORE:
            return position
    for position in range(middle, end):
        rolling = ((rolling << 1) + gear[data[position]]) & _BITS64
        if not rolling & _MASK_AFTER:
            return position
    return len(data)


def _fast() -> Cut:
    """The compiled chunker, if it is installed and is the one that we know."""
    try:
        from pyfastcdc.cy import FastCDC
    except ImportError:
        return cut_slowly
    chunker = FastCDC(AVERAGE_BYTES, min_size=MIN_BYTES, max_size=CHUNK_BYTES_MAX, normalized_chunking=1, seed=SEED)
    return lambda data: [chunk.length for chunk in chunker.cut_buf(data)]


cut: Final[Cut] = _fast()
"""The lengths of the chunks of one file: each 16 to 256 KiB, but for the last; none for an empty file."""
