"""Opaque list cursors: where a page ended, bound to the list and filters that it belongs to."""

import base64
import binascii
import json
import zlib

from supergame.base.errors import MalformedCursor


def encode_cursor(list_of: tuple[object, ...], position: tuple[str | int, ...]) -> str:
    """A cursor that goes on after `position` in the list that `list_of` (name and filters) describes."""
    text = json.dumps([_mark(list_of), *position], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(list_of: tuple[object, ...], cursor: str, kinds: tuple[type, ...]) -> tuple[str | int, ...]:
    """The position in a cursor, its values checked against `kinds`.

    Raises:
        MalformedCursor: not one of ours, or of another list, or given out under other filters.
    """
    try:
        values = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise MalformedCursor from None
    fits = isinstance(values, list) and len(values) == len(kinds) + 1 and values[0] == _mark(list_of)
    if not fits or not all(_is_storable(value, kind) for value, kind in zip(values[1:], kinds, strict=True)):
        raise MalformedCursor
    return tuple(values[1:])


def _is_storable(value: object, kind: type) -> bool:
    """Whether it is of the kind, and nothing that a database chokes on: the mark is a checksum, not a signature."""
    if isinstance(value, str):
        return kind is str and "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    return type(value) is kind and isinstance(value, int) and -(2**63) <= value < 2**63


def _mark(list_of: tuple[object, ...]) -> int:
    return zlib.crc32(repr(list_of).encode())
