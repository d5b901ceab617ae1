"""The shape of a message type, worked out once: which fields it has, how JSON may spell them, what they hold.

`codec_json` walks shapes to read lenient input and to write int64 as texts; `query` to read query strings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

INTEGER = re.compile(r"-?[0-9]{1,19}")
"""An integer as a text. What has more digits fits into no field."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One type. `kind` is text, bool, int, int64, float, bytes, time, list, map, message or any; lists and maps have an `item`."""

    kind: str
    item: Shape | None = None
    message: MessageShape | None = None

    @property
    def has_int64(self) -> bool:
        inner = self.item is not None and self.item.has_int64
        return self.kind == "int64" or inner or (self.message is not None and self.message.has_int64)


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    wire_name: str
    shape: Shape
    default: Any
    number: int


@dataclass(slots=True)
class MessageShape:
    type: type[msgspec.Struct]
    fields: dict[str, Field] = field(default_factory=dict)
    by_spelling: dict[str, Field] = field(default_factory=dict)
    """Fields by snake_case and by lowerCamelCase name."""
    has_int64: bool = False


@cache
def message_shape(message: type[msgspec.Struct]) -> MessageShape:
    """The shape of a struct. Messages do not contain themselves."""
    info = inspect.type_info(message)
    assert isinstance(info, inspect.StructType), f"{message} is no struct"
    shape = MessageShape(message)
    for item in info.fields:
        made = Field(item.name, item.encode_name, _shape(item.type), _default(item), _extra(item.type).get("number", 0))
        shape.fields[made.name] = made
        shape.by_spelling[item.encode_name] = shape.by_spelling[camel(item.encode_name)] = made
        shape.has_int64 |= made.shape.has_int64
    return shape


def camel(name: str) -> str:
    """`create_time` as `createTime`, protobuf's other JSON name."""
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def _default(item: inspect.Field) -> Any:
    return item.default if item.default_factory is msgspec.NODEFAULT else item.default_factory()


def _extra(kind: inspect.Type) -> dict[str, Any]:
    return (kind.extra or {}) if isinstance(kind, inspect.Metadata) else {}


_PLAIN: dict[type[inspect.Type], str] = {
    inspect.StrType: "text",
    inspect.BoolType: "bool",
    inspect.IntType: "int",
    inspect.FloatType: "float",
    inspect.BytesType: "bytes",
    inspect.DateTimeType: "time",
}


def _shape(kind: inspect.Type) -> Shape:
    extra: dict[str, Any] = {}
    while True:
        if isinstance(kind, inspect.Metadata):
            extra, kind = {**extra, **(kind.extra or {})}, kind.type
        elif isinstance(kind, inspect.UnionType):
            kind = next(option for option in kind.types if not isinstance(option, inspect.NoneType))
        else:
            break
    if isinstance(kind, inspect.StructType):
        return Shape("message", message=message_shape(kind.cls))
    if isinstance(kind, inspect.ListType):
        return Shape("list", item=_shape(kind.item_type))
    if isinstance(kind, inspect.DictType):
        return Shape("map", item=_shape(kind.value_type))
    plain = _PLAIN.get(type(kind), "any")
    return Shape("int64" if extra.get("kind") == "int64" else plain)
