"""Bans, mutes and notes (rules SAN1 to SAN10 in docs/spec/sanctions.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from supergame.base.clock import SECOND_US, WallMicros, exact_datetime
from supergame.base.errors import InvalidArgument, NotFound, ResourceExhausted
from supergame.base.ids import TitleId, UserId
from supergame.base.limits import Limits
from supergame.wire.message import Message, field

EVERYWHERE: Final = TitleId("")
"""In place of a title: a sanction that holds in the whole deployment."""

UNTIL_LIFTED: Final = WallMicros(2**63 - 1)
"""As an end: it does not pass by itself."""

BY_THE_GAME: Final = "the game"
"""In place of an operator's name: the game's own code did it."""


class Kind(StrEnum):
    BAN = "ban"
    """No sign-in, no session, no socket."""
    MUTE = "mute"
    """Nothing to say in chat; everything else goes on."""


class SanctionInvalid(InvalidArgument):
    """A ban or mute lasts at most ten years, and its reason has at most 500 bytes and no NUL."""

    code = "sanction.invalid"


class SanctionNotFound(NotFound):
    """There is no such ban or mute in force."""

    code = "sanction.not_found"


class TooManyMutes(ResourceExhausted):
    """As many players are muted as can be at a time."""

    code = "sanction.too_many_mutes"


class NoteInvalid(InvalidArgument):
    """A note has 1 to 4,000 bytes and no NUL."""

    code = "sanction.note_invalid"


@dataclass(frozen=True, slots=True)
class Sanction:
    """One ban or mute, as it is kept. Nothing of it changes but its lifting."""

    sanction_id: str
    title_id: TitleId
    user_id: UserId
    kind: Kind
    reason: str
    imposed_by: str
    imposed_at: WallMicros
    ends_at: WallMicros
    lifted_at: WallMicros | None = None
    lifted_by: str = ""
    lift_reason: str = ""

    def is_in_force(self, now: WallMicros) -> bool:
        return self.lifted_at is None and self.ends_at > now

    def shown(self, now: WallMicros) -> SanctionEntry:
        return SanctionEntry(
            id=self.sanction_id,
            title_id=self.title_id,
            user_id=self.user_id,
            kind=self.kind.value,
            reason=self.reason,
            imposed_by=self.imposed_by,
            impose_time=exact_datetime(self.imposed_at),
            end_time=None if self.ends_at == UNTIL_LIFTED else exact_datetime(self.ends_at),
            lift_time=None if self.lifted_at is None else exact_datetime(self.lifted_at),
            lifted_by=self.lifted_by,
            lift_reason=self.lift_reason,
            in_force=self.is_in_force(now),
        )


@dataclass(frozen=True, slots=True)
class Note:
    """What an operator wrote about a player. It is never changed."""

    note_id: str
    title_id: TitleId
    user_id: UserId
    text: str
    written_by: str
    written_at: WallMicros

    def shown(self) -> NoteEntry:
        return NoteEntry(id=self.note_id, text=self.text, written_by=self.written_by, write_time=exact_datetime(self.written_at))


class SanctionEntry(Message):
    """A ban or mute as operators see it. Without an end it holds until it is lifted; without a title in all of them."""

    id: Annotated[str, field(1)] = ""
    title_id: Annotated[str, field(2)] = ""
    user_id: Annotated[str, field(3)] = ""
    kind: Annotated[str, field(4)] = ""
    reason: Annotated[str, field(5)] = ""
    imposed_by: Annotated[str, field(6)] = ""
    impose_time: Annotated[datetime | None, field(7)] = None
    end_time: Annotated[datetime | None, field(8)] = None
    lift_time: Annotated[datetime | None, field(9)] = None
    lifted_by: Annotated[str, field(10)] = ""
    lift_reason: Annotated[str, field(11)] = ""
    in_force: Annotated[bool, field(12)] = False


class NoteEntry(Message):
    """A note as operators see it."""

    id: Annotated[str, field(1)] = ""
    text: Annotated[str, field(2)] = ""
    written_by: Annotated[str, field(3)] = ""
    write_time: Annotated[datetime | None, field(4)] = None


def end_of(now: WallMicros, duration_s: int) -> WallMicros:
    """When a sanction that begins now ends; 0 seconds mean until it is lifted."""
    return WallMicros(now + duration_s * SECOND_US) if duration_s else UNTIL_LIFTED


def told(what: str, sanction: Sanction) -> str:
    """The sentence that its player reads: since when is theirs to know, by whom is not."""
    until = "" if sanction.ends_at == UNTIL_LIFTED else f" until {exact_datetime(sanction.ends_at):%Y-%m-%d %H:%M} UTC"
    return f"{what}{until}: {sanction.reason}" if sanction.reason else f"{what}{until}."


def check_sanction(duration_s: int, reason: str, limits: Limits) -> None:
    if not 0 <= duration_s <= limits.sanction_s_max or len(reason.encode()) > limits.sanction_reason_bytes_max or "\0" in reason:
        raise SanctionInvalid


def check_note(text: str, limits: Limits) -> None:
    if not 1 <= len(text.encode()) <= limits.note_bytes_max or "\0" in text:
        raise NoteInvalid
