"""Messages of Nakama's client API that this server speaks, by feature. Field numbers and names: nakama-common, api/api.proto."""

from datetime import datetime
from typing import Annotated

import msgspec

from supergame.wire.message import Int32, Message, field


class Empty(Message):
    """Nothing to say: `{}`."""


# --- sessions


class Session(Message):
    """A pair of tokens. `created` tells that this sign-in made the account."""

    created: Annotated[bool, field(1)] = False
    token: Annotated[str, field(2)] = ""
    refresh_token: Annotated[str, field(3)] = ""


class SessionRefreshRequest(Message):
    token: Annotated[str, field(1)] = ""
    vars: Annotated[dict[str, str], field(2)] = {}


class SessionLogoutRequest(Message):
    """Both empty: everywhere."""

    token: Annotated[str, field(1)] = ""
    refresh_token: Annotated[str, field(2)] = ""


# --- accounts


class AccountDevice(Message):
    id: Annotated[str, field(1)] = ""
    vars: Annotated[dict[str, str], field(2)] = {}


class AccountCustom(Message):
    id: Annotated[str, field(1)] = ""
    vars: Annotated[dict[str, str], field(2)] = {}


class AccountEmail(Message):
    email: Annotated[str, field(1)] = ""
    password: Annotated[str, field(2)] = ""
    vars: Annotated[dict[str, str], field(3)] = {}


class AccountSocial(Message):
    """Any of the providers' account messages, as far as this server looks at them."""

    token: Annotated[str, field(1)] = ""
    vars: Annotated[dict[str, str], field(2)] = {}


class AuthenticateDeviceRequest(Message):
    account: Annotated[AccountDevice, field(1)] = msgspec.field(default_factory=AccountDevice)
    create: Annotated[bool | None, field(2)] = None
    username: Annotated[str, field(3)] = ""


class AuthenticateCustomRequest(Message):
    account: Annotated[AccountCustom, field(1)] = msgspec.field(default_factory=AccountCustom)
    create: Annotated[bool | None, field(2)] = None
    username: Annotated[str, field(3)] = ""


class AuthenticateEmailRequest(Message):
    account: Annotated[AccountEmail, field(1)] = msgspec.field(default_factory=AccountEmail)
    create: Annotated[bool | None, field(2)] = None
    username: Annotated[str, field(3)] = ""


class User(Message):
    """What others see of an account in this title."""

    id: Annotated[str, field(1)] = ""
    username: Annotated[str, field(2)] = ""
    display_name: Annotated[str, field(3)] = ""
    avatar_url: Annotated[str, field(4)] = ""
    lang_tag: Annotated[str, field(5)] = ""
    location: Annotated[str, field(6)] = ""
    timezone: Annotated[str, field(7)] = ""
    metadata: Annotated[str, field(8)] = ""
    online: Annotated[bool, field(14)] = False
    edge_count: Annotated[Int32, field(15)] = 0
    create_time: Annotated[datetime | None, field(16)] = None
    update_time: Annotated[datetime | None, field(17)] = None


class Account(Message):
    """What the owner sees of it."""

    user: Annotated[User, field(1)] = msgspec.field(default_factory=User)
    wallet: Annotated[str, field(2)] = ""
    email: Annotated[str, field(3)] = ""
    devices: Annotated[list[AccountDevice], field(4)] = []
    custom_id: Annotated[str, field(5)] = ""
    verify_time: Annotated[datetime | None, field(6)] = None
    disable_time: Annotated[datetime | None, field(7)] = None


class UpdateAccountRequest(Message):
    """Unset fields stay as they are, empty ones are cleared."""

    username: Annotated[str | None, field(1)] = None
    display_name: Annotated[str | None, field(2)] = None
    avatar_url: Annotated[str | None, field(3)] = None
    lang_tag: Annotated[str | None, field(4)] = None
    location: Annotated[str | None, field(5)] = None
    timezone: Annotated[str | None, field(6)] = None


