"""Title ids with and without an environment."""

from __future__ import annotations

import pytest

from supergame.base.titles import LIVE, environment_of, is_environment, is_title, title_id, title_of


def test_TTL1_a_title_id_names_the_title_and_its_environment() -> None:
    assert (title_id("starhop"), title_id("starhop", LIVE), title_id("starhop", "beta")) == ("starhop", "starhop", "starhop@beta")
    for title, environment in [("starhop", LIVE), ("starhop", "beta"), ("a-b", "c-d")]:
        served = title_id(title, environment)
        assert (title_of(served), environment_of(served)) == (title, environment)


@pytest.mark.parametrize("text", ["", "A", "1a", "-a", "a b", "a@b", "a/b", "ä", "a\n", "a_b"])
def test_names_that_would_be_misread_in_an_address_or_an_id_are_none(text: str) -> None:
    assert not is_title(text)
    assert not is_environment(text)


def test_names_have_bounds() -> None:
    assert [is_title("a" * 64), is_title("a" * 65)] == [True, False]
    assert [is_environment("a" * 32), is_environment("a" * 33)] == [True, False]
