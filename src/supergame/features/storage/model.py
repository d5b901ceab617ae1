"""Objects, permissions and versions (rules STO1 to STO10 in docs/spec/storage.md)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import msgspec

from supergame.base.errors import InvalidArgument
from supergame.base.ids import UserId, is_uuid
from supergame.base.limits import Limits

READ_NONE: Final = 0
READ_OWNER: Final = 1
READ_PUBLIC: Final = 2
WRITE_NONE: Final = 0
WRITE_OWNER: Final = 1

ONLY_NEW: Final = "*"
"""As a version: write only when there is no such object."""

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])


class ObjectInvalid(InvalidArgument):
    """A collection, key, owner, permission or value does not have the required form."""

    code = "storage.object_invalid"


class WriteRefused(InvalidArgument):
    """An object has another version, or may not be written; nothing was changed."""

    code = "storage.write_refused"


class BatchTooLarge(InvalidArgument):
    """Too many objects in one request."""

    code = "storage.batch_too_large"


class LimitInvalid(InvalidArgument):
    """A page has 1 to 100 objects."""

    code = "storage.limit_invalid"


@dataclass(frozen=True, slots=True)
class ObjectId:
    collection: str
    key: str
    user_id: UserId


@dataclass(frozen=True, slots=True)
class Write:
    """One object of a batch, checked. `version`: empty overwrites, `*` only creates, anything else only replaces that version."""

    id: ObjectId
    value: str
    version: str
    permission_read: int
    permission_write: int


@dataclass(frozen=True, slots=True)
class Deletion:
    id: ObjectId
    version: str


def version_of(value: str) -> str:
    """MD5 of the value's text, in hexadecimal: an optimistic lock that clients can reckon themselves, not a seal."""
    return hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()


def check_id(object_id: ObjectId, limits: Limits) -> None:
    for text in (object_id.collection, object_id.key):
        if not 1 <= len(text.encode()) <= limits.storage_name_bytes_max or "\0" in text:
            raise ObjectInvalid(f"A collection and a key have 1 to {limits.storage_name_bytes_max} bytes and no NUL.")
    if not is_uuid(object_id.user_id):
        raise ObjectInvalid("An owner is a user id.")


def check_write(write: Write, limits: Limits) -> None:
    check_id(write.id, limits)
    if not READ_NONE <= write.permission_read <= READ_PUBLIC or not WRITE_NONE <= write.permission_write <= WRITE_OWNER:
        raise ObjectInvalid("Permission to read is 0, 1 or 2, permission to write 0 or 1.")
    check_value(write.value, limits)


def check_value(value: str, limits: Limits) -> None:
    if len(value.encode()) > limits.storage_value_bytes_max:
        raise ObjectInvalid(f"A value has at most {limits.storage_value_bytes_max} bytes.")
    try:
        _OBJECT.decode(value)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise ObjectInvalid("A value is a JSON object, as a text.") from None


def check_batch(count: int, limits: Limits) -> None:
    if count > limits.storage_batch_max:
        raise BatchTooLarge(f"At most {limits.storage_batch_max} objects fit into one request.")
