"""Regular expressions that strangers may send: they take time in proportion to the text, never more.

A pattern becomes a non-deterministic automaton whose states are all followed at once, so nothing is ever tried twice.
Source: Thompson 1968, "Regular Expression Search Algorithm"; Cox 2007, "Regular Expression Matching Can Be Simple And Fast".

Offered: letters, `.`, `[a-z]`, `[^a-z]`, `\\d` `\\w` `\\s`, escapes, groups, `|`, `*`, `+`, `?` and `{m,n}`. The whole text has to match.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from supergame.base.errors import InvalidArgument

STATES_MAX: Final = 256
REPEATS_MAX: Final = 64
DEPTH_MAX: Final = 16
_BOUNDS: Final = re.compile(r"(?P<low>\d{1,4})(?P<comma>,?)(?P<high>\d{0,4})}")

Accepts = Callable[[str], bool]
_CLASSES: Final[dict[str, Accepts]] = {
    "d": lambda letter: letter in "0123456789",
    "w": lambda letter: letter == "_" or letter.isalnum(),
    "s": str.isspace,
    "n": lambda letter: letter == "\n",
    "t": lambda letter: letter == "\t",
}


class QueryInvalid(InvalidArgument):
    """The query cannot be understood."""

    code = "match.query_invalid"


class Budget:
    """How much work a list may cost; beyond, it is refused."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def spend(self, steps: int) -> None:
        """Raises QueryInvalid."""
        self._left -= steps
        if self._left < 0:
            raise QueryInvalid("The query's pattern takes too much work.")


class Pattern:
    """A compiled expression."""

    def __init__(self, text: str) -> None:
        """Raises QueryInvalid."""
        self._text, self._at, self._depth = text, 0, 0
        self._accepts: list[Accepts | None] = []  # by state: None is a fork, which takes no letter
        self._next: list[tuple[int, ...]] = []
        self._end = self._state(None, ())
        self._start = self._compile(self._alternatives(), self._end)

    def fits(self, text: str, budget: Budget) -> bool:
        """Whether the whole text matches. Raises QueryInvalid when the budget is spent."""
        states = self._closure({self._start})
        for letter in text:
            budget.spend(len(states))
            taken = {self._next[state][0] for state in states if (accepts := self._accepts[state]) is not None and accepts(letter)}
            if not taken:
                return False
            states = self._closure(taken)
        return self._end in states

    def _closure(self, states: set[int]) -> set[int]:
        found, waiting = set(states), list(states)
        while waiting:
            state = waiting.pop()
            if self._accepts[state] is None:
                new = [following for following in self._next[state] if following not in found]
                found.update(new)
                waiting += new
        return found

    def _state(self, accepts: Accepts | None, following: tuple[int, ...]) -> int:
        if len(self._accepts) >= STATES_MAX:
            raise QueryInvalid("The pattern is too long.")
        self._accepts.append(accepts)
        self._next.append(following)
        return len(self._accepts) - 1

    # --- from a tree to states, backwards: each part knows what follows it

    def _compile(self, tree: Tree, following: int) -> int:
        kind, parts, accepts, low, high = tree
        if kind == "letter":
            return self._state(accepts, (following,))
        if kind == "either":
            return self._state(None, tuple(self._compile(part, following) for part in parts))
        if kind == "all":
            for part in reversed(parts):
                following = self._compile(part, following)
            return following
        return self._repeat(parts[0], low, high, following)

    def _repeat(self, part: Tree, low: int, high: int | None, following: int) -> int:
        if high is None:
            fork = self._state(None, ())
            self._next[fork] = (self._compile(part, fork), following)
            following = fork
        else:
            end = following
            for _ in range(high - low):
                following = self._state(None, (self._compile(part, following), end))
        for _ in range(low):
            following = self._compile(part, following)
        return following

    # --- from text to a tree

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        letter = self._peek()
        if not letter:
            raise QueryInvalid("The pattern ends too early.")
        self._at += 1
        return letter

    def _alternatives(self) -> Tree:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise QueryInvalid("The pattern is nested too deeply.")
        found = [self._sequence()]
        while self._peek() == "|":
            self._at += 1
            found.append(self._sequence())
        self._depth -= 1
        if self._depth == 0 and self._at < len(self._text):
            raise QueryInvalid("The pattern closes a group that it does not open.")
        return ("either", tuple(found), None, 0, None)

    def _sequence(self) -> Tree:
        found: list[Tree] = []
        while self._peek() not in ("", "|", ")"):
            found.append(self._repeated(self._atom()))
        return ("all", tuple(found), None, 0, None)

    def _repeated(self, atom: Tree) -> Tree:
        while self._peek() in ("*", "+", "?", "{"):
            mark = self._take()
            low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(mark) or self._bounds()
            atom = ("repeat", (atom,), None, low, high)
        return atom

    def _bounds(self) -> tuple[int, int | None]:
        bounds = _BOUNDS.match(self._text, self._at)
        if bounds is None:
            raise QueryInvalid("A repetition is {m}, {m,} or {m,n}.")
        self._at = bounds.end()
        low, high = int(bounds["low"]), int(bounds["high"]) if bounds["high"] else None
        high = high if bounds["comma"] else low
        if max(low, high or 0) > REPEATS_MAX or (high is not None and high < low):
            raise QueryInvalid(f"A repetition has rising bounds of at most {REPEATS_MAX}.")
        return low, high

    def _atom(self) -> Tree:
        letter = self._take()
        if letter == "(":
            if self._text.startswith("?:", self._at):
                self._at += 2
            inner = self._alternatives()
            if self._take() != ")":
                raise QueryInvalid("The pattern does not close a group.")
            return inner
        if letter in "*+?{":
            raise QueryInvalid("The pattern repeats nothing.")
        if letter == ".":
            return _letter(lambda _: True)
        if letter == "[":
            return _letter(self._set())
        return _letter(self._escaped() if letter == "\\" else _is(letter))

    def _escaped(self) -> Accepts:
        letter = self._take()
        if letter in "DWS":
            return _not(_CLASSES[letter.lower()])
        if letter.isalnum() and letter not in _CLASSES:
            raise QueryInvalid(f"The pattern has an escape that is not offered: \\{letter}.")
        return _CLASSES.get(letter) or _is(letter)

    def _set(self) -> Accepts:
        is_negated = self._peek() == "^"
        if is_negated:
            self._at += 1
        options: list[Accepts] = []
        while self._peek() != "]" or not options:
            letter = self._take()
            if letter == "\\":
                options.append(self._escaped())
            elif self._peek() == "-" and self._text[self._at + 1 : self._at + 2] not in ("", "]"):
                self._at += 1
                options.append(_between(letter, self._take()))
            else:
                options.append(_is(letter))
        self._at += 1
        chosen = tuple(options)
        inside: Accepts = lambda letter: any(option(letter) for option in chosen)  # noqa: E731 - it is a value here
        return _not(inside) if is_negated else inside


Tree = tuple[str, "tuple[Tree, ...]", Accepts | None, int, int | None]
"""Kind, parts, the letters of a letter, the bounds of a repetition."""


def _letter(accepts: Accepts) -> Tree:
    return ("letter", (), accepts, 0, None)


def _is(wanted: str) -> Accepts:
    return lambda letter: letter == wanted


def _between(low: str, high: str) -> Accepts:
    return lambda letter: low <= letter <= high


def _not(accepts: Accepts) -> Accepts:
    return lambda letter: not accepts(letter)
