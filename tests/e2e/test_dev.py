"""`supergame dev` as a process of its own, with 200 players on real sockets. Rules: docs/spec/reload.md."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest

from tests.support.scripts import run_script
from tests.support.server import ServerProcess, _read_until

STUCK_S = 60.0  # a bound for a test that hangs, not a figure
PLAYERS, MATCHES = 200, 20
HELD_CPU_MS_MAX = 100
KEY = {"authorization": "Basic " + base64.b64encode(b"defaultkey:").decode()}

GAME = """
from supergame.game import Game

game = Game("arena")


class Rock:
    def __init__(self, x):
        self.x, self.hits = x, []


@game.match("arena", tick_rate_hz=10)
class Arena:
    score: int = 0

    def init(self, match, params):
        self.rocks = {x: Rock(x) for x in range(100)}

    def loop(self, match, messages):
        self.score += 1
        match.send(1, f"one {match.tick} {self.score}")


@game.rpc("create")
async def create(ctx, payload):
    return await ctx.matches.create("arena", {})
"""


class Guest:
    """A player who notes what the match says, and when."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws
        self.said: list[list[str]] = []
        self.came_at: list[float] = []
        self.trouble: list[str] = []
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self.ws:
            envelope = json.loads(message.data)
            if "match_data" in envelope:
                self.said.append(base64.b64decode(envelope["match_data"]["data"]).decode().split())
                self.came_at.append(time.perf_counter())
            elif envelope.get("match_presence_event", {}).get("leaves") or "error" in envelope:
                self.trouble.append(message.data)
        self.trouble.append(f"closed with {self.ws.close_code}")

    async def leave(self) -> None:
        self._reading.cancel()
        await self.ws.close()

    @property
    def dropped(self) -> bool:
        """Whether anything was lost: the socket, the match, or one of its ticks."""
        ticks = [int(words[1]) for words in self.said]
        return bool(self.trouble) or ticks != list(range(ticks[0], ticks[0] + len(ticks)))


class Table:
    """A running `supergame dev`, the file of its game, and who plays it."""

    def __init__(self, server: ServerProcess, file: Path, http: aiohttp.ClientSession) -> None:
        self.server, self.file, self.http = server, file, http
        self.base = f"http://127.0.0.1:{server.port}"
        self.guests: list[Guest] = []

    async def seat(self) -> None:
        tokens = [await self._sign_in(number) for number in range(PLAYERS)]
        matches = [await self._create(token) for token in tokens[:MATCHES]]
        for number, token in enumerate(tokens):
            ws = await self.http.ws_connect(f"{self.base}/ws?token={token}")
            await ws.send_json({"match_join": {"match_id": matches[number % MATCHES]}})
            self.guests.append(Guest(ws))

    async def _sign_in(self, number: int) -> str:
        body = {"id": f"device-of-guest-{number:03}"}
        async with self.http.post(f"{self.base}/v2/account/authenticate/device", json=body, headers=KEY) as answer:
            return str((await answer.json())["token"])

    async def _create(self, token: str) -> str:
        async with self.http.post(f"{self.base}/v2/rpc/create", json="", headers={"authorization": f"Bearer {token}"}) as answer:
            return str((await answer.json())["payload"])

    async def report(self, after: int) -> dict[str, object]:
        """The next one."""
        while True:
            async with self.http.get(f"{self.base}/sg/v1/dev/report?after={after}") as answer:
                report = await answer.json()
            if report["number"] != after:
                return report  # type: ignore[no-any-return]

    async def all_hear(self, *words: str) -> None:
        """Wait until each guest has been told something new with these words."""
        start = [len(guest.said) for guest in self.guests]

        def heard() -> bool:
            new = [guest.said[count:] for guest, count in zip(self.guests, start, strict=True)]
            return all(any(set(words) <= set(said) for said in one) for one in new)

        await until(heard)

    def gap_ms(self, since: int) -> float:
        """The longest wait of anybody for the next tick, from message number `since` on; ticks are 100 ms apart."""
        return max(b - a for guest in self.guests for a, b in zip(guest.came_at[since:], guest.came_at[since + 1 :], strict=False)) * 1000


async def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + STUCK_S
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


@pytest.fixture
async def table(tmp_path: Path) -> AsyncIterator[Table]:
    file = tmp_path / "arena.py"
    await asyncio.to_thread(file.write_text, GAME)
    server = await asyncio.to_thread(ServerProcess.start, tmp_path / "data", file, command_name="dev")
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(STUCK_S), connector=aiohttp.TCPConnector(limit=0)) as http:
        table = Table(server, file, http)
        try:
            await table.seat()
            yield table
            for guest in table.guests:
                await guest.leave()
        finally:
            assert await asyncio.to_thread(server.stop) == 0


async def test_REL2_two_hundred_players_stay_through_every_kind_of_save(table: Table, tmp_path: Path) -> None:
    file, count = table.file, tmp_path / "count"
    await table.all_hear("one")
    start = min(len(guest.said) for guest in table.guests)

    two = (
        GAME.replace('"one {', '"two {')
        .replace("score: int = 0", "score: int = 0\n    bonus: int = 7")
        .replace("{self.score}", "{self.bonus}")
    )
    file.write_text(two)
    assert (await table.report(0))["failure"] is None
    await table.all_hear("two", "7")

    file.write_text(two + "\nx = = 1\n")
    failure = (await table.report(1))["failure"]
    assert "SyntaxError" in str(failure)
    await table.all_hear("two", "7")

    file.write_text(
        two.replace("self.score += 1\n", f"with open({str(count)!r}, 'a') as file:\n            file.write('x')\n        1 / 0\n")
    )
    assert (await table.report(2))["failure"] is None
    assert "ZeroDivisionError" in str((await table.report(3))["failure"])
    await table.all_hear("two", "7")

    file.write_text(GAME.replace('"one {', '"three {'))
    assert (await table.report(4))["failure"] is None
    await table.all_hear("three")

    assert [guest for guest in table.guests if guest.dropped] == []
    scores = [int(words[2]) - int(words[1]) for guest in table.guests for words in guest.said if words[0] == "three"]
    assert set(scores) == {1}, "the score counts each tick, whatever was saved meanwhile"
    assert count.read_text() == "x", "the broken version ran once"
    assert "  reloaded: arena.py (" in await asyncio.to_thread(_read_until, table.server._process, " ms)", table.server.log)
    log = table.server.log.read_text()
    assert "SyntaxError: invalid syntax" in log
    assert "ZeroDivisionError: division by zero" in log
    held = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert [event for event in held if event["event"] == "loop held" and event["cpu_ms"] > HELD_CPU_MS_MAX] == []
    print(f"longest wait for a tick: {table.gap_ms(start):.0f} ms; loop held: {[event.get('cpu_ms') for event in held]}")


def test_REL5_the_page_shows_what_became_of_a_save(tmp_path: Path) -> None:
    file = tmp_path / "arena.py"
    file.write_text(GAME)
    with ServerProcess.start(tmp_path / "data", file, command_name="dev") as server:
        checks = run_script("dev.ts", server.url, str(file))
    assert "1280 px: the next good save takes it away" in checks
