"""Query strings. Rules: docs/spec/wire.md."""

from __future__ import annotations

from typing import Annotated

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supergame.base.errors import MalformedQuery
from supergame.wire.message import Int32, Int64, Message, field
from supergame.wire.query import parse_query, query_fields
from supergame.wire.shape import message_shape


class Question(Message):
    user_name: Annotated[str, field(1)] = ""
    limit: Annotated[Int32 | None, field(2)] = None
    total: Annotated[Int64, field(3)] = 0
    is_new: Annotated[bool | None, field(4)] = None
    ids: Annotated[list[str], field(5)] = []


def asked(query: str) -> dict[str, object]:
    return query_fields(message_shape(Question), parse_query(query))


@pytest.mark.parametrize(
    ("query", "parsed"),
    [
        ("", {}),
        ("&&", {}),
        ("a", {"a": [""]}),
        ("a=", {"a": [""]}),
        ("=b", {"": ["b"]}),
        ("a=1&b=2&a=3", {"a": ["1", "3"], "b": ["2"]}),
        ("a=b=c", {"a": ["b=c"]}),
        ("a+b=%20c%2B", {"a b": [" c+"]}),
        ("a=%zz%", {"a": ["%zz%"]}),
        ("a=%ff", {"a": ["\N{REPLACEMENT CHARACTER}"]}),
        ("a=%E2%98%83", {"a": ["\N{SNOWMAN}"]}),
        ("a=1;b=2", {"a": ["1;b=2"]}),
    ],
)
def test_WIRE9_a_query_string_is_split_and_decoded(query: str, parsed: dict[str, list[str]]) -> None:
    assert parse_query(query) == parsed


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=80))
def test_WIRE9_no_query_string_raises(query: str) -> None:
    for values in parse_query(query).values():
        assert all(isinstance(value, str) for value in values)


@pytest.mark.parametrize("text", ["1", "t", "T", "TRUE", "true", "True"])
def test_WIRE10_true_is_what_go_takes_for_it(text: str) -> None:
    assert asked(f"is_new={text}") == asked(f"isNew={text}") == {"is_new": True}


@pytest.mark.parametrize("text", ["0", "f", "F", "FALSE", "false", "False"])
def test_WIRE10_false_is_what_go_takes_for_it(text: str) -> None:
    assert asked(f"is_new={text}") == {"is_new": False}


@pytest.mark.parametrize("text", ["", "yes", "tRUE", "2", "on", " true", "null"])
def test_WIRE10_anything_else_is_no_boolean(text: str) -> None:
    with pytest.raises(MalformedQuery, match="is_new"):
        asked(f"is_new={text}")


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("100", 100), ("-1", -1), ("2147483647", 2**31 - 1)])
def test_WIRE11_integers_in_a_query(text: str, number: int) -> None:
    assert asked(f"limit={text}") == {"limit": number}


@pytest.mark.parametrize("name", ["limit", "total"])
@pytest.mark.parametrize(
    "text", ["", "a", "1.5", "1e3", "+1", " 1", "1_0", "0x1", "\u0661", "9" * 30, "9" * 5_000, "-9223372036854775809", "NaN"]
)
def test_WIRE11_what_is_no_integer_of_that_size_is_refused(name: str, text: str) -> None:
    with pytest.raises(MalformedQuery, match=name):
        asked(f"{name}={text.replace('+', '%2B')}")


@pytest.mark.parametrize("text", ["2147483648", "-2147483649"])
def test_WIRE11_32_bits_have_a_range_in_a_query_as_in_a_body(text: str) -> None:
    """Planted fault: the query's numbers were not compared with the field's range."""
    with pytest.raises(MalformedQuery, match="limit"):
        asked(f"limit={text}")


def test_WIRE11_64_bits_in_a_query() -> None:
    assert asked("total=9223372036854775807") == {"total": 2**63 - 1}


def test_WIRE12_the_last_value_of_a_field_counts_and_all_of_a_list() -> None:
    assert asked("user_name=a&userName=b&ids=1&ids=2&unknown=3") == {"user_name": "b", "ids": ["1", "2"]}
    assert asked("limit=1&limit=2") == {"limit": 2}


def test_WIRE12_the_sentence_names_the_field_and_repeats_no_value() -> None:
    with pytest.raises(MalformedQuery) as caught:
        asked("limit=canary")
    assert "canary" not in caught.value.message
