"""Realtime messages of Nakama's socket: one `Envelope` per WebSocket message. Field numbers and names: nakama-common, rtapi/realtime.proto.

All 50 messages are known. Those whose feature has not landed are declared without fields: they are recognised, and refused.
"""

from datetime import datetime
from typing import Annotated, NamedTuple

import msgspec

from supergame.wire.api import ChannelMessage, Notification, Rpc
from supergame.wire.message import Int32, Int64, Message, field


class Unsupported(Message):
    """A message of a feature that this server does not have yet; whatever it holds is skipped."""


class UserPresence(Message):
    """Somebody in a stream. `status` is null unless the stream shows one."""

    user_id: Annotated[str, field(1)] = ""
    session_id: Annotated[str, field(2)] = ""
    username: Annotated[str, field(3)] = ""
    persistence: Annotated[bool, field(4)] = False
    status: Annotated[str | None, field(5)] = None


class Error(Message):
    code: Annotated[Int32, field(1)] = 0
    message: Annotated[str, field(2)] = ""
    context: Annotated[dict[str, str], field(3)] = {}


class Ping(Message):
    """Answered by a pong."""


class Pong(Message):
    """Ignored from clients."""


# --- chat


class Channel(Message):
    id: Annotated[str, field(1)] = ""
    presences: Annotated[list[UserPresence], field(2)] = []
    self_presence: Annotated[UserPresence | None, field(3)] = msgspec.field(default=None, name="self")
    room_name: Annotated[str, field(4)] = ""
    group_id: Annotated[str, field(5)] = ""
    user_id_one: Annotated[str, field(6)] = ""
    user_id_two: Annotated[str, field(7)] = ""


class ChannelJoin(Message):
    """`type`: 1 a room, 2 a direct channel, 3 a group's; 0 is a room too."""

    target: Annotated[str, field(1)] = ""
    type: Annotated[Int32, field(2)] = 0
    persistence: Annotated[bool | None, field(3)] = None
    hidden: Annotated[bool | None, field(4)] = None


class ChannelLeave(Message):
    channel_id: Annotated[str, field(1)] = ""


class ChannelMessageAck(Message):
    channel_id: Annotated[str, field(1)] = ""
    message_id: Annotated[str, field(2)] = ""
    code: Annotated[Int32 | None, field(3)] = None
    username: Annotated[str, field(4)] = ""
    create_time: Annotated[datetime | None, field(5)] = None
    update_time: Annotated[datetime | None, field(6)] = None
    persistent: Annotated[bool | None, field(7)] = None
    room_name: Annotated[str, field(8)] = ""
    group_id: Annotated[str, field(9)] = ""
    user_id_one: Annotated[str, field(10)] = ""
    user_id_two: Annotated[str, field(11)] = ""


class ChannelMessageSend(Message):
    channel_id: Annotated[str, field(1)] = ""
    content: Annotated[str, field(2)] = ""


class ChannelMessageUpdate(Message):
    channel_id: Annotated[str, field(1)] = ""
    message_id: Annotated[str, field(2)] = ""
    content: Annotated[str, field(3)] = ""


class ChannelMessageRemove(Message):
    channel_id: Annotated[str, field(1)] = ""
    message_id: Annotated[str, field(2)] = ""


class ChannelPresenceEvent(Message):
    channel_id: Annotated[str, field(1)] = ""
    joins: Annotated[list[UserPresence], field(2)] = []
    leaves: Annotated[list[UserPresence], field(3)] = []
    room_name: Annotated[str, field(4)] = ""
    group_id: Annotated[str, field(5)] = ""
    user_id_one: Annotated[str, field(6)] = ""
    user_id_two: Annotated[str, field(7)] = ""


# --- notifications


class Notifications(Message):
    notifications: Annotated[list[Notification], field(1)] = []


# --- status


class Status(Message):
    presences: Annotated[list[UserPresence], field(1)] = []


class StatusFollow(Message):
    user_ids: Annotated[list[str], field(1)] = []
    usernames: Annotated[list[str], field(2)] = []


class StatusPresenceEvent(Message):
    joins: Annotated[list[UserPresence], field(2)] = []
    leaves: Annotated[list[UserPresence], field(3)] = []


class StatusUnfollow(Message):
    user_ids: Annotated[list[str], field(1)] = []


class StatusUpdate(Message):
    """Null appears offline."""

    status: Annotated[str | None, field(1)] = None


# --- streams


class StreamName(Message):
    mode: Annotated[Int32, field(1)] = 0
    subject: Annotated[str, field(2)] = ""
    subcontext: Annotated[str, field(3)] = ""
    label: Annotated[str, field(4)] = ""


class StreamData(Message):
    stream: Annotated[StreamName | None, field(1)] = None
    sender: Annotated[UserPresence | None, field(2)] = None
    data: Annotated[str, field(3)] = ""
    reliable: Annotated[bool, field(4)] = False


class StreamPresenceEvent(Message):
    stream: Annotated[StreamName | None, field(1)] = None
    joins: Annotated[list[UserPresence], field(2)] = []
    leaves: Annotated[list[UserPresence], field(3)] = []


# --- matches


