"""How names are compared, and what no name may hold."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supergame.base.names import has_control, name_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada", "aDA"),
        ("STRASSE", "straße"),
        ("straße", "strasse"),
        ("ﬁnn", "FINN"),  # a ligature
        ("Åsa", "Åsa"),  # composed and combining
        ("Ａｄａ", "ada"),  # full width
        ("Ω", "Ω"),  # the Ohm sign is an omega
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),  # the final sigma
        ("x²", "X2"),
        ("ⅷ", "VIII"),
        ("ᾳ", "ΑΙ"),  # folding undoes the normal form
        ("ſam", "sam"),  # the long s
    ],
)
def test_names_that_read_alike_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("ada", "adа"), ("o", "0"), ("I", "ı"), ("resume", "résumé"), ("a b", "ab")])
def test_names_that_differ_keep_apart(one: str, other: str) -> None:
    """Letters of other scripts that look alike are another matter: a check for confusables, not a question of equality."""
    assert name_key(one) != name_key(other)


@given(st.text())
def test_the_key_of_a_key_is_itself(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@given(st.text())
def test_case_and_composition_do_not_matter(name: str) -> None:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert name_key(unicodedata.normalize(form, name)) == name_key(name)
    assert name_key(name.casefold()) == name_key(name)


@given(st.text(st.characters(max_codepoint=127)))
def test_the_short_cut_for_ascii_gives_what_the_long_way_gives(name: str) -> None:
    assert name_key(name) == unicodedata.normalize("NFKC", name).casefold()


@pytest.mark.parametrize("sign", ["\0", "\t", "\n", "\x7f", "\x85", "\u200b", "\u200e", "\u202e", "\u2028", "\u2029", "\ufeff", "\ud800"])
def test_control_and_invisible_signs_are_found(sign: str) -> None:
    assert has_control(f"ada{sign}")
    assert has_control(f"ädä{sign}")


@pytest.mark.parametrize("name", ["", "ada", "Ada Lovelace", "ädä", "達也", "🦊", "naïve-42_(x)"])
def test_common_names_pass(name: str) -> None:
    assert not has_control(name)
