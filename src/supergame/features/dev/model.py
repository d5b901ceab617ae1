"""What became of a save."""

from __future__ import annotations

import msgspec


class Failure(msgspec.Struct, frozen=True):
    """Code that did not run, and where. The version before goes on."""

    what: str
    """As in `arena.py does not run` or `Arena.loop failed`."""
    file: str
    line: int
    """From 1; 0 when no line of the game is to blame."""
    code: str
    """That line's text."""
    trace: str
    """Python's traceback, from the game's first line on."""


class Report(msgspec.Struct, frozen=True):
    """The last thing that happened; number 0 before the first save."""

    number: int = 0
    files: list[str] = []
    """Names of those that were saved."""
    took_ms: float = 0.0
    """From the moment that the save was noticed until the new code ran."""
    held_ms: float = 0.0
    """The part of it in which nothing else ran. Each match needs a moment more at its next tick."""
    failure: Failure | None = None
