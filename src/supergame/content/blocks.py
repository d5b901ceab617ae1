"""Blocks: many chunks in one object, each compressed by itself, so that requests are few and a single chunk can be fetched alone.

magic | frame | frame | ... | footer (MessagePack: hashes, sizes, lengths) | length of the footer, 4 bytes | magic
"""

from __future__ import annotations

from typing import Final

import msgspec

from supergame.content import zstd
from supergame.content.manifest import HASH_BYTES, Columns, Place, digest, name_of
from supergame.content.model import SourceDamaged
from supergame.content.objects import Shelf

MAGIC: Final = b"SGBLOCK1"
BLOCK_BYTES: Final = 6 << 20
"""A block is closed when it has so many bytes or more."""


class Footer(msgspec.Struct, array_like=True):
    """Columns as in a manifest: with them, a block can be read without one."""

    hashes: bytes
    sizes: list[int]
    lengths: list[int]


class BlockWriter:
    """Packs chunks and writes each block when it is full; `close` gives the places of all, block by block."""

    def __init__(self, store: Shelf, level: int) -> None:
        self._store, self._level = store, level
        self.places: dict[bytes, Place] = {}
        self.bytes_written = 0
        self._begin()

    def _begin(self) -> None:
        self._frames, self._length = [MAGIC], len(MAGIC)
        self._chunks: list[tuple[bytes, int, int, int]] = []

    def add(self, name: bytes, data: memoryview) -> int:
        """Returns what it takes when compressed."""
        frame = zstd.compress(data, self._level)
        self._chunks.append((name, len(data), self._length, len(frame)))
        self._frames.append(frame)
        self._length += len(frame)
        if self._length >= BLOCK_BYTES:
            self.close()
        return len(frame)

    def close(self) -> None:
        if not self._chunks:
            return
        names, sizes, _, lengths = zip(*self._chunks, strict=True)
        footer = msgspec.msgpack.encode(Footer(b"".join(names), list(sizes), list(lengths)))
        data = b"".join([*self._frames, footer, len(footer).to_bytes(4, "big"), MAGIC])
        block = name_of(data)
        self._store.write(f"blocks/{block}", data)
        self.places |= {name: Place(block, offset, length) for name, _, offset, length in self._chunks}
        self.bytes_written += len(data)
        self._begin()


def columns(hashes: list[bytes], sizes: list[int], places: dict[bytes, Place]) -> Columns:
    """The table of a manifest."""
    blocks = {block: number for number, block in enumerate(dict.fromkeys(places[name].block for name in hashes))}
    found = [places[name] for name in hashes]
    return Columns(
        b"".join(hashes),
        sizes,
        b"".join(bytes.fromhex(block) for block in blocks),
        [blocks[place.block] for place in found],
        [place.offset for place in found],
        [place.length for place in found],
    )


def unpack(frame: bytes | memoryview, size: int, name: bytes) -> bytes:
    """One chunk of a block. Raises SourceDamaged."""
    data = zstd.decompress(frame, size)
    if digest(data) != name:
        raise SourceDamaged("A chunk has other bytes than its name says.")
    return data


def read_footer(data: bytes) -> list[tuple[bytes, int, Place]]:
    """The chunks of a whole block: hash, size, place. Raises SourceDamaged."""
    length = int.from_bytes(data[-12:-8], "big")
    if data[:8] != MAGIC or data[-8:] != MAGIC or length > len(data) - 20:
        raise SourceDamaged("This is no block.")
    try:
        footer = msgspec.msgpack.decode(data[-12 - length : -12], type=Footer)
        if not len(footer.sizes) == len(footer.lengths) == len(footer.hashes) // HASH_BYTES:
            raise ValueError
    except (msgspec.DecodeError, RecursionError, ValueError):
        raise SourceDamaged("The footer of a block is damaged.") from None
    chunks, offset, block = [], len(MAGIC), name_of(data)
    for number, (size, packed) in enumerate(zip(footer.sizes, footer.lengths, strict=True)):
        chunks.append((footer.hashes[number * HASH_BYTES :][:HASH_BYTES], size, Place(block, offset, packed)))
        offset += packed
    return chunks
