"""Identities and profiles: their forms, and what can be wrong with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from supergame.base.errors import (
    AlreadyExists,
    FailedPrecondition,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    ResourceExhausted,
    Unauthenticated,
)
from supergame.base.events import Fact, Notice
from supergame.base.ids import TitleId, UserId, is_uuid
from supergame.base.limits import Limits
from supergame.base.names import has_control
from supergame.features.sanctions.model import Sanction
from supergame.features.sessions.model import Revocation
from supergame.wire.api import UpdateAccountRequest, User

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class AccountNotFound(NotFound):
    """There is no such account."""

    code = "account.not_found"


class AccountBanned(PermissionDenied):
    """This account is banned."""

    code = "account.banned"


class UsernameTaken(AlreadyExists):
    """This user name is taken."""

    code = "account.username_taken"


class UsernameInvalid(InvalidArgument):
    """A user name has 1 to 128 bytes and no control characters."""

    code = "account.username_invalid"


class IdentityInvalid(InvalidArgument):
    """This id, address or password does not have the required form."""

    code = "account.identity_invalid"


class IdentityTaken(AlreadyExists):
    """This id or address belongs to another account."""

    code = "account.identity_taken"


class PageInvalid(InvalidArgument):
    """A page has 1 to 100 players."""

    code = "account.page_invalid"


class TooManyDevices(FailedPrecondition):
    """This account has as many devices as it may have."""

    code = "account.too_many_devices"


class LastIdentity(PermissionDenied):
    """This cannot be unlinked: it is not linked, or nothing else would be left to sign in with."""

    code = "account.last_identity"


class WrongPassword(Unauthenticated):
    """The password is wrong."""

    code = "account.wrong_password"


class TooManyAttempts(ResourceExhausted):
    """Too many failed attempts to sign in; try again in a minute."""

    code = "account.too_many_attempts"


class ProfileInvalid(InvalidArgument):
    """A field of the profile is too long, or nothing is to be changed."""

    code = "account.profile_invalid"


class ProviderNotConfigured(FailedPrecondition):
    """This sign-in provider is not configured on this server."""

    code = "account.provider_not_configured"


class ProviderTokenMissing(InvalidArgument):
    """The provider's token is missing, or the provider is not configured on this server."""

    code = "account.provider_token_missing"


@dataclass(frozen=True, slots=True)
class AccountDeleted(Fact):
    """A person left a title; whoever keeps data of theirs erases it."""

    kind: ClassVar[str] = "account.deleted"
    title_id: TitleId
    user_id: UserId


@dataclass(frozen=True, slots=True)
class PersonErased(Fact):
    """A person left the deployment; whoever keeps something of theirs beyond titles erases it, or makes it nobody's."""

    kind: ClassVar[str] = "person.erased"
    user_id: UserId


@dataclass(frozen=True, slots=True)
class Banned(Notice):
    """A person was shut out of a title. Told before their sockets close."""

    title_id: TitleId
    user_id: UserId


class Found(NamedTuple):
    """What an identity leads to. Without a `username` the person has no profile in this title."""

    user_id: UserId
    username: str | None
    ban: Sanction | None = None


class Wallet(NamedTuple):
    """What a profile has of the title's currencies, as JSON, and the pseudonym under which the ledger keeps it; empty before the first."""

    text: str
    wallet_id: str


class Ban(NamedTuple):
    """A ban that is stored and has not taken effect yet."""

    sanction: Sanction
    revocations: list[Revocation]


class Person(NamedTuple):
    """Somebody of the deployment, by their profile in one of its titles."""

    title_id: TitleId
    user: User


@dataclass(frozen=True, slots=True)
class Identity:
    """One way to sign in, checked. `key` is the text that names it: a device id, a custom id, an e-mail address."""

    kind: str
    key: str


def check_device(device_id: str, limits: Limits) -> Identity:
    _check_id(device_id, limits.device_id_bytes_min, limits.device_id_bytes_max, "A device id")
    return Identity("device", device_id)


def check_custom(custom_id: str, limits: Limits) -> Identity:
    _check_id(custom_id, limits.custom_id_bytes_min, limits.custom_id_bytes_max, "A custom id")
    return Identity("custom", custom_id)


def _check_id(text: str, bytes_min: int, bytes_max: int, what: str) -> None:
    if not bytes_min <= len(text.encode()) <= bytes_max or " " in text or has_control(text):
        raise IdentityInvalid(f"{what} has {bytes_min} to {bytes_max} bytes, no spaces and no control characters.")


def check_email(email: str, limits: Limits) -> Identity:
    size = len(email.encode())
    if not limits.email_bytes_min <= size <= limits.email_bytes_max or has_control(email) or not _EMAIL.fullmatch(email):
        raise IdentityInvalid(f"An e-mail address has {limits.email_bytes_min} to {limits.email_bytes_max} bytes and the usual form.")
    return Identity("email", email.lower())


def check_password(password: str, limits: Limits) -> None:
    if not limits.password_bytes_min <= len(password.encode()) <= limits.password_bytes_max:
        raise IdentityInvalid(f"A password has {limits.password_bytes_min} to {limits.password_bytes_max} bytes.")


def check_username(username: str, limits: Limits) -> None:
    if not 1 <= len(username.encode()) <= limits.username_bytes_max or has_control(username):
        raise UsernameInvalid


def check_update(request: UpdateAccountRequest, limits: Limits) -> None:
    """Whether a profile may be changed so."""
    texts = {
        "display_name": limits.profile_text_bytes_max,
        "location": limits.profile_text_bytes_max,
        "timezone": limits.profile_text_bytes_max,
        "avatar_url": limits.avatar_url_bytes_max,
        "lang_tag": limits.lang_tag_bytes_max,
    }
    given = {name: getattr(request, name) for name in texts if getattr(request, name) is not None}
    if request.username is None and not given:
        raise ProfileInvalid
    if request.username is not None:
        check_username(request.username, limits)
    for name, text in given.items():
        if len(text.encode()) > texts[name] or "\0" in text:
            raise ProfileInvalid(f"The field {name} has at most {texts[name]} bytes and no NUL.")


def check_player(title_id: str, user_id: str) -> tuple[TitleId, UserId]:
    """The ids in a path. Raises AccountNotFound for what cannot be anybody's."""
    if not is_uuid(user_id):
        raise AccountNotFound
    return TitleId(title_id), UserId(user_id)


def check_page(limit: int, limits: Limits) -> None:
    if not 1 <= limit <= limits.page_max:
        raise PageInvalid(f"A page has 1 to {limits.page_max} entries.")
