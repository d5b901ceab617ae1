"""A disk in memory that forgets at a power cut what was not flushed, and SQLite upon it.

Of what was written since a file's last flush, any part may be there afterwards, in pieces of a sector and in any order: real disks
and page caches promise no more. What lies beside a written piece stays, as SQLite expects of every disk ("powersafe overwrite").
A file's name counts as flushed with its content, as SQLite's own Unix layer flushes the folder with a new file.
"""

from __future__ import annotations

import random
import sqlite3
from itertools import pairwise
from pathlib import Path
from typing import Any

import apsw

SECTOR_BYTES = 512


class PowerCut(Exception):
    """The disk is gone."""


class File:
    """What programs see, what is flushed, and the changes in between."""

    def __init__(self, content: bytes = b"", flushed: bool = False) -> None:
        self.content = bytearray(content)
        self.flushed: bytes | None = content if flushed else None
        self.changes: list[tuple[int, bytes | None]] = []  # (offset, data), or (size, None) for truncation

    def apply(self, content: bytearray, change: tuple[int, bytes | None]) -> None:
        at, data = change
        if data is None:
            del content[at:]
            return
        content.extend(bytes(max(0, at - len(content))))
        content[at : at + len(data)] = data

    def change(self, at: int, data: bytes | None) -> None:
        self.apply(self.content, (at, data))
        self.changes.append((at, data))

    def flush(self) -> None:
        self.flushed = bytes(self.content)
        self.changes.clear()

    def after_power_cut(self, chance: random.Random) -> bytes | None:
        if self.flushed is None and not self.changes:
            return None
        kept = bytearray(self.flushed or b"")
        luck = chance.choice([0.0, 0.5, 0.9, 1.0])
        for at, data in self.changes:
            for change in [(at, None)] if data is None else _pieces(at, data):
                if chance.random() < luck:
                    self.apply(kept, change)
        return bytes(kept)


def _pieces(at: int, data: bytes) -> list[tuple[int, bytes | None]]:
    first = SECTOR_BYTES - at % SECTOR_BYTES
    cuts = [0, *range(first, len(data), SECTOR_BYTES), len(data)]
    return [(at + start, data[start:end]) for start, end in pairwise(cuts)]


class Disk:
    """Files by name. The power goes with the operation number `power_cut_at`."""

    def __init__(self, files: dict[str, bytes], chance: random.Random, power_cut_at: int) -> None:
        self.files = {name: File(content, flushed=True) for name, content in files.items()}
        self._chance, self._left = chance, power_cut_at
        self.remains: dict[str, bytes] | None = None

    def count(self) -> None:
        """Before an operation. Afterwards nothing answers any more."""
        self._left -= 1
        if self._left <= 0:
            self.cut()
            raise PowerCut

    def cut(self) -> None:
        if self.remains is None:
            left = {name: file.after_power_cut(self._chance) for name, file in self.files.items()}
            self.remains = {name: content for name, content in left.items() if content is not None}


class OpenFile:
    """What SQLite calls."""

    def __init__(self, disk: Disk, file: File) -> None:
        self._disk, self._file = disk, file

    def xRead(self, amount: int, offset: int) -> bytes:
        return bytes(self._file.content[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        self._file.change(offset, bytes(data))  # the write during which the power goes may be there, too
        self._disk.count()

    def xTruncate(self, size: int) -> None:
        self._file.change(size, None)
        self._disk.count()

    def xSync(self, flags: int) -> None:
        self._disk.count()
        self._file.flush()

    def xFileSize(self) -> int:
        return len(self._file.content)

    def xSectorSize(self) -> int:
        return SECTOR_BYTES

    def xDeviceCharacteristics(self) -> int:
        return int(apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE)

    def xFileControl(self, operation: int, pointer: int) -> bool:
        return False

    def xCheckReservedLock(self) -> bool:
        return False

    def xLock(self, level: int) -> None: ...

    def xUnlock(self, level: int) -> None: ...

    def xClose(self) -> None: ...


class ForgetfulVFS(apsw.VFS):
    """SQLite's window on a disk."""

    def __init__(self, name: str, disk: Disk) -> None:
        super().__init__(name, "")
        self._disk = disk

    def xFullPathname(self, name: str) -> str:
        return Path(name).name

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        file_name = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        flags[1] = flags[0]
        return OpenFile(self._disk, self._disk.files.setdefault(file_name, File()))

    def xAccess(self, name: str, flags: int) -> bool:
        return name in self._disk.files

    def xDelete(self, name: str, flush_folder: bool) -> None:
        self._disk.count()
        self._disk.files.pop(name, None)


class ApswConnection:
    """As much of `sqlite3.Connection` as `db.sqlite` uses, with the errors of `sqlite3`."""

    def __init__(self, disk: Disk, settings: tuple[str, ...], name: str = "disk") -> None:
        self._vfs = ForgetfulVFS(name, disk)  # apsw forgets it with its last reference
        self._db = apsw.Connection("game.db", vfs=name)
        # one process, and a disk without shared memory
        for setting in ("locking_mode = EXCLUSIVE", "wal_autocheckpoint = 12", *settings):
            self.execute(f"PRAGMA {setting}")

    @property
    def in_transaction(self) -> bool:
        return bool(self._db.in_transaction)

    def execute(self, sql: str, parameters: tuple[Any, ...] = ()) -> Any:
        try:
            return _Rows(self._db.execute(sql, parameters).fetchall())
        except apsw.ConstraintError as error:
            raise _as_sqlite3(sqlite3.IntegrityError, error) from None
        except apsw.Error as error:
            raise _as_sqlite3(sqlite3.OperationalError, error) from None
        except PowerCut:
            raise _as_sqlite3(sqlite3.OperationalError, apsw.IOError("the power is gone")) from None

    def close(self) -> None:
        try:
            self._db.close()
        except (apsw.Error, PowerCut):
            self._db.close(force=True)


class _Rows:
    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        self._rows = rows

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._rows


def _as_sqlite3(kind: type[sqlite3.Error], error: apsw.Error) -> sqlite3.Error:
    translated = kind(str(error))
    code = getattr(error, "extendedresult", apsw.SQLITE_IOERR)
    names = {**apsw.mapping_result_codes, **apsw.mapping_extended_result_codes}
    translated.sqlite_errorname = str(names.get(code, "SQLITE_IOERR"))
    return translated
