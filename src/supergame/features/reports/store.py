"""Reports in the database. The version is part of each statement that changes one, so no two moderators change the same."""

from __future__ import annotations

from dataclasses import astuple

from supergame.base.clock import WallMicros
from supergame.base.ids import TitleId, UserId
from supergame.db.port import Row, Statement, Tx
from supergame.features.reports.model import COMPLAINTS_SHOWN, Complaint, Kind, Reason, Report

_COLUMNS = (
    "title_id, report_id, kind, subject, user_id, username, channel_id, message_id, content, said_at, created_at, "
    "state, version, claimed_by, claim_ends_at, decision, decided_by, decided_at, decision_reason, undo"
)
_INSERT = Statement("reports.insert", f"INSERT INTO reports ({_COLUMNS}) VALUES ({', '.join('?' * 20)})")
_GET = Statement("reports.get", f"SELECT {_COLUMNS} FROM reports WHERE title_id = ? AND report_id = ?")
_OPEN = Statement("reports.open", f"SELECT {_COLUMNS} FROM reports WHERE title_id = ? AND subject = ? AND state = 'open'")
_COUNT_OPEN = Statement(
    "reports.count_open", "SELECT COUNT(*) FROM (SELECT 1 FROM reports WHERE title_id = ? AND state = 'open' LIMIT ?) AS waiting"
)
_OLDEST = Statement(
    "reports.oldest",
    f"SELECT {_COLUMNS} FROM reports WHERE title_id = ? AND state = 'open' AND report_id > ? ORDER BY report_id LIMIT ?",
)
_DECIDED = Statement(
    "reports.decided",
    f"SELECT {_COLUMNS} FROM reports WHERE title_id = ? AND state = 'decided' AND report_id < ? ORDER BY report_id DESC LIMIT ?",
)
_CHANGE = Statement(
    "reports.change",
    "UPDATE reports SET state = ?, version = version + 1, claimed_by = ?, claim_ends_at = ?, decision = ?, decided_by = ?, "
    f"decided_at = ?, decision_reason = ?, undo = ? WHERE title_id = ? AND report_id = ? AND version = ? RETURNING {_COLUMNS}",
)
_FORGET_COMPLAINTS = Statement(
    "reports.forget_complaints",
    "DELETE FROM report_complaints WHERE (title_id, report_id) IN "
    "(SELECT title_id, report_id FROM reports WHERE state = 'decided' AND decided_at <= ?)",
)
_FORGET = Statement("reports.forget", "DELETE FROM reports WHERE state = 'decided' AND decided_at <= ?")

_COMPLAIN = Statement(
    "reports.complain",
    "INSERT INTO report_complaints (title_id, report_id, reporter_id, reason, words, complained_at) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (title_id, report_id, reporter_id) DO NOTHING",
)
_COUNT_OF = Statement(
    "reports.count_of", "SELECT COUNT(*) FROM report_complaints WHERE title_id = ? AND reporter_id = ? AND complained_at > ?"
)
_COMPLAINTS = Statement(
    "reports.complaints",
    "SELECT reporter_id, reason, words, complained_at FROM report_complaints WHERE title_id = ? AND report_id = ? "
    "ORDER BY complained_at, reporter_id LIMIT ?",
)
_REASONS = Statement(
    "reports.reasons",
    "SELECT reason, COUNT(*) FROM report_complaints WHERE title_id = ? AND report_id = ? GROUP BY reason ORDER BY COUNT(*) DESC, reason",
)

_ERASE_COMPLAINTS_ABOUT = Statement(
    "reports.erase_complaints_about",
    "DELETE FROM report_complaints WHERE title_id = ? AND report_id IN (SELECT report_id FROM reports WHERE title_id = ? AND user_id = ?)",
)
_ERASE_ABOUT = Statement("reports.erase_about", "DELETE FROM reports WHERE title_id = ? AND user_id = ?")
_ERASE_BY = Statement("reports.erase_by", "DELETE FROM report_complaints WHERE title_id = ? AND reporter_id = ?")
_ERASE_CHANNEL = Statement(
    "reports.erase_channel",
    "UPDATE reports SET channel_id = '', undo = '' WHERE title_id = ? AND (channel_id LIKE ? OR undo LIKE ?)",
)
COMPLAINTS_OF = Statement(
    "reports.complaints_of",
    "SELECT report_id, reason, words, complained_at FROM report_complaints WHERE title_id = ? AND reporter_id = ? AND report_id > ? "
    "ORDER BY report_id LIMIT ?",
)
ABOUT = Statement(
    "reports.about",
    "SELECT report_id, kind, username, content, created_at, state, decision, decided_at, decision_reason FROM reports "
    "WHERE title_id = ? AND user_id = ? AND report_id > ? ORDER BY report_id LIMIT ?",
)

