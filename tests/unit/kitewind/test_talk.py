"""What bots answer. Rules: docs/spec/plaza.md."""

from __future__ import annotations

import pytest

from kitewind.names import MAX_GRAPHEMES
from kitewind.talk import ALL_ANSWERS, GREETINGS, reply_to


@pytest.mark.parametrize("text", ["hi", "Hello!", "hey there", "HI BOTS", "good morning"])
def test_PLAZA30_a_greeting_is_answered_by_name(text: str) -> None:
    assert reply_to(text) == (GREETINGS, True)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("where is the race?", "flag"),
        ("how do I get a hat", "stall"),
        ("any secrets?", "feathers"),
        ("hi, need coins", "oin"),
        ("how do I get up to the great kite?", "up"),
        ("are you a bot?", "mail-bot"),
    ],
)
def test_PLAZA30_who_asks_gets_a_hint(text: str, word: str) -> None:
    assert any(word in line for line in reply_to(text)[0])


@pytest.mark.parametrize("text", ["this is history", "", "{0}", "what?", "\ud83e\ude81"])
def test_PLAZA30_there_is_a_line_for_everything_and_each_can_be_named(text: str) -> None:
    lines, is_greeting = reply_to(text)
    assert not is_greeting
    assert all(line.format(name="Ada") for line in lines)


def test_PLAZA30_an_answer_fits_a_bubble_with_the_longest_name() -> None:
    assert max(len(line.format(name="M" * MAX_GRAPHEMES)) for line in ALL_ANSWERS) <= 64
