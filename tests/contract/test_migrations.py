"""Migrations, on both engines."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from supergame.base.clock import WallMicros
from supergame.db.migrate import DatabaseNewer, load, migrate, parse
from supergame.db.port import Database, Statement, collect
from tests.contract.conftest import OpenDatabase

NOW = WallMicros(1_700_000_000_000_000)
FIRST = parse("0001_first.sql", "-- two tables; with a comment\nCREATE TABLE a (x BIGINT);\n\nCREATE TABLE b (y TEXT);\n")
SECOND = parse("0002_second.sql", "INSERT INTO a (x) VALUES (7);\nALTER TABLE b ADD COLUMN z BIGINT;")
BROKEN = parse("0002_broken.sql", "INSERT INTO a (x) VALUES (8);\nCREATE TABLE c (x BIGINT);\nINSERT INTO nowhere (x) VALUES (1);")
APPLIED = Statement("test.applied", "SELECT source, version, name, applied_at FROM schema_migrations ORDER BY source, version")
IN_A = Statement("test.in_a", "SELECT x FROM a")
IN_C = Statement("test.in_c", "SELECT x FROM c")


async def test_our_own_migrations_apply_once(empty_database: Database) -> None:
    ours = load()
    assert await migrate(empty_database, ours, NOW) == len(ours)
    assert await migrate(empty_database, ours, NOW) == 0
    assert await empty_database.read(collect, APPLIED) == [("supergame", item.version, item.name, NOW) for item in ours]


async def test_only_what_is_missing_is_applied(empty_database: Database) -> None:
    assert await migrate(empty_database, [FIRST], NOW) == 1
    assert await migrate(empty_database, [FIRST, SECOND], NOW) == 1
    assert await migrate(empty_database, [FIRST, SECOND], NOW) == 0
    assert await empty_database.read(collect, IN_A) == [(7,)]


async def test_one_that_is_added_below_others_is_applied(empty_database: Database) -> None:
    await migrate(empty_database, [FIRST], NOW)
    late = parse("0004_late.sql", "CREATE TABLE d (x BIGINT);")
    assert await migrate(empty_database, [FIRST, late], NOW) == 1
    assert await migrate(empty_database, [FIRST, SECOND, late], NOW) == 1
    assert await empty_database.read(collect, IN_A) == [(7,)]


async def test_SAN6_bans_of_before_there_were_sanctions_hold(empty_database: Database) -> None:
    ours = load()
    await migrate(empty_database, [item for item in ours if item.version < 45], NOW)
    person = Statement("test.person", "INSERT INTO persons (person_id, created_at) VALUES (?, ?)")
    profile = Statement(
        "test.profile",
        "INSERT INTO profiles (title_id, user_id, username, username_key, created_at, updated_at, disabled_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    for name, disabled_at in (("ada", None), ("mallory", NOW)):
        await empty_database.write(collect, person, name, NOW)
        await empty_database.write(collect, profile, "main", name, name, name, NOW, NOW, disabled_at)
    await migrate(empty_database, ours, NOW)
    bans = Statement("test.bans", "SELECT title_id, user_id, kind, imposed_at, lifted_at FROM sanctions WHERE ends_at > ?")
    assert await empty_database.read(collect, bans, NOW) == [("main", "mallory", "ban", NOW, None)]


async def test_sources_count_for_themselves(empty_database: Database) -> None:
    await migrate(empty_database, [FIRST], NOW)
    assert await migrate(empty_database, [parse("0001_plugin.sql", "CREATE TABLE plugin (x BIGINT);")], NOW, "plugin") == 1
    assert await migrate(empty_database, [FIRST], NOW) == 0


async def test_a_newer_database_is_refused(empty_database: Database) -> None:
    await migrate(empty_database, [FIRST, SECOND], NOW)
    with pytest.raises(DatabaseNewer):
        await migrate(empty_database, [FIRST], NOW)


async def test_a_migration_that_fails_leaves_nothing(empty_database: Database) -> None:
    await migrate(empty_database, [FIRST], NOW)
    with pytest.raises(Exception, match="nowhere"):
        await migrate(empty_database, [FIRST, BROKEN], NOW)

    assert await empty_database.read(collect, IN_A) == []
    with pytest.raises(Exception, match="c"):
        await empty_database.read(collect, IN_C)
    assert len(await empty_database.read(collect, APPLIED)) == 1
    assert await migrate(empty_database, [FIRST, SECOND], NOW) == 1, "it can be repaired and applied"


async def test_nodes_that_start_at_once_migrate_once(open_database: OpenDatabase) -> None:
    nodes = [await open_database() for _ in range(4)]
    applied = await asyncio.gather(*(migrate(node, [FIRST, SECOND], NOW) for node in nodes))
    assert max(applied) >= 1
    assert await nodes[0].read(collect, IN_A) == [(7,)]
    assert len(await nodes[0].read(collect, APPLIED)) == 2


def test_a_number_that_is_given_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "doubled" / "migrations"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("")
    for name in ("0001_a.sql", "0003_c.sql", "0003_d.sql"):
        (folder / name).write_text("CREATE TABLE t (x BIGINT);")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(AssertionError, match="one number"):
        load("doubled")
