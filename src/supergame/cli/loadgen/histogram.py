"""Latencies in bins, so that a minute of answers takes no more memory than a second."""

from __future__ import annotations

from array import array

BINS_PER_S = 50_000
LONGEST_S = 10


class Histogram:
    """Bins of 20 microseconds up to ten seconds; whatever took longer stands in the last one."""

    def __init__(self) -> None:
        self._bins = array("L", [0]) * (BINS_PER_S * LONGEST_S + 1)
        self.count = 0

    def add(self, seconds: float) -> None:
        self.count += 1
        self._bins[min(int(seconds * BINS_PER_S), BINS_PER_S * LONGEST_S)] += 1

    def percentile_ms(self, percent: float) -> float:
        """The upper edge of the bin below which so many percent lie; 0 when nothing was added."""
        wanted, seen = self.count * percent / 100, 0
        for index, count in enumerate(self._bins):
            seen += count
            if count and seen >= wanted:
                return round((index + 1) * 1000 / BINS_PER_S, 2)
        return 0.0
