"""The data folder: its owner's alone, and one process's at a time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

from supergame.base.errors import FailedPrecondition

LOCK_NAME = "in-use"


class DataFolderUnusable(FailedPrecondition):
    """The data folder cannot be made or written to."""

    code = "node.data_folder_unusable"


class DataFolderInUse(FailedPrecondition):
    """Another process serves from this data folder; stop it, or choose another folder."""

    code = "node.data_folder_in_use"


def take_folder(folder: Path) -> IO[bytes]:
    """Make the folder if need be, and hold it until the returned file is closed or the process dies.

    Two processes on one folder would each keep revocations in a memory of their own.

    Raises:
        DataFolderUnusable, DataFolderInUse.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds keys, password hashes and players' data
        lock = (folder / LOCK_NAME).open("ab")
    except OSError as error:
        raise DataFolderUnusable(f"The data folder {folder} cannot be used: {error.strerror}.") from None
    try:
        _lock(lock)
    except OSError:
        lock.close()
        raise DataFolderInUse from None
    return lock


def _lock(file: IO[bytes]) -> None:
    """An advisory lock that the system takes back when the process ends, however it ends. Raises OSError when another holds it."""
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
