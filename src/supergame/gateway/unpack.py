"""Bodies as they were before they were packed (RFC 9110, section 8.4), up to a limit and not a byte more, whatever they promise."""

from __future__ import annotations

import zlib

from supergame.gateway.refused import Refused

_GZIP_OR_ZLIB = 47  # wbits: 15 bits of window, and 32 to tell them apart by their heads


def unpack(body: bytes, encoding: str, bytes_max: int) -> bytes:
    """The body, unpacked as its Content-Encoding asks.

    Raises:
        Refused: packed otherwise than it says, cut off, followed by something else, or larger than `bytes_max`.
    """
    if encoding == "identity" or not body:
        return body
    if encoding not in ("gzip", "deflate"):
        raise Refused(415, "Bodies may be packed by gzip or deflate.")
    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        unpacked = unpacker.decompress(body, bytes_max + 1)
    except zlib.error:
        raise Refused(400, "The body is not packed as it says.") from None
    if len(unpacked) > bytes_max:
        raise Refused(413, "The body is too large.")
    if not unpacker.eof or unpacker.unused_data:
        raise Refused(400, "The body is not packed as it says.")
    return unpacked
