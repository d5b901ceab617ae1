"""A release takes shape beside the installed one: first whatever is on this disk already, each chunk proven by its hash, then the rest.

Nothing here trusts a file to be what it was: an interrupted installation, a flipped bit and an old release are all the same case,
files that have some of the chunks. What is lacking is a *wound*; deltas and blocks heal it.
"""

from __future__ import annotations

import os
import shutil
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from supergame.content.manifest import File, Manifest, digest
from supergame.content.model import DiskFull, SourceDamaged
from supergame.content.objects import free_bytes, sync_folder

OPEN_FILES_MAX: Final = 32
SPARE_BYTES: Final = 16 << 20
"""Left free on the disk."""


@dataclass(frozen=True)
class Seed:
    """A release on this disk, whole or not."""

    manifest: Manifest
    folder: Path


@dataclass
class Staging:
    """The files of a release that is being put together in `folder`."""

    manifest: Manifest
    folder: Path
    seeds: list[Seed]
    wounds: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    """Chunks that are lacking: for each, where it goes (number of the file, offset)."""
    touched: set[int] = field(default_factory=set)
    """Files that were written here, rather than shared with an older release."""

    def prepare(self) -> None:
        """Take what is here. Raises DiskFull."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with _room(), _Handles() as handles:
            twins = {seed.manifest.content_of(file): seed.folder / file.path for seed in self.seeds[::-1] for file in seed.manifest.files}
            self._check_room(twins)
            for number, file in enumerate(self.manifest.files):
                self._take(number, file, twins.get(self.manifest.content_of(file)), handles)

    def _check_room(self, twins: dict[tuple[bool, tuple[bytes, ...]], Path]) -> None:
        needed = sum(file.size for file in self.manifest.files if self.manifest.content_of(file) not in twins)
        present = sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file() and not path.is_symlink())
        if needed - present > free_bytes(self.folder) - SPARE_BYTES:
            raise DiskFull(f"The release needs {needed / 1e6:,.0f} MB.")

    def _take(self, number: int, file: File, twin: Path | None, handles: _Handles) -> None:
        path = self.folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() and twin is not None and self._is_whole(file, twin, handles):
            _share(twin, path)
            return
        if path.exists() and path.stat().st_nlink > 1:
            if self._is_whole(file, path, handles):
                return
            handles.forget(path)
            path.unlink()  # shared with an older release: never write into that one
        self._fill(number, file, path, handles)

    def _is_whole(self, file: File, path: Path, handles: _Handles) -> bool:
        handle = handles.open(path)
        if handle is None or os.fstat(handle.fileno()).st_size != file.size:
            return False
        return all(self._is_right(chunk, _read(handle, at, self.manifest.sizes[chunk])) for chunk, at in self.manifest.laid_out(file))

    def _is_right(self, chunk: int, data: bytes) -> bool:
        return digest(data) == self.manifest.hashes[chunk]

    def _fill(self, number: int, file: File, path: Path, handles: _Handles) -> None:
        """Chunk by chunk from what the file has already, or from a seed; what neither has is a wound."""
        self.touched.add(number)
        with path.open("r+b" if path.exists() else "w+b") as out:
            out.truncate(file.size)
            for chunk, at in self.manifest.laid_out(file):
                if self._is_right(chunk, _read(out, at, self.manifest.sizes[chunk])):
                    continue
                data = self._from_seeds(chunk, handles)
                if data is None:
                    self.wounds.setdefault(chunk, []).append((number, at))
                else:
                    _write(out, at, data)

    def _from_seeds(self, chunk: int, handles: _Handles) -> bytes | None:
        for seed in self.seeds:
            spot = seed.manifest.spots.get(self.manifest.hashes[chunk])
            handle = None if spot is None else handles.open(seed.folder / seed.manifest.files[spot[0]].path)
            if spot is None or handle is None:
                continue
            data = _read(handle, spot[1], self.manifest.sizes[chunk])
            if self._is_right(chunk, data):
                return data
        return None

    def heal(self, chunk: int, data: bytes) -> bool:
        """Put a chunk wherever it is lacking; nothing happens unless it is the right one. Raises DiskFull."""
        if not self._is_right(chunk, data):
            return False
        with _room():
            for number, at in self.wounds.pop(chunk, []):
                with (self.folder / self.manifest.files[number].path).open("r+b") as out:
                    _write(out, at, data)
        return True

    def finish(self) -> None:
        """Links, rights, and everything on the disk. Raises SourceDamaged while wounds are left."""
        if self.wounds:
            raise SourceDamaged(f"{len(self.wounds)} chunks of {self.manifest.version} are not to be had.")
        with _room():
            for number in self.touched:
                self._settle(self.manifest.files[number])
            for link in self.manifest.links:
                path = self.folder / link.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.unlink(missing_ok=True)
                path.symlink_to(link.target)
            for folder in (self.folder, *(path for path in self.folder.rglob("*") if path.is_dir() and not path.is_symlink())):
                sync_folder(folder)

    def _settle(self, file: File) -> None:
        path = self.folder / file.path
        path.chmod(0o755 if file.is_executable else 0o644)
        with path.open("r+b") as written:
            os.fsync(written.fileno())


class _Handles:
    """Files open for reading, the latest few."""

    def __init__(self) -> None:
        self._open: OrderedDict[Path, BinaryIO] = OrderedDict()

    def __enter__(self) -> _Handles:
        return self

    def __exit__(self, *_: object) -> None:
        for handle in self._open.values():
            handle.close()

    def open(self, path: Path) -> BinaryIO | None:
        """None when there is no such file."""
        if path in self._open:
            return self._open[path]
        try:
            handle = path.open("rb", buffering=0)
        except OSError:
            return None
        self._open[path] = handle
        if len(self._open) > OPEN_FILES_MAX:
            self._open.popitem(last=False)[1].close()
        return self._open[path]

    def forget(self, path: Path) -> None:
        if handle := self._open.pop(path, None):
            handle.close()


def _read(file: BinaryIO, at: int, length: int) -> bytes:
    try:
        file.seek(at)
        return file.read(length) or b""
    except OSError:
        return b""  # a bad sector is a wound like any other


def _write(file: BinaryIO, at: int, data: bytes) -> None:
    file.seek(at)
    file.write(data)


def _share(old: Path, new: Path) -> None:
    """One file under two names; on disks that cannot, a copy."""
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)
        shutil.copymode(old, new)


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DiskFull(f"The disk takes no more: {error.strerror}.") from None
