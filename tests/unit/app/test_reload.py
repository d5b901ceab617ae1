"""Saves, and what becomes of them. Rules: docs/spec/reload.md."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from supergame.app.deployment import Served
from supergame.app.reload import Reloader
from supergame.base.clock import SystemClock
from supergame.features.dev.service import Reports
from supergame.game.errors import GameInvalid
from tests.support.live import ARENA, LiveServer

HELPED = ARENA.replace('return "one"', "return rules.NAME").replace("from supergame", "import rules\nfrom supergame", 1)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[LiveServer]:
    async with LiveServer(tmp_path, HELPED, rules="NAME = 'one'") as server:
        yield server


async def test_REL1_a_helpers_save_counts_too(server: LiveServer) -> None:
    report = await server.save("NAME = 'two'", "rules")
    assert (report.number, report.files, report.failure) == (1, ["rules.py"], None)
    assert await (await server.sign_in("ada")).rpc("version") == "two"


async def test_REL1_a_file_rests_for_a_look_before_it_counts(server: LiveServer) -> None:
    server.file.write_text("half a sa")
    await server.reloader.look()
    server.file.write_text(HELPED + "\n")
    await server.reloader.look()
    assert server.told == []
    await server.reloader.look()
    assert [report.failure for report in server.told] == [None]


async def test_REL1_a_file_that_was_not_saved_is_not_looked_into(server: LiveServer) -> None:
    await server.save("", "other_file")
    assert server.told == []


async def test_REL5_a_syntax_error_changes_nothing(server: LiveServer) -> None:
    report = await server.save("NAME = = 2", "rules")
    assert report.failure is not None
    assert (report.failure.what, report.failure.file, report.failure.line) == ("arena.py does not run", "rules.py", 1)
    assert "SyntaxError: invalid syntax" in report.failure.trace
    assert await (await server.sign_in("ada")).rpc("version") == "one"
    report = await server.save("NAME = 2.5", "rules")
    assert report.failure is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("", "write game = Game"),
        (HELPED + "\n\n@game.before('nonsense')\nasync def f(ctx, request): ...", "no endpoint 'nonsense'"),
    ],
)
async def test_REL5_code_that_cannot_take_over_changes_nothing(server: LiveServer, text: str, told: str) -> None:
    report = await server.save(text)
    assert report.failure is not None
    assert told in report.failure.trace
    assert await (await server.sign_in("ada")).rpc("version") == "one"


async def test_REL5_a_missing_helper_is_noticed_when_it_comes(server: LiveServer) -> None:
    report = await server.change("import rules", "import rules, more")
    assert report.failure is not None
    assert "No module named" in report.failure.trace
    await server.look()
    assert len(server.told) == 1
    assert (await server.save("", "more")).failure is None


async def test_REL5_a_deleted_file_is_told_and_a_restored_one_taken(server: LiveServer) -> None:
    server.file.unlink()
    assert (await server.look()).failure is not None
    assert (await server.save(HELPED)).failure is None


def test_REL5_the_first_load_must_succeed(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("1 / 0")
    with pytest.raises(GameInvalid, match="ZeroDivisionError"):
        Reloader.load([Served(tmp_path / "broken.py")], Reports(), SystemClock())
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text(ARENA)
    with pytest.raises(GameInvalid, match="same id"):
        Reloader.load([Served(tmp_path / "one.py"), Served(tmp_path / "two.py")], Reports(), SystemClock())


async def test_REL1_timers_change_and_a_call_under_way_ends_by_itself(tmp_path: Path) -> None:
    log = tmp_path / "log"
    timer = f"""
import asyncio

@game.every(0.001)
async def note(ctx):
    with open({str(log)!r}, "a") as file:
        file.write("one ")
    await asyncio.sleep(0.05)
    with open({str(log)!r}, "a") as file:
        file.write("one-end ")
"""
    async with LiveServer(tmp_path, ARENA + timer) as server:
        job = asyncio.create_task(server.reloader.run())
        await until(log.exists)
        await server.change('write("one ")', 'write("two ")', 'write("one-end ")', 'write("two-end ")')
        await until(lambda: log.read_text().count("two-end") >= 2)
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)
        words = log.read_text().split()
        assert words.count("one") == words.count("one-end") >= 1
        assert await gone()


async def gone() -> bool:
    """Whether the cancelled tasks end at their next step."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return not [task for task in asyncio.all_tasks() if "Timer.run" in repr(task)]


async def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30.0
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)
