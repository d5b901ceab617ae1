"""The features that games may use, in one bundle for the wiring."""

from __future__ import annotations

from dataclasses import dataclass

from supergame.base.clock import Clock
from supergame.features.accounts.service import Accounts
from supergame.features.rpc.service import Functions
from supergame.features.storage.service import Storage
from supergame.routing.hooks import Hooks


@dataclass(frozen=True, slots=True)
class Services:
    accounts: Accounts
    storage: Storage
    functions: Functions
    hooks: Hooks
    clock: Clock
