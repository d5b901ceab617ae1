"""The one facade that games are written against. A game is a Python file:

    from supergame.game import Context, Game

    game = Game("my-game")

    @game.rpc("hello")
    async def hello(ctx: Context, payload: str) -> str:
        return f"Hello, {ctx.username or 'stranger'}!"

`supergame up my_game.py` serves it. Everything that a game needs is exported here; nothing else of the platform is promised to it.
"""

from supergame.base.errors import Status
from supergame.features.licences.model import LicenceChange, Use
from supergame.features.matches.model import MatchInfo, MatchNotFound
from supergame.features.streams.model import StreamId
from supergame.features.wallets.model import WalletLedgerItem, WalletUpdate, WalletUpdateResult
from supergame.game.accounts import AccountsAccess
from supergame.game.chat import ChatAccess
from supergame.game.config import Setting
from supergame.game.context import Context
from supergame.game.errors import GameError
from supergame.game.friends import FriendsAccess
from supergame.game.game import Game
from supergame.game.licences import LicencesAccess
from supergame.game.match import JoinRefused, Match, MatchMessage, Player
from supergame.game.matches import MatchesAccess
from supergame.game.notifications import NotificationsAccess
from supergame.game.storage import StorageAccess, StoredObject
from supergame.game.streams import StreamsAccess
from supergame.game.wallets import WalletsAccess
from supergame.routing.hooks import HookRefused

__all__ = [
    "AccountsAccess",
    "ChatAccess",
    "Context",
    "FriendsAccess",
    "Game",
    "GameError",
    "HookRefused",
    "JoinRefused",
    "LicenceChange",
    "LicencesAccess",
    "Match",
    "MatchInfo",
    "MatchMessage",
    "MatchNotFound",
    "MatchesAccess",
    "NotificationsAccess",
    "Player",
    "Setting",
    "Status",
    "StorageAccess",
    "StoredObject",
    "StreamId",
    "StreamsAccess",
    "Use",
    "WalletLedgerItem",
    "WalletUpdate",
    "WalletUpdateResult",
    "WalletsAccess",
]
