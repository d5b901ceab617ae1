"""Messages in the database. Who sent it is part of each statement that changes one."""

from __future__ import annotations

from supergame.base.clock import WallMicros
from supergame.base.ids import TitleId, UserId
from supergame.db.port import Statement, Tx
from supergame.features.chat.model import Stored

_COLUMNS = "message_id, channel_id, code, sender_id, username, content, created_at, updated_at"
_INSERT = Statement("chat.insert", f"INSERT INTO channel_messages (title_id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
_EXISTS = Statement("chat.exists", "SELECT message_id FROM channel_messages WHERE title_id = ? AND message_id = ?")
_OWN = "WHERE title_id = ? AND message_id = ? AND channel_id = ? AND sender_id = ?"
_UPDATE = Statement(
    "chat.update",
    f"UPDATE channel_messages SET content = ?, username = ?, updated_at = ? {_OWN} RETURNING created_at",
)
_REMOVE = Statement("chat.remove", f"DELETE FROM channel_messages {_OWN} RETURNING created_at")
_FIND = Statement("chat.find", f"SELECT {_COLUMNS} FROM channel_messages WHERE title_id = ? AND message_id = ?")
_TAKE = Statement("chat.take", f"DELETE FROM channel_messages WHERE title_id = ? AND message_id = ? RETURNING {_COLUMNS}")
_CHANNELS = Statement(
    "chat.channels", "SELECT channel_id FROM channel_messages WHERE title_id = ? AND channel_id > ? ORDER BY channel_id LIMIT 1"
)
_HELD_OF = f"SELECT {_COLUMNS} FROM channel_messages WHERE title_id = ? AND sender_id = ? AND"
HELD_OF = Statement(  # the plus keeps SQLite on the sender's index
    "chat.held_of",
    f"{_HELD_OF} +message_id > ? ORDER BY +message_id LIMIT ?",
    postgres=f"{_HELD_OF} message_id > ? ORDER BY message_id LIMIT ?",
)
_DIRECT_OF = Statement(
    "chat.direct_of", "SELECT DISTINCT channel_id FROM channel_messages WHERE title_id = ? AND channel_id LIKE '4.%' AND channel_id LIKE ?"
)
_RENAME = Statement("chat.rename", "UPDATE channel_messages SET channel_id = ? WHERE title_id = ? AND channel_id = ?")
_ERASE = Statement("chat.erase", "DELETE FROM channel_messages WHERE title_id = ? AND sender_id = ?")

_PAGE = f"SELECT {_COLUMNS} FROM channel_messages WHERE title_id = ? AND channel_id = ?"
_NEWER = Statement("chat.newer", f"{_PAGE} AND (created_at, message_id) > (?, ?) ORDER BY created_at, message_id LIMIT ?")
_OLDER = Statement("chat.older", f"{_PAGE} AND (created_at, message_id) < (?, ?) ORDER BY created_at DESC, message_id DESC LIMIT ?")

Position = tuple[int, str]
BEGINNING: Position = (0, "")
END: Position = (2**63 - 1, "")


class ChatStore:
    def insert(self, title_id: TitleId, message: Stored) -> Tx[None]:
        yield _INSERT(
            title_id,
            message.message_id,
            message.channel_id,
            message.code,
            message.sender_id,
            message.username,
            message.content,
            message.created_at,
            message.updated_at,
        )

    def update(
        self, title_id: TitleId, channel_id: str, sender_id: str, message_id: str, username: str, content: str, now: WallMicros
    ) -> Tx[int | None]:
        """When the message was made; None when the sender has no such message in the channel."""
        rows = yield _UPDATE(content, username, now, title_id, message_id, channel_id, sender_id)
        return rows[0][0] if rows else None

    def remove(self, title_id: TitleId, channel_id: str, sender_id: str, message_id: str) -> Tx[int | None]:
        rows = yield _REMOVE(title_id, message_id, channel_id, sender_id)
        return rows[0][0] if rows else None

    def find(self, title_id: TitleId, message_id: str) -> Tx[Stored | None]:
        rows = yield _FIND(title_id, message_id)
        return Stored(*rows[0]) if rows else None

    def take(self, title_id: TitleId, message_id: str) -> Tx[Stored | None]:
        """Remove a message, whoever sent it; None when it is gone already."""
        rows = yield _TAKE(title_id, message_id)
        return Stored(*rows[0]) if rows else None

    def channels(self, title_id: TitleId, after: str, count: int) -> Tx[list[str]]:
        """The channels with a history, each found by one step through the index."""
        found: list[str] = []
        while len(found) < count and (rows := (yield _CHANNELS(title_id, found[-1] if found else after))):
            found.append(rows[0][0])
        return found

    def exists(self, title_id: TitleId, message_id: str) -> Tx[bool]:
        rows = yield _EXISTS(title_id, message_id)
        return bool(rows)

    def page(self, title_id: TitleId, channel_id: str, start: Position, newer: bool, count: int) -> Tx[list[Stored]]:
        """The messages nearest to `start`, nearest first."""
        rows = yield (_NEWER if newer else _OLDER)(title_id, channel_id, *start, count)
        return [Stored(*row) for row in rows]

    def direct_of(self, title_id: TitleId, user_id: UserId) -> Tx[list[str]]:
        """The direct channels in which somebody may have talked."""
        rows = yield _DIRECT_OF(title_id, f"%.{user_id}.%")
        return [row[0] for row in rows]

    def rename(self, title_id: TitleId, names: dict[str, str]) -> Tx[None]:
        """Give channels other ids."""
        for old, new in sorted(names.items()):
            yield _RENAME(new, title_id, old)

    def erase(self, title_id: TitleId, user_id: UserId) -> Tx[None]:
        yield _ERASE(title_id, user_id)
