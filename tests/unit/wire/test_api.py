"""The declarations of messages. Rules: docs/spec/wire.md."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Annotated

import pytest

import supergame.features
from supergame.wire.message import Message, field
from supergame.wire.shape import camel, message_shape


def all_messages() -> list[type[Message]]:
    """Those of the API and of every feature."""
    for module in pkgutil.walk_packages(supergame.features.__path__, "supergame.features."):
        importlib.import_module(module.name)
    found, waiting = [], [Message]
    while waiting:
        kinds = [kind for kind in waiting.pop().__subclasses__() if kind.__module__.startswith("supergame.")]
        found += kinds
        waiting += kinds
    return sorted(found, key=lambda kind: kind.__name__)


def faults(kind: type[Message]) -> list[str]:
    """What is wrong with the protobuf numbers of a message."""
    fields = list(message_shape(kind).fields.values())
    numbers = [item.number for item in fields]
    reserved = [item.name for item in fields if not 1 <= item.number < 2**29 or 19_000 <= item.number < 20_000]
    return [f"{name} has no valid number" for name in reserved] + (
        ["two fields share a number"] if len(set(numbers)) < len(numbers) else []
    )


@pytest.mark.parametrize("kind", all_messages(), ids=lambda kind: kind.__name__)
def test_WIRE13_every_field_has_a_number_of_its_own(kind: type[Message]) -> None:
    assert faults(kind) == []


def test_WIRE13_a_planted_fault_is_caught_two_equal_numbers() -> None:
    class Twice(Message):
        one: Annotated[str, field(1)] = ""
        other: Annotated[str, field(1)] = ""

    class Forgotten(Message):
        one: str = ""

    assert (faults(Twice), faults(Forgotten)) == (["two fields share a number"], ["one has no valid number"])


@pytest.mark.parametrize("kind", all_messages(), ids=lambda kind: kind.__name__)
def test_WIRE2_no_two_fields_have_a_spelling_in_common(kind: type[Message]) -> None:
    names = list(message_shape(kind).fields)
    assert len({camel(name) for name in names}) == len(names)


@pytest.mark.parametrize("kind", all_messages(), ids=lambda kind: kind.__name__)
def test_WIRE5_every_field_has_a_default(kind: type[Message]) -> None:
    assert kind() == kind()