LAST = "z"
"""Sorts behind every id, in every collation."""


class ReportStore:
    def insert(self, report: Report) -> Tx[None]:
        """Raises UniqueViolation when its subject is reported already."""
        yield _INSERT(*astuple(report))

    def get(self, title_id: TitleId, report_id: str) -> Tx[Report | None]:
        rows = yield _GET(title_id, report_id)
        return _report(rows[0]) if rows else None

    def find_open(self, title_id: TitleId, subject: str) -> Tx[Report | None]:
        rows = yield _OPEN(title_id, subject)
        return _report(rows[0]) if rows else None

    def count_open(self, title_id: TitleId, count_max: int) -> Tx[int]:
        rows = yield _COUNT_OPEN(title_id, count_max)
        return int(rows[0][0])

    def page(self, title_id: TitleId, is_open: bool, after: str, count: int) -> Tx[list[tuple[Report, dict[str, int]]]]:
        """Open ones oldest first, decided ones newest first, each with its reasons."""
        rows = yield _OLDEST(title_id, after, count) if is_open else _DECIDED(title_id, after or LAST, count)
        found = []
        for row in rows:
            reasons = yield from self.reasons(title_id, row[1])
            found.append((_report(row), reasons))
        return found

    def change(self, report: Report) -> Tx[Report | None]:
        """Write what moderators have made of it; None when it no longer has the version of `report`."""
        made = (report.state, report.claimed_by, report.claim_ends_at, report.decision, report.decided_by, report.decided_at)
        rows = yield _CHANGE(*made, report.decision_reason, report.undo, report.title_id, report.report_id, report.version)
        return _report(rows[0]) if rows else None

    def forget_decided(self, until: WallMicros) -> Tx[None]:
        yield _FORGET_COMPLAINTS(until)
        yield _FORGET(until)

    def complain(self, title_id: TitleId, report_id: str, complaint: Complaint) -> Tx[None]:
        """Once per reporter; what they say later is left out."""
        said = complaint.reporter_id, complaint.reason.value, complaint.words, complaint.complained_at
        yield _COMPLAIN(title_id, report_id, *said)

    def count_of(self, title_id: TitleId, reporter_id: UserId, since: WallMicros) -> Tx[int]:
        rows = yield _COUNT_OF(title_id, reporter_id, since)
        return int(rows[0][0])

    def complaints(self, title_id: TitleId, report_id: str) -> Tx[list[Complaint]]:
        rows = yield _COMPLAINTS(title_id, report_id, COMPLAINTS_SHOWN)
        return [Complaint(reporter_id, Reason(reason), words, at) for reporter_id, reason, words, at in rows]

    def reasons(self, title_id: TitleId, report_id: str) -> Tx[dict[str, int]]:
        """How many complained of what, the most frequent first."""
        rows = yield _REASONS(title_id, report_id)
        return {reason: count for reason, count in rows}

    def erase(self, title_id: TitleId, user_id: UserId) -> Tx[None]:
        """Reports about somebody, what they reported, and their id in the names of others' channels."""
        yield _ERASE_COMPLAINTS_ABOUT(title_id, title_id, user_id)
        yield _ERASE_ABOUT(title_id, user_id)
        yield _ERASE_BY(title_id, user_id)
        yield _ERASE_CHANNEL(title_id, f"%{user_id}%", f"%{user_id}%")


def _report(row: Row) -> Report:
    title_id, report_id, kind, *rest = row
    return Report(title_id, report_id, Kind(kind), *rest)
