"""What coins buy at the stall: hats. Their names travel in looks: `pip-0+bow` is Pip in the first colours with a bow."""

from __future__ import annotations

from typing import Final, NamedTuple

ALL_FEATHERS: Final = 0b11111
"""A bit for each of the stage's feathers."""


class Ware(NamedTuple):
    name: str
    price: int
    needs_feathers: bool = False
    """Only who has found all feathers can have it."""


WARES: Final = (
    Ware("bow", 10),
    Ware("party", 20),
    Ware("flowers", 35),
    Ware("tophat", 60),
    Ware("crown", 100),
    Ware("plume", 0, needs_feathers=True),
)
NAMES: Final = tuple(ware.name for ware in WARES)


def dressed(look: str, wears: str) -> str:
    return f"{look}+{wears}" if wears else look
