"""Facts on their way to their receivers. Rules: docs/spec/outbox.md."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
from structlog.testing import capture_logs

from supergame.base.errors import Overloaded
from supergame.base.events import Fact
from supergame.base.ids import Chance
from supergame.db import migrate
from supergame.db.port import Database, DatabaseUnavailable, Statement, Tx, collect
from supergame.db.sqlite import Sqlite
from supergame.features.accounts.model import AccountDeleted
from supergame.game import Context, Game
from supergame.runtime import outbox as module
from supergame.runtime.outbox import RETRY_S_MAX, Outbox
from supergame.telemetry.metrics import Metrics
from supergame.testing import FakeClock, TestServer

COUNT = Statement("test.count", "SELECT count(*) FROM outbox")


@dataclass(frozen=True)
class Promoted(Fact):
    kind: ClassVar[str] = "test.promoted"
    name: str
    rank: int = 1


@dataclass(frozen=True)
class Retired(Fact):
    kind: ClassVar[str] = "test.retired"
    name: str


class House:
    """A database with an outbox, which can be closed and opened again on the same file."""

    def __init__(self, file: Path) -> None:
        self.clock, self._file, self._chance = FakeClock(), file, Chance(random.Random(1).randbytes)
        self.metrics = Metrics()
        self.db: Database
        self.outbox: Outbox

    async def open(self) -> None:
        self.db = Sqlite(self._file)
        await migrate.migrate(self.db, migrate.load(), self.clock.now())
        self.outbox = Outbox(self.db, self.clock, self._chance, self.metrics)

    async def restart(self) -> None:
        await self.db.close()
        await self.open()

    async def record(self, *facts: Fact) -> None:
        await self.db.write(self._record, facts)

    def _record(self, facts: tuple[Fact, ...]) -> Tx[None]:
        for fact in facts:
            yield from self.outbox.record(fact)

    async def waiting(self) -> int:
        return int((await self.db.read(collect, COUNT))[0][0])


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = House(tmp_path / "outbox.db")
    await house.open()
    yield house
    await house.db.close()


def noting(heard: list[Any]) -> Callable[[Any], Awaitable[None]]:
    async def receive(fact: Any) -> None:
        heard.append(fact)

    return receive


# --- OUT1


async def check_that_nothing_leaves_a_transaction_that_is_rolled_back(house: House) -> None:
    heard: list[Promoted] = []
    house.outbox.subscribe(Promoted, noting(heard))

    def promote_and_fail() -> Tx[None]:
        yield from house.outbox.record(Promoted("ada"))
        raise KeyError("the promotion failed")

    with pytest.raises(KeyError):
        await house.db.write(promote_and_fail)
    await house.record(Promoted("bob"))  # comes after whatever else was asked of the database
    await house.outbox.deliver_due()
    assert heard == [Promoted("bob")]


async def test_OUT1_nothing_leaves_when_the_transaction_is_rolled_back(house: House) -> None:
    await check_that_nothing_leaves_a_transaction_that_is_rolled_back(house)


async def test_OUT1_a_planted_fault_is_caught_facts_recorded_outside_their_transaction(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, loop, pending = Outbox.record, asyncio.get_running_loop(), []

    def record_apart(self: Outbox, fact: Fact) -> Tx[None]:
        pending.append(asyncio.run_coroutine_threadsafe(house.db.write(record, self, fact), loop))
        yield COUNT()

    monkeypatch.setattr(Outbox, "record", record_apart)
    with pytest.raises(AssertionError):
        await check_that_nothing_leaves_a_transaction_that_is_rolled_back(house)
    await asyncio.gather(*map(asyncio.wrap_future, pending))


# --- OUT2


async def check_that_facts_survive_a_restart(house: House) -> None:
    heard: list[Promoted] = []
    await house.record(Promoted("ada", rank=3))
    await house.restart()
    house.outbox.subscribe(Promoted, noting(heard))
    await house.outbox.deliver_due()
    assert heard == [Promoted("ada", rank=3)]


async def test_OUT2_a_fact_recorded_before_a_restart_is_delivered_after_it(house: House) -> None:
    await check_that_facts_survive_a_restart(house)


async def test_OUT2_a_planted_fault_is_caught_facts_kept_in_memory(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[Outbox, list[Fact]] = {}

    def record_in_memory(self: Outbox, fact: Fact) -> Tx[None]:
        kept.setdefault(self, []).append(fact)
        yield COUNT()

    async def deliver_from_memory(self: Outbox) -> None:
        for fact in kept.pop(self, []):
            await self._receivers[fact.kind][0](fact)

    monkeypatch.setattr(Outbox, "record", record_in_memory)
    monkeypatch.setattr(Outbox, "deliver_due", deliver_from_memory)
    with pytest.raises(AssertionError):
        await check_that_facts_survive_a_restart(house)


async def test_OUT2_a_process_that_ends_between_the_receiver_and_its_note_delivers_again(house: House) -> None:
    heard: list[Promoted] = []

    async def killed_after_the_work(fact: Promoted) -> None:
        heard.append(fact)
        raise asyncio.CancelledError

    house.outbox.subscribe(Promoted, killed_after_the_work)
    await house.record(Promoted("ada"))
    with pytest.raises(asyncio.CancelledError):
        await house.outbox.deliver_due()
    await house.restart()
    house.outbox.subscribe(Promoted, noting(heard))
    await house.outbox.deliver_due()
    assert heard == [Promoted("ada"), Promoted("ada")]
    assert await house.waiting() == 0


async def test_OUT2_every_receiver_hears_of_it(house: House) -> None:
    first: list[Promoted] = []
    second: list[Promoted] = []
    house.outbox.subscribe(Promoted, noting(first))
    house.outbox.subscribe(Promoted, noting(second))
    await house.record(Promoted("ada"))
    await house.outbox.deliver_due()
    assert first == second == [Promoted("ada")]


async def test_OUT2_a_delivered_fact_is_not_kept(house: House) -> None:
    heard: list[Promoted] = []
    house.outbox.subscribe(Promoted, noting(heard))
    await house.record(Promoted("ada"))
    assert [await house.outbox.deliver_due(), await house.outbox.deliver_due()] == [1, 0]
    assert (len(heard), await house.waiting()) == (1, 0)


# --- OUT3, OUT4


async def test_OUT3_a_receiver_that_raises_is_tried_again_ever_more_seldom(house: House) -> None:
    attempts_at: list[float] = []

    async def fail(fact: Promoted) -> None:
        attempts_at.append(house.clock.monotonic())
        raise KeyError("not now")

    house.outbox.subscribe(Promoted, fail)
    await house.record(Promoted("ada"))
    with capture_logs() as logs:
        for _ in range(1_200):
            await house.outbox.deliver_due()
            house.clock.advance(1)
    waits = [later - earlier for earlier, later in itertools.pairwise(attempts_at)]
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, RETRY_S_MAX, RETRY_S_MAX]
    assert [log["attempts"] for log in logs] == list(range(1, 13))
    assert 'supergame_outbox_failures_total{kind="test.promoted"} 12.0' in house.metrics.text().decode()


async def test_OUT3_a_receiver_that_recovers_hears_of_it_in_the_end(house: House) -> None:
    heard: list[Promoted] = []
    outcomes = [KeyError("first"), KeyError("second"), None]

    async def recover(fact: Promoted) -> None:
        if outcome := outcomes.pop(0):
            raise outcome
        heard.append(fact)

    house.outbox.subscribe(Promoted, recover)
    await house.record(Promoted("ada"))
    with capture_logs():
        for _ in range(5):
            await house.outbox.deliver_due()
            house.clock.advance(1)
    assert heard == [Promoted("ada")]
    assert await house.waiting() == 0


async def check_that_a_failing_receiver_holds_up_nobody(house: House) -> None:
    heard: list[Fact] = []

    async def fail_for_ada(fact: Promoted) -> None:
        if fact.name == "ada":
            raise KeyError("not her")
        heard.append(fact)

    house.outbox.subscribe(Promoted, fail_for_ada)
    house.outbox.subscribe(Retired, noting(heard))
    await house.record(Promoted("ada"), Promoted("bob"), Retired("cy"))
    with capture_logs():
        await house.outbox.deliver_due()
    assert heard == [Promoted("bob"), Retired("cy")]


async def test_OUT4_a_failing_receiver_holds_up_nobody_else(house: House) -> None:
    await check_that_a_failing_receiver_holds_up_nobody(house)


async def test_OUT4_a_planted_fault_is_caught_a_relay_that_stops_at_the_first_failure(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def deliver_until_one_fails(self: Outbox) -> None:
        for row in await self._db.read(collect, module._DUE, self._clock.now(), self._batch):
            before = house.metrics.text()
            await self._deliver(row)
            if house.metrics.text() != before:
                return

    monkeypatch.setattr(Outbox, "deliver_due", deliver_until_one_fails)
    with pytest.raises(AssertionError):
        await check_that_a_failing_receiver_holds_up_nobody(house)


# --- OUT5


async def test_OUT5_a_deletion_delivered_twice_erases_once_and_harms_no_later_data(monkeypatch: pytest.MonkeyPatch) -> None:
    game = Game("main")

    @game.rpc("leave_something")
    async def leave_something(ctx: Context, payload: str) -> None:
        await ctx.storage.write("save", "k", {"n": 1})

    async with TestServer(game) as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        for player in (ada, bob):
            await player.rpc("leave_something")
        outbox, db = server.node.outbox, server.node.db
        for _ in range(2):
            await db.write(outbox.record, AccountDeleted(server.node.keys[0].title_id, ada.user_id))  # type: ignore[arg-type]
        await server.settle()
        assert await ada.get("/v2/storage/save") == {}
        assert len((await bob.get(f"/v2/storage/save/{bob.user_id}"))["objects"]) == 1


# --- OUT6


async def test_OUT6_facts_are_delivered_in_the_order_of_their_recording(house: House) -> None:
    heard: list[Promoted] = []
    house.outbox.subscribe(Promoted, noting(heard))
    for number in range(20):
        await house.record(Promoted(f"player-{number}"))
        house.clock.advance(0.001)
    await house.outbox.deliver_due()
    assert [fact.name for fact in heard] == [f"player-{number}" for number in range(20)]


async def test_OUT6_a_look_takes_a_bounded_batch(house: House) -> None:
    house.outbox = Outbox(house.db, house.clock, Chance(), house.metrics, batch=3)
    house.outbox.subscribe(Promoted, noting([]))
    await house.record(*(Promoted(f"player-{number}") for number in range(7)))
    assert [await house.outbox.deliver_due() for _ in range(4)] == [3, 3, 1, 0]


# --- OUT7


async def test_OUT7_the_relay_delivers_when_it_is_woken(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_S", 3_600)
    heard = asyncio.Event()

    async def receive(fact: Promoted) -> None:
        heard.set()

    house.outbox.subscribe(Promoted, receive)
    relay = asyncio.create_task(house.outbox.run())
    await house.record(Promoted("ada"))
    house.outbox.wake()
    await asyncio.wait_for(heard.wait(), 30)
    relay.cancel()
    await asyncio.gather(relay, return_exceptions=True)


@pytest.mark.parametrize("trouble", [DatabaseUnavailable(), Overloaded()])
async def test_OUT7_a_database_that_is_away_stops_the_relay_only_for_a_moment(
    house: House, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    monkeypatch.setattr(module, "LOOK_S", 0)
    heard, read, failures = asyncio.Event(), house.db.read, [trouble, trouble]

    async def read_when_it_is_back(*arguments: Any) -> Any:
        if failures:
            raise failures.pop()
        return await read(*arguments)

    async def receive(fact: Promoted) -> None:
        heard.set()

    monkeypatch.setattr(house.db, "read", read_when_it_is_back)
    house.outbox.subscribe(Promoted, receive)
    await house.record(Promoted("ada"))
    with capture_logs() as logs:
        relay = asyncio.create_task(house.outbox.run())
        await asyncio.wait_for(heard.wait(), 30)
    relay.cancel()
    await asyncio.gather(relay, return_exceptions=True)
    assert [log["event"] for log in logs] == ["outbox waits for the database"] * 2
