"""The rules of the features once more, on PostgreSQL: the same tests as in `tests/unit/features`, which run on SQLite."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from supergame.testing import TestServer
from tests.unit.features.accounts import test_console as players
from tests.unit.features.accounts import test_service as accounts
from tests.unit.features.chat import test_console as chat_console
from tests.unit.features.chat import test_service as chat
from tests.unit.features.friends import test_service as friends
from tests.unit.features.notifications import test_service as notifications
from tests.unit.features.privacy import test_service as privacy
from tests.unit.features.reports import test_service as reports
from tests.unit.features.sanctions import test_service as sanctions
from tests.unit.features.sessions import test_service as sessions
from tests.unit.features.status import test_service as status
from tests.unit.features.storage import test_console as storage_console
from tests.unit.features.storage import test_service as storage
from tests.unit.features.streams import test_service as streams

ABOUT_THE_FILE = {  # what is particular to SQLite's file and writer
    "test_ACC4_a_wrong_password_is_refused_and_no_password_is_stored",
    "test_STO4_a_planted_fault_is_caught_no_savepoints",
}

EACH_STATEMENT = {  # of these what uses each of their statements; the other tests ask nothing more of an engine
    chat_console: ("CHAT17", "CHAT18"),
    players: ("ACC13", "ACC14_a_players"),
    privacy: ("PRI1", "PRI4_and"),
    reports: ("REP4", "REP5", "REP8_of", "REP10_and_REP11_a_message", "REP14"),
    sanctions: ("SAN1_", "SAN6", "SAN7", "SAN9", "SAN10"),
    storage_console: ("STO12", "STO13"),
}


@pytest.fixture(autouse=True)
def on_postgres(monkeypatch: pytest.MonkeyPatch, new_postgres_dsn: Callable[[], str]) -> None:
    """Every `TestServer` gets a place of its own on PostgreSQL, which its restarts keep."""
    honest = TestServer.__init__

    def on_a_schema_of_its_own(self: TestServer, *games: Any, **options: Any) -> None:
        honest(self, *games, **options | {"database": new_postgres_dsn()})

    monkeypatch.setattr(TestServer, "__init__", on_a_schema_of_its_own)


def rules_of(module: Any) -> dict[str, Any]:
    wanted = tuple(f"test_{rule}" for rule in EACH_STATEMENT.get(module, ("",)))
    return {name: item for name, item in vars(module).items() if name.startswith(wanted) and name not in ABOUT_THE_FILE}


FEATURES = (
    accounts,
    chat,
    chat_console,
    friends,
    notifications,
    players,
    privacy,
    reports,
    sanctions,
    sessions,
    status,
    storage,
    storage_console,
    streams,
)
RULES = [rules_of(feature) for feature in FEATURES]
assert len(set().union(*RULES)) == sum(map(len, RULES)), "two rules have one name"
for rules in RULES:
    globals().update(rules)


async def test_the_servers_really_run_on_postgres() -> None:
    async with TestServer() as server:
        assert server.node.db.engine == "postgres"
