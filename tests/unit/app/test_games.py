"""Loading a game: a file that is good, and sentences for all that can be wrong with one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from supergame.app import games
from supergame.app.deployment import find
from supergame.game import Game
from supergame.game.errors import GameInvalid


@pytest.fixture(autouse=True)
def modules() -> Iterator[None]:
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]


def load_games(files: list[Path]) -> list[Game]:
    """The games that a command line names, in a folder without a deployment's file."""
    return games.load_games(find(files, Path(__file__).parent))


def written(folder: Path, text: str, name: str = "my_game.py") -> Path:
    file = folder / name
    file.write_text(text)
    return file


GOOD = 'from supergame.game import Game\ngame = Game("{id}")\n'


def test_a_good_file_is_a_game(tmp_path: Path) -> None:
    (game,) = load_games([written(tmp_path, GOOD.format(id="quest"))])
    assert game.id == "quest"


def test_without_a_file_there_is_kitewind() -> None:
    (game,) = load_games([])
    assert (game.id, game.name) == ("kitewind", "Kitewind")


def test_a_game_may_import_the_files_beside_it(tmp_path: Path) -> None:
    written(tmp_path, 'NAME = "from-beside"', "beside_my_game.py")
    game_file = written(tmp_path, "from beside_my_game import NAME\nfrom supergame.game import Game\ngame = Game(NAME)")
    paths = list(sys.path)
    assert load_games([game_file])[0].id == "from-beside"
    assert sys.path == paths


def test_several_games_of_different_ids_are_fine_also_with_files_of_one_name(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    files = [written(tmp_path / folder, GOOD.format(id=folder)) for folder in ("one", "two")]
    assert [game.id for game in load_games(files)] == ["one", "two"]


def test_two_games_of_one_id_are_refused(tmp_path: Path) -> None:
    files = [written(tmp_path, GOOD.format(id="quest"), name) for name in ("a.py", "b.py")]
    with pytest.raises(GameInvalid, match="same id: quest, quest"):
        load_games(files)


@pytest.mark.parametrize("path", ["missing.py", "", "."])
def test_a_missing_file_is_told_by_its_name(tmp_path: Path, path: str) -> None:
    with pytest.raises(GameInvalid, match="There is no file"):
        load_games([tmp_path / path])


def test_a_file_that_is_no_python_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GameInvalid, match="no Python file"):
        load_games([written(tmp_path, "hello", "game.txt")])


@pytest.mark.parametrize("text", ["", "game = 5", "from supergame.game import Game\nplay = Game('x')"])
def test_a_file_without_a_game_is_told_what_to_write(tmp_path: Path, text: str) -> None:
    with pytest.raises(GameInvalid, match="write game = Game"):
        load_games([written(tmp_path, text)])


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("from supergame.game import Game\n\ndef broken(\n", 3, "SyntaxError"),
        ("import no_such_module_anywhere\n", 1, "ModuleNotFoundError: No module named 'no_such_module_anywhere'"),
        ("\n\n1 / 0\n", 3, "ZeroDivisionError"),
        ('from supergame.game import Game\ngame = Game("My Game")\n', 2, "'My Game' is no title id"),
        (GOOD.format(id="x") + '@game.rpc("sg.hello")\nasync def hello(ctx, payload): ...\n', 3, "belong to the platform"),
    ],
)
def test_a_file_that_does_not_run_is_told_with_its_line_and_without_our_machinery(
    tmp_path: Path, text: str, line: int, reason: str
) -> None:
    with pytest.raises(GameInvalid) as caught:
        load_games([written(tmp_path, text)])
    message = caught.value.message
    assert "my_game.py does not run" in message
    assert f"line {line}" in message
    assert reason in message
    assert "importlib" not in message
