"""Spectating: what a match sends and is sent, kept for a moment while an operator looks (rules CON32 to CON36).

A match that nobody looks at has no tap, and asks for one by one look at an empty table. A look opens the tap; some seconds after the
last look it closes and what it kept is forgotten.
"""

from __future__ import annotations

import codecs
from collections import deque
from enum import StrEnum
from typing import NamedTuple

import msgspec

from supergame.base.clock import Clock, MonotonicSeconds, Succession
from supergame.base.ids import TitleId
from supergame.base.limits import Limits
from supergame.features.matches.model import Player
from supergame.runtime.ticker import Ticker, Ticking
from supergame.wire.rtapi import UserPresence

SWEEP_HZ = 1
JSON_BEGINS = ("{", "[", '"')

Key = tuple[TitleId, str]


class Way(StrEnum):
    """Which way a message went."""

    SENT = "sent"
    """From the match to players."""
    RECEIVED = "received"
    """From a player to the match's handler."""
    RELAYED = "relayed"
    """From a player to others of a relayed match."""


class Seen(NamedTuple):
    """A message as it was seen. `number` is when, in microseconds since 1970, each later than the one before."""

    number: int
    tick: int
    way: Way
    op_code: int
    user_id: str
    username: str
    receivers: int
    reliable: bool
    data: bytes
    """Its beginning."""
    data_bytes: int
    """Of all of it."""

    @property
    def is_cut(self) -> bool:
        return len(self.data) < self.data_bytes

    @property
    def text(self) -> str | None:
        """The data if it is JSON, or begins like it where it was cut; None for anything else."""
        try:
            if self.is_cut:
                text = codecs.getincrementaldecoder("utf-8")().decode(self.data)  # the cut may go through a letter
                return text if text.lstrip().startswith(JSON_BEGINS) else None
            msgspec.json.decode(self.data)
            return self.data.decode()
        except (UnicodeDecodeError, msgspec.DecodeError):
            return None


class Look(NamedTuple):
    """What came since the last look. `last` is what to ask after next time; `skipped` says that some of it was forgotten before."""

    messages: list[Seen]
    last: int
    skipped: bool


class Tap:
    """The latest messages of one match."""

    def __init__(self, numbers: Succession, limits: Limits, looked_at: MonotonicSeconds) -> None:
        self._numbers, self._limits, self.looked_at = numbers, limits, looked_at
        self._forgotten = int(numbers.next())  # the last number that is not kept: all before the tap was opened
        self._kept: deque[Seen] = deque(maxlen=limits.spectated_messages_max)

    def note(
        self, tick: int, way: Way, op_code: int, data: bytes, sender: Player | UserPresence | None, receivers: int, reliable: bool
    ) -> None:
        """Keep a message; of too many the oldest is forgotten."""
        if len(self._kept) == self._kept.maxlen:
            self._forgotten = self._kept[0].number
        user_id, username = (sender.user_id, sender.username) if sender is not None else ("", "")
        beginning = bytes(data[: self._limits.spectated_data_bytes_max])
        number = self._numbers.next()
        self._kept.append(Seen(number, tick, way, op_code, user_id, username, receivers, reliable, beginning, len(data)))

    def since(self, after: int) -> Look:
        """The messages after that number, the oldest first; 0 for all that are kept."""
        found = [seen for seen in self._kept if seen.number > after]
        last = self._kept[-1].number if self._kept else self._forgotten
        return Look(found, last, 0 < after < self._forgotten)


class Taps:
    """Those of a node. `open` is looked at for every message, and nearly always empty."""

    def __init__(self, clock: Clock, ticker: Ticker, limits: Limits) -> None:
        self._clock, self._ticker, self._limits = clock, ticker, limits
        self._numbers = Succession(clock)
        self.open: dict[Key, Tap] = {}
        self._sweeping: Ticking | None = None

    def look(self, key: Key, after: int) -> Look:
        """Open a match's tap, or keep it open. Beyond the bound the one that was looked at longest ago closes."""
        now = self._clock.monotonic()
        tap = self.open.pop(key, None)
        if tap is None:
            tap = Tap(self._numbers, self._limits, now)
            if len(self.open) >= self._limits.spectated_matches_max:
                del self.open[next(iter(self.open))]
        tap.looked_at = now
        self.open[key] = tap  # in the order of the looks
        if self._sweeping is None:
            self._sweeping = self._ticker.add("spectating", SWEEP_HZ, self._sweep, lambda count: None)
        return tap.since(after)

    def _sweep(self) -> None:
        """Close those that nobody has looked at for a while."""
        until = self._clock.monotonic() - self._limits.spectating_s
        for key in [key for key, tap in self.open.items() if tap.looked_at <= until]:
            del self.open[key]
        if not self.open and self._sweeping is not None:
            self._sweeping.cancel()
            self._sweeping = None
