"""Reports, complaints and decisions (rules REP1 to REP14 in docs/spec/reports.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, TypeVar

import msgspec

from supergame.base.clock import WallMicros, exact_datetime
from supergame.base.errors import AlreadyExists, FailedPrecondition, InvalidArgument, NotFound, ResourceExhausted
from supergame.base.ids import TitleId, UserId
from supergame.base.limits import Limits
from supergame.wire.api import ChannelMessage
from supergame.wire.message import Int32, Int64, Message, field

Choice = TypeVar("Choice", bound=StrEnum)

CONTEXT_LINES: Final = 10
"""Messages that moderators see before and after one that was reported."""

NEVER: Final = WallMicros(0)
COMPLAINTS_SHOWN: Final = 100
CLAIM_S: Final = 600
"""How long a report stays with the moderator who claimed it."""

WINDOW_S: Final = 3_600
"""What the bound on a player's reports is reckoned over."""

KEPT_S: Final = 365 * 86_400
"""How long a decided report is kept."""


class Kind(StrEnum):
    """What is reported."""

    PLAYER = "player"
    MESSAGE = "message"
    NAME = "name"


class Reason(StrEnum):
    """Why; clients offer these."""

    SPAM = "spam"
    HARASSMENT = "harassment"
    HATE = "hate"
    SEXUAL = "sexual"
    VIOLENCE = "violence"
    SELF_HARM = "self_harm"
    CHILD_SAFETY = "child_safety"
    PRIVACY = "privacy"
    CHEATING = "cheating"
    OTHER = "other"


class Decision(StrEnum):
    """What moderators make of a report."""

    APPROVE = "approve"
    """Nothing is wrong with it."""
    REMOVE = "remove"
    """Take away what was reported: the message, or the names of its player."""
    MUTE = "mute"
    BAN = "ban"


class ReportInvalid(InvalidArgument):
    """A report names a player, a message or a name of somebody else, a reason of the list, and at most 500 bytes of words."""

    code = "report.invalid"


class TooManyReports(ResourceExhausted):
    """You have reported as much as you may within an hour; moderators look at all of it."""

    code = "report.too_many"


class QueueFull(ResourceExhausted):
    """More is reported than moderators can look at; try again later."""

    code = "report.queue_full"


class ReportNotFound(NotFound):
    """There is no such report."""

    code = "report.not_found"


class ReportClaimed(FailedPrecondition):
    """Another moderator is at this report."""

    code = "report.claimed"


class ReportChanged(AlreadyExists):
    """This report has changed since you looked at it, or has been decided; look again."""

    code = "report.changed"


class DecisionInvalid(InvalidArgument):
    """This cannot be decided of such a report."""

    code = "report.decision_invalid"


class MakeReport(Message):
    """What a player sends: `user_id` for a player or a name, `message_id` for a message."""

    kind: Annotated[str, field(1)] = ""
    user_id: Annotated[str, field(2)] = ""
    message_id: Annotated[str, field(3)] = ""
    reason: Annotated[str, field(4)] = ""
    words: Annotated[str, field(5)] = ""


class ReportEntry(Message):
    """A report as moderators see it. `content` is the message as it was when it was reported, or the display name."""

    id: Annotated[str, field(1)] = ""
    kind: Annotated[str, field(2)] = ""
    user_id: Annotated[str, field(3)] = ""
    username: Annotated[str, field(4)] = ""
    channel_id: Annotated[str, field(5)] = ""
    message_id: Annotated[str, field(6)] = ""
    content: Annotated[str, field(7)] = ""
    say_time: Annotated[datetime | None, field(8)] = None
    create_time: Annotated[datetime | None, field(9)] = None
    state: Annotated[str, field(10)] = ""
    version: Annotated[Int64, field(11)] = 0
    reasons: Annotated[dict[str, Int32], field(12)] = {}
    claimed_by: Annotated[str, field(13)] = ""
    claim_end_time: Annotated[datetime | None, field(14)] = None
    decision: Annotated[str, field(15)] = ""
    decided_by: Annotated[str, field(16)] = ""
    decide_time: Annotated[datetime | None, field(17)] = None
    decision_reason: Annotated[str, field(18)] = ""


class ComplaintEntry(Message):
    reporter_id: Annotated[str, field(1)] = ""
    reason: Annotated[str, field(2)] = ""
    words: Annotated[str, field(3)] = ""
    complain_time: Annotated[datetime | None, field(4)] = None


class ReportPage(Message):
    """One report with all that helps to decide: who complained of what, and ten lines before and after."""

    report: Annotated[ReportEntry, field(1)] = msgspec.field(default_factory=ReportEntry)
    complaints: Annotated[list[ComplaintEntry], field(2)] = []
    before: Annotated[list[ChannelMessage], field(3)] = []
    after: Annotated[list[ChannelMessage], field(4)] = []


@dataclass(frozen=True, slots=True)
class Report:
    """One report, as it is kept."""

    title_id: TitleId
    report_id: str
    kind: Kind
    subject: str
    user_id: UserId
    username: str
    channel_id: str
    message_id: str
    content: str
    said_at: WallMicros
    created_at: WallMicros
    state: str = "open"
    version: int = 1
    claimed_by: str = ""
    claim_ends_at: WallMicros = NEVER
    decision: str = ""
    decided_by: str = ""
    decided_at: WallMicros = NEVER
    decision_reason: str = ""
    undo: str = ""

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    def is_claimed_by_another(self, moderator: str, now: WallMicros) -> bool:
        return self.claimed_by not in ("", moderator) and self.claim_ends_at > now

    def shown(self, reasons: dict[str, int], now: WallMicros) -> ReportEntry:
        entry = ReportEntry(
            id=self.report_id,
            say_time=exact_datetime(self.said_at) if self.said_at else None,
            create_time=exact_datetime(self.created_at),
            reasons=reasons,
            **{name: getattr(self, name) for name in _PLAIN},
        )
        if self.claim_ends_at > now:
            entry.claimed_by, entry.claim_end_time = self.claimed_by, exact_datetime(self.claim_ends_at)
        if not self.is_open:
            entry.decide_time = exact_datetime(self.decided_at)
        return entry


_PLAIN: Final = (
    *("kind", "user_id", "username", "channel_id", "message_id", "content", "state", "version"),
    *("decision", "decided_by", "decision_reason"),
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """Who reported it, and what they said of it."""

    reporter_id: UserId
    reason: Reason
    words: str
    complained_at: WallMicros

    def shown(self) -> ComplaintEntry:
        time = exact_datetime(self.complained_at)
        return ComplaintEntry(reporter_id=self.reporter_id, reason=self.reason.value, words=self.words, complain_time=time)


def parse_choice(kind: type[Choice], text: str, error: type[InvalidArgument]) -> Choice:
    """A member of one of the lists above, by its name on the wire."""
    try:
        return kind(text)
    except ValueError:
        raise error(f"It is one of: {', '.join(kind)}.") from None


def check_words(words: str, limits: Limits) -> None:
    if len(words.encode()) > limits.report_words_bytes_max or "\0" in words:
        raise ReportInvalid(f"Words have at most {limits.report_words_bytes_max} bytes and no NUL.")


def check_page(limit: int, limits: Limits) -> None:
    if not 1 <= limit <= limits.page_max:
        raise ReportInvalid(f"A page has 1 to {limits.page_max} reports.")
