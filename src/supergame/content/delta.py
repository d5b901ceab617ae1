"""From one release to another in few bytes: each run of chunks that the old one lacks, compressed against the old bytes beside it.

Chunks find what stayed the same; but a rebuilt program differs a little everywhere, and there the old bytes between the same two
neighbours say nearly all. A delta holds the new manifest and such runs, is computed once for a pair of releases, and is an object like
any other. Who has another release, or a damaged copy, takes chunks instead.

    magic | length of the head, 4 bytes | head (MessagePack, compressed) | manifest against the old one | piece | piece | ...
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from supergame.content import zstd
from supergame.content.manifest import MANIFEST_BYTES_MAX, File, Manifest, decode
from supergame.content.model import SourceDamaged

MAGIC: Final = b"SGDELTA1"
HEAD_BYTES_MAX: Final = 16 << 20
PIECE_BYTES: Final = 2 << 20
"""A longer run is cut into pieces of so many bytes at least: what a reader holds in memory, with the prefix and the window."""
PREFIX_BYTES_MAX: Final = 6 << 20
MARGIN_BYTES: Final = 128 << 10
"""Old bytes taken on each side beyond the gap that a run fills: moved neighbours help, too."""
PIECE_READ_MAX: Final = 4 << 20
PIECE_PACKED_MAX: Final = PIECE_READ_MAX + (1 << 16)
PIECE_CHUNKS_MAX: Final = 1 << 16
PREFIX_READ_MAX: Final = 12 << 20
"""What a reader accepts, somewhat more than we make."""

ReadOld = Callable[[int, int, int], bytes]
"""Bytes of an old file by its number, from an offset, so many."""


class Source(msgspec.Struct, array_like=True, frozen=True):
    """Old bytes: of which file, from where, how many."""

    file: int
    offset: int
    length: int


class Piece(msgspec.Struct, array_like=True):
    """`chunks` of the new manifest, one after the other, against `sources` one after the other, as (first, count)."""

    chunks: list[tuple[int, int]]
    sources: list[Source]
    size: int
    packed: int = 0

    def numbers(self) -> Iterator[int]:
        for start, count in self.chunks:
            yield from range(start, start + count)


class Head(msgspec.Struct, array_like=True):
    old: str
    new: str
    manifest_size: int
    manifest_packed: int
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Spot:
    """A position in an old file."""

    file: int
    offset: int


def make(old: Manifest, new: Manifest, read_old: ReadOld, read_chunk: Callable[[int], bytes], level: int = zstd.DELTA_LEVEL) -> bytes:
    """The delta between two releases; `read_chunk` gives chunks of the new one."""
    pieces = plan(old, new)
    frames = []
    for piece in pieces:
        data = b"".join(read_chunk(number) for number in piece.numbers())
        frames.append(zstd.compress_against(data, _prefix(piece, read_old), level))
        piece.packed = len(frames[-1])
    manifest = zstd.compress_against(new.raw, old.raw[-PREFIX_BYTES_MAX:], level)
    head = zstd.compress(msgspec.msgpack.encode(Head(old.name, new.name, len(new.raw), len(manifest), pieces)), level)
    return b"".join([MAGIC, len(head).to_bytes(4, "big"), head, manifest, *frames])


def _prefix(piece: Piece, read_old: ReadOld) -> bytes:
    return b"".join(read_old(source.file, source.offset, source.length) for source in piece.sources)


def plan(old: Manifest, new: Manifest) -> list[Piece]:
    """What has to travel, and against what."""
    neighbours = _Neighbours(old)
    sent: set[int] = set()
    pieces: list[Piece] = []
    for file in new.files:
        laid = list(new.laid_out(file))
        lacking = [new.hashes[chunk] not in old.index and chunk not in sent for chunk, _ in laid]
        for first, end in _runs(lacking):
            before, after = neighbours.around(file, [new.hashes[chunk] for chunk, _ in laid], first, end)
            numbers = [chunk for chunk, _ in laid[first:end]]
            fresh = list(dict.fromkeys(numbers))
            sent.update(fresh)
            pieces += _cut_run(new, fresh, neighbours, before, after)
    return pieces


def _runs(lacking: list[bool]) -> Iterator[tuple[int, int]]:
    first = None
    for at, lacks in enumerate([*lacking, False]):
        if lacks and first is None:
            first = at
        elif not lacks and first is not None:
            yield first, at
            first = None


class _Neighbours:
    """Where, in the old release, the surroundings of a run were."""

    def __init__(self, old: Manifest) -> None:
        self.old = old
        self._by_path = {file.path: number for number, file in enumerate(old.files)}
        self._by_name: dict[str, list[int]] = {}
        for number, file in enumerate(old.files):
            self._by_name.setdefault(posixpath.basename(file.path), []).append(number)
        self._offsets: dict[int, dict[bytes, int]] = {}

    def twin(self, file: File) -> int | None:
        """The old file that this one most likely was."""
        if file.path in self._by_path:
            return self._by_path[file.path]
        alike = self._by_name.get(posixpath.basename(file.path), [])
        return min(alike, key=lambda number: abs(self.old.files[number].size - file.size), default=None)

    def around(self, file: File, hashes: list[bytes], first: int, end: int) -> tuple[Spot | None, Spot | None]:
        """Where the old bytes before the run end, and where those after it begin."""
        twin = self.twin(file)
        start, end_of_twin = (None, None) if twin is None else (Spot(twin, 0), Spot(twin, self.old.files[twin].size))
        before = self._find(hashes[first - 1], twin, at_end=True) if first > 0 else start
        after = self._find(hashes[end], twin, at_end=False) if end < len(hashes) else end_of_twin
        return before, after

    def _find(self, name: bytes, twin: int | None, *, at_end: bool) -> Spot | None:
        number = self.old.index.get(name)
        if number is None:
            return None  # sent by an earlier piece
        file, offset = self.old.spots[name]
        if twin is not None and name in (offsets := self._offsets_in(twin)):
            file, offset = twin, offsets[name]
        return Spot(file, offset + self.old.sizes[number] if at_end else offset)

    def _offsets_in(self, number: int) -> dict[bytes, int]:
        if number not in self._offsets:
            self._offsets = {number: {self.old.hashes[chunk]: at for chunk, at in self.old.laid_out(self.old.files[number])}}
        return self._offsets[number]

    def source(self, file: int, start: int, end: int) -> Source:
        start = max(0, start)
        return Source(file, start, max(0, min(end, self.old.files[file].size) - start))


def _cut_run(new: Manifest, numbers: list[int], near: _Neighbours, before: Spot | None, after: Spot | None) -> Iterator[Piece]:
    total = sum(new.sizes[number] for number in numbers)
    at = 0
    for group in _groups(new, numbers):
        size = sum(new.sizes[number] for number in group)
        sources = [source for source in _sources(near, before, after, at, size, total) if source.length]
        yield Piece(_in_rows(group), sources, size)
        at += size


def _groups(new: Manifest, numbers: list[int]) -> Iterator[list[int]]:
    group: list[int] = []
    size = 0
    for number in numbers:
        group.append(number)
        size += new.sizes[number]
        if size >= PIECE_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _in_rows(numbers: list[int]) -> list[tuple[int, int]]:
    rows: list[tuple[int, int]] = []
    for number in numbers:
        if rows and sum(rows[-1]) == number:
            rows[-1] = (rows[-1][0], rows[-1][1] + 1)
        else:
            rows.append((number, 1))
    return rows


def _sources(near: _Neighbours, before: Spot | None, after: Spot | None, at: int, size: int, total: int) -> list[Source]:
    """The old bytes for `size` bytes from `at` on, of a run of `total` bytes."""
    if before and after and before.file == after.file and before.offset <= after.offset:
        gap = after.offset - before.offset
        if gap + 2 * MARGIN_BYTES <= PREFIX_BYTES_MAX:
            return [near.source(before.file, before.offset - MARGIN_BYTES, after.offset + MARGIN_BYTES)]
        middle = before.offset + gap * (2 * at + size) // (2 * total)  # programs grow evenly, more or less
        return [near.source(before.file, middle - PREFIX_BYTES_MAX // 2, middle + PREFIX_BYTES_MAX // 2)]
    half = PREFIX_BYTES_MAX // 4
    found = []
    if before:
        found.append(near.source(before.file, before.offset + at - half, before.offset + at + size + MARGIN_BYTES))
    if after:
        found.append(near.source(after.file, after.offset - (total - at) - MARGIN_BYTES, after.offset - (total - at) + size + half))
    return found


# --- the reader's side


class DeltaFile:
    """A delta whose bytes are known to be the published ones; `read` gives any part of it."""

    def __init__(self, read: Callable[[int, int], bytes]) -> None:
        """Raises SourceDamaged: not a delta."""
        self._read = read
        start = read(0, 12)
        length = int.from_bytes(start[8:], "big")
        if start[:8] != MAGIC or length > HEAD_BYTES_MAX:
            raise SourceDamaged("This is no delta.")
        packed = read(12, length)
        try:
            self.head = msgspec.msgpack.decode(zstd.decompress_bounded(packed, HEAD_BYTES_MAX), type=Head)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise SourceDamaged("The head of a delta is damaged.") from None
        packed_sizes = [self.head.manifest_packed, *(piece.packed for piece in self.head.pieces)]
        if not 0 <= self.head.manifest_packed <= MANIFEST_BYTES_MAX or not all(0 <= size <= PIECE_PACKED_MAX for size in packed_sizes[1:]):
            raise SourceDamaged("A delta has pieces of an impossible size.")
        self._body_at = 12 + length

    def manifest(self, old: Manifest) -> Manifest:
        """The new manifest, checked. Raises SourceDamaged, ManifestInvalid, PathUnsafe."""
        head = self.head
        if head.old != old.name or not 0 < head.manifest_size <= MANIFEST_BYTES_MAX:
            raise SourceDamaged("The delta is of another release.")
        packed = self._read(self._body_at, head.manifest_packed)
        return decode(zstd.decompress(packed, head.manifest_size, old.raw[-PREFIX_BYTES_MAX:]), head.new)

    def pieces(self) -> Iterator[tuple[Piece, Callable[[], bytes]]]:
        """Each piece with what reads its packed bytes."""
        at = self._body_at + self.head.manifest_packed
        for piece in self.head.pieces:
            yield piece, lambda at=at, piece=piece: self._read(at, piece.packed)  # type: ignore[misc]
            at += piece.packed


def unpack(piece: Piece, packed: bytes, old: Manifest, new: Manifest, read_old: ReadOld) -> Iterator[tuple[int, bytes]]:
    """The chunks of a piece with their numbers, not yet compared with their names. Raises SourceDamaged."""
    if sum(count for _, count in piece.chunks) > PIECE_CHUNKS_MAX:
        raise SourceDamaged("A piece of a delta is too large.")
    numbers = list(piece.numbers())
    known = all(0 <= number < len(new.sizes) for number in numbers) and all(_is_known(item, old) for item in piece.sources)
    if not known or sum(new.sizes[number] for number in numbers) != piece.size:
        raise SourceDamaged("A delta names what there is not.")
    if piece.size > PIECE_READ_MAX or sum(item.length for item in piece.sources) > PREFIX_READ_MAX:
        raise SourceDamaged("A piece of a delta is too large.")
    data = zstd.decompress(packed, piece.size, _prefix(piece, read_old))
    at = 0
    for number in numbers:
        yield number, data[at : at + new.sizes[number]]
        at += new.sizes[number]


def _is_known(source: Source, old: Manifest) -> bool:
    return 0 <= source.file < len(old.files) and source.offset >= 0 and 0 <= source.length <= PREFIX_READ_MAX
