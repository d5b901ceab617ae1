"""Config: declare, override, read, push (rules CFG1 to CFG16 in docs/spec/config.md).

Everything that is read lies in memory. A change is stored first, then counts here, then is told to sockets and listeners; other processes
on the same database see it when they look, every `LOOK_S`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from typing import Any, Final, NamedTuple, cast
from weakref import WeakKeyDictionary

from supergame.base.clock import Clock
from supergame.base.cursor import decode_cursor, encode_cursor
from supergame.base.ids import TitleId
from supergame.base.titles import environment_of, title_of
from supergame.db.port import Database
from supergame.features.config.model import (
    FOREVER,
    OVERRIDES_MAX,
    Change,
    ConfigValues,
    KeyUnknown,
    Override,
    OverrideInvalid,
    Reader,
    Rule,
    Signature,
    Slot,
    ValueInvalid,
    Version,
    VersionUnknown,
    check_override,
    diff,
    rule_of,
)
from supergame.features.config.store import ConfigStore
from supergame.features.notifications.model import Code
from supergame.features.notifications.service import Notifications
from supergame.realtime.session import Session, SessionRegistry
from supergame.realtime.stream import Mode, Presence, Stream
from supergame.realtime.tracker import Tracker
from supergame.telemetry.logging import logger
from supergame.wire.codec_json import JsonCodec

LOOK_S: Final = 1.0
"""Between two looks at the database and at the schedule: what other processes change counts here within two seconds."""

LOOK_VERSIONS_MAX: Final = 256
"""Of one look at the database; more wait for the next."""

PUSH_SLICE: Final = 50
"""Sockets that are told before others get a turn: 2 ms of work at most."""

Guard = Callable[[str, Coroutine[Any, Any, Any]], Awaitable[Any]]
Listener = Callable[[], Coroutine[Any, Any, None]]

_VALUES = JsonCodec(ConfigValues)
_log = logger("config")


class Declared(NamedTuple):
    """A function that wants to hear when some keys change."""

    keys: frozenset[str]
    name: str
    call: Listener


class _Listening:
    """Calls a listener, never twice at a time; what changes while it runs makes it run once more."""

    def __init__(self, declared: Declared, guard: Guard) -> None:
        self.declared, self._guard = declared, guard
        self._is_due = False
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        self._is_due = True
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        while self._is_due:
            self._is_due = False
            try:
                await self._guard(f"config {self.declared.name}", self.declared.call())
            except Exception as error:  # noqa: BLE001 - the game's code may raise anything; the others still hear
                _log.error("config listener failed", listener=self.declared.name, exc_info=error)
        self._task = None


class _Title:
    """What one title id has declared, and whom to tell."""

    def __init__(self) -> None:
        self.slots: dict[str, Slot] = {}
        self.listeners: list[_Listening] = []
        self.untold: set[str] = set()
        self.teller: asyncio.Task[None] | None = None


class LiveConfig:
    """The config values of all titles of this node."""

    def __init__(
        self, db: Database, clock: Clock, notifications: Notifications, registry: SessionRegistry, tracker: Tracker, guard: Guard
    ) -> None:
        self._db, self._clock, self._notifications, self._registry, self._tracker = db, clock, notifications, registry, tracker
        self._guard = guard
        self._store = ConfigStore()
        self._titles: dict[TitleId, _Title] = {}
        self._current: dict[tuple[str, str], Version] = {}  # by title without environment, and key
        self._readers: WeakKeyDictionary[Session, Reader] = WeakKeyDictionary()
        self._number = 0
        """Of the last change that was read from the database."""
        self._changes = 0
        self._due_at = FOREVER

    # --- the game's side

    def declare(self, title_id: TitleId, slots: Mapping[str, Slot], listeners: Iterable[Declared]) -> None:
        """Serve these keys of a title, in place of those of an earlier version of its code. Overrides that still fit count at once."""
        title = self._titles.setdefault(title_id, _Title())
        before = {key: slot.state for key, slot in title.slots.items()}
        title.slots = dict(slots)
        title.listeners = [_Listening(declared, self._guard) for declared in listeners]
        for slot in title.slots.values():
            slot.title_id, slot.clock = title_id, self._clock
            self._follow(title_id, slot)
        if before:
            self._tell(title_id, {key for key, slot in title.slots.items() if before.get(key) != slot.state}, wake=False)

    def _follow(self, title_id: TitleId, slot: Slot) -> bool:
        """Let the stored overrides of a key count. Whether that changed anything."""
        before = slot.state
        version = self._current.get((title_of(title_id), slot.key))
        self._due_at = min(self._due_at, slot.follow(version.overrides if version else [], self._clock.now()))
        for problem in slot.problems:
            _log.warning("config override does not fit", title=title_id, key=slot.key, problem=problem)
        return slot.state != before

    # --- the operators' side

    async def change(self, title_id: TitleId, key: str, expected: int, overrides: list[Override], signature: Signature) -> Version:
        """Replace a key's overrides, for all environments of the title; `expected` is the version that was looked at.

        Raises:
            KeyUnknown: no environment of the title declares it; only taking all overrides away is possible then.
            ValueInvalid, OverrideInvalid: nothing was changed.
            ChangedMeanwhile: there is a newer version.
        """
        return await self._change(title_id, key, expected, overrides, signature, None)

    async def revert(self, title_id: TitleId, key: str, expected: int, to: int, signature: Signature) -> Version:
        """Bring back the overrides of an earlier version, as a new one; version 0 had none. Raises VersionUnknown, and as `change`."""
        overrides = (await self._version(title_id, key, to)).overrides
        return await self._change(title_id, key, expected, overrides, signature, to)

    async def _change(
        self, title_id: TitleId, key: str, expected: int, overrides: list[Override], signature: Signature, reverts_to: int | None
    ) -> Version:
        title = TitleId(title_of(title_id))
        if title != title_id:
            raise OverrideInvalid(f"Overrides belong to the title: change them under {title}, for the environments that you name.")
        self._check(title, key, overrides)
        added = await self._db.write_durable(self._store.add, title, key, expected, overrides, signature, reverts_to, self._clock.now())
        if added.number == self._number + 1:  # else another process's change comes first, with the next look
            self._number = added.number
        self._adopt(added)
        return added

    def _check(self, title: TitleId, key: str, overrides: list[Override]) -> None:
        if len(overrides) > OVERRIDES_MAX:
            raise OverrideInvalid(f"A key has at most {OVERRIDES_MAX} overrides.")
        slots = [slot for title_id, slot in self._slots(title, key)]
        if overrides and not slots:
            raise KeyUnknown
        for number, override in enumerate(overrides, 1):
            check_override(override)
            wanted = override.environments
            for slot in [slot for slot in slots if not wanted or environment_of(slot.title_id) in wanted] or slots:
                try:
                    rule_of(override, slot.schema)
                except ValueInvalid as error:
                    raise ValueInvalid(f"{key}, override {number}: {error.message}") from None

    def _slots(self, title: str, key: str) -> list[tuple[TitleId, Slot]]:
        """A key in every environment of its title that declares it."""
        served = [(title_id, one.slots.get(key)) for title_id, one in self._titles.items() if title_of(title_id) == title]
        return [(title_id, slot) for title_id, slot in served if slot is not None]

    def keys(self, title_id: TitleId) -> list[str]:
        """All keys that are declared or have overrides, in order."""
        declared = self._titles[title_id].slots if title_id in self._titles else {}
        stored = {key for (title, key), version in self._current.items() if title == title_of(title_id) and version.overrides}
        return sorted(declared.keys() | stored)

    def look_up(self, title_id: TitleId, key: str) -> tuple[Slot | None, Version]:
        """A key as it stands. Raises KeyUnknown when it neither is declared nor ever had an override."""
        slot = self._titles[title_id].slots.get(key) if title_id in self._titles else None
        version = self._current.get((title_of(title_id), key))
        if slot is None and version is None:
            raise KeyUnknown
        return slot, version or _beginning(title_id, key)

    async def history(self, title_id: TitleId, key: str, limit: int, cursor: str) -> tuple[list[tuple[Version, list[Change]]], str]:
        """A page of a key's versions, newest first, each with what it changed, and the cursor of the next. Raises MalformedCursor."""
        title = TitleId(title_of(title_id))
        list_of = ("config", title, key)
        (before,) = cast("tuple[int]", decode_cursor(list_of, cursor, (int,))) if cursor else (FOREVER,)
        found = await self._db.read(self._store.history, title, key, before, limit + 1)
        older = [version.overrides for version in found[1:]] + [[]]
        page = [(version, diff(old, version.overrides)) for version, old in zip(found, older, strict=False)][:limit]
        return page, encode_cursor(list_of, (page[-1][0].version,)) if len(found) > limit else ""

    async def diff(self, title_id: TitleId, key: str, before: int, after: int) -> list[Change]:
        """What changed from one version to another. Raises VersionUnknown."""
        old, new = await self._version(title_id, key, before), await self._version(title_id, key, after)
        return diff(old.overrides, new.overrides)

    async def _version(self, title_id: TitleId, key: str, version: int) -> Version:
        if version == 0:
            return _beginning(title_id, key)
        found = await self._db.read(self._store.get, TitleId(title_of(title_id)), key, version)
        if found is None:
            raise VersionUnknown
        return found

    # --- the players' side

    def values(self, title_id: TitleId, reader: Reader) -> ConfigValues:
        """What clients of this player are told: the keys that are declared for them."""
        title = self._titles.get(title_id)
        slots = [slot for slot in title.slots.values() if slot.schema.for_clients] if title else []
        return ConfigValues(number=self._changes, values={slot.key: _text(slot, reader) for slot in slots})

    def follow(self, title_id: TitleId, session_id: str, reader: Reader) -> None:
        """Tell a socket of changes from now on. One that has closed meanwhile hears nothing."""
        session = self._registry.get(session_id)
        if session is not None and session.title_id == title_id:
            self._readers[session] = reader
            self._tracker.track(_stream(title_id), Presence(session, hidden=True))

    # --- what changes

    async def load(self) -> None:
        """Read what counts. Before the games are installed."""
        versions = await self._db.read(self._store.current)
        self._current = {(version.title_id, version.key): version for version in versions}
        self._number = await self._db.read(self._store.head)

    async def look(self) -> None:
        """Let count what other processes have changed, and what begins or ends by now."""
        if await self._db.read(self._store.head) > self._number:
            for version in await self._db.read(self._store.since, self._number, LOOK_VERSIONS_MAX):
                self._adopt(version)
                self._number = version.number
        if self._clock.now() >= self._due_at:
            self._due_at = FOREVER
            for title_id, title in self._titles.items():
                self._tell(title_id, {slot.key for slot in title.slots.values() if self._follow(title_id, slot)})

    def _adopt(self, version: Version) -> None:
        known = self._current.get((version.title_id, version.key))
        if known is not None and known.version >= version.version:
            return
        self._current[version.title_id, version.key] = version
        for title_id, slot in self._slots(version.title_id, version.key):
            if self._follow(title_id, slot):
                self._tell(title_id, {version.key})

    def _tell(self, title_id: TitleId, keys: set[str], wake: bool = True) -> None:
        """Let listeners and sockets know, soon."""
        title = self._titles[title_id]
        self._changes += bool(keys)
        for listening in title.listeners:
            if wake and listening.declared.keys & keys:
                listening.wake()
        title.untold |= {key for key in keys if title.slots[key].schema.for_clients}
        if title.untold and title.teller is None and self._tracker.count(_stream(title_id)):
            title.teller = asyncio.get_running_loop().create_task(self._push(title_id, title))
        elif title.teller is None:
            title.untold.clear()

    async def _push(self, title_id: TitleId, title: _Title) -> None:
        """Tell all sockets that follow; those who get the same share one message."""
        try:
            while title.untold:
                slots = [title.slots[key] for key in sorted(title.untold) if key in title.slots]
                title.untold.clear()
                await self._guard("config push", self._push_values(title_id, slots))
        finally:
            title.teller = None

    async def _push_values(self, title_id: TitleId, slots: list[Slot]) -> None:
        sessions = [presence.session for presence in self._tracker.receivers(_stream(title_id))]
        for first in range(0, len(sessions), PUSH_SLICE):
            groups: dict[tuple[str, ...], list[Session]] = {}
            for session in sessions[first : first + PUSH_SLICE]:
                reader = self._readers.get(session)
                if reader is not None:
                    groups.setdefault(tuple(_text(slot, reader) for slot in slots), []).append(session)
            for texts, group in groups.items():
                values = ConfigValues(number=self._changes, values=dict(zip((slot.key for slot in slots), texts, strict=True)))
                self._notifications.tell(group, Code.CONFIG_CHANGED, "config", _VALUES.encode(values).decode())
            await asyncio.sleep(0)


def _stream(title_id: TitleId) -> Stream:
    return Stream(title_id, Mode.NOTIFICATIONS, "config")


def _text(slot: Slot, reader: Reader) -> str:
    rule: Rule | None = slot.rule_for(reader) if slot.personal else None
    return slot.text if rule is None else rule.text


def _beginning(title_id: TitleId, key: str) -> Version:
    return Version(TitleId(title_of(title_id)), key, 0, 0, [], "", "", None, 0)
