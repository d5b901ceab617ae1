"""The operators of a data folder or database, for the shell of the machine; the server may run meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from supergame.app.build import open_database
from supergame.app.config import Config
from supergame.base.clock import SystemClock
from supergame.base.errors import NotFound
from supergame.base.ids import Chance
from supergame.console.operators import Operators
from supergame.console.trail import Trail
from supergame.db import migrate
from supergame.features.accounts.passwords import Passwords
from supergame.runtime.pool import Pool


class NoData(NotFound):
    """There is no database yet; start the server once, or name its data folder with --data."""

    code = "operator.no_data"


@asynccontextmanager
async def open_access(config: Config) -> AsyncIterator[Operators]:
    """Raises NoData: there is nothing in the data folder."""
    if config.database == "sqlite" and not (config.data_dir / "supergame.db").exists():
        raise NoData
    db, pool, clock = await open_database(config), Pool("hash", threads=1, jobs_queued_max=1), SystemClock()
    try:
        await migrate.migrate(db, migrate.load(), clock.now())
        chance = Chance()
        yield Operators(db, clock, chance, Passwords(pool), Trail(db, clock, chance))
    finally:
        pool.close()
        await db.close()
