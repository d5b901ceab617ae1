"""What happens in the process, counted in plain numbers between two looks: for the console's charts, beside the metrics for Prometheus."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

TICK_BOUNDS_MS: Final = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 7.5, 10, 15, 20, 30, 50, 75, 100, 200, 500, 1000)
"""Ticks are counted by the first of these that they do not exceed; longer ones count with the last."""


class Tally:
    """Counts since the last `take`. One per node; to count costs a fraction of a microsecond."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self.requests = self.refused = self.failures = 0
        self.late_s = 0.0
        self._ticks = [0] * len(TICK_BOUNDS_MS)

    def ticked(self, seconds: float) -> None:
        """A match has ticked, which took so long."""
        self._ticks[min(bisect_left(TICK_BOUNDS_MS, seconds * 1000), len(TICK_BOUNDS_MS) - 1)] += 1

    def felt(self, late_s: float) -> None:
        """The event loop came so late to something that was due."""
        self.late_s = max(self.late_s, late_s)

    def tick_ms(self, quantile: float) -> float:
        """The bound in milliseconds that this part of the ticks has not exceeded; 0 when nothing has ticked."""
        wanted, seen = quantile * sum(self._ticks), 0
        for bound, count in zip(TICK_BOUNDS_MS, self._ticks, strict=True):
            seen += count
            if count and seen >= wanted:
                return bound
        return 0.0

    def take(self) -> Tally:
        """The counts so far; counting begins anew."""
        taken = Tally()
        taken.__dict__.update(self.__dict__)
        self._begin()
        return taken
