"""Functions, by title and name."""

from __future__ import annotations

from supergame.base.errors import SupergameError
from supergame.base.ids import TitleId
from supergame.features.rpc.model import Function, FunctionFailed, FunctionNotFound
from supergame.routing.context import Context
from supergame.telemetry.logging import logger

_log = logger("rpc")


class Functions:
    """Names are compared in lower case, as in Nakama. Those of the platform (`sg.*`) belong to every title."""

    def __init__(self) -> None:
        self._platform: dict[str, Function] = {}
        self._games: dict[tuple[TitleId, str], Function] = {}

    def add_platform(self, name: str, function: Function) -> None:
        assert name.startswith("sg."), name
        assert name not in self._platform, name
        self._platform[name] = function

    def add(self, title_id: TitleId, name: str, function: Function) -> None:
        """Register a game's function. A second one of the same name is a mistake in the game."""
        key = (title_id, name.lower())
        if key in self._games or key[1].startswith("sg."):
            raise ValueError(f"the function {name!r} is registered already, or reserved")
        self._games[key] = function

    def forget_game(self, title_id: TitleId) -> None:
        """Make room for another version of the game."""
        self._games = {key: function for key, function in self._games.items() if key[0] != title_id}

    def names(self, title_id: TitleId) -> list[str]:
        return sorted(name for title, name in self._games if title == title_id)

    async def call(self, ctx: Context, name: str, payload: str) -> str:
        """What the function returns; nothing is the empty text.

        Raises:
            FunctionNotFound: no such name in this title.
            FunctionFailed: it raised something unexpected, which is logged; expected errors pass through.
        """
        key = name.lower()
        function = self._games.get((ctx.title_id, key)) or self._platform.get(key)
        if function is None:
            raise FunctionNotFound
        try:
            return await function(ctx, payload) or ""
        except SupergameError:
            raise
        except Exception as error:  # noqa: BLE001 - a game may raise anything
            _log.error("function failed", name=key, title=ctx.title_id, exc_info=error)
            raise FunctionFailed from None
