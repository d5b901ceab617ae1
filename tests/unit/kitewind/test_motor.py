"""The motor. Rules: docs/spec/feel.md. The twin's tests are in web/packages/sim/tests."""

from __future__ import annotations

import dataclasses
import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitewind import motor
from kitewind.motor import (
    BOUNCED,
    BUMPED,
    DOWN,
    FELL,
    JUMP,
    JUMPED,
    LANDED,
    LEFT,
    RIGHT,
    Body,
    Tuning,
    drawn_state,
    hash_body,
    new_body,
    step,
)
from kitewind.stage import PAD, SOLID, TILE_SHIFT, TILE_UNITS, UNIT, Stage
from tests.support import kitewind as vectors

FLAT = Stage.parse(["." * 120] * 20 + ["." * 60 + "@" + "." * 59] + ["#" * 120] * 2)
GROUND = 21 * TILE_UNITS


def standing(stage: Stage = FLAT) -> Body:
    body = new_body(stage)
    for _ in range(60):
        step(body, 0, stage)
    assert body.grounded == 1
    return body


def play(body: Body, keys: list[int], stage: Stage = FLAT) -> list[int]:
    """What happened in each tick."""
    return [step(body, key, stage) for key in keys]


def jump(held_ticks: int, before: int = 0) -> tuple[int, int]:
    """How high a jump rises, and in how many ticks."""
    body = standing()
    play(body, [before] * 20)
    heights = []
    for tick in range(60):
        step(body, JUMP | before if tick < held_ticks else before, FLAT)
        heights.append(GROUND - body.y)
    return max(heights), heights.index(max(heights)) + 1


def ticks_until(body: Body, keys: int, is_so: object, stage: Stage = FLAT, most: int = 300) -> int:
    assert callable(is_so)
    for tick in range(1, most):
        step(body, keys, stage)
        if is_so(body):
            return tick
    raise AssertionError("never")


def test_FEEL1_a_full_jump_rises_three_tiles_and_more_in_23_ticks() -> None:
    assert jump(60) == (13_800, 23)


def test_FEEL1_a_running_jump_is_as_high() -> None:
    assert jump(60, before=RIGHT) == (13_800, 23)


def test_FEEL2_a_jump_let_go_is_lower_the_sooner_the_lower() -> None:
    assert jump(1) == (3_220, 10)
    heights = [jump(ticks)[0] for ticks in range(1, 24)]
    assert heights == sorted(heights)
    assert heights[:12] == sorted(set(heights[:12]))
    assert heights[-1] == 13_800


def test_FEEL3_running_starts_turns_and_stops_at_once() -> None:
    body = standing()
    assert ticks_until(body, RIGHT, lambda body: body.vx == 576) == 6
    assert ticks_until(body, LEFT, lambda body: body.vx == -576) == 10
    assert ticks_until(body, 0, lambda body: body.vx == 0) == 8
    play(body, [JUMP] * 8)
    assert ticks_until(body, RIGHT | JUMP, lambda body: body.vx == 576) == 8


EDGE = Stage.parse(["." * 40] * 8 + ["...@" + "." * 36] + ["#" * 10 + "." * 30] + ["." * 40] * 10)


def off_the_edge() -> Body:
    """A body in the first tick in which it is not on the ground any more."""
    body = standing(EDGE)
    ticks_until(body, RIGHT, lambda body: not body.grounded, EDGE)
    return body


@pytest.mark.parametrize("late_ticks", range(1, 7))
def test_FEEL4_a_jump_up_to_six_ticks_after_the_edge_happens(late_ticks: int) -> None:
    body = off_the_edge()
    happened = play(body, [RIGHT] * (late_ticks - 1) + [RIGHT | JUMP], EDGE)
    assert happened[-1] & JUMPED


def test_FEEL4_seven_ticks_after_the_edge_is_too_late() -> None:
    happened = play(off_the_edge(), [RIGHT] * 6 + [RIGHT | JUMP], EDGE)
    assert not happened[-1] & JUMPED


def landing_tick() -> int:
    body = standing()
    return next(tick for tick, happened in enumerate(play(body, [JUMP] + [0] * 60)) if happened & LANDED)


@pytest.mark.parametrize(("early_ticks", "jumps"), [(1, True), (3, True), (6, True), (7, False), (9, False)])
def test_FEEL5_a_jump_up_to_six_ticks_too_early_happens_on_landing(early_ticks: int, jumps: bool) -> None:
    body, first_possible = standing(), landing_tick() + 1
    keys = [JUMP] + [0] * 60
    keys[first_possible - early_ticks] = JUMP
    happened = play(body, keys)
    assert [tick for tick, bits in enumerate(happened) if bits & JUMPED] == ([0, first_possible] if jumps else [0])


