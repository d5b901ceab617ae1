"""Nakama's JSON, both ways. Source: protobuf's ProtoJSON mapping, as Nakama's gateway is set up to speak it.

Out: snake_case, defaults left out, int64 as texts, enums as numbers. In: snake_case and lowerCamelCase, integers as numbers or
texts, null as unset, unknown fields ignored. Canonical input is decoded by msgspec alone; whatever that refuses is read
again leniently, so only unusual spellings pay for being allowed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec

from supergame.base.errors import MalformedBody
from supergame.wire.shape import INTEGER, MessageShape, Shape, message_shape

M = TypeVar("M", bound=msgspec.Struct)

_ENCODER = msgspec.json.Encoder()


class JsonCodec(Generic[M]):
    """Reads and writes one type of message."""

    def __init__(self, message: type[M], *, refuse_unknown: bool = False) -> None:
        """With `refuse_unknown`, a field that the message does not have is malformed: the socket's rule, unlike REST's."""
        self._type, self._refuse_unknown = message, refuse_unknown
        self._shape = message_shape(message)
        self._strict = msgspec.json.Decoder(message, strict=not self._shape.has_int64)  # not strict: integers may be texts
        self.encode = _writer(self._shape)

    def decode(self, data: bytes) -> M:
        """The message in `data`; no bytes at all are the empty message.

        Raises:
            MalformedBody: not JSON, not an object, or a field of the wrong type; the sentence names the place.
        """
        try:
            return self._strict.decode(data)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            return self._decode_lenient(data)

    def _decode_lenient(self, data: bytes) -> M:
        try:
            plain = msgspec.json.decode(data) if data else {}
            return msgspec.convert(canonical_message(self._shape, plain, self._refuse_unknown), self._type)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise MalformedBody(f"The body is malformed: {_reason(error)}.") from None


def _writer(shape: MessageShape) -> Callable[[Any], bytes]:
    """How messages of a shape are encoded: by msgspec alone, by a twin that has texts for its own int64 fields, or value by value."""
    if not shape.has_int64:
        return _ENCODER.encode
    fields = list(shape.fields.values())
    if any(field.shape.has_int64 and field.shape.kind != "int64" for field in fields):
        return lambda message: _ENCODER.encode(plain_message(shape, message))
    twin = msgspec.defstruct(
        shape.type.__name__,
        [(field.name, Any, None if field.shape.kind == "int64" else msgspec.field(default=field.default)) for field in fields],
        rename={field.name: field.wire_name for field in fields},
        omit_defaults=True,
    )
    numbers = [(place, field.default) for place, field in enumerate(fields) if field.shape.kind == "int64"]

    def write(message: Any) -> bytes:
        values = list(msgspec.structs.astuple(message))
        for place, default in numbers:
            values[place] = None if values[place] == default else str(values[place])
        return _ENCODER.encode(twin(*values))

    return write


def _reason(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def canonical_message(shape: MessageShape, value: Any, refuse_unknown: bool = False) -> Any:
    """Lenient input in canonical spelling, ready for msgspec's strict check. Anything but an object is left for that check to refuse."""
    if not isinstance(value, dict):
        return value
    if refuse_unknown and not value.keys() <= shape.by_spelling.keys():
        raise MalformedBody("The message has a field that it does not know.")
    known = ((shape.by_spelling.get(key), item) for key, item in value.items())
    return {
        field.wire_name: _canonical(field.shape, item, refuse_unknown) for field, item in known if field is not None and item is not None
    }


def _canonical(shape: Shape, value: Any, refuse_unknown: bool = False) -> Any:
    kind = shape.kind
    if kind in ("int", "int64"):
        return _integer(value)
    if shape.message is not None:
        return canonical_message(shape.message, value, refuse_unknown)
    if kind == "list" and shape.item is not None and isinstance(value, list):
        return [_canonical(shape.item, item, refuse_unknown) for item in value]
    if kind == "map" and shape.item is not None and isinstance(value, dict):
        return {key: _canonical(shape.item, item, refuse_unknown) for key, item in value.items()}
    if kind == "bytes" and isinstance(value, str):
        return (value + "=" * (-len(value) % 4)).translate({ord("-"): "+", ord("_"): "/"})
    return value


def _integer(value: Any) -> Any:
    if isinstance(value, str) and INTEGER.fullmatch(value):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def plain_message(shape: MessageShape, message: Any) -> dict[str, Any]:
    """A message as JSON values, defaults left out and int64 as texts."""
    values = ((field, getattr(message, field.name)) for field in shape.fields.values())
    return {field.wire_name: _plain(field.shape, value) for field, value in values if value != field.default}


def _plain(shape: Shape, value: Any) -> Any:
    if not shape.has_int64 or value is None:
        return value
    if shape.kind == "int64":
        return str(value)
    if shape.message is not None:
        return plain_message(shape.message, value)
    if shape.item is not None:
        if shape.kind == "map":
            return {key: _plain(shape.item, item) for key, item in value.items()}
        return [_plain(shape.item, item) for item in value]
    return value
