"""A match's fields as short texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from supergame.game.show import FIELDS_MAX, LETTERS_MAX, shown_fields


@dataclass
class Snail:
    name: str = "pip"
    trail: list[int] = field(default_factory=list)
    above: Any = None

    def __repr__(self) -> str:
        raise RuntimeError("nobody asked")


class State:
    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)


def shown(value: Any) -> str:
    return shown_fields(State(value=value))["value"]


def test_plain_values_are_shown_as_python_writes_them() -> None:
    assert shown_fields(State(count=3, name="ada", on=None)) == {"count": "3", "name": "'ada'", "on": "None"}
    assert shown({"a": [1, (2.5, True)], "b": set()}) == "{'a': [1, (2.5, True)], 'b': {}}"


def test_objects_are_shown_by_their_fields_and_never_asked_to_show_themselves() -> None:
    assert shown(Snail(trail=[1, 2])) == "Snail(name='pip', trail=[1, 2], above=None)"
    assert shown(object()) == "object"


def test_what_is_long_or_deep_or_many_is_cut() -> None:
    assert shown(list(range(1_000_000))) == "[0, 1, 2, 3, 4, 5, 6, 7, ... 1000000 in all]"
    assert len(shown("x" * 10_000)) <= LETTERS_MAX
    assert len(shown(10**200)) <= LETTERS_MAX
    assert shown([[[[[1]]]]]) == "[[[[...]]]]"
    assert len(shown_fields(State(**{f"field_{number}": number for number in range(100)}))) == FIELDS_MAX


def test_what_holds_itself_comes_to_an_end() -> None:
    snail = Snail()
    snail.above = snail
    assert shown(snail).count("Snail") == 4
