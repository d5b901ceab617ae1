"""Every error class of the program."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import supergame
from supergame.base.errors import SupergameError


@cache
def error_tree() -> list[type[SupergameError]]:
    """The tree of expected trouble, after importing the whole package."""
    for module in pkgutil.walk_packages(supergame.__path__, "supergame."):
        importlib.import_module(module.name)
    found, waiting = [], [SupergameError]
    while waiting:
        error = waiting.pop()
        found.append(error)
        waiting += error.__subclasses__()
    return [error for error in found if error.__module__.startswith("supergame.")]
