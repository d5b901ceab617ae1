"""Reports of players over HTTP."""

from __future__ import annotations

from supergame.features.reports.model import MakeReport
from supergame.features.reports.service import Reports
from supergame.routing.auth import Auth
from supergame.routing.context import Context
from supergame.routing.http import Routes
from supergame.wire.api import Empty


def routes(reports: Reports) -> Routes:
    routes = Routes()

    @routes.post("/sg/v1/reports", auth=Auth.SESSION)
    async def make_report(ctx: Context, request: MakeReport) -> Empty:
        await reports.make(ctx.title_id, ctx.player(), request)
        return Empty()

    return routes
