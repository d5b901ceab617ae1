"""A game's own modules. Rules: docs/spec/reload.md."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from supergame.app.modules import GameModules


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]


def written(folder: Path, **files: str) -> Path:
    """The file `game.py`. `a__b` is the file b in the folder a."""
    for name, text in files.items():
        inner, _, own = name.partition("__") if not name.startswith("__") else ("", "", name)
        file = folder / inner / f"{own}.py" if own else folder / f"{inner}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder / "game.py"


def test_REL9_two_games_have_helpers_of_one_name(tmp_path: Path) -> None:
    game = "import rules\nfrom rules import NAME\ndef late():\n    import rules\n    return rules.NAME\n"
    loads = [GameModules(written(tmp_path / name, game=game, rules=f"NAME = '{name}'")) for name in ("one", "two")]
    one, two = [load.run() for load in loads]
    assert (one.NAME, one.late(), two.NAME, two.late()) == ("one", "one", "two", "two")
    assert "rules" not in sys.modules


def test_REL9_two_versions_run_side_by_side(tmp_path: Path) -> None:
    file = written(tmp_path, game="import rules\ndef late():\n    from rules import NAME\n    return NAME", rules="NAME = 1")
    old = GameModules(file).run()
    written(tmp_path, rules="NAME = 2")
    new = GameModules(file).run()
    assert (old.late(), new.late()) == (1, 2)


IMPORTS = [
    ("import parts.rock", "parts.rock.SIZE"),
    ("import parts.rock as rock", "rock.SIZE"),
    ("from parts import rock", "rock.SIZE"),
    ("from parts.rock import SIZE", "SIZE"),
    ("from parts.rock import *", "SIZE"),
    ("import random, parts.rock\nfrom os import path", "parts.rock.SIZE"),
]


@pytest.mark.parametrize(("statement", "value"), IMPORTS)
@pytest.mark.parametrize("is_package", [True, False])
def test_REL9_all_forms_of_import_work(tmp_path: Path, statement: str, value: str, is_package: bool) -> None:
    rock = "from parts.other import SIZE" if not is_package else "from .other import SIZE"
    written(tmp_path, parts__rock=rock, parts__other="SIZE = 3", **({"parts____init__": ""} if is_package else {}))
    module = GameModules(written(tmp_path, game=f"{statement}\nfound = {value}")).run()
    assert module.found == 3
    assert "parts" not in sys.modules


def test_REL9_a_game_in_a_package_brings_the_package(tmp_path: Path) -> None:
    file = written(tmp_path / "kite", __init__="", game="from kite.wind import A\nfrom .wind import A as B\nimport other", wind="A = 5")
    with pytest.raises(ModuleNotFoundError, match="other"):
        GameModules(file).run()
    file.write_text(file.read_text().replace("import other", ""))
    load = GameModules(file)
    assert load.run().B == 5
    assert {path.name for path in load.files} == {"__init__.py", "game.py", "wind.py"}


def test_REL9_the_platform_is_never_a_games_own(tmp_path: Path) -> None:
    written(tmp_path, supergame="raise RuntimeError")
    module = GameModules(written(tmp_path, game="import supergame\nfrom supergame.game import Game")).run()
    assert module.supergame is sys.modules["supergame"]


def test_REL1_two_saves_in_one_second_of_one_length_are_two(tmp_path: Path) -> None:
    file = written(tmp_path, game="X = 1")
    os.utime(file, (1e9, 1e9))
    assert GameModules(file).run().X == 1
    file.write_text("X = 2")
    os.utime(file, (1e9, 1e9))
    assert GameModules(file).run().X == 2
    assert not (tmp_path / "__pycache__").exists()


def test_REL5_code_that_fails_leaves_no_module(tmp_path: Path) -> None:
    before = set(sys.modules)
    load = GameModules(written(tmp_path, game="import rules", rules="1 / 0"))
    with pytest.raises(ZeroDivisionError) as caught:
        load.run()
    assert not {name for name in set(sys.modules) - before if name.startswith("supergame_game_")}
    assert {path.name for path in load.files} == {"game.py", "rules.py"}
    assert load.place(caught.value) == (str(tmp_path / "rules.py"), 1)
    lines = load.trace(caught.value).splitlines()
    assert [line.split('"')[1] for line in lines if "File" in line] == [str(tmp_path / "game.py"), str(tmp_path / "rules.py")]


def test_REL5_a_syntax_error_is_placed_where_it_is(tmp_path: Path) -> None:
    load = GameModules(written(tmp_path, game="import rules", rules="\nX = = 1"))
    with pytest.raises(SyntaxError) as caught:
        load.run()
    assert load.place(caught.value) == (str(tmp_path / "rules.py"), 2)
