"""Keys: drawn at the first start, kept in the data folder, readable by its owner only.

On loopback the well-known keys of Nakama's clients work, so that a first game needs no set-up. On any other address they do not:
forged sessions from public default keys are the classic hole of game servers. The signing secret is never a default.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from supergame.base.clock import Clock, WallMicros
from supergame.base.errors import FailedPrecondition
from supergame.base.ids import Chance, TitleId
from supergame.routing.auth import TitleKeys

FILE_NAME = "keys.json"
REPLACED_MAX = 8  # of one title; beyond: the oldest end before their time


class KeysExposed(FailedPrecondition):
    """The file of keys can be read by others; take that right away (chmod 600) and change the keys."""

    code = "keys.exposed"


class KeysInvalid(FailedPrecondition):
    """The file of keys is damaged; bring back a copy, or remove it: then all keys change, and everybody signs in anew."""

    code = "keys.invalid"


class Replaced(msgspec.Struct):
    """Keys of a title that go on until a time, in microseconds since 1970, though newer ones have taken their place."""

    title_id: str
    server_key: str
    http_key: str
    until: int


class Keys(msgspec.Struct, omit_defaults=True):
    """What the file holds. `titles` maps a title to its server key and HTTP key."""

    session_secret: str
    titles: dict[str, tuple[str, str]] = {}
    replaced: list[Replaced] = []


def load_keys(data_dir: Path, titles: list[TitleId], chance: Chance) -> Keys:
    """The deployment's keys, drawn now as far as they are missing.

    Raises:
        KeysExposed: others may read the file.
        KeysInvalid: it is not what was written.
    """
    file = data_dir / FILE_NAME
    keys = _read(file) if file.exists() else Keys(chance.secret())
    missing = [title for title in titles if title not in keys.titles]
    for title in missing:
        keys.titles[title] = (chance.secret(), chance.secret())
    if missing or not file.exists():
        _write(file, keys)
    return keys


def title_keys(keys: Keys, titles: list[TitleId], well_known: bool) -> list[TitleKeys]:
    """Keys by title; with `well_known`, Nakama's defaults for the first title and `<default>-<title>` for the others."""
    if not well_known:
        return [TitleKeys(title, *keys.titles[title]) for title in titles]
    suffixes = [""] + [f"-{title}" for title in titles[1:]]
    return [TitleKeys(title, f"defaultkey{end}", f"defaulthttpkey{end}") for title, end in zip(titles, suffixes, strict=True)]


class KeyRing:
    """All titles' keys while the node runs. Where there are well-known keys, they work beside the titles' own."""

    def __init__(self, data_dir: Path, keys: Keys, titles: list[TitleId], clock: Clock, chance: Chance, well_known: bool) -> None:
        self._file, self._keys, self._titles, self._clock, self._chance = data_dir / FILE_NAME, keys, titles, clock, chance
        self._well_known = title_keys(keys, titles, well_known=True) if well_known else []
        self._listeners: list[Callable[[list[TitleKeys]], None]] = []
        self._changing = asyncio.Lock()

    def on_change(self, listener: Callable[[list[TitleKeys]], None]) -> None:
        """Have somebody told of all keys that work, whenever they change."""
        self._listeners.append(listener)

    def valid(self) -> list[TitleKeys]:
        """Every key that works now."""
        own = [self.current(title) for title in self._titles]
        return self._well_known + own + [keys for title in self._titles for keys, _ in self.replaced(title)]

    def current(self, title_id: TitleId) -> TitleKeys:
        return TitleKeys(title_id, *self._keys.titles[title_id])

    def replaced(self, title_id: TitleId) -> list[tuple[TitleKeys, WallMicros]]:
        older = [item for item in self._keys.replaced if item.title_id == title_id and item.until > self._clock.now()]
        return [(TitleKeys(title_id, item.server_key, item.http_key), WallMicros(item.until)) for item in older]

    async def replace(self, title_id: TitleId, until: WallMicros) -> None:
        """In the file before anybody is told."""
        async with self._changing:
            older = Replaced(title_id, *self._keys.titles[title_id], until)
            titles = self._keys.titles | {title_id: (self._chance.secret(), self._chance.secret())}
            others = [item for item in self._keys.replaced if item.title_id != title_id]
            same = [item for item in self._keys.replaced if item.title_id == title_id][1 - REPLACED_MAX :]
            await self._keep(Keys(self._keys.session_secret, titles, [*others, *same, older]))

    async def forget_replaced(self) -> None:
        async with self._changing:
            going_on = [item for item in self._keys.replaced if item.until > self._clock.now()]
            if len(going_on) < len(self._keys.replaced):
                await self._keep(Keys(self._keys.session_secret, self._keys.titles, going_on))

    async def _keep(self, keys: Keys) -> None:
        await asyncio.to_thread(_write, self._file, keys)
        self._keys = keys
        for listener in self._listeners:
            listener(self.valid())


def _read(file: Path) -> Keys:
    if os.name == "posix" and file.stat().st_mode & 0o077:
        raise KeysExposed
    try:
        return msgspec.json.decode(file.read_bytes(), type=Keys)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise KeysInvalid from None


def _write(file: Path, keys: Keys) -> None:
    """Atomically, and never readable by others, not even for a moment."""
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(msgspec.json.encode(keys))
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
