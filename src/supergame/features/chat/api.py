"""The history of channels over HTTP."""

from __future__ import annotations

from supergame.features.chat.service import Chat
from supergame.routing.auth import Auth
from supergame.routing.context import Context
from supergame.routing.http import Routes
from supergame.wire.api import ChannelMessageList, ListChannelMessagesRequest


def routes(chat: Chat) -> Routes:
    routes = Routes()

    @routes.get("/v2/channel/{channel_id}", auth=Auth.SESSION)
    async def list_channel_messages(ctx: Context, request: ListChannelMessagesRequest) -> ChannelMessageList:
        limit = 1 if request.limit is None else request.limit
        forward = request.forward is not False
        return await chat.history(ctx.title_id, ctx.player(), request.channel_id, limit, forward, request.cursor)

    return routes
