"""A folder becomes a release: cut, deduplicated against what players may have already, packed into blocks.

Blocks are written first, then the manifest, and a channel points at it last of all: whenever the power goes, each release that
can be found is whole.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from supergame.content import zstd
from supergame.content.blocks import BlockWriter, columns
from supergame.content.chunker import CHUNKER, cut
from supergame.content.manifest import FORMAT, Body, Columns, File, Link, Manifest, Place, check, digest, encode
from supergame.content.model import ManifestInvalid, PathUnsafe
from supergame.content.objects import Shelf

EMPTY: Final = memoryview(b"")


@dataclass
class FileReport:
    """What one file brings into the store."""

    path: str
    size: int
    new_bytes: int = 0
    packed_bytes: int = 0
    """Of the new chunks, compressed."""


@dataclass
class Published:
    """A release in the store, in no channel yet."""

    manifest: Manifest
    reports: list[FileReport] = field(default_factory=list)
    stored_bytes: int = 0
    """Blocks and manifest that the store did not have."""


def publish(store: Shelf, folder: Path, version: str, known: list[Manifest], *, level: int = zstd.CHUNK_LEVEL) -> Published:
    """Put a folder into a store.

    Args:
        known: releases whose chunks are in the store for certain: those of its channels.

    Raises:
        PathUnsafe: a file's name would not do everywhere.
        DiskFull, SourceUnreachable.
    """
    files, links = scan(folder)
    table = _Table(BlockWriter(store, level), known)
    reports: list[FileReport] = []
    entries = [table.add(folder, path, reports) for path in files]
    manifest = encode(Body(FORMAT, CHUNKER, version, entries, links, table.finish()))
    check(manifest.body)
    name = f"manifests/{manifest.name}"
    stored = table.writer.bytes_written + (0 if store.has(name) else len(manifest.raw))
    store.write(name, manifest.raw)
    return Published(manifest, reports, stored)


def scan(folder: Path) -> tuple[list[str], list[Link]]:
    """All files below a folder, in the order of their paths, and its symbolic links. Empty folders are left out.

    Raises:
        PathUnsafe: neither file, folder nor link.
        ManifestInvalid: no folder, or nothing in it.
    """
    files: list[str] = []
    links: list[Link] = []
    for path in _walk(folder):
        shown = path.relative_to(folder).as_posix()
        if path.is_symlink():
            links.append(Link(shown, os.readlink(path).replace(os.sep, "/")))
        elif path.is_file():
            files.append(shown)
        else:
            raise PathUnsafe(f"{shown!a} is neither a file nor a folder.")
    if not files:
        raise ManifestInvalid(f"There are no files in {folder}.")
    return sorted(files), sorted(links, key=lambda link: link.path)


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        yield from (Path(root) / name for name in files)
        yield from (path for name in folders if (path := Path(root) / name).is_symlink())


class _Table:
    """The chunks of a release as they are met, each once."""

    def __init__(self, writer: BlockWriter, known: list[Manifest]) -> None:
        self.writer = writer
        self._known = {name: (manifest, number) for manifest in reversed(known) for name, number in manifest.index.items()}
        self._numbers: dict[bytes, int] = {}
        self._sizes: list[int] = []

    def add(self, folder: Path, path: str, reports: list[FileReport]) -> File:
        with (folder / path).open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            data = memoryview(mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)) if size else EMPTY
            is_executable = os.name == "posix" and bool(os.fstat(file.fileno()).st_mode & 0o111)
        report = FileReport(path, size)
        reports.append(report)
        numbers = []
        at = 0
        for length in cut(data):
            numbers.append(self._number(data[at : at + length], report))
            at += length
        return File(path, size, is_executable, runs(numbers))

    def _number(self, data: memoryview, report: FileReport) -> int:
        name = digest(data)
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = len(self._sizes)
            self._sizes.append(len(data))
            if name not in self._known:
                report.new_bytes += len(data)
                report.packed_bytes += self.writer.add(name, data)
        return number

    def finish(self) -> Columns:
        self.writer.close()
        hashes = list(self._numbers)
        return columns(hashes, self._sizes, {name: self._place(name) for name in hashes})

    def _place(self, name: bytes) -> Place:
        if name in self.writer.places:
            return self.writer.places[name]
        manifest, number = self._known[name]
        return manifest.place(number)


def runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Numbers in a row, as (first, count)."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and sum(found[-1]) == number:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((number, 1))
    return found
