"""What a running match keeps when its game's code is exchanged: its state, copied, with the game's objects made those of the new version.

A copy rather than the state itself, so that the old version can go on with its own, untouched, when the new one fails. Copied are
containers, values and the game's own objects; shared are the platform's (`match`, players) and what cannot be copied, such as tasks.
"""

from __future__ import annotations

import dataclasses
import io
import pickle
import sys
from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any, Final, NamedTuple

from supergame.game.match import field_names

PACKAGE: Final = "supergame_game_"
"""How the packages begin that hold a game's modules; a number per load follows."""

SHARED_KINDS: Final = (type, FunctionType, BuiltinFunctionType, ModuleType)
SHARED_MODULES: Final = frozenset({"supergame", "asyncio", "_asyncio", "threading", "_thread", "concurrent", "logging", "structlog"})

Successor = Callable[[Any], Any]
"""From a class or function to the same one of another version, or to itself."""


def successor_in(package: str) -> Successor:
    """Finds things by module and name in the package of another version of the game."""

    def successor(thing: Any) -> Any:
        head, _, module_name = str(getattr(thing, "__module__", None)).partition(".")
        module = sys.modules.get(f"{package}.{module_name}")
        if not head.startswith(PACKAGE) or module is None:
            return thing
        found: Any = module
        for name in thing.__qualname__.split("."):
            found = getattr(found, name, None)
        return found if isinstance(found, type) == isinstance(thing, type) and callable(found) else thing

    return successor


def copied(fields: dict[str, Any], owner: Any, successor: Successor) -> dict[str, Any]:
    """A copy of `owner`'s fields, with classes and functions exchanged; where they refer to `owner`, they still do.

    Raises whatever the objects raise when they are copied.
    """
    buffer = io.BytesIO()
    copier = _Copier(buffer, owner, successor)
    copier.dump(fields)
    buffer.seek(0)
    return _Reader(buffer, [successor(thing) if isinstance(thing, SHARED_KINDS) else thing for thing in copier.shared]).load()  # type: ignore[no-any-return]


def still_declared(fields: dict[str, Any], old: type, new: type) -> dict[str, Any]:
    """Without those that the old class declares and the new one does not. What was never declared stays."""
    removed = removed_fields(old, new)
    return {name: value for name, value in fields.items() if name not in removed}


def removed_fields(old: type, new: type) -> set[str]:
    return field_names(old) - field_names(new)


class _Plan(NamedTuple):
    """How the objects of one kind are copied."""

    removed: set[str]
    slots: tuple[str, ...]
    fill: Callable[[Any, dict[str, Any]], None]

    def fields_of(self, thing: Any) -> dict[str, Any]:
        fields = dict(getattr(thing, "__dict__", ()))
        for name in self.slots:
            if hasattr(thing, name):
                fields[name] = getattr(thing, name)
        for name in self.removed:
            fields.pop(name, None)
        return fields


class _Copier(pickle.Pickler):
    """Collects what is shared, and leaves its number in the copy."""

    def __init__(self, buffer: io.BytesIO, owner: Any, successor: Successor) -> None:
        super().__init__(buffer, pickle.HIGHEST_PROTOCOL)
        self.shared: list[Any] = []
        self._owner, self._successor = owner, successor
        self._plans: dict[type, _Plan | None] = {}
        self._is_shared: dict[type, bool] = dict.fromkeys((str, int, float, bool, bytes, type(None), list, dict, tuple, set), False)

    def persistent_id(self, thing: Any) -> int | None:
        kind = type(thing)
        if kind not in self._is_shared:
            self._is_shared[kind] = _is_shared(thing)
        if not self._is_shared[kind] and thing is not self._owner:
            return None
        self.shared.append(thing)
        return len(self.shared) - 1

    def reducer_override(self, thing: Any) -> Any:
        kind = type(thing)
        if kind not in self._plans:
            self._plans[kind] = _plan(kind, self._successor(kind)) if _is_plain(kind) else None
        plan = self._plans[kind]
        if plan is None:
            return NotImplemented
        return _blank, (kind,), plan.fields_of(thing), None, None, plan.fill


class _Reader(pickle.Unpickler):
    def __init__(self, buffer: io.BytesIO, shared: list[Any]) -> None:
        super().__init__(buffer)
        self._shared = shared

    def persistent_load(self, number: int) -> Any:
        return self._shared[number]


def _is_shared(thing: Any) -> bool:
    """Decided once for all objects of a kind."""
    kind = type(thing)
    if isinstance(thing, SHARED_KINDS) or kind.__module__.partition(".")[0] in SHARED_MODULES:
        return True
    if _is_plain(kind):
        return False
    try:
        thing.__reduce_ex__(pickle.HIGHEST_PROTOCOL)
    except Exception:  # noqa: BLE001 - coroutines, files, locks and the like say so in many ways
        return True
    return False


def _is_plain(kind: type) -> bool:
    """A class of the game that says nothing of its own about being copied, and is no kind of list, number or the like."""
    if not kind.__module__.startswith(PACKAGE) or issubclass(kind, BaseException):
        return False
    own = kind.__reduce_ex__ is not object.__reduce_ex__ or kind.__reduce__ is not object.__reduce__
    return not own and all(base is object or base.__module__ != "builtins" for base in kind.__mro__)


def _plan(kind: type, new: type) -> _Plan:
    slots = tuple(name for cls in kind.__mro__ for name in _slots(cls))
    fill = _fill_data if dataclasses.is_dataclass(new) else _fill if any(_slots(cls) for cls in new.__mro__) else _update
    return _Plan(removed_fields(kind, new), slots, fill)


def _slots(cls: type) -> tuple[str, ...]:
    slots = cls.__dict__.get("__slots__", ())
    return tuple(name for name in ((slots,) if isinstance(slots, str) else slots) if name not in ("__dict__", "__weakref__"))


def _blank(kind: type) -> Any:
    return kind.__new__(kind)  # type: ignore[call-overload]


def _update(thing: Any, fields: dict[str, Any]) -> None:
    thing.__dict__.update(fields)


def _fill(thing: Any, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        object.__setattr__(thing, name, value)  # also of frozen ones


def _fill_data(thing: Any, fields: dict[str, Any]) -> None:
    """A dataclass's new fields get their defaults."""
    _fill(thing, fields)
    for field in dataclasses.fields(thing):
        if field.name not in fields and field.default_factory is not dataclasses.MISSING:
            object.__setattr__(thing, field.name, field.default_factory())
        elif field.name not in fields and field.default is not dataclasses.MISSING:
            object.__setattr__(thing, field.name, field.default)
