"""The features that games may use, in one bundle for the wiring."""

from __future__ import annotations

from dataclasses import dataclass

from supergame.base.clock import Clock
from supergame.features.accounts.service import Accounts
from supergame.features.chat.service import Chat
from supergame.features.config.service import LiveConfig
from supergame.features.friends.service import Friends
from supergame.features.licences.service import Licences
from supergame.features.matches.service import Matches
from supergame.features.notifications.service import Notifications
from supergame.features.royalties.service import Royalties
from supergame.features.rpc.service import Functions
from supergame.features.storage.service import Storage
from supergame.features.streams.service import Streams
from supergame.features.wallets.service import Wallets
from supergame.routing.hooks import Hooks


@dataclass(frozen=True, slots=True)
class Services:
    accounts: Accounts
    storage: Storage
    notifications: Notifications
    chat: Chat
    streams: Streams
    functions: Functions
    hooks: Hooks
    clock: Clock
    matches: Matches
    config: LiveConfig
    licences: Licences
    royalties: Royalties
    friends: Friends
    wallets: Wallets
