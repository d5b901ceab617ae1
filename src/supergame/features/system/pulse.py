"""How the node is, second by second, for the last five minutes (rule CON30 in docs/spec/console.md)."""

from __future__ import annotations

from collections import deque
from typing import Final, NamedTuple

from supergame.base.clock import Clock, MonotonicSeconds, whole_seconds
from supergame.db.port import Database
from supergame.features.matches.service import Matches
from supergame.realtime.session import SessionRegistry
from supergame.telemetry.tally import Tally

SAMPLES_MAX: Final = 300
"""One a second; the oldest is forgotten."""


class Sample(NamedTuple):
    """One second. Rates are of that second, `loop_late_ms` is its worst, `tick_p95_ms` a bound that 95 % of its ticks kept."""

    at_s: int
    players: int
    sockets: int
    matches: int
    requests_per_s: float
    refused_per_s: float
    failures_per_s: float
    loop_late_ms: float
    tick_p95_ms: float
    db_queued: int


class Pulse:
    def __init__(self, clock: Clock, tally: Tally, registry: SessionRegistry, matches: Matches, db: Database) -> None:
        self._clock, self._tally, self._registry, self._matches, self._db = clock, tally, registry, matches, db
        self._samples: deque[Sample] = deque(maxlen=SAMPLES_MAX)
        self._sampled: MonotonicSeconds = clock.monotonic()

    def felt(self, late_s: float) -> None:
        """The event loop came so late to something that was due."""
        self._tally.felt(late_s)

    def sample(self) -> None:
        """Keep how it is now, and how it was since the last sample."""
        now, counts = self._clock.monotonic(), self._tally.take()
        seconds, self._sampled = max(now - self._sampled, 0.001), now
        self._samples.append(
            Sample(
                whole_seconds(self._clock.now()),
                self._registry.players,
                len(self._registry),
                self._matches.count,
                round(counts.requests / seconds, 2),
                round(counts.refused / seconds, 2),
                round(counts.failures / seconds, 2),
                round(counts.late_s * 1000, 2),
                counts.tick_ms(0.95),
                self._db.queued,
            )
        )

    def since(self, at_s: int) -> list[Sample]:
        """The samples after this second, the oldest first; 0 for all."""
        return [sample for sample in self._samples if sample.at_s > at_s]
