"""The command `supergame`: what it understands, and how it says no."""

from __future__ import annotations

import argparse

import pytest

from supergame import __version__
from supergame.base.errors import NotFound
from supergame.cli import main as module
from supergame.cli.main import main


def running(monkeypatch: pytest.MonkeyPatch, outcome: int | BaseException) -> None:
    """Have `supergame new x` end like this."""

    def run(options: argparse.Namespace) -> int:
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    monkeypatch.setattr(module.new, "run", run)


@pytest.mark.parametrize("status", [0, 3])
def test_the_status_of_a_command_is_the_programs(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    running(monkeypatch, status)
    assert main(["new", "x"]) == status


def test_expected_trouble_is_one_sentence_with_its_code(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    running(monkeypatch, NotFound("There is no such game."))
    assert main(["new", "x"]) == 1
    assert capsys.readouterr().err == "supergame: There is no such game. [not_found]\n"


def test_unexpected_trouble_shows_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    running(monkeypatch, ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        main(["new", "x"])


def test_a_key_that_interrupts_is_no_error_of_ours(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    running(monkeypatch, KeyboardInterrupt())
    assert main(["new", "x"]) == 130
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["unknown"],
        ["new"],
        ["up", "--port"],
        ["up", "--nonsense"],
        ["dev"],
        ["new", "a", "b"],
        ["up", "a.py", "--port", "0", "b.py", "-x"],
    ],
)
def test_what_is_not_understood_is_explained(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: supergame" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["up", "dev"])
def test_games_may_stand_behind_options(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    seen: list[argparse.Namespace] = []
    monkeypatch.setattr(getattr(module, command), "run", lambda options: seen.append(options) or 0)
    assert main([command, "a.py", "--port", "0", "b.py", "c.py", "--lan"]) == 0
    assert [str(file) for file in seen[0].games] == ["a.py", "b.py", "c.py"]


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"supergame {__version__}\n")


@pytest.mark.parametrize("command", ["up", "dev", "new", "bench"])
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"supergame {command}" in capsys.readouterr().out