class Match(Message):
    match_id: Annotated[str, field(1)] = ""
    authoritative: Annotated[bool, field(2)] = False
    label: Annotated[str | None, field(3)] = None
    size: Annotated[Int32, field(4)] = 0
    presences: Annotated[list[UserPresence], field(5)] = []
    self_presence: Annotated[UserPresence | None, field(6)] = msgspec.field(default=None, name="self")


class MatchCreate(Message):
    name: Annotated[str, field(1)] = ""


class MatchData(Message):
    match_id: Annotated[str, field(1)] = ""
    presence: Annotated[UserPresence | None, field(2)] = None
    op_code: Annotated[Int64, field(3)] = 0
    data: Annotated[bytes, field(4)] = b""
    reliable: Annotated[bool, field(5)] = False


class MatchDataSend(Message):
    match_id: Annotated[str, field(1)] = ""
    op_code: Annotated[Int64, field(2)] = 0
    data: Annotated[bytes, field(3)] = b""
    presences: Annotated[list[UserPresence], field(4)] = []
    reliable: Annotated[bool, field(5)] = False


class MatchJoin(Message):
    match_id: Annotated[str, field(1)] = ""
    token: Annotated[str, field(2)] = ""
    metadata: Annotated[dict[str, str], field(3)] = {}


class MatchLeave(Message):
    match_id: Annotated[str, field(1)] = ""


class MatchPresenceEvent(Message):
    match_id: Annotated[str, field(1)] = ""
    joins: Annotated[list[UserPresence], field(2)] = []
    leaves: Annotated[list[UserPresence], field(3)] = []


class Kind(NamedTuple):
    """One of the envelope's 50 messages."""

    number: int
    type: type[Message]


MESSAGES: dict[str, Kind] = {
    "channel": Kind(2, Channel),
    "channel_join": Kind(3, ChannelJoin),
    "channel_leave": Kind(4, ChannelLeave),
    "channel_message": Kind(5, ChannelMessage),
    "channel_message_ack": Kind(6, ChannelMessageAck),
    "channel_message_send": Kind(7, ChannelMessageSend),
    "channel_message_update": Kind(8, ChannelMessageUpdate),
    "channel_message_remove": Kind(9, ChannelMessageRemove),
    "channel_presence_event": Kind(10, ChannelPresenceEvent),
    "error": Kind(11, Error),
    "match": Kind(12, Match),
    "match_create": Kind(13, MatchCreate),
    "match_data": Kind(14, MatchData),
    "match_data_send": Kind(15, MatchDataSend),
    "match_join": Kind(16, MatchJoin),
    "match_leave": Kind(17, MatchLeave),
    "match_presence_event": Kind(18, MatchPresenceEvent),
    "matchmaker_add": Kind(19, Unsupported),
    "matchmaker_matched": Kind(20, Unsupported),
    "matchmaker_remove": Kind(21, Unsupported),
    "matchmaker_ticket": Kind(22, Unsupported),
    "notifications": Kind(23, Notifications),
    "rpc": Kind(24, Rpc),
    "status": Kind(25, Status),
    "status_follow": Kind(26, StatusFollow),
    "status_presence_event": Kind(27, StatusPresenceEvent),
    "status_unfollow": Kind(28, StatusUnfollow),
    "status_update": Kind(29, StatusUpdate),
    "stream_data": Kind(30, StreamData),
    "stream_presence_event": Kind(31, StreamPresenceEvent),
    "ping": Kind(32, Ping),
    "pong": Kind(33, Pong),
    "party": Kind(34, Unsupported),
    "party_create": Kind(35, Unsupported),
    "party_join": Kind(36, Unsupported),
    "party_leave": Kind(37, Unsupported),
    "party_promote": Kind(38, Unsupported),
    "party_leader": Kind(39, Unsupported),
    "party_accept": Kind(40, Unsupported),
    "party_remove": Kind(41, Unsupported),
    "party_close": Kind(42, Unsupported),
    "party_join_request_list": Kind(43, Unsupported),
    "party_join_request": Kind(44, Unsupported),
    "party_matchmaker_add": Kind(45, Unsupported),
    "party_matchmaker_remove": Kind(46, Unsupported),
    "party_matchmaker_ticket": Kind(47, Unsupported),
    "party_data": Kind(48, Unsupported),
    "party_data_send": Kind(49, Unsupported),
    "party_presence_event": Kind(50, Unsupported),
    "party_update": Kind(51, Unsupported),
}
"""By name. An envelope has an optional `cid` (field 1) and exactly one of these."""

FROM_CLIENTS = frozenset(
    (
        "channel_join",
        "channel_leave",
        "channel_message_send",
        "channel_message_update",
        "channel_message_remove",
        "match_create",
        "match_data_send",
        "match_join",
        "match_leave",
        "matchmaker_add",
        "matchmaker_remove",
        "rpc",
        "status_follow",
        "status_unfollow",
        "status_update",
        "ping",
        "pong",
        "party_create",
        "party_join",
        "party_leave",
        "party_promote",
        "party_accept",
        "party_remove",
        "party_close",
        "party_join_request_list",
        "party_matchmaker_add",
        "party_matchmaker_remove",
        "party_data_send",
        "party_update",
    )
)
"""The messages that a client may send. Any other ends its session."""
