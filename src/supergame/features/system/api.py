"""Health and self-description over HTTP."""

from __future__ import annotations

from supergame.features.system.model import About
from supergame.features.system.service import System
from supergame.routing.auth import Auth
from supergame.routing.context import Context
from supergame.routing.http import Request, Response, Routes
from supergame.runtime.pool import Pool
from supergame.telemetry.metrics import CONTENT_TYPE, Metrics
from supergame.wire.api import Empty


def routes(system: System) -> Routes:
    routes = Routes()

    @routes.get("/healthcheck", auth=Auth.NONE)
    async def healthcheck(ctx: Context, request: Empty) -> Empty:
        return Empty()

    @routes.get("/sg/v1/about", auth=Auth.NONE)
    async def about(ctx: Context, request: Empty) -> About:
        return system.about()

    return routes


def console_routes(system: System, metrics: Metrics, pool: Pool) -> Routes:
    """What the operators' port offers: health, and metrics for Prometheus."""
    routes = Routes()

    @routes.get("/healthcheck", auth=Auth.NONE)
    async def console_healthcheck(ctx: Context, request: Empty) -> Empty:
        return Empty()

    @routes.get("/about", auth=Auth.NONE)
    async def console_about(ctx: Context, request: Empty) -> About:
        return system.about()

    @routes.get("/metrics", auth=Auth.NONE)
    async def console_metrics(ctx: Context, request: Request) -> Response:
        return Response(200, await pool.run(metrics.text), CONTENT_TYPE)

    return routes
