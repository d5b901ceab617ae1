"""What a release consists of: its files, the chunks of each, and where the chunks lie in the store.

A manifest is immutable and named by the BLAKE3 of its bytes, so a signed name vouches for every byte of the release.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Final, NamedTuple

import msgspec
from blake3 import blake3

from supergame.content.chunker import CHUNK_BYTES_MAX, CHUNKER
from supergame.content.model import ManifestInvalid, SourceDamaged, StoreNewer
from supergame.content.paths import check_tree

FORMAT: Final = 1
HASH_BYTES: Final = 32
MANIFEST_BYTES_MAX: Final = 64 << 20
FILES_MAX: Final = 500_000
REFERENCES_MAX: Final = 1 << 24
"""Chunks of all files together, counted as often as they stand in one: some 1 TiB."""
PACKED_BYTES_MAX: Final = CHUNK_BYTES_MAX + 4_096
"""What one chunk may take in a block: zstd adds less than this to what it cannot compress."""


def digest(data: bytes | memoryview) -> bytes:
    """The name of a chunk: its BLAKE3, 32 bytes."""
    return blake3(data).digest()


def name_of(data: bytes) -> str:
    """The name of an object: its BLAKE3 in 64 hexadecimal digits."""
    return blake3(data).hexdigest()


class File(msgspec.Struct, array_like=True, frozen=True):
    """One file: its chunks are `count` in a row from `start` on in the manifest's table, for each of `runs`."""

    path: str
    size: int
    is_executable: bool
    runs: list[tuple[int, int]]

    def chunks(self) -> Iterator[int]:
        for start, count in self.runs:
            yield from range(start, start + count)


class Link(msgspec.Struct, array_like=True, frozen=True):
    """A symbolic link within the release."""

    path: str
    target: str


class Place(NamedTuple):
    """Where a chunk's compressed bytes lie."""

    block: str
    offset: int
    length: int


class Columns(msgspec.Struct, array_like=True):
    """The table of chunks, column by column, which compresses better than row by row. Hashes and block names are run together."""

    hashes: bytes = b""
    sizes: list[int] = []
    block_names: bytes = b""
    blocks: list[int] = []
    offsets: list[int] = []
    lengths: list[int] = []


class Body(msgspec.Struct, array_like=True):
    """The bytes of a manifest, as MessagePack."""

    format: int
    chunker: str
    version: str
    files: list[File]
    links: list[Link]
    chunks: Columns


@dataclass(frozen=True)
class Manifest:
    """A release. Make one with `decode`, which checks it, or with `encode`."""

    name: str
    raw: bytes
    body: Body

    @property
    def files(self) -> list[File]:
        return self.body.files

    @property
    def links(self) -> list[Link]:
        return self.body.links

    @property
    def version(self) -> str:
        return self.body.version

    @cached_property
    def size(self) -> int:
        """Bytes when installed."""
        return sum(file.size for file in self.files)

    @cached_property
    def hashes(self) -> list[bytes]:
        raw = self.body.chunks.hashes
        return [raw[at : at + HASH_BYTES] for at in range(0, len(raw), HASH_BYTES)]

    @property
    def sizes(self) -> list[int]:
        return self.body.chunks.sizes

    @cached_property
    def index(self) -> dict[bytes, int]:
        """Chunks by hash."""
        return {found: number for number, found in enumerate(self.hashes)}

    @cached_property
    def spots(self) -> dict[bytes, tuple[int, int]]:
        """By hash, one place among the files where a chunk stands: the file's number and the offset in it."""
        found: dict[bytes, tuple[int, int]] = {}
        for number, file in enumerate(self.files):
            for chunk, offset in self.laid_out(file):
                found.setdefault(self.hashes[chunk], (number, offset))
        return found

    @cached_property
    def block_names(self) -> list[str]:
        raw = self.body.chunks.block_names
        return [raw[at : at + HASH_BYTES].hex() for at in range(0, len(raw), HASH_BYTES)]

    def place(self, chunk: int) -> Place:
        columns = self.body.chunks
        return Place(self.block_names[columns.blocks[chunk]], columns.offsets[chunk], columns.lengths[chunk])

    def laid_out(self, file: File) -> Iterator[tuple[int, int]]:
        """Each chunk of a file with its offset there."""
        chunks = list(file.chunks())
        return zip(chunks, accumulate((self.sizes[chunk] for chunk in chunks), initial=0), strict=False)

    def content_of(self, file: File) -> tuple[bool, tuple[bytes, ...]]:
        """Equal for two files, of any two releases, that are the same."""
        return file.is_executable, tuple(self.hashes[chunk] for chunk in file.chunks())


def encode(body: Body) -> Manifest:
    raw = msgspec.msgpack.encode(body)
    return Manifest(name_of(raw), raw, body)


def decode(raw: bytes, name: str) -> Manifest:
    """A stranger's manifest, checked whole: what it says can be followed without further questions.

    Raises:
        SourceDamaged: these are not the bytes of this name.
        StoreNewer: another format or chunker.
        ManifestInvalid, PathUnsafe: it was made with ill intent, or by a broken program.
    """
    if len(raw) > MANIFEST_BYTES_MAX or name_of(raw) != name:
        raise SourceDamaged(f"The manifest {name[:16]} has other bytes than its name says.")
    try:
        body = msgspec.msgpack.decode(raw, type=Body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise ManifestInvalid("The manifest is not of the expected form.") from None
    if body.format != FORMAT or body.chunker != CHUNKER:
        raise StoreNewer
    check(body)
    return Manifest(name, raw, body)


def check(body: Body) -> None:
    """Raises ManifestInvalid, PathUnsafe."""
    if len(body.files) + len(body.links) > FILES_MAX:
        raise ManifestInvalid(f"A release has at most {FILES_MAX:,} files.")
    _check_chunks(body.chunks)
    if sum(count for file in body.files for _, count in file.runs) > REFERENCES_MAX:
        raise ManifestInvalid("The release is larger than can be described.")
    ends = list(accumulate(body.chunks.sizes, initial=0))
    for file in body.files:
        _check_file(file, ends)
    check_tree((file.path for file in body.files), ((link.path, link.target) for link in body.links))


def _check_chunks(chunks: Columns) -> None:
    count, blocks = len(chunks.sizes), len(chunks.block_names) // HASH_BYTES
    whole = len(chunks.hashes) == count * HASH_BYTES and len(chunks.block_names) == blocks * HASH_BYTES
    if not whole or not len(chunks.blocks) == len(chunks.offsets) == len(chunks.lengths) == count:
        raise ManifestInvalid("The table of chunks has columns of different lengths.")
    if len({chunks.hashes[at : at + HASH_BYTES] for at in range(0, len(chunks.hashes), HASH_BYTES)}) != count:
        raise ManifestInvalid("A chunk is listed twice.")
    for size, block, offset, length in zip(chunks.sizes, chunks.blocks, chunks.offsets, chunks.lengths, strict=True):
        if not (0 < size <= CHUNK_BYTES_MAX and 0 <= block < blocks and 0 <= offset < 1 << 40 and 0 < length <= PACKED_BYTES_MAX):
            raise ManifestInvalid("A chunk has an impossible size or place.")


def _check_file(file: File, ends: list[int]) -> None:
    """`ends` are the sizes of all chunks before each, and of all."""
    total = 0
    for start, count in file.runs:
        if start < 0 or count < 1 or start + count >= len(ends):
            raise ManifestInvalid(f"{file.path!a} names chunks that are not listed.")
        total += ends[start + count] - ends[start]
    if total != file.size:
        raise ManifestInvalid(f"{file.path!a} is not as long as its chunks together.")
