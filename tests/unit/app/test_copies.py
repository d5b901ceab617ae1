"""A copy of a database in use, with what was chosen. Rules: docs/spec/previews.md."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from supergame.app.copies import ALWAYS, PARTS, USUAL, Clone, NothingToCopy, PartUnknown, clone, copy_database, parts_of
from supergame.db import migrate

ROWS = 50


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Path]:
    """A database of every table of PARTS and one more, each with rows, and a writer that keeps its log open."""
    file = tmp_path / "source" / "supergame.db"
    file.parent.mkdir()
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA wal_autocheckpoint=0")
        db.execute("BEGIN")
        for table in (*ALWAYS, "audit_entries", *(table for tables in PARTS.values() for table in tables)):
            db.execute(f'CREATE TABLE "{table}" (id INTEGER)')
            db.executemany(f'INSERT INTO "{table}" VALUES (?)', [(number,) for number in range(ROWS)])
        db.execute("COMMIT")
        yield file


def refuse(source: Path, target: Path) -> None:
    raise OSError("this file system shares no blocks")


def shared(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)


def count(file: Path, table: str) -> int:
    with closing(sqlite3.connect(file)) as db:
        return int(db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])


@pytest.mark.parametrize("way", [refuse, shared, clone])
def test_PRV3_what_was_chosen_is_there_and_nothing_else(source: Path, tmp_path: Path, way: Clone) -> None:
    target = tmp_path / "copy.db"
    copy_database(source, target, ["people", "config"], way)
    kept = {*ALWAYS, *PARTS["people"], *PARTS["config"]}
    for table in (*ALWAYS, "audit_entries", *(table for tables in PARTS.values() for table in tables)):
        assert count(target, table) == (ROWS if table in kept else 0), table
        assert count(source, table) == ROWS


@pytest.mark.parametrize("way", [refuse, shared])
def test_PRV3_what_is_written_meanwhile_tears_nothing(source: Path, tmp_path: Path, way: Clone) -> None:
    """A writer that has begun is not in the copy; what it wrote before is."""
    with closing(sqlite3.connect(source, isolation_level=None, timeout=0)) as writer:
        writer.execute("INSERT INTO storage_objects VALUES (1000)")

        def busy(old: Path, new: Path) -> None:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                writer.execute("INSERT INTO storage_objects VALUES (2000)")
            way(old, new)

        copy_database(source, tmp_path / "copy.db", ["storage"], busy)
        writer.execute("INSERT INTO storage_objects VALUES (3000)")
    assert count(tmp_path / "copy.db", "storage_objects") == ROWS + 1


def test_a_folder_without_data_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(NothingToCopy):
        copy_database(tmp_path / "none.db", tmp_path / "copy.db", ["people"])


def test_parts_as_they_are_asked_for() -> None:
    assert parts_of("none") == []
    assert parts_of("all") == sorted(PARTS)
    assert parts_of("storage, people") == ["people", "storage"]
    for text in ("", "money", "people,", "people money"):
        with pytest.raises(PartUnknown):
            parts_of(text)
    assert set(USUAL) <= PARTS.keys()


def test_every_table_of_the_parts_exists() -> None:
    """A table that is renamed would silently be missing from previews."""
    declared = "".join(statement for migration in migrate.load() for statement in migration.statements)
    for tables in PARTS.values():
        for table in tables:
            assert f"CREATE TABLE {table} (" in declared
