"""Loading a game: the Python file that a studio writes."""

from __future__ import annotations

from pathlib import Path

from supergame.app.deployment import Served
from supergame.app.modules import GameModules
from supergame.game import Game
from supergame.game.errors import GameInvalid


def load_games(titles: list[Served]) -> list[Game]:
    """The games to serve, each in its environment.

    Raises:
        GameInvalid: a file is missing, does not run, has no `game = Game(...)`, or two games have one id.
    """
    games = [load_game(modules_of(title.file), title) for title in titles]
    check_ids(games)
    return games


def check_ids(games: list[Game]) -> None:
    """Raises GameInvalid when two games have one id."""
    ids = [game.id for game in games]
    if len(set(ids)) < len(ids):
        raise GameInvalid(f"Two games have the same id: {', '.join(sorted(ids))}.")


def modules_of(file: Path) -> GameModules:
    """Raises GameInvalid when there is no such Python file."""
    if not file.is_file():
        raise GameInvalid(f"There is no file {file}.")
    if file.suffix != ".py" or "." in file.stem:
        raise GameInvalid(f"{file} is no Python file: its name has to be like my_game.py.")
    return GameModules(file)


def load_game(modules: GameModules, title: Served) -> Game:
    """Run the code, for one environment. Raises GameInvalid, caused by what the code has raised."""
    try:
        module = modules.run()
    except (Exception, SystemExit) as error:
        raise GameInvalid(f"{modules.file} does not run.\n\n{modules.trace(error)}") from error
    game = getattr(module, "game", None)
    if not isinstance(game, Game):
        modules.forget()
        raise GameInvalid(f'{modules.file} has no game: write game = Game("my-game") at its top.')
    if title.title and title.title != game.id:
        modules.forget()
        raise GameInvalid(f"{modules.file} is the game {game.id!r}, and not {title.title!r} as the deployment says.")
    game.name = title.name or game.name
    game.folder = modules.file.parent
    return game.enter(title.environment)
