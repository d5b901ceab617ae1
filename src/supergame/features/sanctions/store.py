"""Bans, mutes and notes in the database. What was imposed stays as history; only its lifting is written into it."""

from __future__ import annotations

from supergame.base.clock import WallMicros
from supergame.base.ids import TitleId, UserId
from supergame.db.port import Row, Statement, Tx
from supergame.features.sanctions.model import Kind, Note, Sanction

_COLUMNS = "sanction_id, title_id, user_id, kind, reason, imposed_by, imposed_at, ends_at, lifted_at, lifted_by, lift_reason"
_INSERT = Statement("sanctions.insert", f"INSERT INTO sanctions ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, '', '')")
_IN_FORCE = "lifted_at IS NULL AND ends_at > ?"
_FIND = Statement(
    "sanctions.find",
    f"SELECT {_COLUMNS} FROM sanctions WHERE user_id = ? AND kind = ? AND title_id IN (?, '') AND {_IN_FORCE} "
    "ORDER BY ends_at DESC, sanction_id LIMIT 1",
)
_LIFT_ALL = Statement(
    "sanctions.lift_all",
    "UPDATE sanctions SET lifted_at = ?, lifted_by = ?, lift_reason = ? "
    f"WHERE user_id = ? AND kind = ? AND title_id = ? AND {_IN_FORCE} RETURNING {_COLUMNS}",
)
_LIFT = Statement(
    "sanctions.lift",
    f"UPDATE sanctions SET lifted_at = ?, lifted_by = ?, lift_reason = ? WHERE sanction_id = ? AND {_IN_FORCE} RETURNING {_COLUMNS}",
)
_HISTORY = Statement(
    "sanctions.history",
    f"SELECT {_COLUMNS} FROM sanctions WHERE user_id = ? AND title_id IN (?, '') ORDER BY imposed_at DESC, sanction_id DESC LIMIT ?",
)
_MUTED = Statement(
    "sanctions.muted",
    f"SELECT {_COLUMNS} FROM sanctions WHERE kind = 'mute' AND {_IN_FORCE} AND sanction_id > ? ORDER BY sanction_id LIMIT ?",
)
_MUTED_IN = Statement(
    "sanctions.muted_in",
    f"SELECT {_COLUMNS} FROM sanctions WHERE kind = 'mute' AND title_id = ? AND {_IN_FORCE} AND sanction_id > ? "
    "ORDER BY sanction_id LIMIT ?",
)
HELD_OF = Statement(
    "sanctions.held_of",
    f"SELECT {_COLUMNS} FROM sanctions WHERE title_id = ? AND user_id = ? AND sanction_id > ? ORDER BY sanction_id LIMIT ?",
)
_ERASE = Statement("sanctions.erase", "DELETE FROM sanctions WHERE user_id = ? AND title_id = ?")
_ERASE_NOTES = Statement("sanctions.erase_notes", "DELETE FROM player_notes WHERE user_id = ? AND title_id = ?")

_NOTE = "note_id, title_id, user_id, note, written_by, written_at"
_INSERT_NOTE = Statement("sanctions.insert_note", f"INSERT INTO player_notes ({_NOTE}) VALUES (?, ?, ?, ?, ?, ?)")
_NOTES = Statement(
    "sanctions.notes",
    f"SELECT {_NOTE} FROM player_notes WHERE user_id = ? AND title_id = ? AND note_id < ? ORDER BY note_id DESC LIMIT ?",
)
NOTES_OF = Statement(
    "sanctions.notes_of",
    f"SELECT {_NOTE} FROM player_notes WHERE title_id = ? AND user_id = ? AND note_id > ? ORDER BY note_id LIMIT ?",
)

LAST = "z"
"""Sorts behind every id, in every collation."""


class SanctionStore:
    def insert(self, sanction: Sanction) -> Tx[None]:
        yield _INSERT(
            sanction.sanction_id,
            sanction.title_id,
            sanction.user_id,
            sanction.kind.value,
            sanction.reason,
            sanction.imposed_by,
            sanction.imposed_at,
            sanction.ends_at,
        )

    def find(self, title_id: TitleId, user_id: UserId, kind: Kind, now: WallMicros) -> Tx[Sanction | None]:
        """The one in force that lasts longest, of the title or of the deployment."""
        rows = yield _FIND(user_id, kind.value, title_id, now)
        return _sanction(rows[0]) if rows else None

    def lift_all(self, title_id: TitleId, user_id: UserId, kind: Kind, by: str, reason: str, now: WallMicros) -> Tx[list[Sanction]]:
        """Those that were in force in exactly this place."""
        rows = yield _LIFT_ALL(now, by, reason, user_id, kind.value, title_id, now)
        return [_sanction(row) for row in rows]

    def lift(self, sanction_id: str, by: str, reason: str, now: WallMicros) -> Tx[Sanction | None]:
        rows = yield _LIFT(now, by, reason, sanction_id, now)
        return _sanction(rows[0]) if rows else None

    def history(self, title_id: TitleId, user_id: UserId, count: int) -> Tx[list[Sanction]]:
        """Newest first, those of the deployment too."""
        rows = yield _HISTORY(user_id, title_id, count)
        return [_sanction(row) for row in rows]

    def muted(self, after: str, count: int, now: WallMicros) -> Tx[list[Sanction]]:
        rows = yield _MUTED(now, after, count)
        return [_sanction(row) for row in rows]

    def muted_in(self, title_id: TitleId, after: str, count: int, now: WallMicros) -> Tx[list[Sanction]]:
        rows = yield _MUTED_IN(title_id, now, after, count)
        return [_sanction(row) for row in rows]

    def erase(self, title_id: TitleId, user_id: UserId) -> Tx[None]:
        yield _ERASE(user_id, title_id)
        yield _ERASE_NOTES(user_id, title_id)

    def insert_note(self, note: Note) -> Tx[None]:
        yield _INSERT_NOTE(note.note_id, note.title_id, note.user_id, note.text, note.written_by, note.written_at)

    def notes(self, title_id: TitleId, user_id: UserId, before: str, count: int) -> Tx[list[Note]]:
        """Newest first."""
        rows = yield _NOTES(user_id, title_id, before or LAST, count)
        return [Note(*row) for row in rows]

    @staticmethod
    def shown(row: Row) -> Sanction:
        return _sanction(row)


def _sanction(row: Row) -> Sanction:
    sanction_id, title_id, user_id, kind, *rest = row
    return Sanction(sanction_id, title_id, user_id, Kind(kind), *rest)
