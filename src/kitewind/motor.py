"""The motor: one tick of one body, in integers. Its rules are FEEL1... of docs/spec/feel.md; its twin, equal bit for bit, is
web/packages/sim/src/motor.ts. Positions are 1/256 px with y downwards, speeds 1/256 px a tick, and there are 60 ticks a second."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, NamedTuple

from kitewind.stage import EMPTY, LEDGE, PAD, SOLID, TILE_SHIFT, TILE_UNITS, UNIT, Stage

TICK_HZ: Final = 60

LEFT: Final = 1
RIGHT: Final = 2
JUMP: Final = 4
DOWN: Final = 8
ALL_KEYS: Final = 15

# What one tick brought, as bits.
JUMPED: Final = 1
LANDED: Final = 2
BOUNCED: Final = 4
GLIDE_STARTED: Final = 8
GLIDE_ENDED: Final = 16
FELL: Final = 32  # below the islands; the body is back on safe ground
BUMPED: Final = 64  # the head met a ceiling
TURNED: Final = 128

HALF_WIDTH: Final = 5 * UNIT
BODY_HEIGHT: Final = 14 * UNIT

RUN_SPEED: Final = 576
RUN_GAIN: Final = 96
TURN_GAIN: Final = 160
STOP_LOSS: Final = 80
AIR_GAIN: Final = 72
AIR_LOSS: Final = 24

JUMP_SPEED: Final = 1200
CUT_SPEED: Final = 480
BOUNCE_SPEED: Final = 1760
RISE_GRAVITY: Final = 50
FALL_GRAVITY: Final = 68
FALL_SPEED: Final = 1408
GLIDE_SPEED: Final = 256
GLIDE_LOSS: Final = 240

COYOTE_TICKS: Final = 6
BUFFER_TICKS: Final = 6
RETURN_TICKS: Final = 24
CORNER_UNITS: Final = 4 * UNIT
LEDGE_UNITS: Final = 3 * UNIT
FALL_DEPTH: Final = 6 * TILE_UNITS  # below the last row


class Tuning(NamedTuple):
    """What of the motor changes while people play; how it was built unless told. The bounds are in `kitewind.tuning`."""

    jump_speed: int = JUMP_SPEED
    glide_speed: int = GLIDE_SPEED
    run_speed: int = RUN_SPEED


BUILT: Final = Tuning()


@dataclass(slots=True)
class Body:
    """`x`, `y` are the middle of its feet. Numbers only, so that both languages hash it alike."""

    x: int
    y: int
    vx: int = 0
    vy: int = 0
    facing: int = 1  # or -1
    grounded: int = 0  # 0 or 1, as the next three
    gliding: int = 0
    cuttable: int = 0  # a jump that still becomes lower when its key is let go
    held: int = 0  # the jump key was down in the last tick
    coyote: int = 0  # ticks in which a jump still counts as from the ground
    buffer: int = 0  # ticks in which a jump asked for too early still happens
    returning: int = 0  # ticks until a body that fell may move again
    safe_x: int = 0  # where a fall leads back to
    safe_y: int = 0


FIELDS: Final = tuple(field.name for field in fields(Body))


def new_body(stage: Stage) -> Body:
    return body_at(stage.spawn.tx, stage.spawn.ty)


def body_at(tx: int, ty: int) -> Body:
    """A body that stands in the middle of a tile."""
    x, y = tx * TILE_UNITS + TILE_UNITS // 2, (ty + 1) * TILE_UNITS
    return Body(x, y, safe_x=x, safe_y=y)


def step(body: Body, keys: int, stage: Stage, tuning: Tuning = BUILT) -> int:
    """One tick. Changes the body and returns what happened."""
    if body.returning > 0:
        body.returning -= 1
        body.held = 1 if keys & JUMP else 0
        return 0
    was_grounded, was_gliding = body.grounded, body.gliding
    happened = _run(body, keys, tuning.run_speed) | _jump(body, keys, stage, tuning.jump_speed)
    _fall(body, keys, tuning.glide_speed)
    if body.vx:
        _move_across(body, stage)
    happened |= _rise(body, stage) if body.vy < 0 else _sink(body, stage)
    if body.grounded:
        _keep_safe(body, stage)
        if not was_grounded:
            happened |= LANDED
    elif was_grounded and not happened & (JUMPED | BOUNCED) and not keys & DOWN:
        body.coyote = COYOTE_TICKS
    if body.gliding != was_gliding:
        happened |= GLIDE_STARTED if body.gliding else GLIDE_ENDED
    if body.y > stage.height * TILE_UNITS + FALL_DEPTH:
        happened |= _put_back(body)
    return happened


def _run(body: Body, keys: int, run_speed: int) -> int:
    way = (1 if keys & RIGHT else 0) - (1 if keys & LEFT else 0)
    if way == 0:
        if body.vx:
            body.vx = _towards(body.vx, 0, STOP_LOSS if body.grounded else AIR_LOSS)
        return 0
    turned = TURNED if way != body.facing else 0
    body.facing = way
    gain = AIR_GAIN if not body.grounded else TURN_GAIN if body.vx * way < 0 else RUN_GAIN
    body.vx = _towards(body.vx, way * run_speed, gain)
    return turned


def _towards(value: int, goal: int, most: int) -> int:
    return min(value + most, goal) if value < goal else max(value - most, goal)


def _jump(body: Body, keys: int, stage: Stage, jump_speed: int) -> int:
    down = 1 if keys & JUMP else 0
    pressed = down and not body.held
    wants, may = pressed or body.buffer > 0, body.grounded or body.coyote > 0
    body.held = down
    body.buffer = BUFFER_TICKS if pressed else max(body.buffer - 1, 0)
    body.coyote = max(body.coyote - 1, 0)
    if keys & DOWN and body.grounded and _on_ledge_only(body, stage):
        body.y += UNIT  # through the wood or the cloud
        body.grounded = 0
    elif wants and may:
        body.vy = -jump_speed
        body.grounded = body.coyote = body.buffer = 0
        body.cuttable = 1
        return JUMPED
    elif body.cuttable and not down:
        body.vy = max(body.vy, -CUT_SPEED)
        body.cuttable = 0
    return 0


def _fall(body: Body, keys: int, glide_speed: int) -> None:
    if body.vy < 0:
        body.vy += RISE_GRAVITY
        if body.vy >= 0:
            body.cuttable = 0
        body.gliding = 0
        return
    wants = keys & JUMP and not keys & DOWN and body.buffer == 0  # a key pressed just before landing means a jump
    opens = wants and not body.grounded and body.vy + FALL_GRAVITY > glide_speed
    body.gliding = 1 if opens else 0
    body.vy = max(body.vy - GLIDE_LOSS, glide_speed) if opens else min(body.vy + FALL_GRAVITY, FALL_SPEED)


def _move_across(body: Body, stage: Stage) -> None:
    x = body.x + body.vx
    tx = (x + HALF_WIDTH - 1 if body.vx > 0 else x - HALF_WIDTH) >> TILE_SHIFT
    low = (body.y - 1) >> TILE_SHIFT
    for ty in range((body.y - BODY_HEIGHT) >> TILE_SHIFT, low + 1):
        if not SOLID[stage.tile(tx, ty)]:
            continue
        top = low * TILE_UNITS
        if ty == low and body.vy >= 0 and body.y - top <= LEDGE_UNITS and _is_free(stage, x, top):
            body.y = top  # feet that just miss an edge are lifted onto it
            break
        body.x = tx * TILE_UNITS - HALF_WIDTH if body.vx > 0 else (tx + 1) * TILE_UNITS + HALF_WIDTH
        body.vx = 0
        return
    body.x = x


def _rise(body: Body, stage: Stage) -> int:
    y = body.y + body.vy
    body.grounded = 0
    if _is_free(stage, body.x, y):
        body.y = y
        return 0
    for aside in range(UNIT, CORNER_UNITS + 1, UNIT):
        for x in (body.x + aside, body.x - aside):
            if _is_free(stage, x, y) and _is_free(stage, x, body.y):
                body.x, body.y = x, y  # a head that just catches a corner slips past it
                return 0
    ceiling = ((y - BODY_HEIGHT) >> TILE_SHIFT) + 1
    body.y = ceiling * TILE_UNITS + BODY_HEIGHT
    body.vy = body.cuttable = 0
    return BUMPED


def _sink(body: Body, stage: Stage) -> int:
    y = body.y + body.vy
    ty = (y - 1) >> TILE_SHIFT
    top = ty * TILE_UNITS
    ground = _ground_at(body, stage, ty) if top >= body.y else EMPTY
    if ground == EMPTY:
        body.y = y
        body.grounded = 0
        return 0
    body.y = top
    body.gliding = 0
    if ground == PAD:
        body.vy = -BOUNCE_SPEED
        body.grounded = body.cuttable = body.coyote = body.buffer = 0
        return BOUNCED
    body.vy = body.coyote = 0
    body.grounded = 1
    return 0


def _ground_at(body: Body, stage: Stage, ty: int) -> int:
    """What would hold the feet in a row: the pad if there is one, else anything that holds."""
    ground = EMPTY
    for tx in range((body.x - HALF_WIDTH) >> TILE_SHIFT, ((body.x + HALF_WIDTH - 1) >> TILE_SHIFT) + 1):
        tile = stage.tile(tx, ty)
        if tile == PAD:
            return tile
        if SOLID[tile] or (LEDGE[tile] and ground == EMPTY):
            ground = tile
    return ground


def _on_ledge_only(body: Body, stage: Stage) -> bool:
    return LEDGE[_ground_at(body, stage, body.y >> TILE_SHIFT)]


def _is_free(stage: Stage, x: int, y: int) -> bool:
    left, right = (x - HALF_WIDTH) >> TILE_SHIFT, (x + HALF_WIDTH - 1) >> TILE_SHIFT
    for ty in range((y - BODY_HEIGHT) >> TILE_SHIFT, ((y - 1) >> TILE_SHIFT) + 1):
        for tx in range(left, right + 1):
            if SOLID[stage.tile(tx, ty)]:
                return False
    return True


def _keep_safe(body: Body, stage: Stage) -> None:
    """Ground counts as safe when it holds both edges of the box."""
    ty = body.y >> TILE_SHIFT
    left = stage.tile((body.x - HALF_WIDTH) >> TILE_SHIFT, ty)
    if left != EMPTY and stage.tile((body.x + HALF_WIDTH - 1) >> TILE_SHIFT, ty) != EMPTY:
        body.safe_x, body.safe_y = body.x, body.y


def _put_back(body: Body) -> int:
    body.x, body.y = body.safe_x, body.safe_y
    body.vx = body.vy = 0
    body.grounded = body.gliding = body.cuttable = body.coyote = body.buffer = 0
    body.returning = RETURN_TICKS
    return FELL


IDLE: Final = 0
RUN: Final = 1
RISE: Final = 2
FALL: Final = 3
GLIDE: Final = 4


def drawn_state(body: Body) -> int:
    """How a body is to be drawn: IDLE, RUN, RISE, FALL or GLIDE."""
    if body.gliding:
        return GLIDE
    if not body.grounded and body.returning == 0:
        return RISE if body.vy < 0 else FALL
    return RUN if body.vx else IDLE


def hash_body(body: Body) -> int:
    """32-bit FNV-1a of all fields, each as four little-endian bytes."""
    value = 0x811C9DC5
    for name in FIELDS:
        for byte in (getattr(body, name) & 0xFFFFFFFF).to_bytes(4, "little"):
            value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value
