"""Messages with any contents that their fields allow, for property tests of the formats."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec
from hypothesis import strategies as st

from supergame.wire.rtapi import MESSAGES, Unsupported
from supergame.wire.shape import Field, Shape, message_shape

SUPPORTED = {name: kind for name, kind in MESSAGES.items() if kind.type is not Unsupported}

_ANY = {
    "text": st.text(max_size=8),
    "bool": st.booleans(),
    "int": st.integers(-(2**31), 2**31 - 1) | st.sampled_from((-(2**31), -1, 0, 1, 2**31 - 1)),
    "int64": st.integers(-(2**63), 2**63 - 1) | st.sampled_from((-(2**63), -1, 0, 1, 2**53 + 1, 2**63 - 1)),
    "float": st.floats(allow_nan=False),
    "bytes": st.binary(max_size=8),
    "time": st.datetimes(timezones=st.just(UTC)),
}
# What JavaScript holds without loss: whole numbers below 2**53, milliseconds.
_JAVASCRIPT = _ANY | {
    "int64": st.integers(-(2**53) + 1, 2**53 - 1),
    "time": st.integers(0, 4 * 10**12).map(
        lambda millis: datetime.fromtimestamp(millis // 1000, UTC).replace(microsecond=millis % 1000 * 1000)
    ),
}


@cache
def messages(message: type[msgspec.Struct], for_javascript: bool = False) -> st.SearchStrategy[Any]:
    """Instances of a struct, with nothing, something or everything set."""
    fields = message_shape(message).fields.values()
    return st.builds(message, **{field.name: _field(field, for_javascript) for field in fields})


def _field(field: Field, for_javascript: bool) -> st.SearchStrategy[Any]:
    value = _value(field.shape, for_javascript)
    return st.none() | value if field.default is None else value


def _value(shape: Shape, for_javascript: bool) -> st.SearchStrategy[Any]:
    if shape.message is not None:
        return messages(shape.message.type, for_javascript)
    if shape.item is None:
        return (_JAVASCRIPT if for_javascript else _ANY)[shape.kind]
    item = _value(shape.item, for_javascript)
    return st.dictionaries(_ANY["text"], item, max_size=3) if shape.kind == "map" else st.lists(item, max_size=3)
