"""Builds over HTTP: a player's release, the store's objects as any web server would serve them, and the check at the sign-in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Final

from supergame.features.releases.model import CHANNEL_VAR, CLIENT_VAR, DEFAULT_CHANNEL, ReleaseInfo
from supergame.features.releases.service import Releases
from supergame.routing.auth import Auth
from supergame.routing.context import Context
from supergame.routing.http import Endpoint, Request, Response, Routes
from supergame.wire.message import Message, field

SIGN_INS: Final = {"authenticate_device", "authenticate_custom", "authenticate_email"}
_RANGE: Final = re.compile(r"bytes=(?:(\d{1,15})-(\d{1,15})?|-(\d{1,15}))")
_FOR_EVER: Final = ("Cache-Control", "public, max-age=31536000, immutable")
_ASK_AGAIN: Final = ("Cache-Control", "no-cache")
_PLAIN: Final = (("Accept-Ranges", "bytes"), ("X-Content-Type-Options", "nosniff"))


class GetRelease(Message):
    """`installed` is the manifest that the caller has: a paused rollout takes nothing back."""

    channel: Annotated[str, field(1)] = ""
    installed: Annotated[str, field(2)] = ""


def routes(releases: Releases) -> Routes:
    routes = Routes()

    @routes.get("/sg/v1/releases/{channel}", auth=Auth.SESSION)
    async def get_release(ctx: Context, request: GetRelease) -> ReleaseInfo:
        return releases.release_for(ctx.title_id, request.channel, ctx.player(), request.installed)

    @routes.get("/content/{kind}/{name}", auth=Auth.NONE)
    async def content_object(ctx: Context, request: Request) -> Response:
        return await _answer(releases, f"{request.values['kind']}/{request.values['name']}", request, _FOR_EVER)

    @routes.get("/content/channels/{title}/{channel}", auth=Auth.NONE)
    async def content_channel(ctx: Context, request: Request) -> Response:
        name = f"channels/{request.values['title']}/{request.values['channel']}"
        return await _answer(releases, name, request, _ASK_AGAIN)

    return routes


async def _answer(releases: Releases, name: str, request: Request, caching: tuple[str, str]) -> Response:
    """An object, or the range that was asked for. A part of what was asked for is a good answer, and says so."""
    match = _RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    first, last = _asked(match)
    data, size = await releases.part(name, first, last)
    start = first if first >= 0 else max(0, size + first)
    headers = (*_PLAIN, caching)
    if match is not None and not data:
        return Response(416, b"", "application/octet-stream", (*headers, ("Content-Range", f"bytes */{size}")))
    if match is None and len(data) == size:
        return Response(200, data, "application/octet-stream", headers)
    return Response(206, data, "application/octet-stream", (*headers, ("Content-Range", f"bytes {start}-{start + len(data) - 1}/{size}")))


def _asked(match: re.Match[str] | None) -> tuple[int, int | None]:
    """First and last byte; a negative first counts from the end. Several ranges are none: everything is offered instead."""
    if match is None:
        return 0, None
    if match[3] is not None:
        return -int(match[3]), None
    return int(match[1]), None if match[2] is None else int(match[2])


def checked(endpoints: Iterable[Endpoint], releases: Releases) -> Iterator[Endpoint]:
    """The same endpoints, sign-ins only for clients that may play."""
    for endpoint in endpoints:
        if endpoint.name in SIGN_INS:
            endpoint.handler = _checking(endpoint.handler, releases)
        yield endpoint


def _checking(handler: Any, releases: Releases) -> Any:
    async def sign_in(ctx: Context, request: Any) -> Any:
        variables = request.account.vars
        releases.check_client(ctx.title_id, variables.get(CHANNEL_VAR) or DEFAULT_CHANNEL, variables.get(CLIENT_VAR) or ctx.client)
        return await handler(ctx, request)

    return sign_in
