"""The plaza's coins: those of the stage, which come back, and those that the fountain throws. The server alone says who has one."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from random import Random
from typing import Final

from kitewind.messages import Coin
from kitewind.motor import BODY_HEIGHT, HALF_WIDTH, Body
from kitewind.stage import EMPTY, SOLID, TILE_SHIFT, TILE_UNITS, UNIT, Place, Stage

COIN_REACH: Final = 4 * UNIT
"""How far a body's box reaches for coins on each side."""

BACK_TICKS: Final = 160
"""Of the match: 8 s until a taken coin is there again."""

THROW_TICKS: Final = 50
THROWN_TICKS: Final = 240
"""A thrown coin that nobody takes is gone after 12 s."""

MAX_THROWN: Final = 6
SPOT_DISTANCE: Final = range(2, 8)
"""How many tiles from the fountain its coins fall."""


LIVELY_UNITS: Final = 16 * TILE_UNITS
"""How near to a fountain somebody has to be, so that it throws."""


def touches(body: Body, x: int, y: int) -> bool:
    """Does a body touch a coin with its centre there? Twin: web/packages/sim/src/coins.ts."""
    is_near = abs(body.x - x) <= HALF_WIDTH + COIN_REACH
    return is_near and body.y - BODY_HEIGHT - COIN_REACH <= y <= body.y + COIN_REACH


class Coins:
    """Ids below `len(stage.coins)` are the stage's; the fountain's follow, at most MAX_THROWN at a time."""

    def __init__(self, stage: Stage) -> None:
        self._places: dict[int, Place] = {}
        self._at: dict[Place, int] = {}
        self._near: dict[tuple[int, int], set[int]] = {}  # by the tile of a body's feet: coins that it may touch
        self._own = len(stage.coins)
        for coin_id, place in enumerate(stage.coins):
            self._add(coin_id, place)
        self._back: deque[tuple[int, int]] = deque()  # (tick, id), the earliest first
        self._gone: deque[tuple[int, int]] = deque()
        self._spots = fountain_spots(stage)
        self._fountains = [_centre(thing.place) for thing in stage.things if thing.kind == "fountain"]

    def all(self) -> list[Coin]:
        return [self._coin(coin_id) for coin_id in sorted(self._places)]

    def take(self, body: Body, tick: int) -> list[int]:
        """The ids of the coins that a body touches. They are nobody else's from now on."""
        near = self._near.get((body.x >> TILE_SHIFT, (body.y - 1) >> TILE_SHIFT))
        if not near:
            return []
        taken = [coin_id for coin_id in near if self._is_there(coin_id) and touches(body, *_centre(self._places[coin_id]))]
        for coin_id in taken:
            self._take_away(coin_id, tick)
        return taken

    def come_back(self, tick: int, still: Sequence[Body]) -> list[int]:
        """The ids of the stage's coins that are there again. None comes back onto those who stand still: it waits until they go."""
        back = [coin_id for coin_id in _due(self._back, tick) if not self._falls_on(self._places[coin_id], still, tick, coin_id)]
        for coin_id in back:
            self._at[self._places[coin_id]] = coin_id
        return back

    def _falls_on(self, place: Place, still: Sequence[Body], tick: int, coin_id: int) -> bool:
        if not any(touches(body, *_centre(place)) for body in still):
            return False
        self._back.append((tick + BACK_TICKS, coin_id))
        return True

    def vanish(self, tick: int) -> list[int]:
        """The ids of thrown coins that nobody took in time."""
        gone = [coin_id for coin_id in _due(self._gone, tick) if coin_id in self._places]
        for coin_id in gone:
            self._forget(coin_id)
        return gone

    def throw(self, tick: int, lively: Sequence[Body], still: Sequence[Body], rng: Random) -> Coin | None:
        """A coin out of the fountain, if it is time, there are not too many, somebody lively is near, and a spot is free.

        It does not fall on those who stand still.
        """
        if tick % THROW_TICKS or len(self._gone) >= MAX_THROWN or not any(map(self._is_at_fountain, lively)):
            return None
        free = [spot for spot in self._spots if spot not in self._at and not any(touches(body, *_centre(spot)) for body in still)]
        if not free:
            return None
        used = {coin_id for _, coin_id in self._gone}
        coin_id = next(number for number in range(self._own, self._own + MAX_THROWN) if number not in used)
        self._add(coin_id, rng.choice(free))
        self._gone.append((tick + THROWN_TICKS, coin_id))
        return self._coin(coin_id)

    def _is_at_fountain(self, body: Body) -> bool:
        return any(abs(body.x - x) <= LIVELY_UNITS and abs(body.y - y) <= LIVELY_UNITS for x, y in self._fountains)

    def _is_there(self, coin_id: int) -> bool:
        return self._at.get(self._places[coin_id]) == coin_id

    def _take_away(self, coin_id: int, tick: int) -> None:
        if coin_id < self._own:
            del self._at[self._places[coin_id]]
            self._back.append((tick + BACK_TICKS, coin_id))
        else:
            self._forget(coin_id)  # its number stays in use until its time is over

    def _add(self, coin_id: int, place: Place) -> None:
        self._places[coin_id] = place
        self._at[place] = coin_id
        for feet in _feet_near(place):
            self._near.setdefault(feet, set()).add(coin_id)

    def _forget(self, coin_id: int) -> None:
        place = self._places.pop(coin_id)
        del self._at[place]
        for feet in _feet_near(place):
            self._near[feet].discard(coin_id)

    def _coin(self, coin_id: int) -> Coin:
        place = self._places[coin_id]
        return Coin(coin_id, *_centre(place), self._is_there(coin_id))


def fountain_spots(stage: Stage) -> list[Place]:
    """Where the fountain's coins may fall: on ground near it, where the stage has no coin."""
    return [
        place
        for thing in stage.things
        if thing.kind == "fountain"
        for ty in range(thing.place.ty - 2, thing.place.ty + 3)
        for distance in SPOT_DISTANCE
        for place in (Place(thing.place.tx - distance, ty), Place(thing.place.tx + distance, ty))
        if stage.tile(*place) == EMPTY and SOLID[stage.tile(place.tx, ty + 1)] and place not in stage.coins
    ]


def _centre(place: Place) -> tuple[int, int]:
    return place.tx * TILE_UNITS + TILE_UNITS // 2, place.ty * TILE_UNITS + TILE_UNITS // 2


def _feet_near(place: Place) -> list[tuple[int, int]]:
    """The tiles in which the feet of a body may be that touches a coin there."""
    return [(place.tx + aside, place.ty + below) for aside in (-1, 0, 1) for below in (0, 1)]


def _due(waiting: deque[tuple[int, int]], tick: int) -> list[int]:
    due: list[int] = []
    while waiting and waiting[0][0] <= tick:
        due.append(waiting.popleft()[1])
    return due
