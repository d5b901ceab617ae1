"""Feedback: give, list, look, mark (rules FBK1 to FBK9 in docs/spec/feedback.md)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import cast

from supergame.base.clock import SECOND_US, Clock
from supergame.base.cursor import decode_cursor, encode_cursor
from supergame.base.ids import Chance, TitleId, UserId
from supergame.db.port import Database, Tx
from supergame.db.walk import walk
from supergame.features.accounts.model import AccountDeleted
from supergame.features.feedback.model import (
    HOUR_S,
    KEPT_MAX,
    PAGE_MAX,
    PER_HOUR,
    FeedbackFull,
    FeedbackInvalid,
    FeedbackNotFound,
    FeedbackUnchanged,
    GiveFeedback,
    Note,
    State,
    TooMuchFeedback,
    check,
)
from supergame.features.feedback.store import HELD_OF, FeedbackStore
from supergame.runtime.outbox import Outbox

_AFTER_ALL = "z"  # sorts after every id, in every collation


class Feedback:
    def __init__(self, db: Database, clock: Clock, chance: Chance, outbox: Outbox) -> None:
        self._db, self._clock, self._chance = db, clock, chance
        self._store = FeedbackStore()
        outbox.subscribe(AccountDeleted, self._erase)

    async def give(self, title_id: TitleId, user_id: UserId, username: str, given: GiveFeedback) -> str:
        """Keep a player's note for the makers; returns its id.

        Raises:
            FeedbackInvalid: malformed or too large.
            TooMuchFeedback, FeedbackFull: a bound.
        """
        check(given)
        now = self._clock.now()
        has_screenshot = bool(given.screenshot)
        texts = given.build, given.text, given.position, given.log
        note = Note(title_id, self._chance.uuid7(now), user_id, username, *texts, has_screenshot, State.OPEN, now)
        await self._db.write(self._give_in, note, given.screenshot)
        return note.feedback_id

    def _give_in(self, note: Note, png: bytes) -> Tx[None]:
        since = note.created_at - HOUR_S * SECOND_US
        if (yield from self._store.count_of(note.title_id, note.user_id, since)) >= PER_HOUR:
            raise TooMuchFeedback
        if not (yield from self._store.has_room(note.title_id, KEPT_MAX)):
            raise FeedbackFull
        yield from self._store.insert(note, png)

    async def list(self, title_id: TitleId, state: State, limit: int, cursor: str) -> tuple[list[Note], str]:
        """A page, the newest first, and the cursor of the next. Raises FeedbackInvalid, MalformedCursor."""
        if not 0 <= limit <= PAGE_MAX:
            raise FeedbackInvalid(f"A page has 1 to {PAGE_MAX} notes.")
        limit = limit or PAGE_MAX
        list_of = ("feedback", title_id, state)
        (before,) = cast("tuple[str]", decode_cursor(list_of, cursor, (str,))) if cursor else (_AFTER_ALL,)
        found = await self._db.read(self._store.list, title_id, state, before, limit + 1)
        page = found[:limit]
        return page, encode_cursor(list_of, (page[-1].feedback_id,)) if len(found) > limit else ""

    async def get(self, title_id: TitleId, feedback_id: str) -> Note:
        """Raises FeedbackNotFound."""
        note = await self._db.read(self._store.get, title_id, feedback_id)
        if note is None:
            raise FeedbackNotFound
        return note

    async def screenshot(self, title_id: TitleId, feedback_id: str) -> bytes:
        """The PNG as it was sent. Raises FeedbackNotFound."""
        png = await self._db.read(self._store.screenshot, title_id, feedback_id)
        if png is None:
            raise FeedbackNotFound
        return png

    async def mark(self, title_id: TitleId, feedback_id: str, state: State) -> None:
        """Raises FeedbackNotFound, and FeedbackUnchanged when it has this state already."""
        await self.get(title_id, feedback_id)
        if not await self._db.write(self._store.mark, title_id, feedback_id, state):
            raise FeedbackUnchanged

    async def held_of(self, title_id: TitleId, user_id: UserId) -> AsyncIterator[Mapping[str, object]]:
        """What somebody wrote to a title's makers, for an export, with the pictures that they sent."""
        async for row in walk(self._db, HELD_OF, (title_id, user_id), ("",)):
            feedback_id, build, text, position, log, has_screenshot, state, created_at = row
            note = {"build": build, "text": text, "position": position, "log": log, "state": state, "created_at": created_at}
            png = await self._db.read(self._store.screenshot, title_id, feedback_id) if has_screenshot else None
            yield note | ({"screenshot": png} if png else {})

    async def _erase(self, deleted: AccountDeleted) -> None:
        """Idempotent: deleting nothing is fine."""
        await self._db.write(self._store.erase, deleted.title_id, deleted.user_id)
