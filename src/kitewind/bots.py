"""Bolt-7 mail-bots: they walk the plaza's ways with the same motor as everybody, rest, wave, and say something kind now and then.

A bot decides by its place, its way and the match's chance alone; so the same seed gives the same plaza.
"""

from __future__ import annotations

from random import Random
from typing import Final, NamedTuple

from kitewind.motor import DOWN, JUMP, JUMP_SPEED, LEFT, RETURN_TICKS, RIGHT, RUN_SPEED, STOP_LOSS, Body
from kitewind.stage import EMPTY, LEDGE, PAD, SOLID, TILE_SHIFT, TILE_UNITS, UNIT, Place, Stage

WAYS: Final = (
    "abcdef", "fedcbc", "dcedef", "cdedcb", "efklkf", "efklkf", "klmnpnml", "klmnpnml", "lmnpvwnm", "eghijfe",
    "eghijfe", "eghgh", "bsqrqsb", "bsqrqsb", "rturq", "rturq", "xu", "xu", "yz", "yz",
)  # fmt: skip
"""Of each bot: marks of the stage, in the order in which they are walked, again and again."""

ASIDE_UNITS: Final = 10 * UNIT
"""How far from a mark a bot may stand, where the ground is wide enough, so that they do not all stand in one place."""

REST_TICKS: Final = (40, 260)
PACES: Final = (260, 420)
"""Speeds of a stroll, 1/256 px a tick; a run would be 576."""

LOST_TICKS: Final = 1_200
"""A bot that has not come to its next place for so long is carried to it by the wind."""

NEAR_UNITS: Final = 6 * UNIT
TAKE_OFF_UNITS: Final = 3 * TILE_UNITS
STEP_DOWN_TILES: Final = 3

LINES: Final = (
    "Lovely wind today!",
    "Letter for... hm, smudged. A cloud?",
    "Hold jump to open your kite.",
    "Mind the gap. Or glide it!",
    "The kite pole is up there. Way up.",
    "Beep. I mean, good wind!",
    "The fountain is generous today.",
    "I deliver on time. Mostly.",
    "Those pads are bouncy. Try one!",
    "Have you seen the view from up there?",
    "My left foot squeaks. Sorry!",
    "Five golden feathers are hidden here.",
    "Down, on wood or cloud, drops you through.",
    "A postcard came from the west islands.",
    "I count clouds while I wait.",
    "You run fast! I only stroll.",
)
HELLOS: Final = ("Hello there!", "Oh, hi!", "Good wind to you!", "Nice scarf!", "Beep beep!", "Welcome to Kitewind!")

NAMES: Final = (
    "Ada-7", "Bix-7", "Cog-7", "Dot-7", "Elm-7", "Fig-7", "Gus-7", "Hob-7", "Ivy-7", "Jot-7",
    "Kip-7", "Lux-7", "Mo-7", "Nib-7", "Oat-7", "Pim-7", "Quill-7", "Rye-7", "Sol-7", "Tin-7",
)  # fmt: skip
"""One of each."""


class Goal(NamedTuple):
    """A place to stand: the middle of its feet."""

    x: int
    y: int


class Bot:
    """A brain. Its body is stepped by the match, with the keys that `keys` gives."""

    __slots__ = ("_goals", "_leg_ticks", "_next", "_pace", "_rest", "_rng", "_stage", "_turn")

    def __init__(self, stage: Stage, way: str, rng: Random) -> None:
        self._stage, self._rng = stage, rng
        aside = rng.randint(-ASIDE_UNITS, ASIDE_UNITS)
        self._goals = [goal_at(stage, stage.marks[mark], aside) for mark in way]
        self._next = rng.choice([index for index, goal in enumerate(self._goals) if not _is_pad(goal, stage)])
        self._pace = rng.randint(*PACES)
        self._rest = rng.randint(*REST_TICKS)
        self._leg_ticks = self._turn = 0

    def first_body(self) -> Body:
        """Standing on one of its places."""
        goal = self._goals[self._next]
        return Body(goal.x, goal.y, safe_x=goal.x, safe_y=goal.y)

    def keys(self, body: Body) -> int:
        """The keys of one tick."""
        if self._rest > 0 or body.returning > 0:
            self._rest = max(self._rest - 1, 0)
            turn, self._turn = self._turn, 0
            return turn
        goal = self._goals[self._next]
        self._leg_ticks += 1
        if has_arrived(body, goal, self._stage):
            self._arrive(body)
        elif self._leg_ticks > LOST_TICKS:
            carry(body, goal)
        return walk(body, goal, self._stage, self._pace)

    def stop(self, body: Body, x: int, ticks: int) -> bool:
        """Stand for so long at least, turned towards a place; False in the air."""
        if not body.grounded:
            return False
        self._rest = max(self._rest, ticks)
        way = 1 if x > body.x else -1
        self._turn = 0 if way == body.facing else RIGHT if way > 0 else LEFT
        return True

    @property
    def is_resting(self) -> bool:
        return self._rest > 0

    def go_on(self) -> None:
        """Rest no longer here."""
        self._rest = 0

    def _arrive(self, body: Body) -> None:
        self._next = (self._next + 1) % len(self._goals)
        self._leg_ticks = 0
        if body.grounded and self._rng.random() < 0.6:
            self._rest = self._rng.randint(*REST_TICKS)