class GetUsersRequest(Message):
    ids: Annotated[list[str], field(1)] = []
    usernames: Annotated[list[str], field(2)] = []
    facebook_ids: Annotated[list[str], field(3)] = []


class Users(Message):
    users: Annotated[list[User], field(1)] = []


# --- storage


class StorageObject(Message):
    collection: Annotated[str, field(1)] = ""
    key: Annotated[str, field(2)] = ""
    user_id: Annotated[str, field(3)] = ""
    value: Annotated[str, field(4)] = ""
    version: Annotated[str, field(5)] = ""
    permission_read: Annotated[Int32, field(6)] = 0
    permission_write: Annotated[Int32, field(7)] = 0
    create_time: Annotated[datetime | None, field(8)] = None
    update_time: Annotated[datetime | None, field(9)] = None


class StorageObjects(Message):
    objects: Annotated[list[StorageObject], field(1)] = []


class StorageObjectList(Message):
    objects: Annotated[list[StorageObject], field(1)] = []
    cursor: Annotated[str, field(2)] = ""


class ReadStorageObjectId(Message):
    collection: Annotated[str, field(1)] = ""
    key: Annotated[str, field(2)] = ""
    user_id: Annotated[str, field(3)] = ""


class ReadStorageObjectsRequest(Message):
    object_ids: Annotated[list[ReadStorageObjectId], field(1)] = []


class WriteStorageObject(Message):
    """`version`: empty overwrites, `*` only creates, an MD5 only replaces that value. Permissions default to 1, the owner."""

    collection: Annotated[str, field(1)] = ""
    key: Annotated[str, field(2)] = ""
    value: Annotated[str, field(3)] = ""
    version: Annotated[str, field(4)] = ""
    permission_read: Annotated[Int32 | None, field(5)] = None
    permission_write: Annotated[Int32 | None, field(6)] = None


class WriteStorageObjectsRequest(Message):
    objects: Annotated[list[WriteStorageObject], field(1)] = []


class StorageObjectAck(Message):
    collection: Annotated[str, field(1)] = ""
    key: Annotated[str, field(2)] = ""
    version: Annotated[str, field(3)] = ""
    user_id: Annotated[str, field(4)] = ""
    create_time: Annotated[datetime | None, field(5)] = None
    update_time: Annotated[datetime | None, field(6)] = None


class StorageObjectAcks(Message):
    acks: Annotated[list[StorageObjectAck], field(1)] = []


class DeleteStorageObjectId(Message):
    collection: Annotated[str, field(1)] = ""
    key: Annotated[str, field(2)] = ""
    version: Annotated[str, field(3)] = ""


class DeleteStorageObjectsRequest(Message):
    object_ids: Annotated[list[DeleteStorageObjectId], field(1)] = []


class ListStorageObjectsRequest(Message):
    user_id: Annotated[str, field(1)] = ""
    collection: Annotated[str, field(2)] = ""
    limit: Annotated[Int32 | None, field(3)] = None
    cursor: Annotated[str, field(4)] = ""


# --- functions


class Rpc(Message):
    id: Annotated[str, field(1)] = ""
    payload: Annotated[str, field(2)] = ""
    http_key: Annotated[str, field(3)] = ""


# --- chat


class ChannelMessage(Message):
    """`code`: 0 a message, 1 its update, 2 its removal; higher ones tell of changes of a group."""

    channel_id: Annotated[str, field(1)] = ""
    message_id: Annotated[str, field(2)] = ""
    code: Annotated[Int32 | None, field(3)] = None
    sender_id: Annotated[str, field(4)] = ""
    username: Annotated[str, field(5)] = ""
    content: Annotated[str, field(6)] = ""
    create_time: Annotated[datetime | None, field(7)] = None
    update_time: Annotated[datetime | None, field(8)] = None
    persistent: Annotated[bool | None, field(9)] = None
    room_name: Annotated[str, field(10)] = ""
    group_id: Annotated[str, field(11)] = ""
    user_id_one: Annotated[str, field(12)] = ""
    user_id_two: Annotated[str, field(13)] = ""


