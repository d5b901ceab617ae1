"""Operators at the shell of the machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from supergame.app.build import build
from supergame.app.config import Config
from supergame.cli.main import main
from supergame.game import Game


@pytest.fixture
async def data(tmp_path: Path) -> Path:
    """A data folder that a server has used."""
    node = await build(Config(data_dir=tmp_path), [Game("main")])
    await node.stop()
    return tmp_path


def test_somebody_is_added_listed_and_reset(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["operator", "--data", str(data)]
    assert main([*where, "add", "ada", "--role", "support", "--title", "main"]) == 0
    first = re.findall(r"password (\w{24})", capsys.readouterr().out)
    assert main([*where, "reset", "ada"]) == 0
    assert re.findall(r"password (\w{24})", capsys.readouterr().out) != first
    assert main([*where, "list"]) == 0
    assert re.search(r"^ada +support +main +has to choose a password +last signed in: never$", capsys.readouterr().out, re.MULTILINE)


def test_nobody_is_reset_who_does_not_exist(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["operator", "--data", str(data), "reset", "bo"]) == 1
    assert "[console.operator_not_found]" in capsys.readouterr().err


def test_an_empty_folder_is_not_made_a_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["operator", "--data", str(tmp_path), "list"]) == 1
    assert "[operator.no_data]" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
