"""zstd of the standard library (3.14) or of its backport: chunks by themselves, and runs against the old bytes beside them."""

from __future__ import annotations

import sys
from typing import Final

if sys.version_info >= (3, 14):
    from compression.zstd import CompressionParameter, DecompressionParameter, ZstdCompressor, ZstdDecompressor, ZstdDict, ZstdError
else:
    from backports.zstd import CompressionParameter, DecompressionParameter, ZstdCompressor, ZstdDecompressor, ZstdDict, ZstdError

from supergame.content.model import SourceDamaged

CHUNK_LEVEL: Final = 3
DELTA_LEVEL: Final = 9
PREFIX_BYTES_MIN: Final = 16
"""zstd takes no shorter prefix; against so few bytes it would gain nothing."""
WINDOW_LOG_MAX: Final = 25
"""32 MiB: what a decoder may be made to set aside."""


def compress(data: bytes | memoryview, level: int = CHUNK_LEVEL) -> bytes:
    return ZstdCompressor(level=level).compress(data, ZstdCompressor.FLUSH_FRAME)


def compress_against(data: bytes | memoryview, prefix: bytes, level: int = DELTA_LEVEL) -> bytes:
    """Smaller by what `data` has in common with `prefix`, which the reader must have."""
    if len(prefix) < PREFIX_BYTES_MIN:
        return compress(data, level)
    window_log = min(WINDOW_LOG_MAX, max(10, (len(data) + len(prefix)).bit_length()))
    options: dict[int, int] = {
        CompressionParameter.compression_level: level,
        CompressionParameter.window_log: window_log,
        CompressionParameter.enable_long_distance_matching: 1,
    }
    dictionary = ZstdDict(prefix, is_raw=True).as_prefix
    return ZstdCompressor(options=options, zstd_dict=dictionary).compress(data, ZstdCompressor.FLUSH_FRAME)


def decompress(packed: bytes | memoryview, size: int, prefix: bytes = b"") -> bytes:
    """Exactly `size` bytes: no frame can make more of itself, whatever it states.

    Raises:
        SourceDamaged: another size, or no zstd.
    """
    dictionary = ZstdDict(prefix, is_raw=True).as_prefix if len(prefix) >= PREFIX_BYTES_MIN else None
    decoder = ZstdDecompressor(zstd_dict=dictionary, options={DecompressionParameter.window_log_max: WINDOW_LOG_MAX})
    try:
        data = decoder.decompress(packed, max_length=size)
        rest = b"" if decoder.eof else decoder.decompress(b"", max_length=1)
    except (ZstdError, EOFError):
        raise SourceDamaged("A compressed piece is damaged.") from None
    if len(data) != size or rest or not decoder.eof or decoder.unused_data:
        raise SourceDamaged("A compressed piece has another size than announced.")
    return data


def decompress_bounded(packed: bytes | memoryview, size_max: int) -> bytes:
    """A frame of unknown size, of at most `size_max` bytes. Raises SourceDamaged."""
    decoder = ZstdDecompressor(options={DecompressionParameter.window_log_max: WINDOW_LOG_MAX})
    try:
        data = decoder.decompress(packed, max_length=size_max)
    except (ZstdError, EOFError):
        raise SourceDamaged("A compressed piece is damaged.") from None
    if not decoder.eof:
        raise SourceDamaged("A compressed piece is cut off, or too large.")
    return data
