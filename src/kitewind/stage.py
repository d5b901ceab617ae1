"""A stage: rows of text, one character a tile. Its rules are STAGE1... of docs/spec/feel.md; the twin is web/packages/sim/src/stage.ts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

UNIT: Final = 256  # of one pixel
TILE: Final = 16  # pixels
TILE_UNITS: Final = TILE * UNIT
TILE_SHIFT: Final = 12  # TILE_UNITS as a shift, which rounds down for negative numbers too
MAX_SIDE: Final = 512  # tiles; keeps every number far below 2^31

EMPTY: Final = 0
GRASS: Final = 1
STONE: Final = 2
WOOD: Final = 3
CLOUD: Final = 4
PAD: Final = 5

SOLID: Final = (False, True, True, False, False, True)
"""By tile: nothing passes it."""
LEDGE: Final = (False, False, False, True, True, False)
"""By tile: it holds feet that come from above."""

TILES: Final = {"#": GRASS, "%": STONE, "-": WOOD, "~": CLOUD, "^": PAD}
THINGS: Final = {
    "F": "fountain",
    "S": "sign",
    "K": "kite",
    "L": "lamp",
    "T": "stall",
    "B": "board",
    "R": "gate",
    "Y": "feather",
    "W": "windmill",
    "H": "lighthouse",
    "*": "flower",
    '"': "bush",
}
_AIR: Final = re.compile("[ .a-z]")


class Place(NamedTuple):
    """A tile's place, in tiles from the upper left corner."""

    tx: int
    ty: int


class Thing(NamedTuple):
    """Scenery; it stands on the lower edge of its tile."""

    kind: str
    place: Place


@dataclass(frozen=True, slots=True)
class Stage:
    rows: tuple[str, ...]
    width: int
    height: int
    tiles: bytes
    spawn: Place
    coins: tuple[Place, ...]
    pads: tuple[Place, ...]
    things: tuple[Thing, ...]
    marks: dict[str, Place]
    """Small letters name places, for bots' ways. They are air."""

    @classmethod
    def parse(cls, rows: Sequence[str]) -> Stage:
        """Raises ValueError for rows that make no stage: unequal, too many, an unknown character, not exactly one start."""
        width, height = len(rows[0]) if rows else 0, len(rows)
        if not 1 <= width <= MAX_SIDE or height > MAX_SIDE:
            raise ValueError(f"a stage has 1 to {MAX_SIDE} tiles a side")
        at: dict[str, list[Place]] = {}
        for ty, row in enumerate(rows):
            if len(row) != width:
                raise ValueError(f"row {ty} has {len(row)} tiles, the first has {width}")
            for tx, mark in enumerate(row):
                at.setdefault(_known(mark, ty), []).append(Place(tx, ty))
        if len(at.get("@", [])) != 1:
            raise ValueError("a stage has exactly one start, @")
        return cls(
            rows=tuple(rows),
            width=width,
            height=height,
            tiles=bytes(TILES.get(mark, EMPTY) for row in rows for mark in row),
            spawn=at["@"][0],
            coins=tuple(at.get("o", [])),
            pads=tuple(at.get("^", [])),
            things=tuple(Thing(kind, place) for mark, kind in THINGS.items() for place in at.get(mark, [])),
            marks={mark: places[0] for mark, places in at.items() if mark.islower() and mark != "o"},
        )

    def tile(self, tx: int, ty: int) -> int:
        """What is at a place: walls to the left and right of the stage, air above and below it."""
        if not 0 <= tx < self.width:
            return STONE
        return self.tiles[ty * self.width + tx] if 0 <= ty < self.height else EMPTY


def _known(mark: str, ty: int) -> str:
    if mark in TILES or mark in THINGS or mark in "@o" or _AIR.fullmatch(mark):
        return mark
    raise ValueError(f"row {ty} has the unknown mark {mark}")
