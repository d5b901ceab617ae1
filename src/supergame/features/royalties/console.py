"""Royalties for operators: statements, where their sums come from, closing a month, settling a dispute."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from supergame.base.clock import exact_datetime
from supergame.features.royalties.model import Line, Statement
from supergame.features.royalties.service import USAGE_PAGE_MAX, Royalties
from supergame.features.royalties.statement import as_csv, as_html, checksum
from supergame.routing.console import Action, ConsoleRoutes, Permission
from supergame.routing.http import Request, Response
from supergame.wire.message import Int32, Int64, Message, field

_PAGE_POLICY = ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'")


class GetStatement(Message):
    """`month` is written as 2026-11."""

    owner_id: Annotated[str, field(1)] = ""
    month: Annotated[str, field(2)] = ""


class LineMessage(Message):
    """Amounts are in the currency's smallest unit. `line` is empty while the month is open."""

    line: Annotated[str, field(1)] = ""
    kind: Annotated[str, field(2)] = ""
    owner_id: Annotated[str, field(3)] = ""
    licence_id: Annotated[str, field(4)] = ""
    title: Annotated[str, field(5)] = ""
    asset: Annotated[str, field(6)] = ""
    currency: Annotated[str, field(7)] = ""
    uses: Annotated[Int64, field(8)] = 0
    sessions: Annotated[Int64, field(9)] = 0
    sales: Annotated[Int64, field(10)] = 0
    sold: Annotated[Int64, field(11)] = 0
    royalty: Annotated[Int64, field(12)] = 0
    share: Annotated[str, field(13)] = ""
    amount: Annotated[Int64, field(14)] = 0
    note: Annotated[str, field(15)] = ""
    corrects: Annotated[str, field(16)] = ""
    signed_by: Annotated[str, field(17)] = ""
    transaction_id: Annotated[str, field(18)] = ""


class Total(Message):
    currency: Annotated[str, field(1)] = ""
    amount: Annotated[Int64, field(2)] = 0


class StatementMessage(Message):
    owner_id: Annotated[str, field(1)] = ""
    owner_name: Annotated[str, field(2)] = ""
    month: Annotated[str, field(3)] = ""
    is_final: Annotated[bool, field(4)] = False
    lines: Annotated[list[LineMessage], field(5)] = []
    totals: Annotated[list[Total], field(6)] = []
    sha256: Annotated[str, field(7)] = ""


class CloseMonth(Message):
    month: Annotated[str, field(1)] = ""


class LineList(Message):
    lines: Annotated[list[LineMessage], field(1)] = []


class CorrectLine(Message):
    """`amount` below zero takes back. Sent again with the same `key` it is made once. The note stands in the owner's statement."""

    owner_id: Annotated[str, field(1)] = ""
    line: Annotated[str, field(2)] = ""
    amount: Annotated[Int64, field(3)] = 0
    note: Annotated[str, field(4)] = ""
    key: Annotated[str, field(5)] = ""


class ListUsage(Message):
    """What was booked after batch `after_batch`, number `after_number`."""

    licence_id: Annotated[str, field(1)] = ""
    month: Annotated[str, field(2)] = ""
    after_batch: Annotated[str, field(3)] = ""
    after_number: Annotated[Int32, field(4)] = 0
    limit: Annotated[Int32, field(5)] = 0


class UsageMessage(Message):
    batch: Annotated[str, field(1)] = ""
    number: Annotated[Int32, field(2)] = 0
    asset: Annotated[str, field(3)] = ""
    uses: Annotated[Int64, field(4)] = 0
    sessions: Annotated[Int64, field(5)] = 0
    sales: Annotated[Int64, field(6)] = 0
    sold: Annotated[Int64, field(7)] = 0
    royalty: Annotated[Int64, field(8)] = 0
    booked_at: Annotated[datetime | None, field(9)] = None


class UsageList(Message):
    usage: Annotated[list[UsageMessage], field(1)] = []


def console_routes(royalties: Royalties) -> ConsoleRoutes:
    routes = ConsoleRoutes()

    @routes.read("/sg/v1/console/owners/{owner_id}/statements/{month}", Permission.LEDGER_READ)
    async def get_statement(action: Action, request: GetStatement) -> StatementMessage:
        return _shown(await royalties.statement(request.owner_id, request.month))

    @routes.read("/sg/v1/console/owners/{owner_id}/statements/{month}/csv", Permission.LEDGER_READ)
    async def get_statement_csv(action: Action, request: Request) -> Response:
        statement = await royalties.statement(request.values["owner_id"], request.values["month"])
        return Response(200, as_csv(statement), "text/csv; charset=utf-8", (_file_name(statement, "csv"),))

    @routes.read("/sg/v1/console/owners/{owner_id}/statements/{month}/html", Permission.LEDGER_READ)
    async def get_statement_html(action: Action, request: Request) -> Response:
        statement = await royalties.statement(request.values["owner_id"], request.values["month"])
        return Response(200, as_html(statement), "text/html; charset=utf-8", (_PAGE_POLICY,))

    @routes.read("/sg/v1/console/licences/{licence_id}/usage/{month}", Permission.LEDGER_READ)
    async def list_licence_usage(action: Action, request: ListUsage) -> UsageList:
        after = (request.after_batch, request.after_number)
        rows = await royalties.usage(request.licence_id, request.month, after, request.limit or USAGE_PAGE_MAX)
        names = UsageMessage.__struct_fields__
        return UsageList(usage=[UsageMessage(**dict(zip(names, (*row[:-1], exact_datetime(row[-1])), strict=True))) for row in rows])

    @routes.act("POST", "/sg/v1/console/royalties/{month}/close", Permission.LEDGER_WRITE, needs_reason=True)
    async def close_month(action: Action, request: CloseMonth) -> LineList:
        lines = await royalties.close(request.month, action.operator)
        action.changed(f"royalties/{request.month}", None, {"lines": len(lines)})
        return LineList(lines=[_line(line) for line in lines])

    @routes.act("POST", "/sg/v1/console/owners/{owner_id}/corrections", Permission.LEDGER_WRITE, needs_reason=True)
    async def correct_line(action: Action, request: CorrectLine) -> LineMessage:
        made = await royalties.correct(request.owner_id, request.line, request.amount, request.note, request.key, action.operator)
        action.changed(f"owners/{request.owner_id}/statements/{made.name}", None, made)
        return _line(made)

    return routes


def _file_name(statement: Statement, extension: str) -> tuple[str, str]:
    return "Content-Disposition", f'attachment; filename="royalties-{statement.owner_id}-{statement.month}.{extension}"'


def _shown(statement: Statement) -> StatementMessage:
    return StatementMessage(
        owner_id=statement.owner_id,
        owner_name=statement.owner_name,
        month=statement.month,
        is_final=statement.is_final,
        lines=[_line(line) for line in statement.lines],
        totals=[Total(currency=currency, amount=amount) for currency, amount in statement.totals().items()],
        sha256=checksum(statement),
    )


def _line(line: Line) -> LineMessage:
    fields = msgspec.structs.asdict(line)
    return LineMessage(line=line.name if line.number else "", **{name: fields[name] for name in LineMessage.__struct_fields__[1:]})