def test_FEEL6_falling_is_faster_than_rising_and_bounded() -> None:
    body = standing()
    play(body, [JUMP] * 23)
    assert ticks_until(body, 0, lambda body: body.grounded) == 21
    body.y = -400 * TILE_UNITS
    speeds = [body.vy for _ in range(300) if step(body, 0, FLAT) >= 0]
    assert max(speeds) == 1_408


def test_FEEL7_the_kite_opens_soon_after_the_top_and_falls_gently() -> None:
    body = standing()
    play(body, [JUMP] * 28)
    assert (body.gliding, body.vy, drawn_state(body)) == (1, 256, motor.GLIDE)
    play(body, [JUMP] * 10)
    assert (body.gliding, body.vy) == (1, 256)
    step(body, 0, FLAT)
    assert body.gliding == 0
    assert body.vy > 256


def test_FEEL7_the_kite_brakes_a_full_fall_and_down_closes_it() -> None:
    body = standing()
    body.y -= 30 * TILE_UNITS
    play(body, [0] * 30)
    assert body.vy == 1_408
    assert ticks_until(body, JUMP, lambda body: body.gliding) == 7
    assert ticks_until(body, JUMP, lambda body: body.vy == 256) == 4
    step(body, JUMP | DOWN, FLAT)
    assert body.gliding == 0


@pytest.mark.parametrize("keys", [0, JUMP, LEFT, DOWN])
def test_FEEL8_a_pad_throws_seven_tiles_high_whatever_is_held(keys: int) -> None:
    stage = Stage.parse(["." * 20] * 20 + ["." * 10 + "@" + "." * 9] + ["." * 20] + ["^" * 20])
    body = new_body(stage)
    ticks_until(body, 0, lambda body: body.vy < 0, stage)
    heights = [22 * TILE_UNITS - body.y for _ in range(60) if step(body, keys, stage) >= 0]
    assert (max(heights), heights.index(max(heights)) + 1) == (30_100, 35)


def test_FEEL9_what_is_drawn_changes_in_the_tick_of_the_key() -> None:
    for keys, drawn, facing in [(RIGHT, motor.RUN, 1), (LEFT, motor.RUN, -1), (JUMP, motor.RISE, 1)]:
        body = standing()
        step(body, keys, FLAT)
        assert (drawn_state(body), body.facing) == (drawn, facing)
        play(body, [0] * 60)
        assert drawn_state(body) == motor.IDLE


def under_a_corner(overlap_units: int) -> tuple[Body, Stage]:
    """A body under a block, its head that far under the block's right end."""
    stage = Stage.parse(["." * 12] * 6 + ["...####....."] + ["." * 12] * 2 + ["......@....."] + ["#" * 12])
    body = standing(stage)
    body.x = 7 * TILE_UNITS + motor.HALF_WIDTH - overlap_units
    return body, stage


@pytest.mark.parametrize("overlap_px", [1, 2, 3, 4])
def test_FEEL10_a_head_slips_past_a_corner(overlap_px: int) -> None:
    body, stage = under_a_corner(overlap_px * UNIT)
    happened = play(body, [JUMP] * 23, stage)
    assert not any(bits & BUMPED for bits in happened)
    assert 10 * TILE_UNITS - body.y == 13_800


def test_FEEL10_a_head_well_under_a_block_bumps() -> None:
    body, stage = under_a_corner(5 * UNIT)
    assert any(bits & BUMPED for bits in play(body, [JUMP] * 23, stage))


def beside_a_ledge(below_units: int) -> tuple[Body, Stage]:
    """A body in the air left of an edge, its feet that far below it."""
    stage = Stage.parse(["." * 12] * 5 + [".@.........."] + ["......######"] * 4)
    body = new_body(stage)
    body.x, body.y = 6 * TILE_UNITS - motor.HALF_WIDTH, 6 * TILE_UNITS + below_units
    return body, stage


@pytest.mark.parametrize("below_px", [1, 2, 3])
def test_FEEL11_feet_that_just_miss_an_edge_are_lifted_onto_it(below_px: int) -> None:
    body, stage = beside_a_ledge(below_px * UNIT)
    play(body, [RIGHT] * 2, stage)
    assert (body.grounded, body.y) == (1, 6 * TILE_UNITS)
    assert body.vx > 0


def test_FEEL11_feet_further_below_meet_a_wall() -> None:
    body, stage = beside_a_ledge(3 * UNIT + 1)
    play(body, [RIGHT], stage)
    assert (body.vx, body.grounded) == (0, 0)


@pytest.mark.parametrize("tile", ["-", "~"])
def test_FEEL12_ledges_hold_from_above_and_let_through_from_below_and_with_down(tile: str) -> None:
    stage = Stage.parse(["." * 12] * 6 + [tile * 12, "." * 12, "......@.....", "#" * 12])
    body = standing(stage)
    play(body, [JUMP] * 24 + [0] * 40, stage)
    assert (body.grounded, body.y) == (1, 6 * TILE_UNITS)
    play(body, [DOWN] + [0] * 40, stage)
    assert (body.grounded, body.y) == (1, 9 * TILE_UNITS)
    play(body, [DOWN] * 20, stage)
    assert body.y == 9 * TILE_UNITS


