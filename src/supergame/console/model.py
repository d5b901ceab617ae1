"""Operators and their sessions, the bounds that hold for them, and how things can fail (rules CON1 to CON31 in docs/spec/console.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from supergame.base.clock import SECOND_US, WallMicros
from supergame.base.errors import (
    AlreadyExists,
    FailedPrecondition,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    ResourceExhausted,
    Unauthenticated,
)
from supergame.base.titles import is_title
from supergame.routing.console import Role

IDLE_S: Final = 30 * 60
"""A session that nobody uses for so long has ended. Uses are noted once a minute."""
LIFE_S: Final = 12 * 3600
"""A session has ended so long after its sign-in, used or not."""
SEEN_EVERY_S: Final = 60
ONE_TIME_S: Final = 7 * 86_400
"""A one-time password works for so long."""
NAME_LETTERS_MAX: Final = 32
PASSWORD_BYTES_MIN: Final = 12
PASSWORD_BYTES_MAX: Final = 1_024
REASON_LETTERS_MAX: Final = 500
SESSIONS_MAX: Final = 8
"""Sessions of one operator; a sign-in beyond ends the oldest."""
OPERATORS_MAX: Final = 500
TITLES_MAX: Final = 100
"""Titles that one operator is limited to."""
FAILURES_PER_OPERATOR: Final = 5
FAILURES_PER_ADDRESS: Final = 20
FAILURES_WINDOW_S: Final = 300.0
"""Wrong passwords and codes within the window; beyond: 429 until it has passed."""

FIRST_OPERATOR: Final = "admin"

_NAME = re.compile(rf"[a-z0-9][a-z0-9._-]{{0,{NAME_LETTERS_MAX - 1}}}")


class NotSignedIn(Unauthenticated):
    """Sign in to the console."""

    code = "console.not_signed_in"


class SignInRefused(Unauthenticated):
    """The name, the password or the code is wrong."""

    code = "console.sign_in_refused"


class CodeNeeded(Unauthenticated):
    """This operator signs in with a code of their authenticator too."""

    code = "console.code_needed"


class FirstStepNeeded(PermissionDenied):
    """Before anything else, choose a password of your own, and add an authenticator where the console asks for one."""

    code = "console.first_step_needed"


class NotPermitted(PermissionDenied):
    """Your role does not allow this, or not in this title."""

    code = "console.not_permitted"


class CsrfMissing(PermissionDenied):
    """What changes something has to come with the header X-CSRF: 1."""

    code = "console.csrf_missing"


class OriginRefused(PermissionDenied):
    """The console answers to its own page and under its own names only."""

    code = "console.origin_refused"


class ReasonMissing(InvalidArgument):
    """Say why, in the header X-Reason: 1 to 500 letters, percent-encoded UTF-8."""

    code = "console.reason_missing"


class PasswordUnfit(InvalidArgument):
    """A password has 12 to 1024 bytes, and is neither the old one nor the operator's name."""

    code = "console.password_unfit"


class OperatorInvalid(InvalidArgument):
    """An operator's name has 1 to 32 lower-case letters, digits, dots, hyphens and underscores; the role is one of the four."""

    code = "console.operator_invalid"


class OperatorExists(AlreadyExists):
    """There is an operator of this name, perhaps a disabled one. Names are never given twice, for the audit trail knows them."""

    code = "console.operator_exists"


class OperatorNotFound(NotFound):
    """There is no such operator."""

    code = "console.operator_not_found"


class LastOwner(FailedPrecondition):
    """The last owner stays one, or nobody could give access any more."""

    code = "console.last_owner"


class TooManyOperators(ResourceExhausted):
    """There are as many operators as there can be."""

    code = "console.too_many_operators"


class CodeWrong(InvalidArgument):
    """The authenticator's code is wrong, or was used before; wait for the next one."""

    code = "console.code_wrong"


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who may sign in to the console. `titles` limits them to some; empty for no limit."""

    operator_id: str
    name: str
    role: Role
    titles: frozenset[str]
    password_hash: str
    password_ends_at: WallMicros | None
    totp_secret: str
    totp_pending: str
    totp_step: int
    disabled_at: WallMicros | None
    created_at: WallMicros
    signed_in_at: WallMicros | None

    @property
    def must_change_password(self) -> bool:
        return self.password_ends_at is not None

    def has_live_password(self, now: WallMicros) -> bool:
        return self.disabled_at is None and (self.password_ends_at is None or now < self.password_ends_at)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session, and whose it is."""

    session_digest: str
    created_at: WallMicros
    seen_at: WallMicros
    operator: Operator

    def is_over(self, now: WallMicros) -> bool:
        return (
            now >= self.seen_at + IDLE_S * SECOND_US or now >= self.created_at + LIFE_S * SECOND_US or self.operator.disabled_at is not None
        )


def check_name(name: str) -> None:
    """Raises OperatorInvalid."""
    if _NAME.fullmatch(name) is None:
        raise OperatorInvalid


def check_rights(role: str, titles: list[str]) -> tuple[Role, frozenset[str]]:
    """Raises OperatorInvalid."""
    if role not in set(Role) or len(titles) > TITLES_MAX or not all(map(is_title, titles)):
        raise OperatorInvalid
    if role == Role.OWNER and titles:
        raise OperatorInvalid("An owner is limited to no title.")
    return Role(role), frozenset(titles)


def check_password(password: str, name: str) -> None:
    """Raises PasswordUnfit."""
    if not PASSWORD_BYTES_MIN <= len(password.encode(errors="replace")) <= PASSWORD_BYTES_MAX or password.lower() == name:
        raise PasswordUnfit
