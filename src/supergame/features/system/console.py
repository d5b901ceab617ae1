"""The node's numbers and the description of its other port, for operators."""

from __future__ import annotations

from typing import Annotated

from supergame.features.system.pulse import Pulse
from supergame.routing.console import Action, ConsoleRoutes, Permission
from supergame.routing.http import Request, Response, Router
from supergame.wire.message import Int64, Message, field


class AskNow(Message):
    """`after` is the last second that the caller has; without it all five minutes are told."""

    after: Annotated[Int64, field(1)] = 0


class Now(Message):
    """Seconds as columns of one length, the oldest first; `at_s` is seconds since 1970. What the columns hold stands with `Sample`."""

    at_s: Annotated[list[int], field(1)] = []
    players: Annotated[list[int], field(2)] = []
    sockets: Annotated[list[int], field(3)] = []
    matches: Annotated[list[int], field(4)] = []
    requests_per_s: Annotated[list[float], field(5)] = []
    refused_per_s: Annotated[list[float], field(6)] = []
    failures_per_s: Annotated[list[float], field(7)] = []
    loop_late_ms: Annotated[list[float], field(8)] = []
    tick_p95_ms: Annotated[list[float], field(9)] = []
    db_queued: Annotated[list[int], field(10)] = []


def console_routes(pulse: Pulse, game_router: Router) -> ConsoleRoutes:
    routes = ConsoleRoutes()

    @routes.read("/sg/v1/console/now", Permission.NOW_READ)
    async def now(action: Action, request: AskNow) -> Now:
        samples = pulse.since(request.after)
        columns = zip(*samples, strict=True) if samples else ()
        return Now(**{name: list(column) for name, column in zip(Now.__struct_fields__, columns, strict=False)})

    @routes.read("/sg/v1/console/api", Permission.API_READ)
    async def game_api(action: Action, request: Request) -> Response:
        """The OpenAPI document of the port that games connect to."""
        return await game_router.dispatch(Request("GET", "/openapi.json"))

    return routes
