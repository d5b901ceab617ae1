"""Previews for operators: which run, and ending one."""

from __future__ import annotations

from typing import Annotated

from supergame.features.previews.model import Preview
from supergame.features.previews.service import Previews
from supergame.routing.console import Action, ConsoleRoutes, Permission
from supergame.wire.api import Empty
from supergame.wire.message import Int64, Message, field


class EndPreview(Message):
    name: Annotated[str, field(1)] = ""


class PreviewShown(Message):
    """Times are microseconds since 1970, UTC."""

    name: Annotated[str, field(1)] = ""
    title_id: Annotated[str, field(2)] = ""
    branch: Annotated[str, field(3)] = ""
    commit: Annotated[str, field(4)] = ""
    url: Annotated[str, field(5)] = ""
    console_url: Annotated[str, field(6)] = ""
    copied: Annotated[list[str], field(7)] = []
    started_at: Annotated[Int64, field(8)] = 0
    ends_at: Annotated[Int64, field(9)] = 0


class PreviewList(Message):
    previews: Annotated[list[PreviewShown], field(1)] = []


def console_routes(previews: Previews) -> ConsoleRoutes:
    routes = ConsoleRoutes()

    @routes.read("/sg/v1/console/previews", Permission.TITLES_READ, across_titles=True)
    async def list_previews(action: Action, request: Empty) -> PreviewList:
        return PreviewList(previews=[_shown(one) for one in await previews.all() if action.sees(one.title_id)])

    @routes.act("DELETE", "/sg/v1/console/previews/{name}", Permission.TITLES_WRITE)
    async def end_preview(action: Action, request: EndPreview) -> Empty:
        ended = await previews.end(request.name)
        action.changed(f"previews/{ended.name}", _shown(ended), None)
        return Empty()

    return routes


def _shown(preview: Preview) -> PreviewShown:
    return PreviewShown(
        name=preview.name,
        title_id=preview.title_id,
        branch=preview.branch,
        commit=preview.commit,
        url=preview.url,
        console_url=preview.console_url,
        copied=preview.copied,
        started_at=preview.started_at_s * 1_000_000,
        ends_at=preview.ends_at_s * 1_000_000,
    )
