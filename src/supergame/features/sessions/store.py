"""What of sessions lasts: revocations, and how often each family of refresh tokens was rotated."""

from __future__ import annotations

from typing import NamedTuple

from supergame.base.clock import WallMicros
from supergame.base.ids import TitleId, TokenId
from supergame.db.port import Statement, Tx
from supergame.features.sessions.model import Revocation

_REVOKE = Statement(
    "sessions.revoke",
    "INSERT INTO session_revocations (title_id, scope, subject, revoked_at, expires_at) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (title_id, scope, subject) DO UPDATE SET revoked_at = excluded.revoked_at, expires_at = excluded.expires_at",
)
_REVOKED = Statement(
    "sessions.revoked", "SELECT title_id, scope, subject, revoked_at, expires_at FROM session_revocations WHERE expires_at > ?"
)
_FORGET_REVOCATIONS = Statement("sessions.forget_revocations", "DELETE FROM session_revocations WHERE expires_at <= ?")
_FORGET_FAMILIES = Statement("sessions.forget_families", "DELETE FROM session_families WHERE expires_at <= ?")
_FAMILY = Statement("sessions.family", "SELECT generation, rotated_at FROM session_families WHERE title_id = ? AND token_id = ?")
_ROTATE = Statement(
    "sessions.rotate",
    "INSERT INTO session_families (title_id, token_id, generation, rotated_at, expires_at) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (title_id, token_id) DO UPDATE SET generation = excluded.generation, rotated_at = excluded.rotated_at, "
    "expires_at = excluded.expires_at",
)


class Family(NamedTuple):
    generation: int
    rotated_at: WallMicros


class SessionStore:
    def revoke(self, revocation: Revocation) -> Tx[None]:
        yield _REVOKE(revocation.title_id, revocation.scope, revocation.subject, revocation.revoked_at, revocation.expires_at)

    def revoked(self, now: WallMicros) -> Tx[list[Revocation]]:
        rows = yield _REVOKED(now)
        return [Revocation(*row) for row in rows]

    def forget_expired(self, now: WallMicros) -> Tx[None]:
        yield _FORGET_REVOCATIONS(now)
        yield _FORGET_FAMILIES(now)

    def family(self, title_id: TitleId, token_id: TokenId) -> Tx[Family | None]:
        rows = yield _FAMILY(title_id, token_id)
        return Family(*rows[0]) if rows else None

    def rotate(self, title_id: TitleId, token_id: TokenId, generation: int, now: WallMicros, expires_at: WallMicros) -> Tx[None]:
        yield _ROTATE(title_id, token_id, generation, now, expires_at)
