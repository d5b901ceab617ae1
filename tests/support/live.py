"""A server whose game is a file that the test saves anew."""

from __future__ import annotations

from pathlib import Path

from argon2 import PasswordHasher

from supergame.app.build import build
from supergame.app.deployment import Served
from supergame.app.reload import Reloader
from supergame.features.dev.model import Report
from supergame.features.dev.service import Reports
from supergame.testing import FakeClock, TestServer

ARENA = """
from supergame.game import Game

game = Game("main")


@game.match("arena")
class Arena:
    score: int = 0

    def loop(self, match, messages):
        self.score += 1
        match.send(1, f"one {match.tick} {self.score}")

    def signal(self, match, data):
        return repr(vars(self))


@game.rpc("create")
async def create(ctx, payload):
    return await ctx.matches.create("arena", {})


@game.rpc("signal")
async def signal(ctx, payload):
    return await ctx.matches.signal(payload)


@game.rpc("version")
async def version(ctx, payload):
    return "one"
"""


class LiveServer(TestServer):
    """`save` writes a file and waits until it has been looked at."""

    __test__ = False

    def __init__(self, folder: Path, text: str = ARENA, **files: str) -> None:
        self.file = folder / "arena.py"
        for name, more in {"arena": text, **files}.items():
            (folder / f"{name}.py").write_text(text if name == "arena" else more)
        self.told: list[Report] = []
        clock = FakeClock()
        self.reloader = Reloader.load([Served(self.file)], Reports(self.told.append), clock)
        super().__init__(*self.reloader.games, clock=clock)

    async def start(self) -> None:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        self.node = await build(self._config, self._games, clock=self.clock, chance=self._chance, hasher=quick, reloader=self.reloader)

    async def save(self, text: str, name: str = "arena") -> Report:
        """Returns what became of it."""
        self.file.with_name(f"{name}.py").write_text(text)
        return await self.look()

    async def look(self) -> Report:
        for _ in range(2):  # a file has to rest for a look
            await self.reloader.look()
        return self.reloader.reports.latest

    async def change(self, *pairs: str) -> Report:
        """Save the game's file with texts replaced: old, new, old, new ..."""
        text = self.file.read_text()
        for old, new in zip(pairs[::2], pairs[1::2], strict=True):
            assert old in text, old
            text = text.replace(old, new)
        return await self.save(text)
