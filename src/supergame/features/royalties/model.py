"""Months, meters, lines and statements of royalties, and what can be wrong with them (rules ROY1 to ROY14 in docs/spec/royalties.md)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple, NewType

import msgspec

from supergame.base.clock import SECOND_US, WallMicros, as_datetime
from supergame.base.errors import FailedPrecondition, InvalidArgument, NotFound, ResourceExhausted
from supergame.features.ledger.model import AMOUNT_MAX, Account, AccountKind
from supergame.features.licences.model import WHOLE_BPS, State, Step, Terms

Month = NewType("Month", str)
"""`2026-11`, in UTC."""

FLUSH_EVERY_S = 5.0
"""What a process that is killed has not booked yet is younger than this (and than one write to the database). Sales are booked at once."""
CLOSE_AFTER_S = 60  # so that what was counted in a month's last moment is booked before the month is closed
SALE_MAX = 10**12
SALE_ID_BYTES_MAX = 64
NOTE_BYTES_MAX = 300
LINES_MAX = 10_000  # of one statement

_MONTH = re.compile(r"2\d{3}-(0[1-9]|1[0-2])")
_SALE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RoyaltyInvalid(InvalidArgument):
    """A month, amount, sale or correction does not have the required form."""

    code = "royalty.invalid"


class MonthOpen(FailedPrecondition):
    """This month is not over yet."""

    code = "royalty.month_open"


class LineNotFound(NotFound):
    """There is no such line in a closed month's statement."""

    code = "royalty.line_not_found"


class CorrectionTooLarge(FailedPrecondition):
    """More would be taken back than the line has left."""

    code = "royalty.correction_too_large"


class StatementTooLong(ResourceExhausted):
    """This statement has more lines than fit into one."""

    code = "royalty.statement_too_long"


class SaleRefused(FailedPrecondition):
    """The title may not sell this, or not in this currency."""

    code = "royalty.sale_refused"


class Tally(NamedTuple):
    """What was used and sold, and what is owed for it."""

    uses: int = 0
    sessions: int = 0
    sales: int = 0
    sold: int = 0
    royalty: int = 0


class Booking(NamedTuple):
    """One line of a batch: what was counted of an asset of a licence."""

    licence_id: str
    terms: Terms
    asset: str
    uses: int = 0
    sessions: int = 0
    sales: int = 0
    sold: int = 0


class Batch(NamedTuple):
    """Booked once, however often it is sent."""

    id: str
    bookings: tuple[Booking, ...]


class LineKind(StrEnum):
    SHARE = "share"
    MINIMUM = "minimum"
    CORRECTION = "correction"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an owner's statement.

    Attributes:
        number: within its owner and month; 0 while the month is open.
        royalty: what the asset brought in all; `amount` is this owner's part, below zero when something was taken back.
        share: the part, as a fraction such as `3/5`.
        corrects: the line that a correction is about, such as `2026-10/3`.
        signed_by: who closed the month, or corrected.
    """

    owner_id: str
    month: str
    number: int
    kind: LineKind
    licence_id: str
    title: str
    asset: str
    currency: str
    amount: int
    uses: int = 0
    sessions: int = 0
    sales: int = 0
    sold: int = 0
    royalty: int = 0
    share: str = ""
    note: str = ""
    corrects: str = ""
    signed_by: str = ""
    transaction_id: str = ""
    """Empty while the month is open: nothing is booked for the owner yet."""

    @property
    def name(self) -> str:
        return f"{self.month}/{self.number}"


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What an owner has earned in a month. Final when the month is over and all its licences are closed: it then stays as it is."""

    owner_id: str
    owner_name: str
    month: str
    is_final: bool
    lines: tuple[Line, ...]

    def totals(self) -> dict[str, int]:
        """By currency, in smallest units."""
        sums: dict[str, int] = {}
        for line in self.lines:
            sums[line.currency] = sums.get(line.currency, 0) + line.amount
        return dict(sorted(sums.items()))


def check_month(text: str) -> Month:
    """Raises RoyaltyInvalid."""
    if not _MONTH.fullmatch(text):
        raise RoyaltyInvalid("A month is written as 2026-11.")
    return Month(text)


def check_sale(amount: int, sale_id: str) -> None:
    """Raises RoyaltyInvalid."""
    if type(amount) is not int or not 1 <= amount <= SALE_MAX:
        raise RoyaltyInvalid(f"A sale is a whole amount from 1 to {SALE_MAX}, in the currency's smallest unit.")
    if not _SALE_ID.fullmatch(sale_id):
        raise RoyaltyInvalid(f"A sale has an id of 1 to {SALE_ID_BYTES_MAX} letters, digits, dots, hyphens and underscores.")


def month_of(at: WallMicros) -> Month:
    return Month(as_datetime(at).strftime("%Y-%m"))


def bounds_of(month: Month) -> tuple[WallMicros, WallMicros]:
    """A month's first moment, and that of the next."""
    year, number = int(month[:4]), int(month[5:])
    first, following = datetime(year, number, 1, tzinfo=UTC), datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
    return WallMicros(int(first.timestamp()) * SECOND_US), WallMicros(int(following.timestamp()) * SECOND_US)


def owed(terms: Terms, tally: Tally) -> int:
    """For all that was used and sold of an asset in a month. Of the sum, so it does not matter in which batches it was counted."""
    return tally.uses * terms.use_fee + tally.sold * terms.share_bps // WHOLE_BPS


def newly_owed(terms: Terms, of_asset: Tally, of_licence: int) -> int:
    """What a batch adds to what is booked. `of_licence` is all royalties of the licence in the month: the maximum applies to them."""
    room = terms.royalty_max - of_licence if terms.royalty_max else AMOUNT_MAX
    return max(0, min(owed(terms, of_asset) - of_asset.royalty, room, AMOUNT_MAX))


def was_active(terms: Terms, steps: list[Step], month: Month) -> bool:
    """Whether the licence was in force for a moment of the month: then its minimum is owed."""
    first, end = bounds_of(month)
    first, end = max(first, WallMicros(terms.starts_at)), min(end, WallMicros(terms.ends_at or end))
    state, since = State.DRAFT, WallMicros(0)
    for step in steps:
        if state is State.ACTIVE and since < end and step.at > first:
            return first < end
        state, since = step.after, step.at
    return state is State.ACTIVE and since < end and first < end


def title_account(title: str) -> Account:
    """What a title has paid: below zero by what it owes."""
    return Account(f"title/{title}", AccountKind.OPEN)


def licence_account(licence_id: str) -> Account:
    """What a licence has brought in months that are not closed yet."""
    return Account(f"licence/{licence_id}", AccountKind.FUNDED)


def owner_account(owner_id: str) -> Account:
    """What an owner is owed."""
    return Account(f"owner/{owner_id}", AccountKind.FUNDED)
