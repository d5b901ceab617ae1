"""Watches the files of games, and brings in what was saved.

Looking at a handful of files ten times a second takes a library's place here: it costs next to nothing and works on every disk,
also on those that do not tell of changes. A file counts as saved when it has changed and then rested for one look.
"""

from __future__ import annotations

import asyncio
import linecache
from pathlib import Path
from typing import Self

from supergame.app.deployment import Served
from supergame.app.games import check_ids, load_game, modules_of
from supergame.app.modules import GameModules
from supergame.base.clock import Clock
from supergame.features.dev.model import Failure
from supergame.features.dev.service import Reports
from supergame.game import Game
from supergame.game.errors import GameInvalid
from supergame.game.game import Guard
from supergame.game.live import LiveGame
from supergame.game.services import Services

LOOK_EVERY_S = 0.1

Stamps = dict[Path, tuple[int, int] | None]
"""Of each file the time of its last change in nanoseconds and its size; None where there is none."""


class Source:
    """The files of one game."""

    def __init__(self, title: Served) -> None:
        modules = modules_of(title.file)
        self.title, self.game, self.file = title, load_game(modules, title), modules.file
        self.loads = {modules.name: modules}
        """By package: those that may still run."""
        self.latest = modules
        self.loaded = self.seen = stamps(modules.files)
        self.saved: list[str] = []
        self.live: LiveGame

    def look(self) -> Stamps:
        return stamps(self.loaded)

    def watch(self, before: Stamps, may_miss_a_file: bool = False) -> None:
        """Look from now on at what runs and what was tried, and at the folders in which a file may be missing."""
        files = {file for modules in (self.latest, *self.loads.values()) for file in modules.files}
        folders = {file.parent for file in files} if may_miss_a_file else set()
        self.loaded = self.seen = {**stamps(files | folders), **{file: before[file] for file in files & before.keys()}}

    def keep(self, packages: set[str]) -> None:
        for name in self.loads.keys() - packages:
            self.loads.pop(name).forget()


class Reloader:
    """Makes games live, and replaces their code when it was saved."""

    def __init__(self, sources: list[Source], reports: Reports, clock: Clock) -> None:
        self._sources, self.reports, self._clock = sources, reports, clock

    @classmethod
    def load(cls, titles: list[Served], reports: Reports, clock: Clock) -> Self:
        """Raises GameInvalid, as `load_games`."""
        sources = [Source(title) for title in titles]
        check_ids([source.game for source in sources])
        return cls(sources, reports, clock)

    @property
    def games(self) -> list[Game]:
        return [source.game for source in self._sources]

    def install(self, services: Services, endpoints: set[str], guard: Guard) -> None:
        for source in self._sources:

            def failed(what: str, error: Exception, source: Source = source) -> None:
                self._tell(source, f"{what} failed", error)

            source.live = LiveGame(source.game, source.latest.name, services, endpoints, guard, failed)

    async def run(self) -> None:
        """Run the games' timers and look for saves, until cancelled."""
        for source in self._sources:
            source.live.start_timers()
        try:
            while True:
                await asyncio.sleep(LOOK_EVERY_S)
                await self.look()
        finally:
            for source in self._sources:
                source.live.stop_timers(at_once=True)

    async def look(self) -> None:
        """Bring in what has changed before the last look and not since."""
        for source in self._sources:
            now = await asyncio.to_thread(source.look)
            has_rested, source.seen = now == source.seen, now
            if has_rested and now != source.loaded:
                source.saved = sorted(file.name for file in now if now[file] != source.loaded[file] and file.suffix == ".py")
                await self._reload(source, now)

    async def _reload(self, source: Source, now: Stamps) -> None:
        began = self._clock.monotonic()
        modules = source.latest = GameModules(source.file)
        try:
            game = await asyncio.to_thread(load_game, modules, source.title)
            loaded = self._clock.monotonic()
            source.live.replace(game, modules.name)
        except GameInvalid as error:
            modules.forget()
            self._tell(source, f"{source.file.name} does not run", error.__cause__ or error)
            source.watch(now, may_miss_a_file=isinstance(error.__cause__, ImportError))
            return
        source.loads[modules.name] = modules
        source.keep(source.live.packages)
        source.watch(now)
        ended = self._clock.monotonic()
        self.reports.reloaded(source.saved, (ended - began) * 1000, (ended - loaded) * 1000)

    def _tell(self, source: Source, what: str, error: BaseException) -> None:
        trace = error.message if isinstance(error, GameInvalid) else source.latest.trace(error)
        file, line = source.latest.place(error)
        code = linecache.getline(file, line).strip() if line else ""
        failure = Failure(what, Path(file).name, line, code, trace)
        if source.saved or failure != self.reports.latest.failure:
            self.reports.failed(source.saved, failure)


def stamps(files: set[Path] | Stamps) -> Stamps:
    return {file: _stamp(file) for file in files}


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
