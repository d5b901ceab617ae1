"""Sanctions: impose, lift, look up; and notes (rules SAN1 to SAN10 in docs/spec/sanctions.md).

Whoever imposes something does it in a transaction of their own with `*_in`, and calls `apply` after its COMMIT.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict

from supergame.base.clock import Clock
from supergame.base.cursor import decode_cursor, encode_cursor
from supergame.base.ids import Chance, TitleId, UserId
from supergame.base.limits import Limits
from supergame.db.port import Database, Tx
from supergame.db.walk import walk
from supergame.features.sanctions.model import (
    Kind,
    Note,
    Sanction,
    SanctionEntry,
    SanctionNotFound,
    TooManyMutes,
    check_note,
    check_sanction,
    end_of,
)
from supergame.features.sanctions.store import HELD_OF, NOTES_OF, SanctionStore

SHOWN_MAX = 100  # sanctions of a player's history that are shown; older ones stay in the export


class Sanctions:
    """Bans are looked up when somebody signs in. Mutes in force are in memory too, for every message asks for them."""

    def __init__(self, db: Database, clock: Clock, chance: Chance, limits: Limits) -> None:
        self._db, self._clock, self._chance, self._limits = db, clock, chance, limits
        self._store = SanctionStore()
        self._mutes: dict[tuple[TitleId, UserId], dict[str, Sanction]] = {}

    async def load(self) -> None:
        """Read the mutes in force. Before the first request."""
        after = ""
        while page := await self._db.read(self._store.muted, after, self._limits.page_max, self._clock.now()):
            for mute in page:
                self.apply(mute)
            after = page[-1].sanction_id

    # --- imposing and lifting

    def impose_in(self, title_id: TitleId, user_id: UserId, kind: Kind, reason: str, by: str, duration_s: int = 0) -> Tx[Sanction]:
        """A new ban or mute as part of a larger transaction; without a duration until it is lifted.

        Raises:
            SanctionInvalid: malformed.
            TooManyMutes: no room for one more.
        """
        check_sanction(duration_s, reason, self._limits)
        if kind is Kind.MUTE and len(self._mutes) >= self._limits.mutes_max:
            self.forget_expired()
            if len(self._mutes) >= self._limits.mutes_max:
                raise TooManyMutes
        now = self._clock.now()
        sanction = Sanction(self._chance.uuid7(now), title_id, user_id, kind, reason, by, now, end_of(now, duration_s))
        yield from self._store.insert(sanction)
        return sanction

    def apply(self, sanction: Sanction) -> None:
        """Let a stored sanction, or its lifting, take effect on what this process remembers."""
        key = sanction.title_id, sanction.user_id
        if sanction.kind is Kind.MUTE and sanction.lifted_at is None:
            self._mutes.setdefault(key, {})[sanction.sanction_id] = sanction
        elif mutes := self._mutes.get(key):
            mutes.pop(sanction.sanction_id, None)

    async def mute(self, title_id: TitleId, user_id: UserId, reason: str, by: str, duration_s: int) -> Sanction:
        """Let somebody say nothing in chat for a while. Raises as `impose_in`."""
        sanction = await self._db.write_durable(self.impose_in, title_id, user_id, Kind.MUTE, reason, by, duration_s)
        self.apply(sanction)
        return sanction

    async def lift(self, title_id: TitleId, user_id: UserId, kind: Kind, reason: str, by: str) -> list[Sanction]:
        """End what is in force before its time, in exactly this place. Raises SanctionNotFound when there is nothing."""
        lifted = await self._db.write_durable(self._store.lift_all, title_id, user_id, kind, by, reason, self._clock.now())
        if not lifted:
            raise SanctionNotFound
        for sanction in lifted:
            self.apply(sanction)
        return lifted

    def lift_in(self, sanction_id: str, reason: str, by: str) -> Tx[Sanction | None]:
        """End this one as part of a larger transaction; None when it is over already."""
        return (yield from self._store.lift(sanction_id, by, reason, self._clock.now()))

    # --- looking up

    def ban_in(self, title_id: TitleId, user_id: UserId) -> Tx[Sanction | None]:
        """The ban that keeps somebody out of a title, as part of a larger transaction."""
        return (yield from self._store.find(title_id, user_id, Kind.BAN, self._clock.now()))

    def mute_of(self, title_id: TitleId, user_id: UserId) -> Sanction | None:
        """The mute that somebody is under; of several, the one that lasts longest."""
        mutes = self._mutes.get((title_id, user_id))
        if not mutes:
            return None
        now = self._clock.now()
        return max((mute for mute in mutes.values() if mute.is_in_force(now)), key=lambda mute: mute.ends_at, default=None)

    async def history(self, title_id: TitleId, user_id: UserId) -> list[SanctionEntry]:
        """What was imposed on somebody in a title and in the whole deployment, newest first: the latest 100."""
        now = self._clock.now()
        return [sanction.shown(now) for sanction in await self._db.read(self._store.history, title_id, user_id, SHOWN_MAX)]

    def shown(self, sanction: Sanction) -> SanctionEntry:
        """As operators see it now."""
        return sanction.shown(self._clock.now())

    async def muted(self, title_id: TitleId, limit: int, cursor: str) -> tuple[list[SanctionEntry], str]:
        """A page of the mutes in force in a title, and the cursor of the next. Raises MalformedCursor."""
        list_of = ("muted", title_id)
        after = str(decode_cursor(list_of, cursor, (str,))[0]) if cursor else ""
        found = await self._db.read(self._store.muted_in, title_id, after, limit + 1, self._clock.now())
        page = found[:limit]
        cursor = encode_cursor(list_of, (page[-1].sanction_id,)) if len(found) > limit else ""
        return [self.shown(mute) for mute in page], cursor

    def forget_expired(self) -> None:
        """Drop mutes that have ended by themselves from memory. From time to time."""
        now = self._clock.now()
        for key, mutes in list(self._mutes.items()):
            left = {name: mute for name, mute in mutes.items() if mute.is_in_force(now)}
            if left:
                self._mutes[key] = left
            else:
                del self._mutes[key]

    # --- notes

    async def write_note(self, title_id: TitleId, user_id: UserId, text: str, by: str) -> Note:
        """Keep what an operator has to say about a player. Raises NoteInvalid."""
        check_note(text, self._limits)
        now = self._clock.now()
        note = Note(self._chance.uuid7(now), title_id, user_id, text, by, now)
        await self._db.write(self._store.insert_note, note)
        return note

    async def notes(self, title_id: TitleId, user_id: UserId, limit: int, cursor: str) -> tuple[list[Note], str]:
        """A page of the notes about a player, newest first, and the cursor of the next. Raises MalformedCursor."""
        list_of = ("notes", title_id, user_id)
        before = str(decode_cursor(list_of, cursor, (str,))[0]) if cursor else ""
        found = await self._db.read(self._store.notes, title_id, user_id, before, limit + 1)
        page = found[:limit]
        return page, encode_cursor(list_of, (page[-1].note_id,)) if len(found) > limit else ""

    # --- a person's right to their data

    async def held_of(self, title_id: TitleId, user_id: UserId) -> AsyncIterator[Mapping[str, object]]:
        """Bans and mutes of somebody, for an export; those of the whole deployment with `EVERYWHERE`."""
        async for row in walk(self._db, HELD_OF, (title_id, user_id), ("",)):
            yield asdict(self._store.shown(row))

    async def notes_held_of(self, title_id: TitleId, user_id: UserId) -> AsyncIterator[Mapping[str, object]]:
        """What operators noted of somebody, for an export."""
        async for row in walk(self._db, NOTES_OF, (title_id, user_id), ("",)):
            yield asdict(Note(*row))

    def erase_in(self, title_id: TitleId, user_id: UserId) -> Tx[None]:
        """Part of the transaction that ends a profile, or with `EVERYWHERE` the person."""
        yield from self._store.erase(title_id, user_id)

    def erased(self, title_id: TitleId, user_id: UserId) -> None:
        """After its COMMIT."""
        self._mutes.pop((title_id, user_id), None)
