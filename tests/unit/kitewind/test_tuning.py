"""The motor's speeds as config values. Rules FEEL17 to FEEL19: docs/spec/feel.md. The twin's tests are in web/packages/sim/tests."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from kitewind import messages
from kitewind.game import game
from kitewind.messages import encode_inputs
from kitewind.motor import BUILT, FIELDS, JUMP, RIGHT, Tuning, hash_body, step
from kitewind.people import Person
from kitewind.plaza import STAGE, Plaza
from kitewind.stage import TILE_UNITS, Stage
from kitewind.tuning import BOUNDS, CHANGES_KEPT, LEAD_TICKS, Tunings, tuning_now
from supergame.base.errors import SupergameError
from supergame.base.ids import TitleId
from supergame.features.config.model import Override, Signature
from supergame.game import Match
from supergame.testing import TestServer
from tests.support import kitewind as vectors
from tests.unit.kitewind.test_motor import FLAT, broken_promise
from tests.unit.kitewind.test_plaza import Client, client, corrected

HIGH = 1_700
LOOP_TICKS = 3
STAND_Y = (STAGE.spawn.ty + 1) * TILE_UNITS
KEYS = ([RIGHT] * 20 + [RIGHT | JUMP] * 25) * 6


@dataclass
class Tuned(Client):
    """A page's half that follows changes, and hears everything late by so many loops of the match."""

    late_loops: int = 0
    tunings: Tunings = field(default_factory=Tunings)
    arriving: list[int] = field(default_factory=list)
    """How many messages had been sent to it, by loop."""
    done: int = 0
    corrections: int = 0

    def listen(self) -> None:
        self.arriving.append(len(self.socket.log))
        if len(self.arriving) <= self.late_loops:
            return
        upto = self.arriving[-1 - self.late_loops]
        for envelope in self.socket.log[self.done : upto]:
            self.hear(envelope)
        self.done = upto

    def hear(self, envelope: dict[str, Any]) -> None:
        data = next(iter(Client(_Log([envelope]), "").heard(messages.TUNED)), None)  # type: ignore[arg-type]
        if data is not None:
            first, tuning = struct.unpack_from("<I", data)[0], Tuning(*struct.unpack_from("<3H", data, 4))
            self.tunings.add(first, tuning)
            self.tick += 1 if first < self.tick else 0  # a gap: the server sends a correction
        for correction in Client(_Log([envelope]), "").heard(messages.CORRECTION):  # type: ignore[arg-type]
            self.epoch, self.tick, self.body = corrected(correction)
            self.corrections += 1

    def play(self, keys: list[int]) -> None:
        self.send(messages.INPUTS, encode_inputs(self.epoch, self.tick, keys))
        for key in keys:
            step(self.body, key, STAGE, self.tunings.at(self.tick))
            self.tick += 1


@dataclass
class _Log:
    log: list[dict[str, Any]]


async def change(server: TestServer, key: str, value: Any) -> None:
    config = server.node.live_config
    version = config.look_up(TitleId("kitewind"), key)[1].version
    await config.change(TitleId("kitewind"), key, version, [Override(value=json.dumps(value))], Signature("olga", "a test"))


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> list[Person]:
    """Who has come into a plaza."""
    seen: list[Person] = []
    joined = Plaza.join

    def join(self: Plaza, match: Match, players: Any) -> None:
        joined(self, match, players)
        seen.extend(self.players[player.session_id] for player in players)

    monkeypatch.setattr(Plaza, "join", join)
    return seen


async def play_through_a_change(people: list[Person], late_loops: int) -> tuple[Tuned, Person, int]:
    """Run and jump while jumps become higher. The client, the server's side of it, and the highest place that the body reached after."""
    async with TestServer(game) as server:
        plain = await client(server, "ada")
        ada = Tuned(plain.socket, plain.match_id, plain.body, late_loops=late_loops, done=len(plain.socket.log))
        highest = ada.body.y
        for start in range(0, len(KEYS), LOOP_TICKS):
            if start == 60:
                await change(server, "jump_speed", HIGH)
            ada.listen()
            ada.play(KEYS[start : start + LOOP_TICKS])
            server.tick()
            highest = min(highest, people[0].body.y)
        for _ in range(40):
            ada.listen()
            server.tick()
        (told,) = ada.heard(messages.TUNED)
        assert struct.unpack("<I3H", told)[1:] == (HIGH, BUILT.glide_speed, BUILT.run_speed)
        return ada, people[0], highest


