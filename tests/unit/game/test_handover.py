"""State from one version of a game to the next. Rules: docs/spec/reload.md."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterator
from random import Random
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from supergame.base.ids import UserId
from supergame.features.matches.model import Player
from supergame.game.handover import PACKAGE, copied, still_declared, successor_in

HEAD = "from __future__ import annotations\nfrom dataclasses import dataclass, field\nfrom enum import Enum\nfrom typing import *\n"


@pytest.fixture
def versions() -> Iterator[Any]:
    """Makes the modules `rocks` of versions 1, 2, ... of a game."""
    names: list[str] = []

    def version(text: str) -> Any:
        names.append(f"{PACKAGE}test_{len(names)}.rocks")
        module = sys.modules[names[-1]] = ModuleType(names[-1])
        exec(HEAD + text, vars(module))
        return module

    yield version
    for name in names:
        del sys.modules[name]


def handed(thing: Any, to: Any = None, owner: Any = None) -> Any:
    package = (to or SimpleNamespace(__name__="none.rocks")).__name__.partition(".")[0]
    return copied({"it": thing}, owner, successor_in(package))["it"]


DATA, SLOTS = "@dataclass\nclass Rock:\n ", "@dataclass(slots=True, frozen=True)\nclass Rock:\n "

# the old code, what is made by it, the new code, and what holds of what was handed over
CHANGED = [
    ("class Rock:\n size = 1", "rock = Rock(); rock.x = 3", "class Rock:\n size = 2\n def area(self): return self.x", "rock.area() == 3"),
    ("class Rock:\n size = 1", "rock = Rock()", "class Rock:\n size = 2", "rock.size == 2"),
    (DATA + "x: int", "rock = Rock(3)", DATA + "x: int\n y: list = field(default_factory=list)", "(rock.x, rock.y) == (3, [])"),
    (DATA + "x: int", "rock = Rock(3)", DATA + "z: int = 9", "vars(rock) == {'z': 9}"),
    (SLOTS + "x: int\n y: int", "rock = Rock(3, 4)", SLOTS + "y: int\n z: int = 5", "rock == Rock(4, 5)"),
    ("class Kind(Enum):\n A = 1", "rock = [Kind.A]", "class Kind(Enum):\n A = 1\n B = 2", "rock[0] is Kind.A"),
    ("class Rock(NamedTuple):\n x: int", "rock = Rock(3)", "class Rock(NamedTuple):\n x: int\n y: int = 4", "rock == Rock(3, 4)"),
    ("class Bag(dict):\n pass", "rock = Bag(a=1)", "class Bag(dict):\n def two(self): return 2", "rock.two() == 2 and rock['a'] == 1"),
    ("def idle(): return 1", "rock = {'do': idle}", "def idle(): return 2", "rock['do']() == 2"),
    ("class Rock:\n def go(self): return 1", "rock = Rock().go", "class Rock:\n def go(self): return 2", "rock() == 2"),
    ("class Rock:\n class Part: pass", "rock = Rock.Part()", "class Rock:\n class Part:\n  n = 4", "rock.n == 4"),
    ("class Rock: pass", "rock = Rock()", "class Stone: pass", "type(rock).__name__ == 'Rock'"),
    ("def walk(): pass", "rock = walk", "class walk: pass", "not isinstance(rock, type)"),
]


@pytest.mark.parametrize(("old", "made", "new", "held"), CHANGED)
def test_REL4_objects_become_those_of_the_new_version(versions: Any, old: str, made: str, new: str, held: str) -> None:
    first, second = versions(old), versions(new)
    exec(made, vars(first))
    scope = vars(second)
    scope["rock"] = handed(first.rock, second)
    assert eval(held, scope)


PLAIN: list[Any] = [
    [1, "two", 3.0, None, b"4", (5, {6}), frozenset({7})],
    {"a": {"b": [1]}},
    deque([1, 2], maxlen=3),
    Counter("abba"),
    OrderedDict(a=1),
    bytearray(b"abc"),
]


@pytest.mark.parametrize("thing", PLAIN, ids=lambda thing: type(thing).__name__)
def test_REL4_what_is_plain_is_copied(thing: Any) -> None:
    copy = handed(thing)
    assert copy == thing
    assert copy is not thing
    assert type(copy) is type(thing)


def test_REL4_chance_and_defaults_go_on_apart() -> None:
    chance, groups = Random(1), defaultdict(list, a=[1])
    copy, copied_groups = handed((chance, groups))
    assert copy.random() == Random(1).random()
    assert chance.random() == Random(1).random()
    copied_groups["b"].append(2)
    assert (groups, copied_groups["b"]) == ({"a": [1]}, [2])


async def test_REL4_what_cannot_be_copied_is_shared() -> None:
    async def work() -> None: ...

    coroutine = work()
    task = asyncio.create_task(work())
    things = [coroutine, task, asyncio.Event(), (number for number in ()), sys.stdout, sys, len, lambda: 1]
    assert all(copy is thing for copy, thing in zip(handed(things), things, strict=True))
    coroutine.close()
    await task


def test_REL4_players_are_the_same() -> None:
    session = SimpleNamespace(session_id="s", user_id=UserId("u"), username="ada")
    player = Player(SimpleNamespace(session=session, session_id="s", user_id="u"))  # type: ignore[arg-type]
    copy = handed({player: [player]})
    assert next(iter(copy)) is player
    assert copy[player][0] is player


def test_REL4_rings_and_the_way_back_to_the_state_hold(versions: Any) -> None:
    first, second = versions("class Rock: pass"), versions("class Rock:\n new = True")
    owner, one, two = SimpleNamespace(), first.Rock(), first.Rock()
    one.next, two.next, one.match = two, one, owner
    copy = handed([one, two], second, owner)
    assert copy[0].next is copy[1]
    assert copy[1].next is copy[0]
    assert copy[0].match is owner
    assert copy[1].new
    assert (type(one), one.next) == (first.Rock, two)


def test_REL3_declared_fields_that_are_gone_are_dropped(versions: Any) -> None:
    first = versions("class Base:\n a: int = 1\nclass Rock(Base):\n b: int\n C: ClassVar[int] = 4\n D: Final = 5")
    second = versions("class Rock:\n b: int")
    fields = dict.fromkeys(("a", "b", "C", "D", "free"), 0)
    assert set(still_declared(fields, first.Rock, second.Rock)) == {"b", "C", "D", "free"}


def test_REL6_the_old_state_does_not_change_with_the_new(versions: Any) -> None:
    """The old version's state must not change when the new one's does, or going back would not be going back."""
    first, second = versions("class Rock: pass"), versions("class Rock: pass")
    rock = first.Rock()
    rock.hits = []
    handed([rock], second)[0].hits.append(1)
    assert rock.hits == []
