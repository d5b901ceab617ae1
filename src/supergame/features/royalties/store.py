"""Usage, its sums, closings and lines in the database. Sums are added to; all else is only ever added."""

from __future__ import annotations

import msgspec

from supergame.base.clock import WallMicros
from supergame.db.port import Rows, Statement, Tx
from supergame.features.royalties.model import LINES_MAX, Booking, Line, LineNotFound, Month, StatementTooLong, Tally

_BOOKED = Statement("royalties.booked", "SELECT royalty FROM royalty_usage WHERE batch_id = ? AND number = ?")
_ADD_USAGE = Statement(
    "royalties.add_usage",
    "INSERT INTO royalty_usage (batch_id, number, licence_id, asset_id, month, uses, sessions, sales, sold, royalty, booked_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
)
_USAGE = Statement(
    "royalties.usage",
    "SELECT batch_id, number, asset_id, uses, sessions, sales, sold, royalty, booked_at FROM royalty_usage "
    "WHERE licence_id = ? AND month = ? AND (batch_id, number) > (?, ?) ORDER BY batch_id, number LIMIT ?",
)
_COUNT = Statement(
    "royalties.count",
    "INSERT INTO royalty_meters (licence_id, month, asset_id, uses, sessions, sales, sold, royalty) VALUES (?, ?, ?, ?, ?, ?, ?, 0) "
    "ON CONFLICT (licence_id, month, asset_id) DO UPDATE SET uses = royalty_meters.uses + excluded.uses, "
    "sessions = royalty_meters.sessions + excluded.sessions, sales = royalty_meters.sales + excluded.sales, "
    "sold = royalty_meters.sold + excluded.sold RETURNING uses, sessions, sales, sold, royalty",
)
_OWE = Statement(
    "royalties.owe", "UPDATE royalty_meters SET royalty = royalty + ? WHERE licence_id = ? AND month = ? AND asset_id IN ('', ?)"
)
_METERS = Statement(
    "royalties.meters",
    "SELECT asset_id, uses, sessions, sales, sold, royalty FROM royalty_meters WHERE licence_id = ? AND month = ? ORDER BY asset_id",
)
_OPEN_LICENCES = Statement(
    "royalties.open_licences",
    "SELECT m.licence_id FROM royalty_meters m LEFT JOIN royalty_closings c ON c.licence_id = m.licence_id AND c.month = m.month "
    "WHERE m.month = ? AND m.asset_id = '' AND c.month IS NULL ORDER BY m.licence_id",
)
_TOTALS = Statement(
    "royalties.totals", "SELECT licence_id, CAST(SUM(uses) AS BIGINT) FROM royalty_meters WHERE asset_id = '' GROUP BY licence_id"
)
_CLOSING = Statement("royalties.closing", "SELECT topped_up FROM royalty_closings WHERE licence_id = ? AND month = ?")
_CLOSE = Statement(
    "royalties.close",
    "INSERT INTO royalty_closings (licence_id, month, royalty, topped_up, closed_by, closed_at) VALUES (?, ?, ?, ?, ?, ?)",
)
_NEXT_LINE = Statement("royalties.next_line", "SELECT COALESCE(MAX(number), 0) + 1 FROM royalty_lines WHERE owner_id = ? AND month = ?")
_ADD_LINE = Statement(
    "royalties.add_line",
    "INSERT INTO royalty_lines (owner_id, month, number, transaction_id, corrects, correction_key, amount, body) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
)
_LINES = Statement("royalties.lines", "SELECT body FROM royalty_lines WHERE owner_id = ? AND month = ? ORDER BY number LIMIT ?")
_LINE = Statement("royalties.line", "SELECT body FROM royalty_lines WHERE owner_id = ? AND month = ? AND number = ?")
_CORRECTION = Statement("royalties.correction", "SELECT body FROM royalty_lines WHERE correction_key = ?")
_CORRECTED = Statement(
    "royalties.corrected",
    "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM royalty_lines WHERE owner_id = ? AND corrects = ?",
)


