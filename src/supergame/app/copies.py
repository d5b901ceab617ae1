"""A preview's copy of a deployment's data: the database as it is at one moment, with the parts that were chosen and nothing else."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from supergame.base.errors import FailedPrecondition, InvalidArgument

PARTS: Final[dict[str, tuple[str, ...]]] = {
    "people": ("persons", "person_devices", "profiles", "friend_edges"),
    "storage": ("storage_objects",),
    "chat": ("channel_messages", "notifications"),
    "config": ("config_versions", "config_head", "title_settings"),
    "licences": ("licence_owners", "licence_properties", "licence_assets", "licences", "licence_steps"),
    "operators": ("operators",),
}
"""What can be copied, and the tables that hold it. Never copied: sign-ins, audit, money, reports, what is on its way."""
USUAL: Final = ("people", "storage", "config", "operators")
ALWAYS: Final = ("schema_migrations",)
LOCK_WITHIN_S: Final = 5.0
_FICLONE: Final = 0x40049409
"""Linux: make a file share the blocks of another, copied when one is written to. Source: ioctl_ficlonerange(2)."""

Clone = Callable[[Path, Path], None]
"""Copies a file by sharing its blocks; raises OSError where the file system cannot."""


class NothingToCopy(FailedPrecondition):
    """There is no SQLite database in the data folder; start the deployment once, or preview with --copy none."""

    code = "preview.nothing_to_copy"


class PartUnknown(InvalidArgument):
    """What can be copied is people, storage, chat, config, licences and operators; or all, or none."""

    code = "preview.part_unknown"


def parts_of(text: str) -> list[str]:
    """The parts that a command line asks for: `people,storage`, `all` or `none`. Raises PartUnknown."""
    if text in ("all", "none"):
        return sorted(PARTS) if text == "all" else []
    parts = sorted({part.strip() for part in text.split(",")})
    if not parts or not set(parts) <= PARTS.keys():
        raise PartUnknown
    return parts


def clone(source: Path, target: Path) -> None:
    """Share blocks, as btrfs, XFS and others can. Raises OSError where that does not go."""
    import fcntl

    with source.open("rb") as old, target.open("wb") as new:
        fcntl.ioctl(new, _FICLONE, old.fileno())


def copy_database(source: Path, target: Path, parts: list[str], clone: Clone = clone) -> None:
    """Copy a database that may be in use, and empty every table that is not among the parts.

    Raises:
        NothingToCopy: there is none.
    """
    if not source.exists():
        raise NothingToCopy
    try:
        _clone_at_rest(source, target, clone)
    except (OSError, ImportError):
        _remove(target)
        _back_up(source, target)
    kept = {*ALWAYS, *(table for part in parts for table in PARTS[part])}
    with closing(sqlite3.connect(target)) as copy, copy:
        for (table,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall():
            if table not in kept:
                copy.execute(f'DELETE FROM "{table}"')


def _clone_at_rest(source: Path, target: Path, clone: Clone) -> None:
    """The file and its write-ahead log, while nobody may write: together they are the database. It takes no longer for a large one."""
    with closing(sqlite3.connect(source, timeout=LOCK_WITHIN_S, isolation_level=None)) as lock:
        lock.execute("BEGIN IMMEDIATE")
        try:
            for end in ("", "-wal"):
                file = source.with_name(source.name + end)
                if file.exists():
                    clone(file, target.with_name(target.name + end))
        finally:
            lock.execute("ROLLBACK")


def _back_up(source: Path, target: Path) -> None:
    """SQLite's own copy of a snapshot, which holds up no writer."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _remove(target: Path) -> None:
    for end in ("", "-wal", "-shm"):
        target.with_name(target.name + end).unlink(missing_ok=True)
