"""What players may be called and say. Rules: docs/spec/plaza.md."""

from __future__ import annotations

import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitewind.names import MAX_GRAPHEMES, NOBODY, clean_name, graphemes, mask, unlike

RUDE = codecs.decode("fuvg", "rot13")


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("Ada", "Ada"),
        ("  Ada \n\t Lovelace ", "Ada Lovelace"),
        ("Ａｄａ", "Ada"),
        ("e\u0301va", "éva"),
        ("Ad\u202ea\x00\u200b", "Ada"),
        ("", NOBODY),
        ("\u200d \u202e", NOBODY),
        ("abcdefghijklmnopqrst", "abcdefghijklmnop"),
        ("👩‍👩‍👧‍👦" * 20, "👩‍👩‍👧‍👦" * 16),
        ("🇫🇷🇯🇵", "🇫🇷🇯🇵"),
        ("a" + "\u0301" * 100, "á" + "\u0301" * 7),
    ],
    ids=repr,
)
def test_PLAZA3_a_name_is_short_and_visible(given_name: str, name: str) -> None:
    assert clean_name(given_name) == name


@given(st.text(max_size=200))
def test_PLAZA3_whatever_is_asked_for_the_name_is_one_line_of_1_to_16_graphemes(text: str) -> None:
    name = clean_name(text)
    assert 1 <= len(graphemes(name)) <= MAX_GRAPHEMES
    assert name == name.strip()
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in name)
    assert len(name.encode()) < 1_000


@pytest.mark.parametrize("text", [RUDE, RUDE.upper(), RUDE.replace("i", "1"), RUDE.replace("s", "$")])
def test_PLAZA4_coarse_words_become_asterisks(text: str) -> None:
    assert mask(f"oh {text}, no") == "oh ****, no"
    assert clean_name(text) == "****"


@pytest.mark.parametrize("text", ["Scunthorpe", "class", "Hello 123", "Dick", "shiitake", "ẞİ"])
def test_PLAZA4_words_that_only_contain_them_stay(text: str) -> None:
    assert mask(text) == text


@given(st.lists(st.text(alphabet="aA1 2\U0001f3fb", max_size=20), max_size=30))
def test_PLAZA3_names_beside_each_other_are_short_and_unlike(texts: list[str]) -> None:
    taken: set[str] = set()
    for text in texts:
        name = unlike(clean_name(text), taken)
        assert name.casefold() not in taken
        assert 1 <= len(graphemes(name)) <= MAX_GRAPHEMES
        taken.add(name.casefold())
