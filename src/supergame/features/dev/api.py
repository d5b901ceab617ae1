"""`/sg/v1/dev/report`: what the page shows of the last save.

Answers wait until there is something to tell (long polling): the simplest that works over our HTTP layer, which sends whole answers,
and under the page's policy, without a session that a socket would need. A report has lines of the game's source, so it is for pages
of this server on this machine only: no other address, no other site's scripts, no name that somebody else has pointed at us.
"""

from __future__ import annotations

import ipaddress

import msgspec

from supergame.base.errors import MalformedQuery, NotFound
from supergame.features.dev.service import Reports
from supergame.routing.auth import Auth
from supergame.routing.context import Context
from supergame.routing.http import JSON, Request, Response, Routes

_HEADERS = (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))


def routes(reports: Reports) -> Routes:
    routes = Routes()

    @routes.get("/sg/v1/dev/report", auth=Auth.NONE)
    async def dev_report(ctx: Context, request: Request) -> Response:
        if not is_own_page(request):
            raise NotFound
        (text, *_) = ctx.query.get("after", ["-1"])
        try:
            number = int(text)
        except ValueError:
            raise MalformedQuery("`after` is the number of the report that you have.") from None
        report = await reports.after(number)
        return Response(200, msgspec.json.encode(report), JSON, _HEADERS)

    return routes


def is_own_page(request: Request) -> bool:
    """Whether a page of this server asks, opened on this machine by a loopback name."""
    host = request.headers.get("host", "")
    origin = request.headers.get("origin")
    is_same_site = origin is None or origin.partition("://")[2] == host
    is_same_fetch = request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    return _is_loopback(request.client_ip) and _is_loopback(_name(host)) and is_same_site and is_same_fetch


def _name(host: str) -> str:
    """Without port and brackets."""
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]


def _is_loopback(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