class RoyaltyStore:
    def is_booked(self, batch_id: str, number: int) -> Tx[bool]:
        return bool((yield _BOOKED(batch_id, number)))

    def count(self, booking: Booking, month: Month) -> Tx[tuple[Tally, int]]:
        """Add to the sums; returns the asset's, and all royalties of the licence in the month.

        The licence's own row comes first: who holds it books alone, on whichever node.
        """
        counted = (booking.uses, booking.sessions, booking.sales, booking.sold)
        whole = Tally(*(yield _COUNT(booking.licence_id, month, "", *counted))[0])
        of_asset = Tally(*(yield _COUNT(booking.licence_id, month, booking.asset, *counted))[0])
        return of_asset, whole.royalty

    def owe(self, booking: Booking, month: Month, royalty: int) -> Tx[None]:
        yield _OWE(royalty, booking.licence_id, month, booking.asset)

    def add_usage(self, batch_id: str, number: int, booking: Booking, month: Month, royalty: int, now: WallMicros) -> Tx[None]:
        counted = (booking.uses, booking.sessions, booking.sales, booking.sold)
        yield _ADD_USAGE(batch_id, number, booking.licence_id, booking.asset, month, *counted, royalty, now)

    def usage(self, licence_id: str, month: Month, after: tuple[str, int], count: int) -> Tx[Rows]:
        """Batch, number, asset, uses, sessions, sales, sold, royalty and time of what was booked."""
        return (yield _USAGE(licence_id, month, *after, count))

    def meters(self, licence_id: str, month: Month) -> Tx[dict[str, Tally]]:
        """By asset; the licence as a whole under ""."""
        rows = yield _METERS(licence_id, month)
        return {row[0]: Tally(*row[1:]) for row in rows}

    def open_licences(self, month: Month) -> Tx[list[str]]:
        """Licences that something was counted for in the month, and that are not closed for it."""
        return [row[0] for row in (yield _OPEN_LICENCES(month))]

    def totals(self) -> Tx[dict[str, int]]:
        """How often each licence was ever used."""
        return {row[0]: row[1] for row in (yield _TOTALS())}

    def is_closed(self, licence_id: str, month: Month) -> Tx[bool]:
        return bool((yield _CLOSING(licence_id, month)))

    def close(self, licence_id: str, month: Month, royalty: int, topped_up: int, closed_by: str, now: WallMicros) -> Tx[None]:
        yield _CLOSE(licence_id, month, royalty, topped_up, closed_by, now)

    def add_line(self, line: Line, correction_key: str = "") -> Tx[Line]:
        """Under the next number of its owner and month."""
        number = (yield _NEXT_LINE(line.owner_id, line.month))[0][0]
        made = msgspec.structs.replace(line, number=number)
        body = msgspec.json.encode(made).decode()
        yield _ADD_LINE(
            made.owner_id, made.month, number, made.transaction_id or None, made.corrects, correction_key or None, made.amount, body
        )
        return made

    def lines(self, owner_id: str, month: Month) -> Tx[list[Line]]:
        """Raises StatementTooLong."""
        rows = yield _LINES(owner_id, month, LINES_MAX + 1)
        if len(rows) > LINES_MAX:
            raise StatementTooLong
        return _read(rows)

    def line(self, owner_id: str, month: Month, number: int) -> Tx[Line]:
        """Raises LineNotFound."""
        found = _read((yield _LINE(owner_id, month, number)))
        if not found:
            raise LineNotFound
        return found[0]

    def correction(self, key: str) -> Tx[Line | None]:
        """What was corrected under a key."""
        found = _read((yield _CORRECTION(key)))
        return found[0] if found else None

    def corrected(self, owner_id: str, name: str) -> Tx[int]:
        """What corrections have added to a line so far, or taken from it."""
        return int((yield _CORRECTED(owner_id, name))[0][0])


def _read(rows: Rows) -> list[Line]:
    return [msgspec.json.decode(row[0], type=Line) for row in rows]