def goal_at(stage: Stage, place: Place, aside_units: int = 0) -> Goal:
    """A place of a way, or so far beside it if there is room on both sides."""
    is_wide = all(_is_ground(stage, place.tx + side, place.ty) for side in (-1, 1))
    return Goal(place.tx * TILE_UNITS + TILE_UNITS // 2 + (aside_units if is_wide else 0), (place.ty + 1) * TILE_UNITS)


def _is_ground(stage: Stage, tx: int, ty: int) -> bool:
    return stage.tile(tx, ty) == EMPTY and stage.tile(tx, ty + 1) not in (EMPTY, PAD)


def _is_pad(goal: Goal, stage: Stage) -> bool:
    return stage.tile(goal.x >> TILE_SHIFT, goal.y >> TILE_SHIFT) == PAD


def has_arrived(body: Body, goal: Goal, stage: Stage) -> bool:
    """It stands there; or is thrown up from there, if there is a pad."""
    if _is_pad(goal, stage):
        return body.vy < 0 and abs(body.x - goal.x) < TILE_UNITS and abs(body.y - goal.y) < TILE_UNITS
    return body.grounded == 1 and body.y == goal.y and abs(body.x - goal.x) <= NEAR_UNITS


def carry(body: Body, goal: Goal) -> None:
    body.x = body.safe_x = goal.x
    body.y = body.safe_y = goal.y
    body.vx = body.vy = body.grounded = body.gliding = 0
    body.returning = RETURN_TICKS


def walk(body: Body, goal: Goal, stage: Stage, pace: int) -> int:
    """The keys that bring a body nearer to a place that a jump, a glide, a drop or a walk leads to."""
    dx = goal.x - body.x
    return _on_ground(body, goal, dx, stage, pace) if body.grounded else _in_air(body, goal, dx)


def _on_ground(body: Body, goal: Goal, dx: int, stage: Stage, pace: int) -> int:
    way = 1 if dx > 0 else -1
    if goal.y > body.y and abs(dx) <= TILE_UNITS and LEDGE[stage.tile(body.x >> TILE_SHIFT, body.y >> TILE_SHIFT)]:
        return DOWN
    keys = _steer(body, dx, pace)
    is_below = goal.y < body.y and abs(dx) <= TAKE_OFF_UNITS
    if not body.held and (is_below or _is_blocked(body, way, stage) or _is_gap(body, way, goal, stage)):
        keys |= JUMP
    return keys


def _in_air(body: Body, goal: Goal, dx: int) -> int:
    if body.vy < -JUMP_SPEED:
        return 0  # thrown by a pad: past the edges above first
    keys = _steer(body, dx, RUN_SPEED)
    if body.vy < 0:
        wants_height = goal.y < body.y + 2 * TILE_UNITS or abs(dx) > TAKE_OFF_UNITS
        return keys | JUMP if body.held and wants_height else keys
    return keys | JUMP if abs(dx) > TILE_UNITS // 2 else keys  # glide


def _steer(body: Body, dx: int, pace: int) -> int:
    """Towards a place, not faster than the pace, and slowing in time to stand there."""
    way = 1 if dx > 0 else -1
    speed = body.vx * way
    stops_in = speed * speed // (2 * STOP_LOSS) if speed > 0 else 0
    if abs(dx) <= NEAR_UNITS // 2 or stops_in >= abs(dx) or speed > pace:
        return 0
    return RIGHT if way > 0 else LEFT


def _is_blocked(body: Body, way: int, stage: Stage) -> bool:
    return SOLID[stage.tile((body.x + way * TILE_UNITS * 3 // 4) >> TILE_SHIFT, (body.y - 1) >> TILE_SHIFT)]


def _is_gap(body: Body, way: int, goal: Goal, stage: Stage) -> bool:
    """No ground ahead; some tiles lower will do when the way leads down."""
    tx, ty = (body.x + way * 3 * UNIT) >> TILE_SHIFT, body.y >> TILE_SHIFT
    deep = STEP_DOWN_TILES if goal.y > body.y else 0
    return all(stage.tile(tx, ty + down) == EMPTY for down in range(deep + 1))
