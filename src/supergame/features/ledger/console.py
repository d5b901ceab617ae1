"""The ledger for operators: accounts, entries, where they come from, and whether all adds up. They look; what moves value are features."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from supergame.base.clock import exact_datetime
from supergame.features.ledger.model import PAGE_MAX, Transaction
from supergame.features.ledger.service import Ledger
from supergame.routing.console import Action, ConsoleRoutes, Permission
from supergame.wire.api import Empty
from supergame.wire.message import Int32, Int64, Message, field


class ListBalances(Message):
    limit: Annotated[Int32, field(1)] = 0
    cursor: Annotated[str, field(2)] = ""


class ListEntries(Message):
    """`account` is a path such as `owner/kitewind`; the newest entries come first."""

    account: Annotated[str, field(1)] = ""
    currency: Annotated[str, field(2)] = ""
    limit: Annotated[Int32, field(3)] = 0
    cursor: Annotated[str, field(4)] = ""


class GetTransaction(Message):
    transaction_id: Annotated[str, field(1)] = ""


class BalanceMessage(Message):
    """An amount in the currency's smallest unit, and in how many entries it came about."""

    account: Annotated[str, field(1)] = ""
    kind: Annotated[str, field(2)] = ""
    currency: Annotated[str, field(3)] = ""
    amount: Annotated[Int64, field(4)] = 0
    entries: Annotated[Int64, field(5)] = 0


class BalanceList(Message):
    balances: Annotated[list[BalanceMessage], field(1)] = []
    cursor: Annotated[str, field(2)] = ""


class EntryMessage(Message):
    number: Annotated[Int64, field(1)] = 0
    amount: Annotated[Int64, field(2)] = 0
    balance: Annotated[Int64, field(3)] = 0
    other: Annotated[str, field(4)] = ""
    transaction_id: Annotated[str, field(5)] = ""
    event: Annotated[str, field(6)] = ""
    memo: Annotated[str, field(7)] = ""
    posted_at: Annotated[datetime | None, field(8)] = None


class EntryList(Message):
    entries: Annotated[list[EntryMessage], field(1)] = []
    cursor: Annotated[str, field(2)] = ""


class TransferMessage(Message):
    debit: Annotated[str, field(1)] = ""
    credit: Annotated[str, field(2)] = ""
    amount: Annotated[Int64, field(3)] = 0


class TransactionMessage(Message):
    id: Annotated[str, field(1)] = ""
    key: Annotated[str, field(2)] = ""
    event: Annotated[str, field(3)] = ""
    currency: Annotated[str, field(4)] = ""
    memo: Annotated[str, field(5)] = ""
    reverses: Annotated[str, field(6)] = ""
    posted_at: Annotated[datetime | None, field(7)] = None
    transfers: Annotated[list[TransferMessage], field(8)] = []


class FaultMessage(Message):
    what: Annotated[str, field(1)] = ""
    account: Annotated[str, field(2)] = ""
    currency: Annotated[str, field(3)] = ""
    found: Annotated[Int64, field(4)] = 0
    wanted: Annotated[Int64, field(5)] = 0


class CheckReport(Message):
    """Without faults the books add up."""

    faults: Annotated[list[FaultMessage], field(1)] = []


def console_routes(ledger: Ledger) -> ConsoleRoutes:
    routes = ConsoleRoutes()

    @routes.read("/sg/v1/console/ledger/accounts", Permission.LEDGER_READ)
    async def list_ledger_accounts(action: Action, request: ListBalances) -> BalanceList:
        found, cursor = await ledger.balances(request.limit or PAGE_MAX, request.cursor)
        shown = [
            BalanceMessage(account=one.account.id, kind=one.account.kind, currency=one.currency, amount=one.amount, entries=one.entries)
            for one in found
        ]
        return BalanceList(balances=shown, cursor=cursor)

    @routes.read("/sg/v1/console/ledger/entries", Permission.LEDGER_READ)
    async def list_ledger_entries(action: Action, request: ListEntries) -> EntryList:
        found, cursor = await ledger.entries(request.account, request.currency, request.limit or PAGE_MAX, request.cursor)
        shown = [EntryMessage(**entry._asdict() | {"posted_at": exact_datetime(entry.posted_at)}) for entry in found]
        return EntryList(entries=shown, cursor=cursor)

    @routes.read("/sg/v1/console/ledger/transactions/{transaction_id}", Permission.LEDGER_READ)
    async def get_ledger_transaction(action: Action, request: GetTransaction) -> TransactionMessage:
        return _shown(await ledger.get(request.transaction_id))

    @routes.read("/sg/v1/console/ledger/check", Permission.LEDGER_READ)
    async def check_ledger(action: Action, request: Empty) -> CheckReport:
        return CheckReport(faults=[FaultMessage(**fault._asdict()) for fault in await ledger.check()])

    return routes


def _shown(transaction: Transaction) -> TransactionMessage:
    posting = transaction.posting
    return TransactionMessage(
        id=transaction.id,
        key=posting.key,
        event=posting.event,
        currency=posting.currency,
        memo=posting.memo,
        reverses=posting.reverses,
        posted_at=exact_datetime(transaction.posted_at),
        transfers=[TransferMessage(debit=one.debit.id, credit=one.credit.id, amount=one.amount) for one in posting.transfers],
    )
