"""Feedback of players over HTTP."""

from __future__ import annotations

from supergame.features.feedback.model import GiveFeedback
from supergame.features.feedback.service import Feedback
from supergame.routing.auth import Auth
from supergame.routing.context import Context
from supergame.routing.http import Routes
from supergame.wire.api import Empty


def routes(feedback: Feedback) -> Routes:
    routes = Routes()

    @routes.post("/sg/v1/feedback", auth=Auth.SESSION)
    async def give_feedback(ctx: Context, request: GiveFeedback) -> Empty:
        await feedback.give(ctx.title_id, ctx.player(), ctx.username, request)
        return Empty()

    return routes
