"""Two kinds of event by which a feature tells features above it that something happened.

A `Notice` is told after COMMIT, best effort. A `Fact` is written to the outbox in the transaction that made it true and
delivered at least once, also after a crash; its receivers are idempotent.
"""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

N = TypeVar("N", bound="Notice")


class Notice:
    """Something that happened; nobody's data depends on hearing it."""


class Fact:
    """Something that became true; subscribers hear it however often the process dies. Subclasses are dataclasses of texts and numbers."""

    kind: ClassVar[str]
    """Stable name under which it is stored, such as `account.deleted`."""


class Notices:
    """Subscriptions to notices of one process. A subscriber that raises does not stop the others."""

    def __init__(self, on_error: Callable[[str, Exception], None]) -> None:
        self._listeners: dict[type[Notice], list[Callable[[Any], None]]] = {}
        self._on_error = on_error

    def subscribe(self, kind: type[N], listener: Callable[[N], None]) -> None:
        self._listeners.setdefault(kind, []).append(listener)

    def publish(self, notice: Notice) -> None:
        for listener in self._listeners.get(type(notice), ()):
            try:
                listener(notice)
            except Exception as error:  # noqa: BLE001 - one deaf listener must not silence the rest
                self._on_error(type(notice).__name__, error)
