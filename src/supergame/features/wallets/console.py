"""Wallets for operators: look at one, with all that came and went; give and take, with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

import msgspec

from supergame.base.clock import exact_datetime
from supergame.features.accounts.model import check_player
from supergame.features.wallets.model import PAGE_MAX, Amounts, WalletLedgerItem, WalletUpdate
from supergame.features.wallets.service import Wallets
from supergame.routing.console import Action, ConsoleRoutes, Permission
from supergame.wire.message import Int32, Int64, Message, field

WALLET: Final = "/sg/v1/console/titles/{title_id}/players/{user_id}/wallet"


class GetWallet(Message):
    """`limit` is how many entries; 0 is as many as there may be."""

    title_id: Annotated[str, field(1)] = ""
    user_id: Annotated[str, field(2)] = ""
    limit: Annotated[Int32, field(3)] = 0
    cursor: Annotated[str, field(4)] = ""


class WalletAmount(Message):
    currency: Annotated[str, field(1)] = ""
    amount: Annotated[Int64, field(2)] = 0


class WalletEntry(Message):
    """An update: what changed, what was there afterwards, and what the game said of it, as JSON."""

    id: Annotated[str, field(1)] = ""
    changeset: Annotated[list[WalletAmount], field(2)] = []
    updated: Annotated[list[WalletAmount], field(3)] = []
    metadata: Annotated[str, field(4)] = ""
    create_time: Annotated[datetime | None, field(5)] = None


class WalletPage(Message):
    """What there is now, and the entries that led there, the newest first."""

    balances: Annotated[list[WalletAmount], field(1)] = []
    entries: Annotated[list[WalletEntry], field(2)] = []
    cursor: Annotated[str, field(3)] = ""


class ChangeWallet(Message):
    """An amount below zero is taken. The same change again under one `key` is the same change."""

    title_id: Annotated[str, field(1)] = ""
    user_id: Annotated[str, field(2)] = ""
    currency: Annotated[str, field(3)] = ""
    amount: Annotated[Int64, field(4)] = 0
    key: Annotated[str, field(5)] = ""


class WalletBalances(Message):
    balances: Annotated[list[WalletAmount], field(1)] = []


def console_routes(wallets: Wallets) -> ConsoleRoutes:
    routes = ConsoleRoutes()

    @routes.read(WALLET, Permission.PLAYERS_READ)
    async def console_get_wallet(action: Action, request: GetWallet) -> WalletPage:
        title_id, user_id = check_player(request.title_id, request.user_id)
        balances = await wallets.get(title_id, user_id)
        entries, cursor = await wallets.ledger(title_id, user_id, request.limit or PAGE_MAX, request.cursor)
        return WalletPage(balances=_amounts(balances), entries=[_entry(item) for item in entries], cursor=cursor)

    @routes.act("POST", WALLET, Permission.WALLETS_WRITE, needs_reason=True)
    async def console_change_wallet(action: Action, request: ChangeWallet) -> WalletBalances:
        title_id, user_id = check_player(request.title_id, request.user_id)
        why = {"operator": action.operator, "reason": action.reason}
        update = WalletUpdate(user_id, {request.currency: request.amount}, why)
        (result,) = await wallets.update(title_id, [update], request.key)
        action.changed(f"players/{user_id}/wallet", result.previous, result.updated)
        return WalletBalances(balances=_amounts(result.updated))

    return routes


def _amounts(wallet: Amounts) -> list[WalletAmount]:
    return [WalletAmount(currency=currency, amount=amount) for currency, amount in sorted(wallet.items())]


def _entry(item: WalletLedgerItem) -> WalletEntry:
    return WalletEntry(
        id=item.id,
        changeset=_amounts(item.changeset),
        updated=_amounts({currency: item.updated[currency] for currency in item.changeset}),
        metadata=msgspec.json.encode(item.metadata).decode(),
        create_time=exact_datetime(item.created_at),
    )
