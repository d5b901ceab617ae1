"""Notifications and their forms (rules NOT1 to NOT9 in docs/spec/notifications.md)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import msgspec

from supergame.base.clock import as_datetime
from supergame.base.errors import InvalidArgument
from supergame.base.ids import UserId, is_uuid
from supergame.base.limits import Limits
from supergame.wire import api

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Code(IntEnum):
    """What the platform itself tells. Games use codes above 0. Source: Nakama's notification codes; our own are below -100."""

    CHAT_REQUEST = -1
    FRIEND_REQUEST = -2
    FRIEND_ACCEPTED = -3
    SINGLE_SOCKET = -7
    BANNED = -8
    FRIEND_REMOVED = -9
    CONFIG_CHANGED = -101
    LICENCE_CHANGED = -102


class NotificationInvalid(InvalidArgument):
    """A subject, content, code or id does not have the required form."""

    code = "notification.invalid"


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification. `sender_id` is empty when nobody in particular sent it."""

    id: str
    user_id: UserId
    subject: str
    content: str
    code: int
    sender_id: str
    created_at: int
    persistent: bool

    def shown(self) -> api.Notification:
        return api.Notification(
            id=self.id,
            subject=self.subject,
            content=self.content,
            code=self.code,
            sender_id=self.sender_id,
            create_time=as_datetime(self.created_at),
            persistent=self.persistent,
        )


def check(user_id: str, subject: str, content: str, limits: Limits) -> None:
    if not is_uuid(user_id):
        raise NotificationInvalid("A notification goes to a user id.")
    if not 1 <= len(subject.encode()) <= limits.notification_subject_bytes_max or "\0" in subject:
        raise NotificationInvalid(f"A subject has 1 to {limits.notification_subject_bytes_max} bytes and no NUL.")
    if len(content.encode()) > limits.notification_content_bytes_max:
        raise NotificationInvalid(f"A content has at most {limits.notification_content_bytes_max} bytes.")
    try:
        _OBJECT.decode(content)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise NotificationInvalid("A content is a JSON object.") from None


def check_ids(ids: list[str], limits: Limits) -> None:
    if len(ids) > limits.notifications_per_request_max:
        raise NotificationInvalid(f"At most {limits.notifications_per_request_max} notifications fit into one request.")
    if not all(is_uuid(notification_id) for notification_id in ids):
        raise NotificationInvalid("An id of a notification has the wrong form.")


def check_page(limit: int, limits: Limits) -> None:
    if not 1 <= limit <= limits.page_max:
        raise NotificationInvalid(f"A page has 1 to {limits.page_max} notifications.")