def test_FEEL13_who_falls_is_back_on_the_last_ground_under_both_feet() -> None:
    body = standing(EDGE)
    happened = play(body, [RIGHT] * 160, EDGE)
    fell = next(tick for tick, bits in enumerate(happened) if bits & FELL)
    body = standing(EDGE)
    play(body, [RIGHT] * (fell + 1), EDGE)
    assert (body.y, body.vx, body.vy) == (9 * TILE_UNITS, 0, 0)
    assert 8 * TILE_UNITS < body.x <= 10 * TILE_UNITS - motor.HALF_WIDTH
    before = body.x
    play(body, [LEFT] * 24, EDGE)
    assert body.x == before
    play(body, [LEFT], EDGE)
    assert body.x < before


def is_inside_a_solid(body: Body, stage: Stage) -> bool:
    columns = range((body.x - motor.HALF_WIDTH) >> TILE_SHIFT, ((body.x + motor.HALF_WIDTH - 1) >> TILE_SHIFT) + 1)
    rows = range((body.y - motor.BODY_HEIGHT) >> TILE_SHIFT, ((body.y - 1) >> TILE_SHIFT) + 1)
    return any(SOLID[stage.tile(tx, ty)] for tx in columns for ty in rows)


def broken_promise(stage: Stage, runs: list[tuple[int, int]], tuning: Tuning = motor.BUILT) -> str:
    """What went wrong with a body on a stage; empty when nothing did."""
    body = new_body(stage)
    for keys, ticks in runs:
        for _ in range(ticks):
            x, y = body.x, body.y
            happened = step(body, keys, stage, tuning)
            if is_inside_a_solid(body, stage):
                return f"inside a solid tile: {body}"
            if not happened & FELL and max(abs(body.x - x), abs(body.y - y)) > TILE_UNITS:
                return f"too far in a tick: {body}"
            if any(not -(2**31) <= value < 2**31 for value in dataclasses.astuple(body)):
                return f"beyond 32 bits: {body}"
    return ""


@given(seed=st.integers(0, 2**32), width=st.integers(1, 30), height=st.integers(1, 20), runs=st.integers(1, 20))
def test_FEEL14_no_body_is_ever_inside_a_solid_tile(seed: int, width: int, height: int, runs: int) -> None:
    rng = Random(seed)
    assert broken_promise(vectors.random_stage(rng, width, height), vectors.random_runs(rng, runs)) == ""


def test_FEEL14_a_planted_fault_is_caught_a_body_that_ignores_walls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(motor, "_move_across", lambda body, stage: setattr(body, "x", body.x + body.vx))
    rng = Random(1)
    assert any(broken_promise(vectors.random_stage(rng, 20, 10), vectors.random_runs(rng, 20)) for _ in range(20))


def test_FEEL15_the_shared_vectors_are_what_this_motor_does() -> None:
    for vector in json.loads((vectors.DATA / "motor.json").read_text("utf-8")):
        assert vectors.play(Stage.parse(vector["rows"]), vector["runs"]) == vector["hashes"]


def test_FEEL15_the_shared_vectors_are_up_to_date() -> None:
    assert {file: file.read_text("utf-8") for file in vectors.files()} == vectors.files()


def test_FEEL15_the_hash_sees_every_field() -> None:
    body = standing()
    hashes = {hash_body(body)} | {hash_body(dataclasses.replace(body, **{name: getattr(body, name) + 1})) for name in motor.FIELDS}
    assert len(hashes) == 1 + len(motor.FIELDS)


def test_FEEL15_a_planted_fault_is_caught_gravity_one_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(motor, "FALL_GRAVITY", motor.FALL_GRAVITY - 1)
    vector = json.loads((vectors.DATA / "motor.json").read_text("utf-8"))[0]
    assert vectors.play(Stage.parse(vector["rows"]), vector["runs"]) != vector["hashes"]


def test_FEEL16_holding_jump_does_not_jump_again() -> None:
    body = standing()
    happened = play(body, [JUMP] * 200)
    assert [tick for tick, bits in enumerate(happened) if bits & JUMPED] == [0]
    assert body.grounded == 1


def test_the_vectors_bounce_fall_and_bump() -> None:
    """They would prove little otherwise."""
    seen = 0
    for vector in vectors.motor_vectors():
        stage, body = Stage.parse(vector["rows"]), None
        body = new_body(stage)
        for keys, ticks in vector["runs"]:
            for _ in range(ticks):
                seen |= step(body, keys, stage)
    assert seen == 255
    assert PAD in vectors.STAGE.tiles
    assert BOUNCED & seen
