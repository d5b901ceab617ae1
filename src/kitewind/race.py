"""The race from the flag to the great kite, and the best times of the day. Rules PLAZA24... of docs/spec/plaza.md."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from supergame.game import StorageAccess

LONGEST_TICKS: Final = 6_000
"""Of the match: who has not arrived after 5 minutes is not racing any more."""

TICK_MS: Final = 50
"""Of the match."""

BOARD_PLACES: Final = 5
KEPT_PLACES: Final = 50
"""Of one day in storage; slower times are forgotten."""

COLLECTION: Final = "kitewind"


class Best(NamedTuple):
    """Somebody's best time of the day."""

    user_id: str
    name: str
    time_ms: int


@dataclass(slots=True)
class Board:
    """The best time of each player on one day, the fastest first."""

    day: date
    times: list[Best] = field(default_factory=list)

    def add(self, best: Best) -> int:
        """The place, from 1, that this time has; 0 when the same player was as fast before, or KEPT_PLACES were faster."""
        if any(one.user_id == best.user_id and one.time_ms <= best.time_ms for one in self.times):
            return 0
        others = [one for one in self.times if one.user_id != best.user_id]
        self.times = sorted([*others, best], key=lambda one: one.time_ms)[:KEPT_PLACES]
        return self.times.index(best) + 1 if best in self.times else 0

    @property
    def shown(self) -> list[Best]:
        return self.times[:BOARD_PLACES]


async def share(storage: StorageAccess, board: Board) -> None:
    """Put a day's times together with those that other plazas have kept, for both.

    Raises the platform's `WriteRefused` when they were changed meanwhile; nothing is lost, and sharing again does it.
    """
    key = f"race-{board.day.isoformat()}"
    stored = await storage.read(COLLECTION, key)
    known: list[Any] = stored.value["times"] if stored else []
    for one in known:
        board.add(Best(*one))
    times = [list(one) for one in board.times]
    if times != known:
        version = stored.version if stored else "*"
        await storage.write(COLLECTION, key, {"times": times}, version=version, permission_read=2, permission_write=0)
