"""A database as it is before anybody has come. Made once in a process; each test server begins with a copy, which takes no time."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from supergame.base.clock import Clock
from supergame.db import migrate
from supergame.db.sqlite import Sqlite

_made: list[bytes] = []


async def fresh_database(clock: Clock) -> bytes:
    """The file of a SQLite database with every table and no rows in them."""
    if not _made:
        with tempfile.TemporaryDirectory(prefix="supergame-fresh-") as folder:
            file, whole = Path(folder) / "migrated.db", Path(folder) / "whole.db"
            db = Sqlite(file, jobs_queued_max=64)
            await migrate.migrate(db, migrate.load(), clock.now())
            await db.close()
            with closing(sqlite3.connect(file)) as migrated:
                migrated.execute("VACUUM INTO ?", (str(whole),))  # without the log beside it
            _made.append(whole.read_bytes())
    return _made[0]
