"""Random messages, a message with 64-bit integers, and a naive twin of the lenient decoder."""

from __future__ import annotations

import inspect
import json
import re
from datetime import UTC, datetime, timedelta
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
from hypothesis import strategies as st

from supergame.wire import api
from supergame.wire.message import Int32, Int64, Message, field
from supergame.wire.shape import camel

MESSAGES = [kind for _, kind in inspect.getmembers(api, inspect.isclass) if issubclass(kind, Message) and kind is not Message]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Coin(Message):
    worth: Annotated[Int64, field(1)] = 0
    face: Annotated[str, field(2)] = ""


class Purse(Message):
    """Everything that a 64-bit integer can be a part of."""

    total: Annotated[Int64, field(1)] = 0
    limit: Annotated[Int64 | None, field(2)] = None
    history: Annotated[list[Int64], field(3)] = []
    by_name: Annotated[dict[str, Int64], field(4)] = {}
    coins: Annotated[list[Coin], field(5)] = []
    best_coin: Annotated[Coin, field(6)] = msgspec.field(default_factory=Coin)
    small_count: Annotated[Int32, field(7)] = 0
    is_open: Annotated[bool | None, field(8)] = None


def split(hint: Any) -> tuple[Any, bool, int]:
    """A type without its wrappers, whether it may be unset, and the bits of an integer."""
    optional, bits = False, 64
    while True:
        origin = get_origin(hint)
        if origin is Annotated:
            for meta in hint.__metadata__:
                if isinstance(meta, msgspec.Meta) and meta.le is not None:
                    bits = int(meta.le).bit_length() + 1
            hint = get_args(hint)[0]
        elif origin in (Union, UnionType):
            optional, hint = True, next(part for part in get_args(hint) if part is not NoneType)
        else:
            return hint, optional, bits


def values(hint: Any) -> st.SearchStrategy[Any]:
    kind, optional, bits = split(hint)
    inner = get_args(kind)
    found: st.SearchStrategy[Any]
    if get_origin(kind) is list:
        found = st.lists(values(inner[0]), max_size=3)
    elif get_origin(kind) is dict:
        found = st.dictionaries(st.text(max_size=5), values(inner[1]), max_size=3)
    elif issubclass(kind, Message):
        found = messages(kind)
    elif kind is datetime:
        found = st.integers(0, 4_000_000_000).map(lambda seconds: EPOCH + timedelta(seconds=seconds))
    elif kind is int:
        found = st.sampled_from([-(2 ** (bits - 1)), -1, 0, 1, 2**31 - 1, 2 ** (bits - 1) - 1]) | st.integers(-(2**31), 2**31 - 1)
    else:
        found = st.booleans() if kind is bool else st.text(max_size=20)
    return st.none() | found if optional else found


def messages(kind: type[Message]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind, include_extras=True)
    return st.builds(kind, **{name: values(hint) for name, hint in hints.items()})


# --- the twin: no cleverness, no msgspec


class NotThis(Exception):
    pass


def naive_decode(kind: type[Message], data: bytes) -> Message:
    """What JsonCodec.decode promises, from json.loads and type hints. Raises NotThis."""
    try:
        value = json.loads(data) if data else {}
    except (ValueError, RecursionError):
        raise NotThis from None
    return naive_message(kind, value)


def naive_message(kind: type[Message], value: Any) -> Message:
    if not isinstance(value, dict):
        raise NotThis
    hints = get_type_hints(kind, include_extras=True)
    given: dict[str, Any] = {}  # of two spellings the later one counts
    for key, item in value.items():
        for name in hints:
            if key in (name, camel(name)) and item is not None:
                given[name] = item
    return kind(**{name: naive_value(hints[name], item) for name, item in given.items()})


def naive_value(hint: Any, value: Any) -> Any:
    kind, _, bits = split(hint)
    inner = get_args(kind)
    if get_origin(kind) is list:
        return [naive_value(inner[0], item) for item in must(value, list)]
    if get_origin(kind) is dict:
        return {key: naive_value(inner[1], item) for key, item in must(value, dict).items()}
    if issubclass(kind, Message):
        return naive_message(kind, value)
    if kind is int:
        return naive_integer(value, bits)
    return must(value, kind)


def must(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise NotThis
    return value


def naive_integer(value: Any, bits: int) -> int:
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,19}", value):
        value = int(value)
    if isinstance(value, float) and value == value // 1:
        value = int(value)
    if type(value) is not int or not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):
        raise NotThis
    return value
