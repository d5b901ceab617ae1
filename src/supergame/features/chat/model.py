"""Channels, messages, and what can be wrong about them (rules CHAT1 to CHAT15 in docs/spec/chat.md).

The id of a channel tells what it is, as in Nakama: `2...<room>`, `3.<group>..`, `4.<person>.<person>.` with the smaller id first.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Protocol

import msgspec

from supergame.base.clock import exact_datetime
from supergame.base.errors import InvalidArgument, NotFound, PermissionDenied, ResourceExhausted
from supergame.base.ids import TitleId, UserId, is_uuid
from supergame.base.limits import Limits
from supergame.base.names import has_control
from supergame.realtime.stream import Mode, Stream
from supergame.wire.api import ChannelMessage
from supergame.wire.rtapi import ChannelMessageAck

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])

MODES = (Mode.ROOM, Mode.GROUP, Mode.DIRECT)


class Kind(IntEnum):
    """The types of `channel_join`."""

    ROOM = 1
    DIRECT = 2
    GROUP = 3


class Code(IntEnum):
    """What a message is. Those of groups, from 3 on, come with their feature."""

    CHAT = 0
    UPDATE = 1
    REMOVE = 2


class ChannelInvalid(InvalidArgument):
    """There is no such channel, or it is not open to you."""

    code = "chat.channel_invalid"


class ContentInvalid(InvalidArgument):
    """A message is a JSON object of at most 4,096 bytes."""

    code = "chat.content_invalid"


class NotAMember(PermissionDenied):
    """The session must join a channel before it speaks there."""

    code = "chat.not_a_member"


class Muted(PermissionDenied):
    """You may not speak in chat."""

    code = "chat.muted"


class MessageNotFound(NotFound):
    """There is no such message of yours in this channel."""

    code = "chat.message_not_found"


class TooManyMessages(ResourceExhausted):
    """Too many messages in a short time; slow down."""

    code = "chat.too_many_messages"


class TooManyChannels(ResourceExhausted):
    """This socket follows and has joined as much as it may."""

    code = "chat.too_many_channels"


class PageInvalid(InvalidArgument):
    """A page has 1 to 100 messages."""

    code = "chat.page_invalid"


class Access(Protocol):
    """What other features know of channels. `friends` fills its half of this slot, `groups` when they land."""

    async def may_talk(self, title_id: TitleId, one: UserId, other: UserId) -> bool:
        """Whether neither has blocked the other."""
        ...

    async def is_member(self, title_id: TitleId, group_id: str, user_id: UserId) -> bool:
        """Whether somebody may enter a group's channel."""
        ...


MayTalk = Callable[[UserId, UserId], Awaitable[bool]]


class NoGroups:
    """There are no groups, and who may talk to whom is decided elsewhere."""

    def __init__(self, may_talk: MayTalk) -> None:
        self._may_talk = may_talk

    async def may_talk(self, title_id: TitleId, one: UserId, other: UserId) -> bool:
        return await self._may_talk(one, other)

    async def is_member(self, title_id: TitleId, group_id: str, user_id: UserId) -> bool:
        return False


@dataclass(frozen=True)
class Channel:
    """One channel of a title. Without slots, for it keeps what is asked of it again and again."""

    title_id: TitleId
    mode: Mode
    subject: str = ""
    subcontext: str = ""
    label: str = ""

    @classmethod
    def room(cls, title_id: TitleId, name: str, limits: Limits) -> Channel:
        if not 1 <= len(name.encode()) <= limits.room_name_bytes_max or has_control(name):
            raise ChannelInvalid(f"The name of a room has 1 to {limits.room_name_bytes_max} bytes and no control characters.")
        return cls(title_id, Mode.ROOM, label=name)

    @classmethod
    def group(cls, title_id: TitleId, group_id: str) -> Channel:
        if not is_uuid(group_id):
            raise ChannelInvalid("The channel of a group needs the group's id.")
        return cls(title_id, Mode.GROUP, group_id)

    @classmethod
    def direct(cls, title_id: TitleId, one: str, other: str) -> Channel:
        if not is_uuid(one) or not is_uuid(other):
            raise ChannelInvalid("A direct channel needs the other person's id.")
        return cls(title_id, Mode.DIRECT, min(one, other), max(one, other))

    @classmethod
    def parse(cls, title_id: TitleId, channel_id: str, limits: Limits) -> Channel:
        """The channel of an id. Raises ChannelInvalid."""
        mode, *texts = channel_id.split(".", 3)
        if len(texts) == 3:
            subject, subcontext, label = texts
            if mode == "2" and not subject and not subcontext:
                return cls.room(title_id, label, limits)
            if mode == "3" and not subcontext and not label:
                return cls.group(title_id, subject)
            if mode == "4" and not label and subject <= subcontext:
                return cls.direct(title_id, subject, subcontext)
        raise ChannelInvalid("This is no id of a channel.")

    @cached_property
    def id(self) -> str:
        return f"{int(self.mode)}.{self.subject}.{self.subcontext}.{self.label}"

    @cached_property
    def stream(self) -> Stream:
        return Stream(self.title_id, self.mode, self.subject, self.subcontext, self.label)

    @cached_property
    def names(self) -> dict[str, str]:
        """How messages tell which channel they belong to, besides its id."""
        if self.mode is Mode.ROOM:
            return {"room_name": self.label}
        if self.mode is Mode.GROUP:
            return {"group_id": self.subject}
        return {"user_id_one": self.subject, "user_id_two": self.subcontext}

    def other(self, user_id: UserId) -> UserId:
        """Of a direct channel: who sits opposite."""
        return UserId(self.subcontext if user_id == self.subject else self.subject)


@dataclass(frozen=True, slots=True)
class Stored:
    """One message, as it is kept."""

    message_id: str
    channel_id: str
    code: int
    sender_id: str
    username: str
    content: str
    created_at: int
    updated_at: int


def shown(channel: Channel, message: Stored, persistent: bool = True) -> ChannelMessage:
    """A message as those in the channel see it."""
    created = exact_datetime(message.created_at)
    return ChannelMessage(
        channel_id=channel.id,
        message_id=message.message_id,
        code=message.code,
        sender_id=message.sender_id,
        username=message.username,
        content=message.content,
        create_time=created,
        update_time=created if message.updated_at == message.created_at else exact_datetime(message.updated_at),
        persistent=persistent,
        **channel.names,
    )


def acknowledged(message: ChannelMessage) -> ChannelMessageAck:
    """The reply to whoever sent, updated or removed it."""
    return ChannelMessageAck(
        channel_id=message.channel_id,
        message_id=message.message_id,
        code=message.code,
        username=message.username,
        create_time=message.create_time,
        update_time=message.update_time,
        persistent=message.persistent,
        room_name=message.room_name,
        group_id=message.group_id,
        user_id_one=message.user_id_one,
        user_id_two=message.user_id_two,
    )


def check_content(content: str, limits: Limits) -> None:
    if len(content.encode()) > limits.channel_content_bytes_max:
        raise ContentInvalid(f"A message has at most {limits.channel_content_bytes_max} bytes.")
    try:
        _OBJECT.decode(content)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise ContentInvalid("A message is a JSON object.") from None


def check_message_id(message_id: str) -> None:
    if not is_uuid(message_id):
        raise MessageNotFound


def check_page(limit: int, limits: Limits) -> None:
    if not 1 <= limit <= limits.page_max:
        raise PageInvalid(f"A page has 1 to {limits.page_max} messages.")
