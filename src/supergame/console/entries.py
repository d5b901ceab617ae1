"""One entry of the audit trail: what it says, what it must not say, and how it is chained to the one before (rules CON21 and CON22)."""

from __future__ import annotations

import hashlib
from typing import Any, Final, NamedTuple

import msgspec

from supergame.base.clock import WallMicros

BODY_BYTES_MAX: Final = 16_384
"""Of one entry. What is larger is left out; its size and digest tell what it was."""
DIGEST_OF_NONE: Final = "0" * 64
SECRET: Final = "(secret)"
SECRET_NAMES: Final = frozenset(
    {"password", "new_password", "one_time_password", "code", "secret", "token", "refresh_token", "uri", "qr_svg"}
)
PERSONAL: Final = "(personal)"
PERSONAL_NAMES: Final = frozenset({"note_text", "object_value", "objects_file"})
"""What is a player's or about one. It has to be erasable, and the trail is not: it keeps that something was written, not what."""
_STRUCK_OUT: Final = dict.fromkeys(SECRET_NAMES, SECRET) | dict.fromkeys(PERSONAL_NAMES, PERSONAL)


class Entry(NamedTuple):
    """A row of the trail. `kind` is intent, change or outcome; the body is JSON."""

    entry: int
    kind: str
    action_id: str
    at: WallMicros
    operator_id: str
    operator: str
    action: str
    title_id: str
    target: str
    body: str
    previous_digest: str
    digest: str

    @property
    def is_whole(self) -> bool:
        """Whether its digest is that of what it says."""
        return self.digest == digest_of(self)


def digest_of(entry: Entry) -> str:
    """SHA-256 over all that an entry says, and with it over all entries before."""
    return hashlib.sha256(msgspec.json.encode(entry[:-1])).hexdigest()


def chained(entry: Entry) -> Entry:
    """The entry with its digest."""
    return entry._replace(digest=digest_of(entry))


def body_of(value: Any) -> str:
    """Anything that msgspec encodes as the JSON that an entry keeps: without secrets, and not beyond the bound."""
    text = msgspec.json.encode(without_secrets(msgspec.to_builtins(value, str_keys=True)))
    if len(text) <= BODY_BYTES_MAX:
        return text.decode()
    return msgspec.json.encode({"left_out_bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()}).decode()


def without_secrets(value: Any) -> Any:
    """Values under the name of a secret, or of something personal, are struck out, however deep."""
    if isinstance(value, dict):
        return {name: _STRUCK_OUT[name] if name in _STRUCK_OUT and item else without_secrets(item) for name, item in value.items()}
    if isinstance(value, list):
        return [without_secrets(item) for item in value]
    return value
