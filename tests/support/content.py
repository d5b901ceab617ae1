"""A publisher, a store and players' copies in one folder, without a network."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from supergame.base.ids import Chance
from supergame.content import objects, staging
from supergame.content.install import Installation, Synced
from supergame.content.metered import Metered
from supergame.content.objects import FolderStore, Source
from supergame.content.publisher import Preview, Publisher
from supergame.content.signing import Keys
from supergame.testing import FakeClock

Tree = dict[str, bytes]


def some_bytes(seed: int, size: int) -> bytes:
    return random.Random(seed).randbytes(size)


def write_tree(folder: Path, tree: Tree) -> Path:
    for path, data in tree.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def read_tree(folder: Path) -> Tree:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def flip_bit(file: Path, bit: int) -> None:
    """In a file of its own: the release before shares files with this one."""
    data = bytearray(file.read_bytes())
    data[bit // 8] ^= 1 << bit % 8
    file.unlink()
    file.write_bytes(data)


class Desk:
    """Title `game`, channel `live`."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        self.folder, self.clock = folder, FakeClock()
        self.chance = Chance(random.Random(seed).randbytes)
        self.store = FolderStore(folder / "store")
        self.keys = Keys(folder / "release-keys.json", self.chance)
        self.publisher = Publisher(self.store, self.keys, self.clock, "ada")
        self._number = 0

    def build(self, tree: Tree) -> Path:
        self._number += 1
        return write_tree(self.folder / f"build-{self._number}", tree)

    def push(self, tree: Tree, version: str = "", channel: str = "live", percent: float = 100) -> Preview:
        folder = self.build(tree)
        self.clock.advance(1)
        return self.publisher.push(folder, "game", channel, version or str(self._number), percent=percent)

    def player(self, name: str = "player", source: Source | None = None, root: str = "") -> Player:
        return Player(self, self.folder / name, source or self.store, root)


class Player:
    """One copy of the game."""

    def __init__(self, desk: Desk, folder: Path, source: Source, root: str) -> None:
        self.folder = folder
        self.source = Metered(source)
        self._installation = Installation(folder, self.source, desk.clock, desk.chance, root)

    def sync(self, channel: str = "live", *, verify: bool = False, who: str = "") -> Synced:
        return self._installation.sync("game", channel, verify=verify, who=who)

    @property
    def current(self) -> Path:
        return self.folder / os.readlink(self.folder / "current")

    def tree(self) -> Tree:
        return read_tree(self.current)


class Killed(BaseException):
    """The process ends here; nothing is tidied up."""


class Fuse:
    """Ends the process at the n-th thing that it does to the disk or asks of the network."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
        self.count, self.limit = 0, limit
        for owner, name in (
            (os, "fsync"), (os, "link"), (Path, "rename"), (Path, "replace"), (Path, "symlink_to"), (Path, "unlink"), (Path, "chmod"),
            (shutil, "rmtree"), (staging, "_write"), (objects.FolderStore, "read"),
        ):  # fmt: skip
            monkeypatch.setattr(owner, name, self._burning(getattr(owner, name)))

    def _burning(self, real: Any) -> Any:
        def step(*args: Any, **options: Any) -> Any:
            self.count += 1
            if self.count == self.limit:
                raise Killed
            return real(*args, **options)

        return step
