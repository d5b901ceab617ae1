"""Notes in the database. Their ids sort by time."""

from __future__ import annotations

from supergame.base.ids import TitleId, UserId
from supergame.db.port import Row, Statement, Tx
from supergame.features.feedback.model import Note, State

_COLUMNS = "title_id, feedback_id, user_id, username, build, text, position, log, has_screenshot, state, created_at"
_INSERT = Statement("feedback.insert", f"INSERT INTO feedback ({_COLUMNS}) VALUES ({', '.join('?' * 11)})")
_INSERT_PNG = Statement("feedback.insert_png", "INSERT INTO feedback_screenshots (title_id, feedback_id, png) VALUES (?, ?, ?)")
_COUNT_OF = Statement("feedback.count_of", "SELECT COUNT(*) FROM feedback WHERE title_id = ? AND user_id = ? AND created_at > ?")
_COUNT = Statement("feedback.count", "SELECT COUNT(*) FROM feedback WHERE title_id = ?")
_OLDEST_DONE = Statement(
    "feedback.oldest_done", "SELECT feedback_id FROM feedback WHERE title_id = ? AND state = 'done' ORDER BY feedback_id LIMIT 1"
)
_FORGET = Statement("feedback.forget", "DELETE FROM feedback WHERE title_id = ? AND feedback_id = ?")
_FORGET_PNG = Statement("feedback.forget_png", "DELETE FROM feedback_screenshots WHERE title_id = ? AND feedback_id = ?")
_GET = Statement("feedback.get", f"SELECT {_COLUMNS} FROM feedback WHERE title_id = ? AND feedback_id = ?")
_GET_PNG = Statement("feedback.get_png", "SELECT png FROM feedback_screenshots WHERE title_id = ? AND feedback_id = ?")
_LIST = Statement(
    "feedback.list",
    f"SELECT {_COLUMNS} FROM feedback WHERE title_id = ? AND state = ? AND feedback_id < ? ORDER BY feedback_id DESC LIMIT ?",
)
_MARK = Statement(
    "feedback.mark", "UPDATE feedback SET state = ? WHERE title_id = ? AND feedback_id = ? AND state <> ? RETURNING feedback_id"
)
HELD_OF = Statement(
    "feedback.held_of",
    "SELECT feedback_id, build, text, position, log, has_screenshot, state, created_at FROM feedback "
    "WHERE title_id = ? AND user_id = ? AND feedback_id > ? ORDER BY feedback_id LIMIT ?",
)
_OF_USER = Statement("feedback.of_user", "SELECT feedback_id FROM feedback WHERE title_id = ? AND user_id = ?")


class FeedbackStore:
    def insert(self, note: Note, png: bytes) -> Tx[None]:
        yield _INSERT(
            note.title_id,
            note.feedback_id,
            note.user_id,
            note.username,
            note.build,
            note.text,
            note.position,
            note.log,
            int(note.has_screenshot),
            note.state,
            note.created_at,
        )
        if png:
            yield _INSERT_PNG(note.title_id, note.feedback_id, png)

    def count_of(self, title_id: TitleId, user_id: UserId, since: int) -> Tx[int]:
        rows = yield _COUNT_OF(title_id, user_id, since)
        return int(rows[0][0])

    def has_room(self, title_id: TitleId, most: int) -> Tx[bool]:
        """Whether one more may come; for it the oldest that is done goes, if there is one."""
        rows = yield _COUNT(title_id)
        if rows[0][0] < most:
            return True
        oldest = yield _OLDEST_DONE(title_id)
        for (feedback_id,) in oldest:
            yield from self._forget(title_id, feedback_id)
        return bool(oldest)

    def get(self, title_id: TitleId, feedback_id: str) -> Tx[Note | None]:
        rows = yield _GET(title_id, feedback_id)
        return _note(rows[0]) if rows else None

    def screenshot(self, title_id: TitleId, feedback_id: str) -> Tx[bytes | None]:
        rows = yield _GET_PNG(title_id, feedback_id)
        return bytes(rows[0][0]) if rows else None

    def list(self, title_id: TitleId, state: State, before: str, count: int) -> Tx[list[Note]]:
        """The newest first, those before an id."""
        return [_note(row) for row in (yield _LIST(title_id, state, before, count))]

    def mark(self, title_id: TitleId, feedback_id: str, state: State) -> Tx[bool]:
        """Whether that changed anything."""
        return bool((yield _MARK(state, title_id, feedback_id, state)))

    def erase(self, title_id: TitleId, user_id: UserId) -> Tx[None]:
        for (feedback_id,) in (yield _OF_USER(title_id, user_id)):
            yield from self._forget(title_id, feedback_id)

    def _forget(self, title_id: TitleId, feedback_id: str) -> Tx[None]:
        yield _FORGET_PNG(title_id, feedback_id)
        yield _FORGET(title_id, feedback_id)


def _note(row: Row) -> Note:
    title_id, feedback_id, user_id, username, build, text, position, log, has_screenshot, state, created_at = row
    texts = build, text, position, log
    return Note(title_id, feedback_id, user_id, username, *texts, bool(has_screenshot), State(state), created_at)
