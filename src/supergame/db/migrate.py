"""Forward migrations: numbered SQL files, each applied once, in order, in a transaction of its own.

Each feature numbers its own from a ten of its own, so numbers have gaps, and one may be added below others that were applied.

Only the common subset, and SQLite's `WITHOUT ROWID`, which other engines are not told. Statements end with a semicolon at the end of a
line. A database that is newer than the program is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

from supergame.base.clock import WallMicros
from supergame.base.errors import FailedPrecondition
from supergame.db.port import Database, Statement, Tx

_NAME = re.compile(r"(\d{4})_(\w+)\.sql")
_SQLITE_ONLY = " WITHOUT ROWID"

_CREATE = Statement(
    "migrations.create",
    "CREATE TABLE IF NOT EXISTS schema_migrations (source TEXT NOT NULL, version BIGINT NOT NULL, name TEXT NOT NULL, "
    "applied_at BIGINT NOT NULL, PRIMARY KEY (source, version))",
)
_ALONE = Statement(  # nodes that start at once; SQLite has one writer anyway
    "migrations.alone", "SELECT 1", postgres="SELECT 1 FROM (SELECT pg_advisory_xact_lock(7307001)) AS held"
)
_APPLIED = Statement("migrations.applied", "SELECT version FROM schema_migrations WHERE source = ? ORDER BY version")
_RECORD = Statement("migrations.record", "INSERT INTO schema_migrations (source, version, name, applied_at) VALUES (?, ?, ?, ?)")


class DatabaseNewer(FailedPrecondition):
    """The database was written by a newer version of this program."""

    code = "db.newer"


@dataclass(frozen=True, slots=True)
class Migration:
    version: int
    name: str
    statements: tuple[str, ...]


def load(package: str = "supergame.db", folder: str = "migrations") -> list[Migration]:
    """The migrations in a package's folder, in order. No two have one number."""
    files = sorted((resources.files(package) / folder).iterdir(), key=lambda file: file.name)
    found = [parse(file.name, file.read_text()) for file in files if _NAME.fullmatch(file.name)]
    assert len({item.version for item in found}) == len(found), f"{package}: two migrations have one number"
    return found


def parse(file_name: str, text: str) -> Migration:
    match = _NAME.fullmatch(file_name)
    assert match is not None, f"{file_name} is no migration"
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("--"))
    statements = (part.strip() for part in re.split(r";[ \t]*(?:\n|$)", "\n".join(lines)))
    return Migration(int(match[1]), match[2], tuple(part for part in statements if part))


async def migrate(db: Database, migrations: Iterable[Migration], now: WallMicros, source: str = "supergame") -> int:
    """Bring the database up to date; returns how many migrations were applied.

    Raises:
        DatabaseNewer: it has migrations that this program does not know.
    """
    wanted = {migration.version: migration for migration in migrations}
    await db.write(_prepare)
    applied = await db.read(_applied, source)
    if unknown := applied - wanted.keys():
        raise DatabaseNewer(f"The database has migration {max(unknown)} of {source}, unknown to this program. Use a newer version.")
    missing = sorted(wanted.keys() - applied)
    for version in missing:
        await db.write_durable(_apply, source, wanted[version], now)
    return len(missing)


def _prepare() -> Tx[None]:
    yield _ALONE()
    yield _CREATE()


def _applied(source: str) -> Tx[set[int]]:
    rows = yield _APPLIED(source)
    return {row[0] for row in rows}


def _apply(source: str, migration: Migration, now: WallMicros) -> Tx[None]:
    yield _ALONE()
    if migration.version in (yield from _applied(source)):  # another node was faster
        return
    for number, text in enumerate(migration.statements, 1):
        yield Statement(f"migration.{source}.{migration.version}.{number}", text, postgres=text.removesuffix(_SQLITE_ONLY))()
    yield _RECORD(source, migration.version, migration.name, now)
