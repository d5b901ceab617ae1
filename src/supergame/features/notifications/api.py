"""Notifications over HTTP, always of the calling player."""

from __future__ import annotations

from supergame.features.notifications.service import Notifications
from supergame.routing.auth import Auth
from supergame.routing.context import Context
from supergame.routing.http import Routes
from supergame.wire.api import DeleteNotificationsRequest, Empty, ListNotificationsRequest, NotificationList


def routes(notifications: Notifications) -> Routes:
    routes = Routes()

    @routes.get("/v2/notification", auth=Auth.SESSION)
    async def list_notifications(ctx: Context, request: ListNotificationsRequest) -> NotificationList:
        limit = 1 if request.limit is None else request.limit
        return await notifications.list(ctx.title_id, ctx.player(), limit, request.cacheable_cursor)

    @routes.delete("/v2/notification", auth=Auth.SESSION)
    async def delete_notifications(ctx: Context, request: DeleteNotificationsRequest) -> Empty:
        await notifications.delete(ctx.title_id, ctx.player(), request.ids)
        return Empty()

    return routes
