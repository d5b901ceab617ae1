"""The tutorial as its reader follows it: its files are written, its commands run, and what it shows has to come.

Two things are done for the reader. The package `@heroiclabs/nakama-js` is the one that `make web` has installed, and the server listens
on a free port, which the players are given as an argument.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Timer
from typing import NamedTuple

import pytest

from tests.support.server import ServerProcess, _read_until

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "tutorial" / "first-online-game.md"
NODE = ROOT / ".build" / "node" / "bin" / "node"
MODULES = ROOT / "web" / "node_modules"
STUCK_S = 60.0  # a bound for a player that waits for ever, not a figure


class Command(NamedTuple):
    """A line that is typed, and what is shown below it."""

    typed: str
    shown: list[str]


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)


def commands() -> Iterator[Command]:
    for block in blocks("console"):
        for typed, shown in re.findall(r"^\$ (.+)\n((?:[^$].*\n)*)", block, re.MULTILINE):
            yield Command(typed, shown.splitlines())


def command(typed: str) -> Command:
    return next(command for command in commands() if command.typed == typed)


ADA, BOB = command("node play.mjs ada"), command("node play.mjs bob")


def run(typed: str, folder: Path) -> str:
    """What one of the page's commands prints, with this interpreter's `supergame` and `pytest`."""
    program, *arguments = typed.split()
    module = {"supergame": "supergame.cli.main", "pytest": "pytest"}[program]
    quiet = ["-p", "no:cacheprovider"] if program == "pytest" else []
    done = subprocess.run([sys.executable, "-m", module, *arguments, *quiet], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The reader's folder, after the page's last line of code."""
    run("supergame new coin-rush --template starter", tmp_path)
    folder = tmp_path / "coin-rush"
    game, tests = blocks("python")
    (player,) = blocks("js")
    for name, text in (("game.py", game), ("test_game.py", tests), ("play.mjs", player)):
        assert f"`{name}`" in PAGE.read_text()
        (folder / name).write_text(text)
    return folder


def test_every_command_of_the_page_is_run_here() -> None:
    typed = [command.typed for command in commands()]
    new = ["supergame new coin-rush --template starter", "cd coin-rush", "pytest"]
    assert typed == [*new, "pytest", "supergame up game.py", "node play.mjs ada", "node play.mjs bob", "supergame dev game.py"]


def test_the_starter_runs_and_its_test_passes(tmp_path: Path) -> None:
    new, _, tested, *_ = commands()
    assert new.shown[0] in run(new.typed, tmp_path)
    assert tested.shown[0] in run(tested.typed, tmp_path / "coin-rush")


def test_the_games_tests_pass(folder: Path) -> None:
    (tested,) = [command for command in commands() if command.shown == ["2 passed"]]
    assert "2 passed" in run(tested.typed, folder)


def test_the_mistake_that_the_page_proposes_is_caught(folder: Path) -> None:
    right, wrong = re.findall(r"^Change `(.+?)` to `(.+?)`", PAGE.read_text(), re.MULTILINE)[0]
    game = folder / "game.py"
    assert right in game.read_text()
    game.write_text(game.read_text().replace(right, wrong))
    with pytest.raises(AssertionError, match="1 failed, 1 passed"):
        run("pytest", folder)


class Terminal:
    """One player's, driven by the page's transcript of it."""

    def __init__(self, folder: Path, typed: str, port: int) -> None:
        assert NODE.exists(), "Node is missing: run `make web`"
        _, *arguments = typed.split()
        pipe = subprocess.PIPE
        self._process = subprocess.Popen([NODE, *arguments, str(port)], cwd=folder, stdin=pipe, stdout=pipe, text=True, bufsize=1)
        self._stuck = Timer(STUCK_S, self._process.kill)
        self._stuck.start()

    def press_enter(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")

    def line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().rstrip("\n")

    def follow(self, transcript: list[str]) -> None:
        """Type where it is typed; what is shown has to come, line by line."""
        for expected in transcript:
            if expected == "<Enter>":
                self.press_enter()
            else:
                assert self.line() == expected

    def ends(self) -> None:
        assert self.line() == ""
        assert self._process.wait(STUCK_S) == 0

    def close(self) -> None:
        self._stuck.cancel()
        self._process.kill()
        self._process.communicate()


@contextmanager
def two_terminals(folder: Path, server: ServerProcess) -> Iterator[tuple[Terminal, Terminal]]:
    """ada is in when bob comes; what she is shown has been read up to there."""
    assert (MODULES / "@heroiclabs" / "nakama-js").is_dir(), "the web packages are missing: run `make web`"
    os.symlink(MODULES, folder / "node_modules")
    with closing(Terminal(folder, ADA.typed, server.port)) as first:
        first.follow(ADA.shown[:2])
        with closing(Terminal(folder, BOB.typed, server.port)) as second:
            yield first, second


def test_two_terminals_play_as_shown(folder: Path) -> None:
    with ServerProcess.start(folder / "data", folder / "game.py") as server:
        assert command("supergame up game.py").shown[0] in server.banner
        with two_terminals(folder, server) as (first, second):
            first.follow(ADA.shown[2:])
            second.follow(BOB.shown)
            first.ends()
            second.ends()


def test_a_change_that_is_saved_counts_in_the_match_that_runs(folder: Path) -> None:
    game, (old, new) = folder / "game.py", re.findall(r"turn `(.+?)` into `(.+?)`", PAGE.read_text())[0]
    assert game.read_text().count(old) == 1
    with ServerProcess.start(folder / "data", game, command_name="dev") as server, two_terminals(folder, server) as (first, _):
        first.follow(ADA.shown[2:6])  # she has a coin
        game.write_text(game.read_text().replace(old, new))
        assert command("supergame dev game.py").shown[0] in _read_until(server._process, " ms)", server.log)
        first.follow(ADA.shown[6:9])
        assert first.line() == ADA.shown[-1]
        first.ends()
