"""Which page a title has."""

from __future__ import annotations

from pathlib import Path

from supergame.app.deployment import FLAGSHIP
from supergame.base.titles import title_of
from supergame.game import Game
from supergame.gateway.title_pages import INDEX


def has_page(game: Game) -> bool:
    """Whether a page came with the game, in a folder `page` beside its file."""
    return game.folder is not None and (game.folder / "page" / INDEX).is_file()


def page_folder(game: Game, web: Path) -> Path:
    """Where a title's page is: beside its file; the flagship's is among the built apps, and so is the one that all others share."""
    if game.folder is not None and has_page(game):
        return game.folder / "page"
    return web / ("game" if title_of(game.id) == FLAGSHIP else "page")
