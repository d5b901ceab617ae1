"""Loading a game: the Python file that a studio writes."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from pathlib import Path

from kitewind.game import game as kitewind
from supergame.game import Game
from supergame.game.errors import GameInvalid


def load_games(files: list[Path]) -> list[Game]:
    """The games in these files; without any, Kitewind.

    Raises:
        GameInvalid: a file is missing, does not run, has no `game = Game(...)`, or two games have one id.
    """
    games = [load_game(file) for file in files] or [kitewind]
    ids = [game.id for game in games]
    if len(set(ids)) < len(ids):
        raise GameInvalid(f"Two games have the same id: {', '.join(sorted(ids))}.")
    return games


def load_game(file: Path) -> Game:
    if not file.is_file():
        raise GameInvalid(f"There is no file {file}.")
    name = f"supergame_game_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise GameInvalid(f"{file} is no Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, str(file.parent.resolve()))  # a game may import files beside it
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise GameInvalid(f"{file} does not run.\n\n{_trace(error, file)}") from error
    finally:
        sys.path.pop(0)
    game = getattr(module, "game", None)
    if not isinstance(game, Game):
        raise GameInvalid(f'{file} has no game: write game = Game("my-game") at its top.')
    return game


def _trace(error: Exception, file: Path) -> str:
    """The trace as far as it concerns the game: from its file on, without the machinery that loads it."""
    trace = traceback.TracebackException.from_exception(error)
    own = [number for number, frame in enumerate(trace.stack) if Path(frame.filename).resolve() == file.resolve()]
    trace.stack = traceback.StackSummary.from_list(trace.stack[own[0] :] if own else [])
    return "".join(trace.format()).removeprefix("Traceback (most recent call last):\n").rstrip()
