"""Exports and their form (rules PRI1 to PRI8 in docs/spec/privacy.md)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Final, TypeAlias

from supergame.base.errors import FailedPrecondition
from supergame.base.ids import TitleId, UserId

FORM: Final = "supergame.person.1"

Exporter: TypeAlias = Callable[[TitleId, UserId], AsyncIterator[Mapping[str, object]]]
"""What one feature holds of a person in a title, entry by entry, without secrets such as hashes of passwords. The slot that features
fill: `privacy.add("storage", storage.held_of)`. For what belongs to no title it is asked with `EVERYWHERE`."""


class ExportTooLarge(FailedPrecondition):
    """More is held of this person than fits into one file."""

    code = "privacy.export_too_large"
