"""How fast a session may speak: a bucket that fills up again with time."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from supergame.base.clock import Clock
from supergame.realtime.session import Session


class Bucket:
    __slots__ = ("left", "since")

    def __init__(self, left: float, since: float) -> None:
        self.left, self.since = left, since


class Rates:
    """Each session's bucket; gone with the session."""

    def __init__(self, clock: Clock, burst: float, per_s: float) -> None:
        self._clock, self._burst, self._per_s = clock, burst, per_s
        self._buckets: WeakKeyDictionary[Session, Bucket] = WeakKeyDictionary()

    def take(self, session: Session) -> bool:
        """Whether the session may act once more now."""
        now = self._clock.monotonic()
        bucket = self._buckets.get(session)
        if bucket is None:
            bucket = self._buckets[session] = Bucket(self._burst, now)
        bucket.left = min(self._burst, bucket.left + (now - bucket.since) * self._per_s)
        bucket.since = now
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True
