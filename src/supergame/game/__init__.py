"""The one facade that games are written against. A game is a Python file:

    from supergame.game import Context, Game

    game = Game("my-game")

    @game.rpc("hello")
    async def hello(ctx: Context, payload: str) -> str:
        return f"Hello, {ctx.username or 'stranger'}!"

`supergame up my_game.py` serves it. Everything that a game needs is exported here; nothing else of the platform is promised to it.
"""

from supergame.base.errors import Status
from supergame.game.accounts import AccountsAccess
from supergame.game.context import Context
from supergame.game.errors import GameError
from supergame.game.game import Game
from supergame.game.storage import StorageAccess, StoredObject
from supergame.routing.hooks import HookRefused

__all__ = ["AccountsAccess", "Context", "Game", "GameError", "HookRefused", "Status", "StorageAccess", "StoredObject"]
