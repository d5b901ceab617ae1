"""Accounts for a server that has not started yet, written into its database as sign-ups would leave them.

Through the API 100,000 sign-ups take half a minute, straight into the database a few seconds. What is measured afterwards goes
through the API; the inserts are those of the accounts feature, kept equal by a test.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from supergame.app.build import open_database
from supergame.app.config import Config
from supergame.base.clock import SystemClock, WallMicros
from supergame.base.ids import Chance, TitleId
from supergame.base.names import name_key
from supergame.cli.loadgen.bench_game import game
from supergame.cli.loadgen.operations import device_id
from supergame.db import migrate
from supergame.db.port import Database, Statement, Tx, collect

BATCH = 1_000
NAME_LETTERS = 10

_PERSON = Statement("bench.person", "INSERT INTO persons (person_id, created_at) VALUES (?, ?)")
_DEVICE = Statement("bench.device", "INSERT INTO person_devices (device_id, person_id, created_at) VALUES (?, ?, ?)")
_PROFILE = Statement(
    "bench.profile",
    "INSERT INTO profiles (title_id, user_id, username, username_key, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
)
_COUNT = Statement("bench.count", "SELECT COUNT(*) FROM person_devices WHERE device_id >= ? AND device_id < ?")


async def fill(data_dir: Path, database: str, accounts: int) -> None:
    """Make the devices 0 to `accounts` - 1 known. Those that an earlier bench left in the database stay."""
    clock, chance = SystemClock(), Chance()
    db = await open_database(Config(data_dir=data_dir, database=database))
    try:
        await migrate.migrate(db, migrate.load(), clock.now())
        known = await _known(db, accounts)
        for first in range(known, accounts, BATCH):
            await db.write(_sign_up, game.id, range(first, min(first + BATCH, accounts)), chance, clock.now())
    finally:
        await db.close()


async def _known(db: Database, accounts: int) -> int:
    """How many are there; they were made in order, and in whole batches."""
    rows = await db.read(collect, _COUNT, device_id(0), device_id(accounts))
    return int(rows[0][0])


def _sign_up(title_id: TitleId, numbers: Sequence[int], chance: Chance, now: WallMicros) -> Tx[None]:
    for number in numbers:
        person, name = chance.uuid7(now), chance.letters(NAME_LETTERS)
        yield _PERSON(person, now)
        yield _DEVICE(device_id(number), person, now)
        yield _PROFILE(title_id, person, name, name_key(name), now, now)
