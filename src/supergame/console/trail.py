"""The audit trail: what operators are about to do, what they changed, and how it ended (rules CON20 to CON24)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from supergame.base.clock import Clock, WallMicros
from supergame.base.ids import Chance
from supergame.console.entries import DIGEST_OF_NONE, Entry, body_of
from supergame.console.trail_store import TrailStore, Wanted
from supergame.db.port import Database
from supergame.routing.console import Action

CHECKED_AT_ONCE: Final = 200
"""Entries that a check looks at; then others get a turn."""
BEFORE_ALL: Final = -(2**62)  # where somebody might hide an entry
DONE, REFUSED, FAILED = "done", "refused", "failed"


class Intent(NamedTuple):
    """An action that has been written down and has not ended."""

    action_id: str
    action: str
    title_id: str
    target: str


class Checked(NamedTuple):
    """What a check of the chain found. `first_broken` is 0 when all entries are whole and follow each other."""

    entries: int
    digest: str
    first_broken: int


class Trail:
    """Nothing takes an entry back or changes it; each carries the digest of the one before."""

    def __init__(self, db: Database, clock: Clock, chance: Chance) -> None:
        self._db, self._clock, self._chance = db, clock, chance
        self._store = TrailStore()

    async def intend(self, action: Action, name: str, title_id: str, target: str, request: Any) -> Intent:
        """Keep, on the disk, what is about to be done."""
        intent = Intent(self._chance.uuid7(self._clock.now()), name, title_id, target)
        said = {"role": action.role, "client_ip": action.client_ip, "reason": action.reason, "request": request}
        await self._add([self._entry("intent", action, intent, target, said)])
        return intent

    async def conclude(self, action: Action, intent: Intent, outcome: str, error: str = "") -> None:
        """Keep how it ended, and what was changed on the way."""
        changes = [
            self._entry("change", action, intent, change.target, {"before": change.before, "after": change.after})
            for change in action.changes
        ]
        said = {"outcome": outcome, "error": error, "changes_dropped": action.changes_dropped}
        await self._add([*changes, self._entry("outcome", action, intent, intent.target, said)])

    async def note(self, action: Action, name: str, target: str, outcome: str = DONE) -> None:
        """Keep something that has happened already, such as a sign-in."""
        intent = await self.intend(action, name, "", target, None)
        await self.conclude(action, intent, outcome)

    async def actions(self, wanted: Wanted, before: int, limit: int) -> list[list[Entry]]:
        """Actions as their entries, the latest first, those whose intent has a number below `before`."""
        return await self._db.read(self._store.actions, wanted, before, limit)

    async def check(self) -> Checked:
        """Walk the whole chain. A changed, missing or added entry shows; entries cut off at the end show by a digest kept elsewhere."""
        number, digest, after = 0, DIGEST_OF_NONE, BEFORE_ALL
        while entries := await self._db.read(self._store.after, after, CHECKED_AT_ONCE):
            broken = first_broken(entries, number, digest)
            if broken:
                return Checked(number, digest, broken)
            after = number = entries[-1].entry
            digest = entries[-1].digest
            await asyncio.sleep(0)
        return Checked(number, digest, 0)

    async def digest_of(self, number: int) -> str:
        """The digest of an entry; empty when there is none of this number."""
        found = await self._db.read(self._store.after, number - 1, 1)
        return found[0].digest if found and found[0].entry == number else ""

    async def _add(self, entries: list[Entry]) -> None:
        await self._db.write_durable(self._store.add, entries)

    def _entry(self, kind: str, action: Action, intent: Intent, target: str, said: Any) -> Entry:
        now = WallMicros(self._clock.now())
        who, what = (action.operator_id, action.operator), (intent.action, intent.title_id, target)
        return Entry(0, kind, intent.action_id, now, *who, *what, body_of(said), "", "")


def first_broken(entries: Sequence[Entry], number: int, digest: str) -> int:
    """The first of some entries that does not follow from those before it, which end with `number` and `digest`; 0 for none."""
    for entry in entries:
        if entry.entry != number + 1 or entry.previous_digest != digest or not entry.is_whole:
            return number + 1
        number, digest = entry.entry, entry.digest
    return 0
