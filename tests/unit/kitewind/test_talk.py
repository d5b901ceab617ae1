"""What bots answer. Rules: docs/spec/plaza.md."""

from __future__ import annotations

import pytest

from kitewind.talk import BY_NAME, reply_to


@pytest.mark.parametrize("text", ["hi", "Hello!", "hey there", "HI BOTS", "good morning"])
def test_PLAZA30_a_greeting_is_answered_by_name(text: str) -> None:
    assert reply_to(text) == (BY_NAME, True)


@pytest.mark.parametrize(
    ("text", "word"),
    [("where is the race?", "flag"), ("how do I get a hat", "stall"), ("any secrets?", "feathers"), ("hi, need coins", "oin")],
)
def test_PLAZA30_who_asks_gets_a_hint(text: str, word: str) -> None:
    assert any(word in line for line in reply_to(text)[0])


@pytest.mark.parametrize("text", ["this is history", "", "{0}", "what?", "\ud83e\ude81"])
def test_PLAZA30_there_is_a_line_for_everything_and_each_can_be_named(text: str) -> None:
    lines, is_greeting = reply_to(text)
    assert not is_greeting
    assert all("Ada" in line.format(name="Ada") for line in lines)
