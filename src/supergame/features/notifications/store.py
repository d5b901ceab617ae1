"""Notifications in the database: each of one player, oldest first."""

from __future__ import annotations

from supergame.base.ids import TitleId, UserId
from supergame.db.port import Row, Statement, Tx
from supergame.features.notifications.model import Notification
from supergame.wire import api

_INSERT = Statement(
    "notifications.insert",
    "INSERT INTO notifications (title_id, user_id, notification_id, subject, content, code, sender_id, created_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
)
_NTH_NEWEST = Statement(
    "notifications.nth_newest",
    "SELECT created_at FROM notifications WHERE title_id = ? AND user_id = ? ORDER BY created_at DESC, notification_id DESC "
    "LIMIT 1 OFFSET ?",
)
_FORGET = Statement("notifications.forget", "DELETE FROM notifications WHERE title_id = ? AND user_id = ? AND created_at <= ?")
_LIST = Statement(
    "notifications.list",
    "SELECT notification_id, user_id, subject, content, code, sender_id, created_at FROM notifications "
    "WHERE title_id = ? AND user_id = ? AND (created_at, notification_id) > (?, ?) ORDER BY created_at, notification_id LIMIT ?",
)
_DELETE = Statement("notifications.delete", "DELETE FROM notifications WHERE title_id = ? AND user_id = ? AND notification_id = ?")
_ERASE = Statement("notifications.erase", "DELETE FROM notifications WHERE title_id = ? AND user_id = ?")
_ERASE_SENT = Statement("notifications.erase_sent", "DELETE FROM notifications WHERE title_id = ? AND sender_id = ? AND sender_id <> ''")
HELD_OF = Statement(
    "notifications.held_of",
    "SELECT notification_id, user_id, subject, content, code, sender_id, created_at FROM notifications "
    "WHERE title_id = ? AND user_id = ? AND notification_id > ? ORDER BY notification_id LIMIT ?",
)

Position = tuple[int, str]
START: Position = (0, "")


class NotificationStore:
    def insert(self, title_id: TitleId, notifications: list[Notification], stored_max: int) -> Tx[None]:
        """Keep them all, and of each player only the newest `stored_max`."""
        for item in notifications:
            yield _INSERT(title_id, item.user_id, item.id, item.subject, item.content, item.code, item.sender_id, item.created_at)
        for user_id in sorted({item.user_id for item in notifications}):
            beyond = yield _NTH_NEWEST(title_id, user_id, stored_max)
            if beyond:
                yield _FORGET(title_id, user_id, beyond[0][0])

    def page(self, title_id: TitleId, user_id: UserId, after: Position, count: int) -> Tx[list[Notification]]:
        rows = yield _LIST(title_id, user_id, *after, count)
        return [_notification(row) for row in rows]

    def delete(self, title_id: TitleId, user_id: UserId, ids: list[str]) -> Tx[None]:
        """Those that are the player's; the others stay."""
        for notification_id in sorted(ids):
            yield _DELETE(title_id, user_id, notification_id)

    def erase(self, title_id: TitleId, user_id: UserId) -> Tx[None]:
        """What they were told, and what others were told of them."""
        yield _ERASE(title_id, user_id)
        yield _ERASE_SENT(title_id, user_id)

    @staticmethod
    def shown(row: Row) -> api.Notification:
        return _notification(row).shown()


def _notification(row: Row) -> Notification:
    notification_id, user_id, subject, content, code, sender_id, created_at = row
    return Notification(notification_id, user_id, subject, content, code, sender_id, created_at, True)
