"""Stages, and the plaza's own. Rules: docs/spec/feel.md."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from kitewind.coins import Coins
from kitewind.motor import BOUNCED, DOWN, FELL, HALF_WIDTH, JUMP, LEFT, RIGHT, Body, body_at, new_body, step
from kitewind.people import first_body
from kitewind.plaza import STAGE
from kitewind.stage import EMPTY, GRASS, PAD, SOLID, STONE, TILE_SHIFT, TILE_UNITS, WOOD, Place, Stage, Thing
from kitewind.wares import ALL_FEATHERS


def test_STAGE1_rows_become_tiles_coins_and_things() -> None:
    stage = Stage.parse([".@oF", "#^-%"])
    assert (stage.width, stage.height, stage.spawn) == (4, 2, Place(1, 0))
    assert [stage.tile(tx, 1) for tx in range(4)] == [GRASS, PAD, WOOD, STONE]
    assert (stage.coins, stage.pads, stage.things) == ((Place(2, 0),), (Place(1, 1),), (Thing("fountain", Place(3, 0)),))


@pytest.mark.parametrize("rows", [[], ["@", ".."], ["."], ["@@"], ["@X"], ["@".ljust(513, ".")], ["@"] + ["."] * 512], ids=len)
def test_STAGE1_what_is_no_stage_is_refused(rows: list[str]) -> None:
    with pytest.raises(ValueError, match=r"stage|row"):
        Stage.parse(rows)


def test_STAGE2_walls_at_the_sides_air_above_and_below() -> None:
    stage = Stage.parse(["@"])
    assert [stage.tile(-1, 0), stage.tile(1, 5), stage.tile(0, -1), stage.tile(0, 1)] == [STONE, STONE, EMPTY, EMPTY]


# --- the plaza: a search over what a player may do from every place where one can stand

Spot = tuple[int, int]
Plan = tuple[tuple[int, int], ...]  # keys, and for how many ticks; the last for as long as it takes

PLANS: tuple[Plan, ...] = (
    *(((way, 8), (0, 300)) for way in (LEFT, RIGHT)),  # a few steps
    *(((way, 300),) for way in (LEFT, RIGHT)),  # off the edge
    *(((way | JUMP, held), (way, 300)) for way in (LEFT, RIGHT) for held in (8, 24)),
    *(((way | JUMP, 300),) for way in (LEFT, RIGHT)),  # glide
    *(((JUMP, 23), (way | JUMP, 300)) for way in (LEFT, RIGHT)),  # up first, then aside
    ((JUMP, 300),),
    ((DOWN, 2), (0, 300)),
)


def spot(body: Body) -> Spot:
    """The tile above the ground that holds it."""
    return body.x >> TILE_SHIFT, (body.y - 1) >> TILE_SHIFT


def rested(body: Body) -> Body:
    """When it has come to stand; on a pad, which throws it up again and again, as it is."""
    rested = replace(body)
    for _ in range(200):
        if rested.grounded and not rested.vx:
            return replace(rested, held=0, buffer=0)
        step(rested, 0, STAGE)
    return replace(body)


def bodies_on_the_way(body: Body, plan: Plan) -> Iterator[Body]:
    """Until it stands again. On a pad, the plan begins anew where it goes up: that is where players steer."""
    keys = iter([key for key, ticks in plan for _ in range(ticks)])
    has_left = False
    for key in keys:
        happened = step(body, key, STAGE)
        if happened & FELL:
            return
        yield body
        if happened & BOUNCED:
            yield from after_a_bounce(body, plan[-1][0])
            return
        has_left |= not body.grounded
        if body.grounded and (has_left or body.vx == 0):
            return


def after_a_bounce(body: Body, keys: int) -> Iterator[Body]:
    """Straight up and then aside, which gets past the edges above; and at once."""
    for wait_ticks in (20, 0):
        thrown = replace(body)
        for tick in range(300):
            if step(thrown, 0 if tick < wait_ticks else keys | JUMP, STAGE) & (FELL | BOUNCED):
                break
            yield thrown
            if thrown.grounded:
                break


@cache
def explored() -> tuple[dict[Spot, set[Spot]], frozenset[int], frozenset[Place]]:
    """From each spot that the start leads to, where one comes to stand next; the coins taken; feathers and kite poles touched."""
    coins, places = Coins(STAGE), {thing.place for thing in STAGE.things if thing.kind in ("kite", "feather")}
    start = rested(new_body(STAGE))
    ways: dict[Spot, set[Spot]] = {spot(start): set()}
    todo, taken, touched = deque([start]), set[int](), set[Place]()
    while todo:
        here = todo.popleft()
        for plan in PLANS:
            for body in bodies_on_the_way(replace(here), plan):
                taken.update(coins.take(body, 0))
                touched |= places & {Place(body.x >> TILE_SHIFT, (body.y - 1) >> TILE_SHIFT)}
                if body.grounded and spot(body) not in ways[spot(here)] and spot(body) != spot(here):
                    stands = rested(body)
                    ways[spot(here)].add(spot(stands))
                    if spot(stands) not in ways:
                        ways[spot(stands)] = set()
                        todo.append(stands)
    return ways, frozenset(taken), frozenset(touched)


def test_STAGE3_every_coin_feather_and_the_kite_pole_can_be_reached() -> None:
    _, taken, touched = explored()
    assert {STAGE.coins[coin] for coin in range(len(STAGE.coins))} - {STAGE.coins[coin] for coin in taken} == set()
    assert touched == {thing.place for thing in STAGE.things if thing.kind in ("kite", "feather")}
    assert len(touched) == 1 + ALL_FEATHERS.bit_count()


def test_STAGE3_every_ground_can_be_stood_on() -> None:
    stood_on = {(tx, ty + 1) for tx, ty in explored()[0]}
    tops = {
        (tx, ty)
        for ty in range(1, STAGE.height)
        for tx in range(STAGE.width)
        if STAGE.tile(tx, ty) not in (EMPTY, PAD) and not SOLID[STAGE.tile(tx, ty - 1)]
    }
    assert len(tops) > 150
    assert tops - stood_on == set()


def test_STAGE3_from_everywhere_there_is_a_way_back_to_the_start() -> None:
    ways, _, _ = explored()
    back = {spot(rested(new_body(STAGE)))}
    while more := {here for here, nexts in ways.items() if here not in back and nexts & back}:
        back |= more
    assert set(ways) - back == set()


def test_STAGE4_the_first_coin_is_within_three_seconds_of_running() -> None:
    for number in range(5):
        body, coins = first_body(STAGE, number), Coins(STAGE)
        taken: list[int] = []
        for _ in range(180):
            step(body, RIGHT, STAGE)
            taken += coins.take(body, 0)
        assert taken, f"no coin in 3 s for number {number}"


def reach_of(keys: int) -> set[int]:
    """Where a body is that runs, jumps and glides one way for 20 s, from each place where one may stand."""
    found = set()
    for tx, ty in explored()[0]:
        body = body_at(tx, ty)
        for _ in range(1_200):
            step(body, keys, STAGE)
            found.add(body.x)
    return found


def stays_on_stage() -> bool:
    left, right = HALF_WIDTH, STAGE.width * TILE_UNITS - HALF_WIDTH
    reach = reach_of(LEFT | JUMP) | reach_of(RIGHT | JUMP)
    return (min(reach), max(reach)) == (left, right)  # up to the edges, and not beyond


def test_STAGE2_nobody_leaves_the_plaza_by_its_sides() -> None:
    assert stays_on_stage()


def test_STAGE2_a_planted_fault_is_caught_air_at_the_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    explored()
    tile = Stage.tile
    monkeypatch.setattr(Stage, "tile", lambda self, tx, ty: tile(self, tx, ty) if 0 <= tx < self.width else EMPTY)
    assert not stays_on_stage()