async def check_nobody_is_corrected(people: list[Person]) -> None:
    ada, person, highest = await play_through_a_change(people, late_loops=LEAD_TICKS // LOOP_TICKS - 2)
    assert ada.corrections == len(ada.heard(messages.CORRECTION)) == 0
    assert (person.inputs.tick, hash_body(person.body)) == (ada.tick, hash_body(ada.body))
    assert highest < STAND_Y - 20_000, "higher than a jump was, which rises 13,800"


async def test_FEEL18_a_higher_jump_counts_in_one_tick_on_both_sides_without_a_correction(people: list[Person]) -> None:
    await check_nobody_is_corrected(people)


async def test_FEEL18_a_planted_fault_is_caught_a_change_that_counts_at_once_on_the_server(
    people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Tunings.add
    monkeypatch.setattr(
        Tunings, "add", lambda self, first, tuning: honest(self, first - LEAD_TICKS if self is people[0].tunings else first, tuning)
    )
    with pytest.raises(AssertionError):
        await check_nobody_is_corrected(people)


async def test_FEEL18_who_learns_of_it_too_late_gets_one_correction(people: list[Person]) -> None:
    ada, person, _ = await play_through_a_change(people, late_loops=LEAD_TICKS // LOOP_TICKS + 5)
    assert ada.corrections == len(ada.heard(messages.CORRECTION)) == 1
    assert (person.inputs.tick, hash_body(person.body)) == (ada.tick, hash_body(ada.body))


async def test_FEEL19_newcomers_get_what_counts_and_changes_are_told_once_a_second(people: list[Person]) -> None:
    async with TestServer(game) as server:
        ada = await client(server, "ada")
        server.tick()
        for speed in (1_300, 1_400, 1_500):
            await change(server, "jump_speed", speed)
            server.tick()
        server.advance(2)
        assert [struct.unpack("<I3H", data)[1] for data in ada.heard(messages.TUNED)] == [1_300, 1_500]
        bob = await client(server, "bob")
        head = struct.unpack_from("<3H", bob.heard(messages.WELCOME)[0], 6 + 4 * len(FIELDS))
        assert head == (1_500, BUILT.glide_speed, BUILT.run_speed)
        server.advance(2)
        assert bob.heard(messages.TUNED) == []
        assert people[1].tunings.at(0) == (1_500, BUILT.glide_speed, BUILT.run_speed)


async def test_FEEL17_speeds_beyond_the_bounds_are_refused() -> None:
    async with TestServer(game) as server:
        for key, bounds in zip(("jump_speed", "glide_speed", "run_speed"), BOUNDS, strict=True):
            for value in (bounds[0] - 1, bounds[1] + 1, bounds[0] + 0.5):
                with pytest.raises(SupergameError, match=key):
                    await change(server, key, value)
            for value in bounds:
                await change(server, key, value)
        assert tuning_now() == tuple(most for _, most in BOUNDS)


def test_FEEL17_no_body_is_inside_a_tile_or_too_fast_at_any_speeds() -> None:
    rng = Random(17)
    extremes = [Tuning(*(bounds[side >> bit & 1] for bit, bounds in enumerate(BOUNDS))) for side in range(8)]
    for tuning in [*extremes, *(vectors.random_tuning(rng) for _ in range(12))]:
        stage = vectors.random_stage(rng, rng.randint(4, 30), rng.randint(3, 20))
        assert broken_promise(stage, vectors.random_runs(rng, 20), tuning) == ""


def test_FEEL17_a_planted_fault_is_caught_a_run_faster_than_a_tile() -> None:
    assert broken_promise(FLAT, [(RIGHT, 60)], BUILT._replace(run_speed=5_000)).startswith("too far in a tick")


def test_FEEL17_the_shared_vectors_are_what_this_motor_does_and_see_each_tick() -> None:
    for vector in json.loads((vectors.DATA / "tuning.json").read_text("utf-8")):
        stage, runs = Stage.parse(vector["rows"]), vector["runs"]
        changes = [(told, first, Tuning(*tuning)) for told, first, tuning in vector["changes"]]
        assert vectors.play(stage, runs, changes) == vector["hashes"]
    vector = json.loads((vectors.DATA / "tuning.json").read_text("utf-8"))[0]
    later = [(told, first + 1, Tuning(*tuning)) for told, first, tuning in vector["changes"]]
    assert vectors.play(Stage.parse(vector["rows"]), vector["runs"], later) != vector["hashes"]


def test_tunings_count_from_their_ticks_and_later_words_win() -> None:
    fast, high = BUILT._replace(run_speed=700), BUILT._replace(jump_speed=1_500)
    tunings = Tunings()
    tunings.add(100, fast)
    tunings.add(160, high)
    assert [tunings.at(tick) for tick in (0, 99, 100, 159, 160, 9_999)] == [BUILT, BUILT, fast, fast, high, high]
    tunings.add(90, high)  # told later, for an earlier tick: what was told before is taken back
    assert [tunings.at(tick) for tick in (89, 90, 120, 200)] == [BUILT, high, high, high]
    for tick in range(200, 200 + 60 * 2 * CHANGES_KEPT, 60):
        tunings.add(tick, fast)
    assert tunings.at(0) == fast, "what is long past is forgotten"
