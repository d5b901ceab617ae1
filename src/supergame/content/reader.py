"""Files of a release straight from a source, with no installed copy: chunks by their blocks, the latest ones kept in memory."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, TypeVar

from supergame.content.blocks import unpack
from supergame.content.manifest import MANIFEST_BYTES_MAX, File, Manifest, decode
from supergame.content.model import SourceDamaged
from supergame.content.objects import READ_BYTES_MAX, Source

KEPT_BLOCKS: Final = 4
KEPT_CHUNKS: Final = 64

K = TypeVar("K")


def read_object(source: Source, name: str, size: int) -> bytes:
    """A whole object of a size that is known, in as many reads as it needs. Raises NotInStore, SourceDamaged, SourceUnreachable."""
    parts: list[bytes] = []
    at = 0
    while at < size:
        part = source.read(name, at, min(size - at, READ_BYTES_MAX))
        if not part:
            raise SourceDamaged(f"{name} ends after {at:,} of {size:,} bytes.")
        parts.append(part)
        at += len(part)
    return b"".join(parts)


def read_manifest(source: Source, name: str, size: int = MANIFEST_BYTES_MAX) -> Manifest:
    """Raises NotInStore, SourceDamaged, ManifestInvalid, PathUnsafe."""
    if not 0 < size <= MANIFEST_BYTES_MAX:
        raise SourceDamaged(f"The manifest {name[:16]} has an impossible size.")
    if size < MANIFEST_BYTES_MAX:
        return decode(read_object(source, f"manifests/{name}", size), name)
    parts: list[bytes] = []
    while part := source.read(f"manifests/{name}", sum(map(len, parts))):
        parts.append(part)
        if sum(map(len, parts)) > MANIFEST_BYTES_MAX:
            raise SourceDamaged(f"The manifest {name[:16]} is too large.")
        if len(part) < READ_BYTES_MAX:
            break
    return decode(b"".join(parts), name)


class ReleaseReader:
    """Reads any part of any file of a release."""

    def __init__(self, source: Source, manifest: Manifest) -> None:
        self.manifest, self._source = manifest, source
        self._blocks: OrderedDict[str, bytes] = OrderedDict()
        self._chunks: OrderedDict[int, bytes] = OrderedDict()

    def chunk(self, number: int) -> bytes:
        """Raises SourceDamaged, NotInStore."""
        data = self._chunks.get(number)
        if data is None:
            place = self.manifest.place(number)
            frame = memoryview(self._block(place.block))[place.offset : place.offset + place.length]
            data = unpack(frame, self.manifest.sizes[number], self.manifest.hashes[number])
            _keep(self._chunks, number, data, KEPT_CHUNKS)
        return data

    def _block(self, name: str) -> bytes:
        block = self._blocks.get(name)
        if block is None:
            block = self._source.read(f"blocks/{name}")
            _keep(self._blocks, name, block, KEPT_BLOCKS)
        return block

    def read(self, file: File, start: int, length: int) -> bytes:
        """Bytes of a file, as many as there are."""
        end = min(start + length, file.size)
        parts = []
        for chunk, offset in self.manifest.laid_out(file):
            size = self.manifest.sizes[chunk]
            if offset + size > start and offset < end:
                parts.append(self.chunk(chunk)[max(0, start - offset) : end - offset])
        return b"".join(parts)


def _keep(kept: OrderedDict[K, bytes], key: K, value: bytes, count: int) -> None:
    kept[key] = value
    while len(kept) > count:
        kept.popitem(last=False)
