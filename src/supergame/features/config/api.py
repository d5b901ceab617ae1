"""A player's own config values. Asked for over a socket, as the function `sg.config`, changes follow on it."""

from __future__ import annotations

from supergame.features.config.model import ConfigValues, Reader
from supergame.features.config.service import LiveConfig
from supergame.routing.auth import Auth
from supergame.routing.context import Context
from supergame.routing.http import Routes
from supergame.wire.api import Empty


def routes(config: LiveConfig) -> Routes:
    routes = Routes()

    @routes.get("/sg/v1/config", auth=Auth.SESSION)
    async def get_config(ctx: Context, request: Empty) -> ConfigValues:
        reader = Reader(ctx.player(), ctx.vars)
        if ctx.session_id:
            config.follow(ctx.title_id, ctx.session_id, reader)
        return config.values(ctx.title_id, reader)

    return routes
