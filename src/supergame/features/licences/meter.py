"""Counts what is used, in memory: a use costs an addition, and what was counted is collected from time to time."""

from __future__ import annotations

from typing import NamedTuple

from supergame.base.clock import Clock

SESSION_GAP_S = 1_800.0
"""A player who has not used an asset for so long begins a new session with it."""
SESSIONS_MAX = 65_536
"""Remembered at once; beyond, the longest unused is forgotten, and counted as a new session when it comes back."""


class Count(NamedTuple):
    licence_id: str
    asset: str
    uses: int
    sessions: int


class Meter:
    """What has been used since the last `take`. It holds at most one count for each asset of each licence."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: dict[tuple[str, str], list[int]] = {}
        self._seen: dict[tuple[str, str, str], float] = {}

    def use(self, licence_id: str, asset: str, player: str) -> None:
        """Count a use, and a session if the player begins one; uses of nobody in particular begin none."""
        count = self._counts.get((licence_id, asset))
        if count is None:
            count = self._counts[licence_id, asset] = [0, 0]
        count[0] += 1
        if player:
            count[1] += self._begins_session((licence_id, asset, player))

    def _begins_session(self, key: tuple[str, str, str]) -> bool:
        now = self._clock.monotonic()
        before = self._seen.pop(key, None)
        self._seen[key] = now  # behind all others: the dict is in the order of their last use
        if len(self._seen) > SESSIONS_MAX:
            del self._seen[next(iter(self._seen))]
        return before is None or now - before >= SESSION_GAP_S

    def take(self) -> list[Count]:
        """All counts, which are then forgotten here."""
        counts, self._counts = self._counts, {}
        return [Count(licence_id, asset, uses, sessions) for (licence_id, asset), (uses, sessions) in counts.items()]
