"""supergame: build, host and operate online games from one Python process.

Game developers import `supergame.game` (re-exported here on first use); everything else is the platform.
Layers, from the bottom: base, wire, db | telemetry, realtime, routing | runtime, features, game, gateway, app, cli | testing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from supergame.game import Game as Game
    from supergame.game import GameError as GameError

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Everything public of `supergame.game`, loaded when first asked for."""
    if name.startswith("_"):
        raise AttributeError(name)
    facade = import_module("supergame.game")
    if name in facade.__all__:
        return getattr(facade, name)
    raise AttributeError(f"module 'supergame' has no attribute {name!r}")
