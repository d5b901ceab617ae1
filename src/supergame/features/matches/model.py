"""What a match is, its id, who is in it, and how things can fail (rules MAT1 to MAT26 in docs/spec/matches.md)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final, NamedTuple

from supergame.base.errors import Internal, InvalidArgument, NotFound, PermissionDenied, ResourceExhausted
from supergame.base.ids import TitleId, is_uuid
from supergame.realtime.stream import Mode, Presence, Stream

TICK_RATE_HZ_MAX: Final = 60


class MatchIdInvalid(InvalidArgument):
    """This is no match id or token."""

    code = "match.id_invalid"


class MatchNotFound(NotFound):
    """There is no such match."""

    code = "match.not_found"


class JoinRefused(PermissionDenied):
    """The match does not let you in."""

    code = "match.join_rejected"


class HandlerUnknown(NotFound):
    """The game has no match handler of this name."""

    code = "match.handler_unknown"


class MatchFailed(Internal):
    """The match has failed and has ended."""

    code = "match.failed"


class LabelInvalid(InvalidArgument):
    """A label is a text of at most 2048 bytes."""

    code = "match.label_invalid"


class DataInvalid(InvalidArgument):
    """An op code is a 64-bit integer, and data has at most 64 KiB."""

    code = "match.data_invalid"


class FilterInvalid(InvalidArgument):
    """The filter of this list contradicts itself or is out of range."""

    code = "match.filter_invalid"


class TooManyMatches(ResourceExhausted):
    """This server runs as many matches as it can."""

    code = "match.too_many"


class TooMuchSpawned(ResourceExhausted):
    """The match has too much work under way."""

    code = "match.too_much_spawned"


class MatchId(NamedTuple):
    """`<uuid>.` of a relayed match, `<uuid>.<node>` of an authoritative one."""

    uuid: str
    node: str

    @property
    def is_relayed(self) -> bool:
        return not self.node

    def __str__(self) -> str:
        return f"{self.uuid}.{self.node}"

    def stream(self, title_id: TitleId) -> Stream:
        """Where the match's presences gather."""
        if self.node:
            return Stream(title_id, Mode.MATCH_AUTHORITATIVE, self.uuid, label=self.node)
        return Stream(title_id, Mode.MATCH_RELAYED, self.uuid)


def parse_match_id(text: str) -> MatchId:
    """Raises MatchIdInvalid."""
    head, dot, node = text.partition(".")
    if not dot or not is_uuid(head):
        raise MatchIdInvalid
    return MatchId(head, node)


def named_match_id(name: str) -> MatchId:
    """The relayed match of a name: a UUID of version 5 in the DNS namespace, so that equal names meet, as in Nakama."""
    return MatchId(str(uuid.uuid5(uuid.NAMESPACE_DNS, name)), "")


class Player:
    """Somebody in a match, by one session. A person with two sockets is two players."""

    __slots__ = ("presence", "session_id", "user_id", "username")

    def __init__(self, presence: Presence) -> None:
        self.presence = presence
        self.session_id: str = presence.session_id
        self.user_id: str = presence.user_id
        self.username: str = presence.session.username

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Player) and other.session_id == self.session_id

    def __hash__(self) -> int:
        return hash(self.session_id)

    def __repr__(self) -> str:
        return f"<Player {self.username} {self.session_id}>"


class MatchMessage(NamedTuple):
    """What a player has sent to an authoritative match."""

    player: Player
    op_code: int
    data: bytes
    reliable: bool = True

    @property
    def text(self) -> str:
        """The data as text; broken UTF-8 becomes U+FFFD."""
        return self.data.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class MatchInfo:
    """A match as lists show it."""

    match_id: str
    authoritative: bool
    size: int
    label: str = ""
    handler_name: str = ""
    tick_rate_hz: int = 0


class Watched(NamedTuple):
    """A match as operators see it. `tick_ms` is what a tick takes, averaged over the last few dozen; relayed matches do not tick."""

    match_id: str
    authoritative: bool
    size: int
    label: str = ""
    handler_name: str = ""
    tick_rate_hz: int = 0
    tick: int = 0
    tick_ms: float = 0.0
    ticks_missed: int = 0


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list asks for; None asks nothing."""

    limit: int = 1
    authoritative: bool | None = None
    label: str | None = None
    min_size: int | None = None
    max_size: int | None = None
    query: str | None = None

    def check(self, page_max: int) -> None:
        """Raises FilterInvalid."""
        if not 1 <= self.limit <= page_max:
            raise FilterInvalid(f"A page has 1 to {page_max} matches.")
        if self.authoritative is False and (self.label is not None or self.query is not None):
            raise FilterInvalid("Relayed matches have no label.")
        smallest, largest = self.min_size or 0, self.max_size
        if smallest < 0 or (largest is not None and largest < smallest):
            raise FilterInvalid("Sizes are not negative, and the smallest is not above the largest.")

    def allows(self, size: int) -> bool:
        return (self.min_size is None or size >= self.min_size) and (self.max_size is None or size <= self.max_size)
