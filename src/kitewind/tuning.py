"""The motor's speeds as config values, and from which tick on each counts for a body. Rules FEEL17 to FEEL19 of docs/spec/feel.md.

The twin of `Tunings` is web/packages/sim/src/tuning.ts.
"""

from __future__ import annotations

from typing import Final

from kitewind.motor import BUILT, Tuning
from kitewind.title import game

LEAD_TICKS: Final = 30
"""From the last tick that was heard of a player to the first in which a change counts: half a second for the message to arrive in."""

CHANGES_KEPT: Final = 16
"""Of one body. With a change a second this is more than a client can lag behind."""

BOUNDS: Final = ((600, 2_000), (64, 1_024), (192, 1_152))
"""Least and most of each speed. A body is never faster than its own width in a tick, so it cannot pass through a wall."""

_JUMP, _GLIDE, _RUN = BOUNDS
jump_speed = game.config.integer(
    "jump_speed", BUILT.jump_speed, min=_JUMP[0], max=_JUMP[1], about="How high a jump goes: 1200 rises 3.4 tiles, 1700 twice as high."
)
glide_speed = game.config.integer(
    "glide_speed", BUILT.glide_speed, min=_GLIDE[0], max=_GLIDE[1], about="How fast an open kite sinks; 256 is 60 px a second."
)
run_speed = game.config.integer(
    "run_speed", BUILT.run_speed, min=_RUN[0], max=_RUN[1], about="How fast people run; 576 is 135 px a second."
)


def tuning_now() -> Tuning:
    return Tuning(jump_speed(), glide_speed(), run_speed())


class Tunings:
    """What counts for one body, by the numbers of its ticks."""

    __slots__ = ("_changes",)

    def __init__(self, first: Tuning = BUILT) -> None:
        self._changes = [(0, first)]

    def add(self, first: int, tuning: Tuning) -> None:
        """From a tick on, in place of all that was told for it or later ones."""
        self._changes = [*(change for change in self._changes if change[0] < first), (first, tuning)][-CHANGES_KEPT:]

    def at(self, tick: int) -> Tuning:
        """What counts in a tick. Of ticks before all that is known, the first that is."""
        found = self._changes[0][1]
        for first, tuning in self._changes:
            if first > tick:
                break
            found = tuning
        return found
