"""A game's values as short texts, for people who look into a running match. It costs little, however much hangs on the value."""

from __future__ import annotations

import reprlib
from itertools import islice
from typing import Any, Final

FIELDS_MAX: Final = 40
DEPTH_MAX: Final = 3
ITEMS_MAX: Final = 8
LETTERS_MAX: Final = 120
_BRACKETS: Final[dict[type, tuple[str, str]]] = {list: ("[", "]"), tuple: ("(", ")")}


def shown_fields(state: Any) -> dict[str, str]:
    """The fields of an object by name, each as a short text; those beyond the bound are left out."""
    fields = islice(getattr(state, "__dict__", {}).items(), FIELDS_MAX)
    return {name: _SHORT.repr(value) for name, value in fields}


class _Short(reprlib.Repr):
    """Like `reprlib`, but never calls a `__repr__` that a game wrote: it might take long, or change something."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = DEPTH_MAX
        self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = self.maxdeque = self.maxarray = self.maxdict = ITEMS_MAX
        self.maxstring = self.maxlong = self.maxother = LETTERS_MAX

    def repr1(self, x: Any, level: int) -> str:
        kind = type(x)
        if x is None or kind in (bool, int, float, str, bytes):
            return super().repr1(x, level)
        if kind in (list, tuple, set, frozenset):
            return self._items(kind, x, level)
        if kind is dict:
            return self._dict(x, level)
        return self._object(x, level)

    def _items(self, kind: type, items: Any, level: int) -> str:
        """In their own order: `reprlib` would sort a set, all of it."""
        left, right = _BRACKETS.get(kind, ("{", "}"))
        if level <= 0:
            return f"{left}{'...' if items else ''}{right}"
        texts = [self.repr1(item, level - 1) for item in islice(items, ITEMS_MAX)]
        return f"{left}{', '.join(texts + self._more(items))}{right}"

    def _dict(self, items: dict[Any, Any], level: int) -> str:
        if level <= 0:
            return "{...}" if items else "{}"
        texts = [f"{self.repr1(key, level - 1)}: {self.repr1(value, level - 1)}" for key, value in islice(items.items(), ITEMS_MAX)]
        return "{" + ", ".join(texts + self._more(items)) + "}"

    def _object(self, thing: Any, level: int) -> str:
        name, fields = type(thing).__name__, getattr(thing, "__dict__", None)
        if not fields or level <= 0:
            return name
        texts = [f"{field}={self.repr1(value, level - 1)}" for field, value in islice(fields.items(), ITEMS_MAX)]
        return f"{name}({', '.join(texts + self._more(fields))})"

    @staticmethod
    def _more(items: Any) -> list[str]:
        return [f"... {len(items)} in all"] if len(items) > ITEMS_MAX else []


_SHORT: Final = _Short()
