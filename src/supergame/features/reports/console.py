"""The moderators' queue."""

from __future__ import annotations

from typing import Annotated

from supergame.base.errors import PermissionDenied
from supergame.base.ids import TitleId
from supergame.features.reports.model import Decision, DecisionInvalid, ReportEntry, ReportPage, parse_choice
from supergame.features.reports.service import Reports, Verdict
from supergame.routing.console import Action, ConsoleRoutes, Permission
from supergame.wire.message import Int32, Int64, Message, field

PAGE = 50
REPORTS = "/sg/v1/console/titles/{title_id}/reports"
REPORT = REPORTS + "/{report_id}"

NEEDED = {
    Decision.APPROVE: Permission.REPORTS_WRITE,
    Decision.REMOVE: Permission.CHAT_MODERATE,
    Decision.MUTE: Permission.CHAT_MODERATE,
    Decision.BAN: Permission.PLAYERS_BAN,
}
"""What a moderator has to be allowed besides deciding reports."""


class ListReports(Message):
    """Those that wait, oldest first; with `decided` those that do not, newest first."""

    title_id: Annotated[str, field(1)] = ""
    decided: Annotated[bool, field(2)] = False
    limit: Annotated[Int32, field(3)] = PAGE
    cursor: Annotated[str, field(4)] = ""


class ReportList(Message):
    reports: Annotated[list[ReportEntry], field(1)] = []
    cursor: Annotated[str, field(2)] = ""


class LookAtReport(Message):
    title_id: Annotated[str, field(1)] = ""
    report_id: Annotated[str, field(2)] = ""


class ChangeReport(Message):
    """`version` is that of the report as the moderator saw it."""

    title_id: Annotated[str, field(1)] = ""
    report_id: Annotated[str, field(2)] = ""
    version: Annotated[Int64, field(3)] = 0


class DecideReport(Message):
    """`decision` is approve, remove, mute or ban; without a duration a mute or ban holds until it is lifted."""

    title_id: Annotated[str, field(1)] = ""
    report_id: Annotated[str, field(2)] = ""
    version: Annotated[Int64, field(3)] = 0
    decision: Annotated[str, field(4)] = ""
    duration_s: Annotated[Int32, field(5)] = 0


def console_routes(reports: Reports) -> ConsoleRoutes:
    routes = ConsoleRoutes()

    @routes.read(REPORTS, Permission.REPORTS_READ)
    async def console_list_reports(action: Action, request: ListReports) -> ReportList:
        found, cursor = await reports.list(TitleId(request.title_id), not request.decided, request.limit, request.cursor)
        return ReportList(reports=found, cursor=cursor)

    @routes.read(REPORT, Permission.REPORTS_READ)
    async def console_look_at_report(action: Action, request: LookAtReport) -> ReportPage:
        return await reports.look(TitleId(request.title_id), request.report_id)

    @routes.act("POST", REPORT + "/claim", Permission.REPORTS_WRITE)
    async def console_claim_report(action: Action, request: ChangeReport) -> ReportEntry:
        made = await reports.claim(TitleId(request.title_id), request.report_id, request.version, action.operator)
        return _said(action, request.version, made)

    @routes.act("POST", REPORT + "/decide", Permission.REPORTS_WRITE)
    async def console_decide_report(action: Action, request: DecideReport) -> ReportEntry:
        decision = parse_choice(Decision, request.decision, DecisionInvalid)
        if not action.may(NEEDED[decision]):
            raise PermissionDenied(f"This decision needs the permission {NEEDED[decision]}.")
        where = TitleId(request.title_id), request.report_id, request.version, action.operator
        return _said(action, request.version, await reports.decide(Verdict(*where, decision, action.reason, request.duration_s)))

    @routes.act("POST", REPORT + "/undo", Permission.REPORTS_WRITE)
    async def console_undo_report(action: Action, request: ChangeReport) -> ReportEntry:
        where = TitleId(request.title_id), request.report_id, request.version, action.operator
        return _said(action, request.version, await reports.undo(*where, action.reason))

    return routes


def _said(action: Action, version: int, made: ReportEntry) -> ReportEntry:
    after = {"version": made.version, "state": made.state, "decision": made.decision, "player": made.user_id}
    action.changed(f"reports/{made.id}", {"version": version}, after)
    return made
