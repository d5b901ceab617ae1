"""Royalties: book what was counted, close months, state what is owed, correct by counter-entries (docs/spec/royalties.md)."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from fractions import Fraction
from typing import ParamSpec, TypeVar

import msgspec

from supergame.base.clock import SECOND_US, Clock
from supergame.base.ids import Chance, TitleId
from supergame.base.titles import LIVE, environment_of
from supergame.db.port import Database, Rows, Tx, UniqueViolation
from supergame.features.ledger.model import AMOUNT_MAX, Posting, PostingKeyReused, Transfer
from supergame.features.ledger.service import Ledger
from supergame.features.licences.model import Licence
from supergame.features.licences.service import Licences
from supergame.features.licences.shares import Link, divide, shares_of
from supergame.features.royalties.model import (
    CLOSE_AFTER_S,
    NOTE_BYTES_MAX,
    Batch,
    Booking,
    CorrectionTooLarge,
    Line,
    LineKind,
    Month,
    MonthOpen,
    RoyaltyInvalid,
    SaleRefused,
    Statement,
    Tally,
    bounds_of,
    check_month,
    check_sale,
    licence_account,
    month_of,
    newly_owed,
    owner_account,
    title_account,
    was_active,
)
from supergame.features.royalties.store import RoyaltyStore

P = ParamSpec("P")
T = TypeVar("T")
USAGE_PAGE_MAX = 500


class Royalties:
    """`load` before the first use, `flush` every `FLUSH_EVERY_S` and at the end."""

    def __init__(self, db: Database, clock: Clock, chance: Chance, ledger: Ledger, licences: Licences) -> None:
        self._db, self._clock, self._chance, self._ledger, self._licences = db, clock, chance, ledger, licences
        self._store = RoyaltyStore()
        self._waiting: Batch | None = None
        self._flushing = asyncio.Lock()

    async def load(self) -> None:
        """Tell licences how often they were used."""
        for licence_id, uses in (await self._db.read(self._store.totals)).items():
            self._licences.counted(licence_id, uses)

    # --- booking

    async def flush(self) -> None:
        """Book what was counted. What could not be booked waits, as the same batch, for the next time; counting goes on.

        Raises:
            DatabaseUnavailable, OutcomeUnknown, Overloaded: it was booked or not; it will be, once.
        """
        async with self._flushing:
            await self._book_waiting()
            self._waiting = self._next_batch()
            await self._book_waiting()

    async def _book_waiting(self) -> None:
        if self._waiting is not None:
            await self._db.write_durable(self._book, self._waiting)
            self._waiting = None

    def _next_batch(self) -> Batch | None:
        counts = self._licences.meter.take()
        if not counts:
            return None
        bookings = (Booking(one.licence_id, self._licences.known(one.licence_id).terms, *one[1:]) for one in counts)
        return Batch(f"use-{self._chance.uuid7(self._clock.now())}", tuple(bookings))

    async def sale(self, title_id: TitleId, asset: str, amount: int, currency: str, sale_id: str, region: str = "") -> int:
        """Book a sale at once; the same sale again is booked once. Returns the royalty that it added.

        Raises:
            RoyaltyInvalid: malformed.
            SaleRefused: no licence allows it now, or its currency is another.
        """
        check_sale(amount, sale_id)
        use = self._licences.look(title_id, asset, region)
        if not use.allowed:
            raise SaleRefused(f"The title may not sell {asset}: {use.reason}.")
        if not use.licence_id or environment_of(title_id) != LIVE:
            return 0
        terms = self._licences.known(use.licence_id).terms
        if terms.currency != currency:
            raise SaleRefused(f"The licence is in {terms.currency}.")
        booking = Booking(use.licence_id, terms, asset, sales=1, sold=amount)
        return sum(await self._write(self._book, Batch(f"sale-{title_id}-{sale_id}", (booking,))))

    def _book(self, batch: Batch) -> Tx[list[int]]:
        """The royalty of each booking; 0 for one that was booked before."""
        royalties = []
        for number, booking in enumerate(batch.bookings):
            royalties.append((yield from self._book_one(batch.id, number, booking)))
        return royalties

    def _book_one(self, batch_id: str, number: int, booking: Booking) -> Tx[int]:
        if (yield from self._store.is_booked(batch_id, number)):
            return 0
        now = self._clock.now()
        month, terms = month_of(now), booking.terms
        of_asset, of_licence = yield from self._store.count(booking, month)
        royalty = newly_owed(terms, of_asset, of_licence)
        yield from self._store.add_usage(batch_id, number, booking, month, royalty, now)
        if royalty:
            yield from self._store.owe(booking, month, royalty)
            transfers = (Transfer(title_account(terms.title), licence_account(booking.licence_id), royalty),)
            event = f"royalties/usage/{batch_id}/{number}"
            yield from self._ledger.posting(Posting(key=event, event=event, currency=terms.currency, transfers=transfers))
        return royalty

    async def usage(self, licence_id: str, month: str, after: tuple[str, int] = ("", 0), limit: int = USAGE_PAGE_MAX) -> Rows:
        """The batches from which a month's sums come: batch, number, asset, uses, sessions, sales, sold, royalty, time."""
        if not 1 <= limit <= USAGE_PAGE_MAX:
            raise RoyaltyInvalid(f"A page has 1 to {USAGE_PAGE_MAX} rows.")
        return await self._db.read(self._store.usage, licence_id, check_month(month), after, limit)

    # --- closing a month

    async def close(self, month: str, signed_by: str) -> list[Line]:
        """Owe each owner their part of a month that is over; again without effect. Returns the lines that were made.

        Raises:
            RoyaltyInvalid, MonthOpen.
        """
        wanted = check_month(month)
        if self._clock.now() < bounds_of(wanted)[1] + CLOSE_AFTER_S * SECOND_US:
            raise MonthOpen
        await self.flush()
        lines = []
        used = set(await self._db.read(self._store.open_licences, wanted))
        for licence in self._licences.all_known():
            if licence.id in used or licence.terms.minimum:
                lines += await self._write(self._close, licence, wanted, signed_by)
        return lines

    def _close(self, licence: Licence, month: Month, signed_by: str) -> Tx[list[Line]]:
        if (yield from self._store.is_closed(licence.id, month)):
            return []
        meters = yield from self._store.meters(licence.id, month)
        royalty = meters.pop("", Tally()).royalty
        missing = max(0, licence.terms.minimum - royalty)
        if missing and not was_active(licence.terms, (yield from self._licences.history(licence.id)), month):
            missing = 0
        if not meters and not missing:
            return []
        yield from self._store.close(licence.id, month, royalty, missing, signed_by, self._clock.now())
        lines = []
        for asset, tally in meters.items():
            lines += yield from self._owe_shares(licence, month, asset, tally, signed_by)
        if missing:
            lines.append((yield from self._top_up(licence, month, missing, signed_by)))
        return lines

    def _owe_shares(self, licence: Licence, month: Month, asset: str, tally: Tally, signed_by: str) -> Tx[list[Line]]:
        shared = _shared(licence, month, asset, tally, (yield from self._licences.chain(asset)))
        giver = licence_account(licence.id)
        transfers = tuple(Transfer(giver, owner_account(line.owner_id), line.amount) for line in shared if line.amount)
        transaction_id = ""  # uses that cost nothing are stated too
        if transfers:
            event = f"royalties/close/{licence.id}/{month}"
            posting = Posting(key=f"{event}/{asset}", event=event, currency=licence.terms.currency, transfers=transfers)
            transaction_id = (yield from self._ledger.posting(posting)).id
        made = []
        for line in shared:
            signed = msgspec.structs.replace(line, transaction_id=transaction_id, signed_by=signed_by)
            made.append((yield from self._store.add_line(signed)))
        return made

    def _top_up(self, licence: Licence, month: Month, missing: int, signed_by: str) -> Tx[Line]:
        """What a month's royalties leave of the minimum is owed to the property's owner."""
        terms = licence.terms
        owner_id = (yield from self._licences.chain(terms.assets[0]))[0].owner_id
        event = f"royalties/close/{licence.id}/{month}"
        transfers = (Transfer(title_account(terms.title), owner_account(owner_id), missing),)
        done = yield from self._ledger.posting(Posting(key=f"{event}/minimum", event=event, currency=terms.currency, transfers=transfers))
        line = _line(licence, month, LineKind.MINIMUM, owner_id, missing, transaction_id=done.id, signed_by=signed_by, share="1")
        return (yield from self._store.add_line(line))

    # --- statements

    async def statement(self, owner_id: str, month: str) -> Statement:
        """What the owner has earned in a month; of a month that is not closed, as it would be closed now.

        Raises:
            LicenceNotFound, RoyaltyInvalid.
        """
        wanted = check_month(month)
        owner = await self._licences.owner(owner_id)
        lines, has_open = await self._db.read(self._lines, owner_id, wanted)
        is_over = self._clock.now() >= bounds_of(wanted)[1] + CLOSE_AFTER_S * SECOND_US
        return Statement(owner_id=owner_id, owner_name=owner.name, month=wanted, is_final=is_over and not has_open, lines=tuple(lines))

    def _lines(self, owner_id: str, month: Month) -> Tx[tuple[list[Line], bool]]:
        lines = yield from self._store.lines(owner_id, month)
        open_licences = yield from self._store.open_licences(month)
        for licence_id in open_licences:
            licence = self._licences.known(licence_id)
            meters = yield from self._store.meters(licence_id, month)
            for asset, tally in meters.items():
                if asset:
                    shared = _shared(licence, month, asset, tally, (yield from self._licences.chain(asset)))
                    lines += [line for line in shared if line.owner_id == owner_id]
        return lines, bool(open_licences)

    # --- disputes

    async def correct(self, owner_id: str, name: str, amount: int, note: str, key: str, signed_by: str) -> Line:
        """Settle a dispute about a line such as `2026-10/3`: owe the owner `amount` more, or take so much back when it is below zero.

        It is a counter-entry in the month in which it is made; the line stays as it is. The same correction again (same key) is made once.

        Raises:
            RoyaltyInvalid, LineNotFound.
            CorrectionTooLarge: more than the line has left.
            PostingKeyReused: the key belongs to another correction.
            BalanceTooLow: the owner no longer has so much.
        """
        month, _, number = name.partition("/")
        if not number.isascii() or not number.isdigit() or len(number) > 9:
            raise RoyaltyInvalid("A line is named by its month and number, such as 2026-10/3.")
        if type(amount) is not int or not 1 <= abs(amount) <= AMOUNT_MAX or not 1 <= len(note.encode()) <= NOTE_BYTES_MAX or "\0" in note:
            raise RoyaltyInvalid(f"A correction has an amount that is not 0 and a note of 1 to {NOTE_BYTES_MAX} bytes.")
        if not 1 <= len(key.encode()) <= NOTE_BYTES_MAX or "\0" in key:
            raise RoyaltyInvalid("A correction has a key, so that it can be sent again.")
        return await self._write(self._correct, owner_id, check_month(month), int(number), amount, note, key, signed_by)

    async def _write(self, tx: Callable[P, Tx[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Durably. Where another node has done the same at this moment, it is looked at again: it was done."""
        try:
            return await self._db.write_durable(tx, *args, **kwargs)
        except UniqueViolation:
            return await self._db.write_durable(tx, *args, **kwargs)

    def _correct(self, owner_id: str, month: Month, number: int, amount: int, note: str, key: str, signed_by: str) -> Tx[Line]:
        line = yield from self._store.line(owner_id, month, number)
        before = yield from self._store.correction(key)
        if before is not None:
            if (before.owner_id, before.corrects, before.amount, before.note) != (owner_id, line.name, amount, note):
                raise PostingKeyReused
            return before
        if amount < 0 and line.amount + (yield from self._store.corrected(owner_id, line.name)) + amount < 0:
            raise CorrectionTooLarge
        owner, title = owner_account(owner_id), title_account(line.title)
        transfer = Transfer(title, owner, amount) if amount > 0 else Transfer(owner, title, -amount)
        event = f"royalties/correction/{hashlib.sha256(key.encode()).hexdigest()[:32]}"
        posting = Posting(key=event, event=event, currency=line.currency, transfers=(transfer,), memo=f"{owner_id} {line.name}: {note}")
        done = yield from self._ledger.posting(posting)
        made = _correction(line, month_of(self._clock.now()), amount, note, signed_by, done.id)
        return (yield from self._store.add_line(made, key))


def _correction(line: Line, month: Month, amount: int, note: str, signed_by: str, transaction_id: str) -> Line:
    new = {"month": month, "kind": LineKind.CORRECTION, "amount": amount, "note": note, "corrects": line.name, "share": ""}
    return msgspec.structs.replace(line, **new, **Tally()._asdict(), signed_by=signed_by, transaction_id=transaction_id)


def _shared(licence: Licence, month: Month, asset: str, tally: Tally, chain: list[Link]) -> list[Line]:
    """An asset's royalty, divided: a line for each owner, also for those whose part is less than a unit."""
    shares = shares_of(chain)
    parts = divide(tally.royalty, shares)
    return [_share_line(licence, month, asset, tally, owner_id, part, shares[owner_id]) for owner_id, part in parts.items()]


def _share_line(licence: Licence, month: Month, asset: str, tally: Tally, owner_id: str, part: int, share: Fraction) -> Line:
    return _line(licence, month, LineKind.SHARE, owner_id, part, asset=asset, share=str(share), **tally._asdict())


def _line(licence: Licence, month: Month, kind: LineKind, owner_id: str, amount: int, asset: str = "", **more: object) -> Line:
    terms = licence.terms
    named = {"owner_id": owner_id, "month": month, "number": 0, "kind": kind, "licence_id": licence.id, "title": terms.title}
    return msgspec.convert({**named, "asset": asset, "currency": terms.currency, "amount": amount, **more}, Line)
