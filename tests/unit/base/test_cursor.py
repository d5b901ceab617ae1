"""List cursors: they come back whole, fit their own list only, and nothing forged in them reaches a database."""

from __future__ import annotations

import base64
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supergame.base.cursor import decode_cursor, encode_cursor
from supergame.base.errors import MalformedCursor

LIST = ("storage", "main", "save")
KINDS = (int, str)


def forged(*values: object, list_of: tuple[object, ...] = LIST) -> str:
    """The mark is a checksum: whoever reads the source can make one."""
    text = json.dumps([zlib.crc32(repr(list_of).encode()), *values])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@given(st.integers(-(2**63), 2**63 - 1), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_a_cursor_gives_its_position_back(number: int, text: str) -> None:
    assert decode_cursor(LIST, encode_cursor(LIST, (number, text)), KINDS) == (number, text)


def test_a_cursor_is_fit_for_a_query_string() -> None:
    assert set(encode_cursor(LIST, (1, "?>~ÿ"))) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


@pytest.mark.parametrize("other", [("storage", "main", "other"), ("storage", "beta", "save"), ("users", "main", "save"), ()])
def test_a_cursor_fits_no_other_list(other: tuple[object, ...]) -> None:
    with pytest.raises(MalformedCursor):
        decode_cursor(other, encode_cursor(LIST, (1, "a")), KINDS)


@pytest.mark.parametrize("cursor", ["", "x", "====", "äöü", "e30", "W10", "bnVsbA", "A" * 10_000, base64.b64encode(b"[" * 9_000).decode()])
def test_nonsense_is_refused(cursor: str) -> None:
    with pytest.raises(MalformedCursor):
        decode_cursor(LIST, cursor, KINDS)


@pytest.mark.parametrize(
    "values",
    [
        (),
        (1,),
        (1, "a", 2),
        ("1", "a"),
        (1, 2),
        (True, "a"),
        (1.0, "a"),
        (None, "a"),
        (1, ["a"]),
        (2**63, "a"),
        (-(2**63) - 1, "a"),
        (10**400, "a"),
        (1, "a\0"),
        (1, "\ud800"),
    ],
)
def test_forged_positions_are_refused(values: tuple[object, ...]) -> None:
    with pytest.raises(MalformedCursor):
        decode_cursor(LIST, forged(*values), KINDS)


def test_a_forged_cursor_of_the_right_kinds_is_only_another_place_in_the_same_list() -> None:
    assert decode_cursor(LIST, forged(7, "z"), KINDS) == (7, "z")
