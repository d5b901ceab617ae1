"""Lifetimes, errors and the list of what was revoked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from supergame.base.clock import SECOND_US, WallMicros
from supergame.base.errors import InvalidArgument, Unauthenticated
from supergame.base.ids import TitleId
from supergame.wire.token import Claims

GRACE_S = 10
"""How long a refresh token still works after its rotation: its answer may have been lost on the way."""


class SessionRevoked(Unauthenticated):
    """This session has ended."""

    code = "session.revoked"


class RefreshTokenReused(Unauthenticated):
    """This refresh token was used before; for safety its whole sign-in has ended."""

    code = "session.refresh_token_reused"


class RefreshTokenMissing(InvalidArgument):
    """A refresh token is required."""

    code = "session.refresh_token_missing"


class NotYourToken(InvalidArgument):
    """The token to log out is invalid or belongs to somebody else."""

    code = "session.not_your_token"


class VarsTooLarge(InvalidArgument):
    """There are too many session variables, or they are too long."""

    code = "session.vars_too_large"


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long tokens live, in seconds. Nakama's defaults; clients refresh by themselves."""

    session_s: int = 60
    refresh_s: int = 3600


Scope = Literal["sign_in", "user"]


@dataclass(frozen=True, slots=True)
class Revocation:
    """Everything that one sign-in, or one person until `revoked_at`, was issued. Kept until the last of it has expired."""

    title_id: TitleId
    scope: Scope
    subject: str
    revoked_at: WallMicros
    expires_at: WallMicros


class Revocations:
    """What was revoked and has not expired, in memory: every request looks here. As large as the log-outs of one refresh lifetime."""

    def __init__(self) -> None:
        self._sign_ins: dict[tuple[TitleId, str], Revocation] = {}
        self._users: dict[tuple[TitleId, str], Revocation] = {}

    def add(self, revocation: Revocation) -> None:
        kept = self._sign_ins if revocation.scope == "sign_in" else self._users
        kept[revocation.title_id, revocation.subject] = revocation

    def covers(self, title_id: TitleId, claims: Claims) -> bool:
        """Whether a token with these claims was revoked."""
        if (title_id, claims.tid) in self._sign_ins:
            return True
        of_user = self._users.get((title_id, claims.uid))
        return of_user is not None and claims.iat <= of_user.revoked_at // SECOND_US

    def first_valid_iat(self, title_id: TitleId, user_id: str, now_s: int) -> int:
        """The time to write into a new token. Claims have whole seconds, so one issued in the second of a revocation is dated one later."""
        of_user = self._users.get((title_id, user_id))
        return now_s if of_user is None else max(now_s, of_user.revoked_at // SECOND_US + 1)

    def forget_expired(self, now: WallMicros) -> None:
        for kept in (self._sign_ins, self._users):
            for key in [key for key, revocation in kept.items() if revocation.expires_at <= now]:
                del kept[key]
