"""The inputs of one player, on their way into the motor: in order, without gaps, and no faster than time passes."""

from __future__ import annotations

from typing import Final

from kitewind.messages import Inputs
from kitewind.motor import TICK_HZ

MAX_QUEUED_TICKS: Final = 120
"""Sent and not played yet; beyond it inputs are dropped and the client is corrected."""

MAX_CREDIT_TICKS: Final = 120
"""What a player who was not heard may catch up with. In t seconds a body gets at most 60 t + 120 ticks."""

FIRST_CREDIT_TICKS: Final = 12
LOOP_TICKS: Final = 3
"""Of one loop of the match, when nothing waits."""

MAX_LOOP_TICKS: Final = 12
"""Of one loop, when much waits: bounds what a player can make a loop cost."""

_TICK: Final = 1_000_000  # credit is counted in millionths of a tick


class InputQueue:
    """`tick` is the number of the next one to be played. Inputs of another epoch were sent before a correction arrived."""

    __slots__ = ("_credit", "_keys", "epoch", "tick")

    def __init__(self) -> None:
        self.epoch = self.tick = 0
        self._keys = bytearray()
        self._credit = FIRST_CREDIT_TICKS * _TICK

    def add(self, inputs: Inputs) -> bool:
        """False when they cannot follow what came before, or are too many: then the client needs a correction."""
        if inputs.epoch != self.epoch:
            return True
        known = self.tick + len(self._keys) - inputs.first
        fresh = inputs.keys[max(known, 0) :]
        if known < 0 or len(self._keys) + len(fresh) > MAX_QUEUED_TICKS:
            return False
        self._keys += fresh
        return True

    @property
    def heard(self) -> int:
        """The number of the next tick that has not been heard of."""
        return self.tick + len(self._keys)

    def take(self, elapsed_us: int) -> bytes:
        """The keys to play now, so long after the last call. Three a loop, so that others see even steps; more when more waits."""
        self._credit = min(self._credit + elapsed_us * TICK_HZ, MAX_CREDIT_TICKS * _TICK)
        waiting = len(self._keys)
        wanted = LOOP_TICKS if waiting <= 2 * LOOP_TICKS else min(waiting - LOOP_TICKS, MAX_LOOP_TICKS)
        count = min(waiting, wanted, self._credit // _TICK)
        taken = bytes(self._keys[:count])
        del self._keys[:count]
        self._credit -= count * _TICK
        self.tick += count
        return taken

    def restart(self) -> None:
        """Forget what waits; the client goes on from `tick` in a new epoch."""
        self._keys.clear()
        self.epoch = (self.epoch + 1) % 256
