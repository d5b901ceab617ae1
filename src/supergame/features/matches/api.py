"""Lists of matches over HTTP."""

from __future__ import annotations

from supergame.features.matches.model import Filter, MatchInfo
from supergame.features.matches.service import Matches
from supergame.routing.auth import Auth
from supergame.routing.context import Context
from supergame.routing.http import Routes
from supergame.wire.api import ListMatchesRequest, Match, MatchList


def routes(matches: Matches) -> Routes:
    routes = Routes()

    @routes.get("/v2/match", auth=Auth.SESSION)
    async def list_matches(ctx: Context, request: ListMatchesRequest) -> MatchList:
        limit = 1 if request.limit is None else request.limit
        wanted = Filter(limit, request.authoritative, request.label, request.min_size, request.max_size, request.query)
        return MatchList(matches=[_shown(info) for info in await matches.find(ctx.title_id, wanted)])

    return routes


def _shown(info: MatchInfo) -> Match:
    if not info.authoritative:
        return Match(match_id=info.match_id, size=info.size)
    return Match(
        match_id=info.match_id,
        authoritative=True,
        label=info.label,
        size=info.size,
        tick_rate=info.tick_rate_hz,
        handler_name=info.handler_name,
    )