class ListChannelMessagesRequest(Message):
    channel_id: Annotated[str, field(1)] = ""
    limit: Annotated[Int32 | None, field(2)] = None
    forward: Annotated[bool | None, field(3)] = None
    cursor: Annotated[str, field(4)] = ""


class ChannelMessageList(Message):
    messages: Annotated[list[ChannelMessage], field(1)] = []
    next_cursor: Annotated[str, field(2)] = ""
    prev_cursor: Annotated[str, field(3)] = ""
    cacheable_cursor: Annotated[str, field(4)] = ""


# --- notifications


class Notification(Message):
    id: Annotated[str, field(1)] = ""
    subject: Annotated[str, field(2)] = ""
    content: Annotated[str, field(3)] = ""
    code: Annotated[Int32, field(4)] = 0
    sender_id: Annotated[str, field(5)] = ""
    create_time: Annotated[datetime | None, field(6)] = None
    persistent: Annotated[bool, field(7)] = False


class ListNotificationsRequest(Message):
    limit: Annotated[Int32 | None, field(1)] = None
    cacheable_cursor: Annotated[str, field(2)] = ""


class NotificationList(Message):
    notifications: Annotated[list[Notification], field(1)] = []
    cacheable_cursor: Annotated[str, field(2)] = ""


class DeleteNotificationsRequest(Message):
    ids: Annotated[list[str], field(1)] = []


# --- friends


class Friend(Message):
    """`state`: 0 friends, 1 invited them, 2 invited by them, 3 blocked them."""

    user: Annotated[User, field(1)] = msgspec.field(default_factory=User)
    state: Annotated[Int32 | None, field(2)] = None
    update_time: Annotated[datetime | None, field(3)] = None
    metadata: Annotated[str, field(4)] = ""


class FriendList(Message):
    friends: Annotated[list[Friend], field(1)] = []
    cursor: Annotated[str, field(2)] = ""


class ListFriendsRequest(Message):
    limit: Annotated[Int32 | None, field(1)] = None
    state: Annotated[Int32 | None, field(2)] = None
    cursor: Annotated[str, field(3)] = ""


class AddFriendsRequest(Message):
    ids: Annotated[list[str], field(1)] = []
    usernames: Annotated[list[str], field(2)] = []
    metadata: Annotated[str, field(3)] = ""


class DeleteFriendsRequest(Message):
    ids: Annotated[list[str], field(1)] = []
    usernames: Annotated[list[str], field(2)] = []


class BlockFriendsRequest(Message):
    ids: Annotated[list[str], field(1)] = []
    usernames: Annotated[list[str], field(2)] = []


class FriendOfFriend(Message):
    """`referrer` is the id of the friend in between."""

    referrer: Annotated[str, field(1)] = ""
    user: Annotated[User, field(2)] = msgspec.field(default_factory=User)


class FriendsOfFriendsList(Message):
    friends_of_friends: Annotated[list[FriendOfFriend], field(1)] = []
    cursor: Annotated[str, field(2)] = ""


class ListFriendsOfFriendsRequest(Message):
    limit: Annotated[Int32 | None, field(1)] = None
    cursor: Annotated[str, field(2)] = ""


# --- matches


class Match(Message):
    """In a list. Relayed matches have an id and a size only."""

    match_id: Annotated[str, field(1)] = ""
    authoritative: Annotated[bool, field(2)] = False
    label: Annotated[str | None, field(3)] = None
    size: Annotated[Int32, field(4)] = 0
    tick_rate: Annotated[Int32, field(5)] = 0
    handler_name: Annotated[str, field(6)] = ""


class MatchList(Message):
    matches: Annotated[list[Match], field(1)] = []


class ListMatchesRequest(Message):
    limit: Annotated[Int32 | None, field(1)] = None
    authoritative: Annotated[bool | None, field(2)] = None
    label: Annotated[str | None, field(3)] = None
    min_size: Annotated[Int32 | None, field(4)] = None
    max_size: Annotated[Int32 | None, field(5)] = None
    query: Annotated[str | None, field(6)] = None
