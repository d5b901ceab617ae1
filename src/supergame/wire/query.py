"""Query strings: parsed once per request, read into message fields by the same rules as a body."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_plus

from supergame.base.errors import MalformedQuery
from supergame.wire.shape import INTEGER, Field, MessageShape

_TRUE = {"1", "t", "T", "TRUE", "true", "True"}  # Go's strconv.ParseBool, which Nakama's gateway uses
_FALSE = {"0", "f", "F", "FALSE", "false", "False"}
_RANGES = {"int": range(-(2**31), 2**31), "int64": range(-(2**63), 2**63)}


def parse_query(query: str) -> dict[str, list[str]]:
    """All values of all parameters, blank ones too. Broken percent signs and UTF-8 stay as they are or become U+FFFD."""
    found: dict[str, list[str]] = {}
    for pair in query.split("&"):
        if pair:
            name, _, value = pair.partition("=")
            if "%" in pair or "+" in pair:
                name, value = unquote_plus(name), unquote_plus(value)
            found.setdefault(name, []).append(value)
    return found


def query_fields(shape: MessageShape, query: dict[str, list[str]]) -> dict[str, Any]:
    """Values for the fields of a message that the query names; unknown parameters are ignored.

    Raises:
        MalformedQuery: a value does not fit its field's type.
    """
    known = ((shape.by_spelling.get(name), values) for name, values in query.items())
    return {field.name: _value(field, values) for field, values in known if field is not None}


def _value(field: Field, values: list[str]) -> Any:
    kind = field.shape.kind
    if kind == "list":
        return values
    text = values[-1]
    if kind == "text":
        return text
    if kind == "bool" and text in _TRUE | _FALSE:
        return text in _TRUE
    if kind in _RANGES and INTEGER.fullmatch(text) and int(text) in _RANGES[kind]:
        return int(text)
    raise MalformedQuery(f"The query parameter {field.name} has the wrong form.")
