"""How fast a session may speak: a bucket that fills up again with time."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from supergame.base.clock import Clock
from supergame.realtime.session import Session


class Rates:
    """Each session's bucket; gone with the session."""

    def __init__(self, clock: Clock, burst: float, per_s: float) -> None:
        self._clock, self._burst, self._per_s = clock, burst, per_s
        self._buckets: WeakKeyDictionary[Session, tuple[float, float]] = WeakKeyDictionary()

    def take(self, session: Session) -> bool:
        """Whether the session may act once more now."""
        now = self._clock.monotonic()
        left, since = self._buckets.get(session, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._per_s)
        if left < 1:
            self._buckets[session] = left, now
            return False
        self._buckets[session] = left - 1, now
        return True
