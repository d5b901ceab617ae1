"""What was acknowledged is there after kill -9: of the platform's process, and of PostgreSQL itself."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from supergame.db import postgres
from supergame.db.port import Database, DatabaseUnavailable, OutcomeUnknown
from supergame.testing.durability import Victims, Written, create, open_database, stored, write_both
from supergame.testing.postgres import LocalPostgres

KILLS = 50
SERVER_CRASHES = 5


async def kill_often(address: str, seed: int, kills: int, hasty: bool = False) -> tuple[Written, Written]:
    """What was acknowledged, and what of it is lost."""
    await create(address)
    chance = random.Random(seed)
    acknowledged: Written = set()
    with Victims(address, hasty=hasty) as victims:
        for round_ in range(kills):
            acknowledged |= victims.run_and_kill(round_, chance.randint(1, 400))
    return acknowledged, acknowledged - await stored(address)


async def test_nothing_acknowledged_is_lost_in_50_kills_on_sqlite(tmp_path: Path) -> None:
    acknowledged, lost = await kill_often(f"sqlite:{tmp_path}/game.db", seed=1, kills=KILLS)
    assert not lost, f"seed 1: {len(lost)} of {len(acknowledged)}"
    assert len(acknowledged) > KILLS * 100


@pytest.mark.long
async def test_nothing_acknowledged_is_lost_in_50_kills_on_postgres() -> None:
    with LocalPostgres() as server:
        acknowledged, lost = await kill_often(server.dsn, seed=2, kills=KILLS)
    assert not lost, f"seed 2: {len(lost)} of {len(acknowledged)}"
    assert len(acknowledged) > KILLS * 100


async def crash_server_often(server: LocalPostgres, seed: int) -> tuple[Written, Written]:
    """Like `kill_often`, but the writing process lives and PostgreSQL is killed under it."""
    await create(server.dsn)
    chance = random.Random(seed)
    acknowledged: Written = set()
    for round_ in range(SERVER_CRASHES):
        db = await open_database(server.dsn)
        await write_until_crash(db, server, round_, chance.randint(50, 400), acknowledged)
        server.start()
        await db.close()
    return acknowledged, acknowledged - await stored(server.dsn)


async def write_until_crash(db: Database, server: LocalPostgres, round_: int, writes: int, acknowledged: Written) -> None:
    numbers = count()

    async def caller() -> None:
        with suppress(DatabaseUnavailable, OutcomeUnknown):
            while True:
                number = next(numbers)
                await db.write(write_both, round_, number)
                acknowledged.add((round_, number))
                if number == writes:
                    server.crash()

    await asyncio.gather(*(caller() for _ in range(16)))


async def test_nothing_acknowledged_is_lost_when_postgres_itself_is_killed() -> None:
    """Its memory goes with it."""
    with LocalPostgres() as server:
        acknowledged, lost = await crash_server_often(server, seed=4)
    assert not lost, f"seed 4: {len(lost)} of {len(acknowledged)}"


async def test_a_postgres_that_answers_before_it_flushes_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgres._SETTINGS, "synchronous_commit", "off")
    with LocalPostgres() as server:
        _, lost = await crash_server_often(server, seed=5)
    assert lost


async def test_a_victim_that_reports_too_early_is_caught(tmp_path: Path) -> None:
    _, lost = await kill_often(f"sqlite:{tmp_path}/game.db", seed=3, kills=5, hasty=True)
    assert lost
