"""Where objects lie: a folder here, a bucket, or any web server that has a copy. Only channel files ever change.

blocks/<BLAKE3>   manifests/<BLAKE3>   deltas/<BLAKE3>   keys/<number>   channels/<title>/<channel>
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Final, Protocol

from supergame.content.model import ContentInUse, DiskFull, NotInStore, SourceUnreachable

READ_BYTES_MAX: Final = 16 << 20
"""What one read returns at most: memory and requests stay bounded together."""
NAME: Final = re.compile(
    r"(?:blocks|manifests|deltas)/[0-9a-f]{64}|keys/[1-9][0-9]{0,5}|channels/[a-z0-9][a-z0-9@._-]{0,127}/[a-z0-9][a-z0-9._-]{0,63}"
)


class Source(Protocol):
    """Read objects. A read past the end returns what there is."""

    def read(self, name: str, start: int = 0, length: int = READ_BYTES_MAX) -> bytes:
        """Raises NotInStore, SourceUnreachable."""
        ...


class Shelf(Source, Protocol):
    """Also write them. An object is there whole or not at all, on the disk once `write` returned."""

    def write(self, name: str, data: bytes) -> None:
        """Raises DiskFull, SourceUnreachable."""
        ...

    def has(self, name: str) -> bool: ...


class Store(Shelf, Protocol):
    """Also serve them, and tidy up."""

    def size(self, name: str) -> int:
        """Raises NotInStore, SourceUnreachable."""
        ...

    def names(self, folder: str) -> Iterator[str]:
        """Those of `blocks`, `channels` and so on, in order."""
        ...

    def remove(self, name: str) -> None: ...

    def alone(self) -> AbstractContextManager[None]:
        """The only publisher, as far as the store can tell."""
        ...


class FolderStore:
    """Objects as files: any web server can serve the folder, any copying tool can bring it elsewhere."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, name: str, start: int = 0, length: int = READ_BYTES_MAX) -> bytes:
        try:
            with (self.folder / _checked(name)).open("rb") as file:
                file.seek(start)
                return file.read(min(length, READ_BYTES_MAX))
        except (FileNotFoundError, NotADirectoryError):
            raise NotInStore(f"The store has no {name}.") from None
        except OSError as error:
            raise SourceUnreachable(f"The store in {self.folder} cannot be read: {error.strerror}.") from None

    def write(self, name: str, data: bytes) -> None:
        path = self.folder / _checked(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)

    def has(self, name: str) -> bool:
        return (self.folder / _checked(name)).is_file()

    def size(self, name: str) -> int:
        try:
            return (self.folder / _checked(name)).stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            raise NotInStore(f"The store has no {name}.") from None

    def names(self, folder: str) -> Iterator[str]:
        found = (path.relative_to(self.folder).as_posix() for path in sorted((self.folder / folder).rglob("*")))
        return (name for name in found if NAME.fullmatch(name))

    def remove(self, name: str) -> None:
        (self.folder / _checked(name)).unlink(missing_ok=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with held(self.folder / ".lock"):
            yield


def _checked(name: str) -> str:
    """Names come from channel files and addresses: none leads out of the store."""
    if not NAME.fullmatch(name):
        raise NotInStore(f"{name[:80]!a} is no name of an object.")
    return name


def write_whole(path: Path, data: bytes, mode: int = 0o644) -> None:
    """A file that is there with all of `data`, or as it was before, whenever the power goes; never open to more readers than `mode` says.

    Raises:
        DiskFull: no room; whatever was there is still there.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise DiskFull(f"{path} cannot be written: {error.strerror}.") from None
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Names are on the disk, too. Windows does that by itself."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


@contextmanager
def held(path: Path) -> Iterator[None]:
    """A lock that the system takes back when the process ends, however it ends. Raises ContentInUse."""
    with path.open("ab") as file:
        try:
            _lock(file)
        except OSError:
            raise ContentInUse from None
        yield


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
