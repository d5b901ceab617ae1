"""Two servers on one PostgreSQL: what one changes the other follows. The rules themselves run on SQLite (tests/unit/features/config)."""

from __future__ import annotations

import asyncio
from typing import Any

from supergame.base.errors import SupergameError
from supergame.testing import TestServer
from tests.unit.features.config.test_service import Racing, desk, everybody, put


async def test_CFG15_two_servers_on_one_database_follow_each_other(postgres_dsn: str) -> None:
    here, there = Racing(), Racing()
    async with TestServer(here.game, database=postgres_dsn) as one, TestServer(there.game, database=postgres_dsn, seed=2) as other:
        await put(desk(one), "speed", everybody(1.5, percent=100))
        await put(desk(one), "laps", everybody(4))
        await other.node.live_config.look()
        assert (there.speed(), there.laps()) == (1.5, 4)
        await put(desk(other, "omar"), "speed", everybody(2))
        await one.node.live_config.look()
        assert here.speed() == 2
        page = await desk(one).call("list_config_versions", title_id="racing", key="speed")
        assert [(version.version, version.operator, version.reverts_to) for version in page.versions] == [
            (2, "omar", None),
            (1, "olga", None),
        ]
        await desk(one).call("revert_config", "back", title_id="racing", key="speed", version=2, to=0)
        await other.stop()
        await other.start()
        assert (there.speed(), there.laps()) == (1.0, 4)


async def test_CFG10_of_two_who_change_one_version_at_once_one_is_refused(postgres_dsn: str) -> None:
    here, there = Racing(), Racing()
    async with TestServer(here.game, database=postgres_dsn) as one, TestServer(there.game, database=postgres_dsn, seed=2) as other:

        async def attempt(server: TestServer, value: float) -> Any:
            try:
                return (await put(desk(server), "speed", everybody(value), version=0)).version
            except SupergameError as error:
                return error.code

        outcomes = await asyncio.gather(*(attempt(server, value) for server, value in ((one, 1.2), (other, 1.4), (one, 1.6), (other, 1.8))))
        assert sorted(map(str, outcomes)) == ["1"] + ["config.changed_meanwhile"] * 3
        for server in (one, other):
            await server.node.live_config.look()
        assert here.speed() == there.speed() != 1.0
