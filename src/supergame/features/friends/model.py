"""What people can be to each other, and the forms of requests (rules FRD1 to FRD12 in docs/spec/friends.md)."""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, Final, NamedTuple

import msgspec

from supergame.base.errors import InvalidArgument, ResourceExhausted
from supergame.base.ids import UserId
from supergame.wire.api import Friend
from supergame.wire.message import Message, field

FRIENDS_MAX: Final = 1_000
"""Friends, invites and blocked people of one person; beyond: refused."""

PEOPLE_PER_REQUEST_MAX: Final = 100
PAGE_MAX: Final = 1_000
FRIENDS_OF_FRIENDS_PAGE_MAX: Final = 100
METADATA_BYTES_MAX: Final = 4_096

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])


class State(IntEnum):
    """What somebody sees of another one. Source: nakama-common, api/api.proto, Friend.State."""

    FRIEND = 0
    INVITED = 1
    INVITED_BY = 2
    BLOCKED = 3


class FriendsInvalid(InvalidArgument):
    """These people, this page or this note does not have the required form, or one of the people is oneself or nobody."""

    code = "friends.invalid"


class TooManyFriends(ResourceExhausted):
    """One of the two has as many friends, invites and blocked people as they may have."""

    code = "friends.too_many"


class Edge(NamedTuple):
    """One person's side of a relation."""

    other_id: UserId
    state: int
    metadata: str
    updated_at: int


class FriendSeen(Message):
    """A friend, and in which titles they are online now; empty for those who are none yet."""

    friend: Annotated[Friend, field(1)] = msgspec.field(default_factory=Friend)
    online_in: Annotated[list[str], field(2)] = []


class FriendsSeen(Message):
    friends: Annotated[list[FriendSeen], field(1)] = []
    cursor: Annotated[str, field(2)] = ""


def check_metadata(metadata: str) -> str:
    """The note to an invite, `{}` when there is none."""
    if len(metadata.encode()) > METADATA_BYTES_MAX:
        raise FriendsInvalid(f"A note has at most {METADATA_BYTES_MAX} bytes.")
    try:
        _OBJECT.decode(metadata or "{}")
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise FriendsInvalid("A note is a JSON object.") from None
    return metadata or "{}"


def check_page(limit: int | None, default: int, limit_max: int) -> int:
    if limit is None:
        return default
    if not 1 <= limit <= limit_max:
        raise FriendsInvalid(f"A page has 1 to {limit_max} people.")
    return limit


def check_state(state: int | None) -> None:
    if state is not None and state not in tuple(State):
        raise FriendsInvalid("A state is 0 for friends, 1 or 2 for invites, 3 for blocked people.")
