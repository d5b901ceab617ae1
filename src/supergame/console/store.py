"""Operators and their sessions in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from supergame.base.clock import WallMicros
from supergame.console.model import SESSIONS_MAX, Operator, SignedIn
from supergame.db.port import Statement, Tx
from supergame.routing.console import Role

_COLUMNS = (
    "operator_id, name, role, titles, password_hash, password_ends_at, totp_secret, totp_pending, totp_step, disabled_at, created_at, "
    "signed_in_at"
)
_ALONE = Statement("operators.alone", "SELECT 1", postgres="SELECT 1 FROM (SELECT pg_advisory_xact_lock(7307003)) AS held")
_COUNT = Statement("operators.count", "SELECT count(*) FROM operators")
_OWNERS = Statement("operators.owners", "SELECT operator_id FROM operators WHERE role = 'owner' AND disabled_at IS NULL")
_INSERT = Statement(
    "operators.insert",
    "INSERT INTO operators (operator_id, name, role, titles, password_hash, password_ends_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
)
_LIST = Statement("operators.list", f"SELECT {_COLUMNS} FROM operators ORDER BY name")
_BY_NAME = Statement("operators.by_name", f"SELECT {_COLUMNS} FROM operators WHERE name = ?")
_BY_ID = Statement("operators.by_id", f"SELECT {_COLUMNS} FROM operators WHERE operator_id = ?")
_RIGHTS = Statement("operators.rights", "UPDATE operators SET role = ?, titles = ?, disabled_at = ? WHERE operator_id = ?")
_PASSWORD = Statement("operators.password", "UPDATE operators SET password_hash = ?, password_ends_at = ? WHERE operator_id = ?")
_FORGET_TOTP = Statement("operators.forget_totp", "UPDATE operators SET totp_secret = '', totp_pending = '' WHERE operator_id = ?")
_PENDING = Statement("operators.pending", "UPDATE operators SET totp_pending = ? WHERE operator_id = ?")
_CONFIRM = Statement(
    "operators.confirm",
    "UPDATE operators SET totp_secret = totp_pending, totp_pending = '', totp_step = ? WHERE operator_id = ? AND totp_pending = ? "
    "RETURNING operator_id",
)
_USE_STEP = Statement(
    "operators.use_step", "UPDATE operators SET totp_step = ? WHERE operator_id = ? AND totp_step < ? RETURNING operator_id"
)
_SIGNED_IN = Statement("operators.signed_in", "UPDATE operators SET signed_in_at = ? WHERE operator_id = ?")

_OPEN = Statement(
    "operator_sessions.open",
    "INSERT INTO operator_sessions (session_digest, operator_id, client_ip, created_at, seen_at) VALUES (?, ?, ?, ?, ?)",
)
_SESSION = Statement(
    "operator_sessions.get",
    f"SELECT s.session_digest, s.created_at, s.seen_at, {', '.join(f'o.{column}' for column in _COLUMNS.split(', '))} "
    "FROM operator_sessions s JOIN operators o ON o.operator_id = s.operator_id WHERE s.session_digest = ?",
)
_SEEN = Statement("operator_sessions.seen", "UPDATE operator_sessions SET seen_at = ? WHERE session_digest = ?")
_OF_OPERATOR = Statement(
    "operator_sessions.of_operator",
    "SELECT session_digest FROM operator_sessions WHERE operator_id = ? ORDER BY created_at, session_digest",
)
_LIVE = Statement(
    "operator_sessions.live",
    "SELECT operator_id, count(*), max(seen_at) FROM operator_sessions WHERE seen_at > ? AND created_at > ? GROUP BY operator_id",
)
_CLOSE = Statement("operator_sessions.close", "DELETE FROM operator_sessions WHERE session_digest = ?")
_CLOSE_ALL = Statement("operator_sessions.close_all", "DELETE FROM operator_sessions WHERE operator_id = ?")


class OperatorStore:
    # --- operators

    def count(self) -> Tx[int]:
        """Also keeps others from adding operators until the transaction ends."""
        yield _ALONE()
        rows = yield _COUNT()
        return int(rows[0][0])

    def owners(self) -> Tx[set[str]]:
        """The ids of those who can give access. Also keeps others from changing that until the transaction ends."""
        yield _ALONE()
        rows = yield _OWNERS()
        return {str(row[0]) for row in rows}

    def insert(self, operator: Operator) -> Tx[None]:
        """Throws UniqueViolation for a name that is taken."""
        yield _INSERT(
            operator.operator_id,
            operator.name,
            operator.role,
            _titles_text(operator.titles),
            operator.password_hash,
            operator.password_ends_at,
            operator.created_at,
        )

    def all(self) -> Tx[list[Operator]]:
        rows = yield _LIST()
        return [_operator(row) for row in rows]

    def by_name(self, name: str) -> Tx[Operator | None]:
        rows = yield _BY_NAME(name)
        return _operator(rows[0]) if rows else None

    def by_id(self, operator_id: str) -> Tx[Operator | None]:
        rows = yield _BY_ID(operator_id)
        return _operator(rows[0]) if rows else None

    def set_rights(self, operator_id: str, role: Role, titles: frozenset[str], disabled_at: WallMicros | None) -> Tx[None]:
        yield _RIGHTS(role, _titles_text(titles), disabled_at, operator_id)

    def set_password(self, operator_id: str, password_hash: str, ends_at: WallMicros | None) -> Tx[None]:
        yield _PASSWORD(password_hash, ends_at, operator_id)

    def forget_totp(self, operator_id: str) -> Tx[None]:
        yield _FORGET_TOTP(operator_id)

    def offer_totp(self, operator_id: str, secret: str) -> Tx[None]:
        yield _PENDING(secret, operator_id)

    def confirm_totp(self, operator_id: str, secret: str, step: int) -> Tx[bool]:
        """Whether the secret was still the one on offer; it is now the operator's, and the step used."""
        rows = yield _CONFIRM(step, operator_id, secret)
        return bool(rows)

    def use_step(self, operator_id: str, step: int) -> Tx[bool]:
        """Whether no code of this step or a later one was used before; now it is."""
        rows = yield _USE_STEP(step, operator_id, step)
        return bool(rows)

    # --- sessions

    def open(self, digest: str, operator_id: str, client_ip: str, now: WallMicros) -> Tx[None]:
        """The oldest beyond the bound end."""
        rows = yield _OF_OPERATOR(operator_id)
        for row in rows[: max(0, len(rows) - SESSIONS_MAX + 1)]:
            yield _CLOSE(row[0])
        yield _OPEN(digest, operator_id, client_ip, now, now)
        yield _SIGNED_IN(now, operator_id)

    def session(self, digest: str) -> Tx[SignedIn | None]:
        rows = yield _SESSION(digest)
        if not rows:
            return None
        session_digest, created_at, seen_at, *operator = rows[0]
        return SignedIn(session_digest, created_at, seen_at, _operator(operator))

    def seen(self, digest: str, now: WallMicros) -> Tx[None]:
        yield _SEEN(now, digest)

    def live_sessions(self, seen_after: WallMicros, created_after: WallMicros) -> Tx[dict[str, tuple[int, WallMicros]]]:
        """By operator: how many, and when one was last used."""
        rows = yield _LIVE(seen_after, created_after)
        return {row[0]: (row[1], row[2]) for row in rows}

    def close(self, digest: str) -> Tx[None]:
        yield _CLOSE(digest)

    def close_all(self, operator_id: str) -> Tx[None]:
        yield _CLOSE_ALL(operator_id)


def _titles_text(titles: frozenset[str]) -> str:
    return " ".join(sorted(titles))


def _operator(row: Sequence[Any]) -> Operator:
    operator_id, name, role, titles, *rest = row
    return Operator(operator_id, name, Role(role), frozenset(titles.split()), *rest)
