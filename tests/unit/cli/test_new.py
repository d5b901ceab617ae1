"""`supergame new`: the starter runs, and so does its test."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from supergame.app.deployment import find
from supergame.app.games import load_games
from supergame.base.errors import InvalidArgument
from supergame.cli.main import main
from supergame.cli.new import NameTaken, create


def test_a_starter_has_its_name_everywhere(tmp_path: Path) -> None:
    folder = create("space-quest", tmp_path)
    assert sorted(file.name for file in folder.iterdir()) == ["game.py", "pyproject.toml", "test_game.py"]
    assert not any("NAME" in file.read_text() for file in folder.iterdir())
    assert tomllib.loads((folder / "pyproject.toml").read_text())["project"]["name"] == "space-quest"
    assert load_games(find([folder], tmp_path))[0].id == "space-quest"


def test_the_starters_own_test_passes(tmp_path: Path) -> None:
    folder = create("space-quest", tmp_path)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_the_command_says_what_to_do_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "quest"]) == 0
    told = capsys.readouterr().out
    assert "cd quest" in told
    assert "supergame up game.py" in told


def test_nothing_is_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    create("quest", tmp_path)
    (tmp_path / "quest" / "game.py").write_text("precious")
    with pytest.raises(NameTaken):
        create("quest", tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(NameTaken):
        create("file", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["new", "quest"]) == 1
    assert "[new.name_taken]" in capsys.readouterr().err
    assert (tmp_path / "quest" / "game.py").read_text() == "precious"


@pytest.mark.parametrize("name", ["", "Quest", "1up", "a/b", "..", "../quest", "a b", "quest\n", "a" * 65, "-x"])
def test_a_name_that_is_no_title_id_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidArgument, match="no name for a game"):
        create(name, tmp_path)
    assert list(tmp_path.iterdir()) == []
