"""What is served: names on a command line, and `supergame.toml` with sentences for all that can be wrong in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from supergame.app.deployment import FILE_NAME, Deployment, DeploymentInvalid, Served, find, read
from supergame.app.games import load_games
from supergame.cli.main import main
from supergame.features.titles.model import Settings
from supergame.game.errors import GameInvalid

GOOD = """
[up]
port = 7450
lan = true
trusted_proxy = ["10.0.0.0/8", "::1"]

[titles.kitewind]

[titles.starhop]
name = "Star Hop"

[titles.starhop.settings]
single_match = true

[titles.starhop.environments.beta]
path = "next"
settings = { is_open = false }

[titles.starhop.environments.dev]
"""


def written(folder: Path, text: str) -> Path:
    file = folder / FILE_NAME
    file.write_text(text)
    return file


def game(folder: Path, id: str) -> Path:
    folder.mkdir(parents=True)
    file = folder / "game.py"
    file.write_text(f'from supergame.game import Game\ngame = Game("{id}")\n')
    return file


def test_TTL2_a_name_is_the_flagship_a_folder_with_a_game_or_a_file(tmp_path: Path) -> None:
    file = game(tmp_path / "starhop", "starhop")
    titles = find([Path("kitewind"), tmp_path / "starhop", file], tmp_path)
    assert [title.file.parts[-2:] for title in titles] == [("kitewind", "game.py"), ("starhop", "game.py"), ("starhop", "game.py")]
    assert [game.id for game in load_games(titles[:2])] == ["kitewind", "starhop"]
    assert find([], tmp_path) == titles[:1]


def test_TTL3_a_file_says_what_is_served_where_with_which_settings(tmp_path: Path) -> None:
    old, new = game(tmp_path / "starhop", "starhop"), game(tmp_path / "next", "starhop")
    kitewind, *starhop = find([], written(tmp_path, GOOD).parent)
    assert (kitewind.title, kitewind.environment, kitewind.file.parts[-2:]) == ("kitewind", "live", ("kitewind", "game.py"))
    assert starhop == [
        Served(old, "live", "starhop", "Star Hop", Settings(single_match=True)),
        Served(new, "beta", "starhop", "Star Hop", Settings(is_open=False, single_match=True)),
        Served(old, "dev", "starhop", "Star Hop", Settings(single_match=True)),
    ]
    games = load_games(starhop)
    assert [(game.id, game.name) for game in games] == [
        ("starhop", "Star Hop"),
        ("starhop@beta", "Star Hop (beta)"),
        ("starhop@dev", "Star Hop (dev)"),
    ]
    assert read(tmp_path / FILE_NAME).options == {"port": 7450, "lan": True, "trusted_proxy": ["10.0.0.0/8", "::1"]}


def test_a_file_is_found_beside_where_one_stands_or_named_and_names_go_before_it(tmp_path: Path) -> None:
    file = written(tmp_path, "[titles.kitewind.environments.beta]")
    assert [title.environment for title in find([], tmp_path)] == ["live", "beta"]
    assert find([file], tmp_path.parent) == find([], tmp_path)
    assert [title.title for title in find([Path("kitewind")], tmp_path)] == [""]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("[up]\nport = 1\n[titel.starhop]", 3, "titel: 'titel' is not known here; known are up, titles"),
        ("[up]\n\nprot = 1", 3, "up.prot: 'prot' is not known here"),
        ("[titles.a]\npath = 'x'\n\n[titles.b]\npth = 'x'", 5, "titles.b.pth: 'pth' is not known here; known are path, name,"),
        ("[titles.a]\n[titles.a.settings]\nopen = true", 3, "titles.a.settings.open: 'open' is not known here"),
        ("[titles.a]\nsettings = { single = true }", 2, "titles.a.settings.single: 'single' is not known"),
        ("[titles.a]\n[titles.a.environments.beta]\npth = 1", 3, "titles.a.environments.beta.pth: 'pth' is not known"),
        ("[titles.a]\nname = 5", 2, "titles.a.name: Expected `str`, got `int`"),
        ("[titles.a]\n\n[titles.a.settings]\nis_open = 'no'", 4, "titles.a.settings.is_open: Expected `bool | null`, got `str`"),
        ("[titles.a]\n[titles.Big]", 2, "titles.Big: 'Big' is no title id"),
        ("[titles.a]\n[titles.a.environments.'a b']", 2, "titles.a.environments.a b: 'a b' is no name for an environment"),
        ("titles = 5", 1, "titles: Expected `object`, got `int`"),
        ("[up]\nport = { a = 1 }", 2, "up.port"),
    ],
)
def test_TTL4_what_is_not_understood_is_told_with_its_line_and_name(tmp_path: Path, text: str, line: int, what: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(DeploymentInvalid) as caught:
        read(file, ("port",))
    assert f"{FILE_NAME}, line {line}: {what}" in caught.value.message


@pytest.mark.parametrize("text", [b"[titles", b"\xff", b"a = 1\na = 2"])
def test_a_file_that_is_no_toml_is_told_by_its_name(tmp_path: Path, text: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(text)
    with pytest.raises(DeploymentInvalid, match=r"supergame\.toml: "):
        read(tmp_path / FILE_NAME)
    with pytest.raises(DeploymentInvalid, match="No such file"):
        read(tmp_path / "missing.toml")


def test_an_empty_file_serves_the_flagship(tmp_path: Path) -> None:
    assert read(written(tmp_path, "")) == Deployment([], {})
    assert find([], tmp_path) == find([Path("kitewind")], tmp_path)


def test_a_game_that_is_another_than_the_file_says_is_refused(tmp_path: Path) -> None:
    game(tmp_path / "starhop", "moonhop")
    with pytest.raises(GameInvalid, match="is the game 'moonhop', and not 'starhop'"):
        load_games(find([], written(tmp_path, "[titles.starhop]").parent))


def test_TTL4_the_command_refuses_a_file_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, "[up]\nprot = 1\n")
    monkeypatch.chdir(tmp_path)
    assert main(["up"]) == 1
    told = capsys.readouterr().err
    assert "supergame.toml, line 2: up.prot: 'prot' is not known here; known are host, port, " in told
    assert "[deployment.invalid]" in told
    assert not (tmp_path / "data").exists()
