"""`supergame new`: the starter runs, and so does its test."""

from __future__ import annotations

import importlib
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
from supergame.cli.new import KINDS, NameTaken, create


def test_a_starter_has_its_name_everywhere(tmp_path: Path) -> None:
    folder = create("space-quest", tmp_path, "arena")
    assert sorted(file.name for file in folder.iterdir()) == ["game.py", "page", "pyproject.toml", "test_game.py"]
    assert sorted(file.name for file in (folder / "page").iterdir()) == ["index.html", "play.js"]
    assert not any("NAME" in file.read_text() for file in folder.rglob("*.*") if file.is_file())
    assert tomllib.loads((folder / "pyproject.toml").read_text())["project"]["name"] == "space-quest"
    assert load_games(find([folder], tmp_path))[0].id == "space-quest"


@pytest.mark.parametrize("template", sorted(set(KINDS) - {"starter"}))
async def test_each_templates_own_tests_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, template: str) -> None:
    """In this process, for its start takes longer than the tests."""
    monkeypatch.syspath_prepend(str(create("space-quest", tmp_path, template)))
    try:
        module = importlib.import_module("test_game")
        tests = [test for name, test in vars(module).items() if name.startswith("test_")]
        assert len(tests) >= 2
        for test in tests:
            await test()
    finally:
        for name in ("game", "test_game"):
            sys.modules.pop(name, None)


def test_a_game_from_a_template_is_tested_by_pytest_as_it_is(tmp_path: Path) -> None:
    folder = create("space-quest", tmp_path, "starter")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_the_command_says_what_to_do_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "quest"]) == 0
    assert "arena" in (tmp_path / "quest" / "game.py").read_text()
    told = capsys.readouterr().out
    assert "cd quest" in told
    assert "supergame up ." in told


def test_nothing_is_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    create("quest", tmp_path, "cards")
    (tmp_path / "quest" / "game.py").write_text("precious")
    with pytest.raises(NameTaken):
        create("quest", tmp_path, "cards")
    (tmp_path / "file").touch()
    with pytest.raises(NameTaken):
        create("file", tmp_path, "cards")
    monkeypatch.chdir(tmp_path)
    assert main(["new", "quest"]) == 1
    assert "[new.name_taken]" in capsys.readouterr().err
    assert (tmp_path / "quest" / "game.py").read_text() == "precious"


@pytest.mark.parametrize("name", ["", "Quest", "1up", "a/b", "..", "../quest", "a b", "quest\n", "a" * 65, "-x"])
def test_a_name_that_is_no_title_id_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidArgument, match="no name for a game"):
        create(name, tmp_path, "cards")
    assert list(tmp_path.iterdir()) == []
