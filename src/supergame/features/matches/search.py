"""The query language of lists, as clients write it: `+label.mode:duel -label.map:/ice.*/ label.level:>=6 "a phrase"`.

A clause with `+` must fit, one with `-` must not; the others are wishes, of which one must fit when nothing is marked with `+`.
A value is a word, a "phrase", a /pattern/, a word with `*` or `?`, or a number with `>`, `>=`, `<` or `<=`; `\\` takes a letter as it is.
A label that is a JSON object is searched by its fields (`label.mode`), any other as a whole (`label`).
Source of the forms: Bleve's query strings, which Nakama uses.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from supergame.features.matches.pattern import Budget, Pattern, QueryInvalid

__all__ = ["Budget", "Document", "Query", "QueryInvalid", "Value", "document_of", "parse_query"]

CLAUSES_MAX: Final = 32
DEPTH_MAX: Final = 8
VALUES_MAX: Final = 256  # of one label; beyond: not searchable

Value = str | float | bool
Document = dict[str, list[Value]]
"""Values by path, such as `label.mode`; several where the label has a list."""

Test = Callable[[Value, Budget], bool]

_SPACE: Final = re.compile(r"\s*")
_BOOST: Final = re.compile(r"[\^~](\d+(?:\.\d+)?)?")
_COMPARISONS: Final[dict[str, Callable[[float, float], bool]]] = {
    ">=": lambda value, bound: value >= bound,
    "<=": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    "<": lambda value, bound: value < bound,
}


@dataclass(frozen=True, slots=True)
class Clause:
    mark: str
    field: str
    """Empty: any field."""
    test: Test
    boost: float = 1.0

    def fits(self, document: Document, budget: Budget) -> bool:
        lists = (document.get(self.field, ()),) if self.field else document.values()
        return any(self.test(value, budget) for values in lists for value in values)


@dataclass(frozen=True, slots=True)
class Query:
    clauses: tuple[Clause, ...] = ()

    @property
    def ranks(self) -> bool:
        """Whether some documents may fit better than others."""
        return any(not clause.mark for clause in self.clauses)

    def score(self, document: Document, budget: Budget) -> float | None:
        """How well a document fits; None when it does not. Raises QueryInvalid when the budget is spent."""
        score, is_required = 0.0, any(clause.mark == "+" for clause in self.clauses)
        for clause in self.clauses:
            fits = clause.fits(document, budget)
            if (clause.mark == "+" and not fits) or (clause.mark == "-" and fits):
                return None
            if fits and not clause.mark:
                score += clause.boost
        return score if score or is_required or not self.ranks else None


def document_of(label: str, fields: dict[str, Value]) -> Document:
    """What a query sees of a match."""
    document: Document = {name: [value] for name, value in fields.items()}
    try:
        parsed = msgspec.json.decode(label) if label.startswith("{") else None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        parsed = None
    if isinstance(parsed, dict):
        _spread(document, "label", parsed, [VALUES_MAX], 0)
    elif label:
        document["label"] = [label]
    return document


def _spread(document: Document, path: str, value: Any, left: list[int], depth: int) -> None:
    if isinstance(value, dict) and depth < DEPTH_MAX:
        for name, inner in value.items():
            _spread(document, f"{path}.{name}", inner, left, depth + 1)
    elif isinstance(value, list) and depth < DEPTH_MAX:
        for inner in value:
            _spread(document, path, inner, left, depth + 1)
    elif isinstance(value, str | int | float) and left[0] > 0:
        left[0] -= 1
        document.setdefault(path, []).append(value)


def parse_query(text: str, bytes_max: int) -> Query:
    """Raises QueryInvalid. An empty query, like `*`, fits everything."""
    if len(text.encode(errors="replace")) > bytes_max:
        raise QueryInvalid(f"A query has at most {bytes_max} bytes.")
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def read(self) -> Query:
        clauses: list[Clause] = []
        while self._skip_space():
            clause = self._clause()
            if clause is not None:
                clauses.append(clause)
            if len(clauses) > CLAUSES_MAX:
                raise QueryInvalid(f"A query has at most {CLAUSES_MAX} clauses.")
        return Query(tuple(clauses))

    def _skip_space(self) -> bool:
        self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr] # it matches nothing at the least
        return self._at < len(self._text)

    def _clause(self) -> Clause | None:
        mark = self._text[self._at] if self._text[self._at] in "+-" else ""
        self._at += len(mark)
        field, test = "", self._quoted()
        if test is None:
            word, is_plain = self._word(stop_at=":")
            if word and self._text[self._at : self._at + 1] == ":":
                self._at += 1
                field, test = word, self._quoted() or self._comparison() or self._word_test()
            elif word == "*" and is_plain:
                return None if mark != "-" else Clause("-", "", lambda value, budget: True)
            elif word:
                test = _word_test(word, is_plain)
            else:
                raise QueryInvalid("The query has a mark without a value.")
        boost = _BOOST.match(self._text, self._at)
        if boost is None:
            return Clause(mark, field, test)
        self._at = boost.end()
        return Clause(mark, field, test, float(boost[1]) if boost[0].startswith("^") and boost[1] else 1.0)

    def _quoted(self) -> Test | None:
        quote = self._text[self._at : self._at + 1]
        if quote not in ('"', "/") or not quote:
            return None
        inner, at = "", self._at + 1
        while (letter := self._text[at : at + 1]) != quote:
            if not letter:
                raise QueryInvalid("The query does not close a quotation or pattern.")
            if letter == "\\" and (quote == '"' or self._text[at + 1 : at + 2] == "/"):
                at, letter = at + 1, self._text[at + 1 : at + 2]
            inner, at = inner + letter, at + 1
        self._at = at + 1
        return _pattern_test(Pattern(inner)) if quote == "/" else _equals(inner)

    def _comparison(self) -> Test | None:
        for sign, compare in _COMPARISONS.items():
            if self._text.startswith(sign, self._at):
                self._at += len(sign)
                word, _ = self._word(stop_at="")
                bound = _number(word.strip('"'))
                if bound is None:
                    raise QueryInvalid(f"After {sign} comes a number.")
                return _compares(compare, bound)
        return None

    def _word_test(self) -> Test:
        word, is_plain = self._word(stop_at="")
        if not word:
            raise QueryInvalid("The query names a field without a value.")
        return _word_test(word, is_plain)

    def _word(self, stop_at: str) -> tuple[str, bool]:
        """The next word, and whether `*` and `?` mean anything in it: one that is escaped turns all of them into letters."""
        word, is_plain = "", True
        while (letter := self._text[self._at : self._at + 1]) and not letter.isspace() and letter not in ("^", "~", stop_at):
            if letter == "\\":
                self._at += 1
                letter = self._text[self._at : self._at + 1]
                is_plain = is_plain and letter not in ("*", "?")
            word, self._at = word + letter, self._at + 1
        return word, is_plain


def _word_test(word: str, is_plain: bool) -> Test:
    if is_plain and ("*" in word or "?" in word):
        text = "".join({"*": ".*", "?": "."}.get(letter) or (letter if letter.isalnum() else "\\" + letter) for letter in word)
        return _pattern_test(Pattern(text))
    return _equals(word)


def _equals(word: str) -> Test:
    number, truth = _number(word), {"true": True, "T": True, "false": False, "F": False}.get(word)

    def test(value: Value, budget: Budget) -> bool:
        if isinstance(value, bool):
            return value is truth
        return value == word if isinstance(value, str) else value == number

    return test


def _compares(compare: Callable[[float, float], bool], bound: float) -> Test:
    return lambda value, budget: isinstance(value, int | float) and not isinstance(value, bool) and compare(value, bound)


def _pattern_test(pattern: Pattern) -> Test:
    return lambda value, budget: isinstance(value, str) and pattern.fits(value, budget)


def _number(word: str) -> float | None:
    try:
        return float(word) if word and word[-1].isdigit() and len(word) < 64 else None
    except ValueError:
        return None
