"""Refresh and log-out."""

from __future__ import annotations

from supergame.features.sessions.service import Sessions
from supergame.routing.auth import Auth
from supergame.routing.context import Context
from supergame.routing.http import Routes
from supergame.wire.api import Empty, Session, SessionLogoutRequest, SessionRefreshRequest


def routes(sessions: Sessions) -> Routes:
    routes = Routes()

    @routes.post("/v2/account/session/refresh", auth=Auth.SERVER_KEY)
    async def session_refresh(ctx: Context, request: SessionRefreshRequest) -> Session:
        return await sessions.refresh(ctx.title_id, request.token, request.vars)

    @routes.post("/v2/session/logout", auth=Auth.SESSION)
    async def session_logout(ctx: Context, request: SessionLogoutRequest) -> Empty:
        await sessions.log_out(ctx.title_id, ctx.player(), request.token, request.refresh_token)
        return Empty()

    return routes
