"""The audit trail in the database: entries are added and read, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from supergame.console.entries import DIGEST_OF_NONE, Entry, chained
from supergame.db.port import Statement, Tx

_COLUMNS = "entry, kind, action_id, at, operator_id, operator, action, title_id, target, body, previous_digest, digest"
_ALONE = Statement("audit.alone", "SELECT 1", postgres="SELECT 1 FROM (SELECT pg_advisory_xact_lock(7307004)) AS held")
_LAST = Statement("audit.last", "SELECT entry, digest FROM audit_entries ORDER BY entry DESC LIMIT 1")
_ADD = Statement("audit.add", f"INSERT INTO audit_entries ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
_AFTER = Statement("audit.after", f"SELECT {_COLUMNS} FROM audit_entries WHERE entry > ? ORDER BY entry LIMIT ?")
_OF_ACTION = Statement("audit.of_action", f"SELECT {_COLUMNS} FROM audit_entries WHERE action_id = ? ORDER BY entry")
_FIND = (
    "SELECT DISTINCT i.entry, i.action_id FROM audit_entries i {join}WHERE i.kind = 'intent' AND i.entry < ?{conditions} "
    "ORDER BY i.entry DESC LIMIT ?"
)


class Wanted(NamedTuple):
    """What a list of actions is narrowed to. Empty texts and zeros narrow nothing; times are microseconds, `until` is not included."""

    operator: str = ""
    action: str = ""
    title_id: str = ""
    target: str = ""
    since: int = 0
    until: int = 0


class TrailStore:
    def add(self, entries: Sequence[Entry]) -> Tx[list[Entry]]:
        """Chain the entries to the last one and keep them; numbers and digests are given here."""
        yield _ALONE()
        rows = yield _LAST()
        number, digest = rows[0] if rows else (0, DIGEST_OF_NONE)
        added = []
        for entry in entries:
            number += 1
            entry = chained(entry._replace(entry=number, previous_digest=digest))
            digest = entry.digest
            yield _ADD(*entry)
            added.append(entry)
        return added

    def last(self) -> Tx[tuple[int, str]]:
        """The number and digest of the last entry."""
        rows = yield _LAST()
        return (rows[0][0], rows[0][1]) if rows else (0, DIGEST_OF_NONE)

    def after(self, entry: int, limit: int) -> Tx[list[Entry]]:
        rows = yield _AFTER(entry, limit)
        return [Entry(*row) for row in rows]

    def actions(self, wanted: Wanted, before: int, limit: int) -> Tx[list[list[Entry]]]:
        """Actions as their entries, the latest first."""
        rows = yield _finding(wanted)(*_parameters(wanted, before), limit)
        found = []
        for _, action_id in rows:
            entries = yield _OF_ACTION(action_id)
            found.append([Entry(*row) for row in entries])
        return found


def _finding(wanted: Wanted) -> Statement:
    """The statement for these filters: there are 64 of them."""
    given = [name for name in Wanted._fields if name != "target" and getattr(wanted, name)]
    signs = {"since": "i.at >= ?", "until": "i.at < ?"}
    conditions = "".join(f" AND {signs.get(name, f'i.{name} = ?')}" for name in given)
    join = "JOIN audit_entries t ON t.action_id = i.action_id AND t.target = ? " if wanted.target else ""
    return Statement(f"audit.find.{'.'.join(given)}", _FIND.format(join=join, conditions=conditions))


def _parameters(wanted: Wanted, before: int) -> list[object]:
    targets: list[object] = [wanted.target] if wanted.target else []
    return [*targets, before, *(value for name, value in zip(Wanted._fields, wanted, strict=True) if name != "target" and value)]
