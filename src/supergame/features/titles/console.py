"""Titles for operators: list, settings, keys."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from supergame.base.clock import as_datetime
from supergame.base.ids import TitleId
from supergame.features.titles.model import Settings, Title
from supergame.features.titles.service import Titles
from supergame.routing.console import Action, ConsoleRoutes, Permission
from supergame.wire.api import Empty
from supergame.wire.message import Int32, Message, field


class GetTitle(Message):
    title_id: Annotated[str, field(1)] = ""


class DecideSettings(GetTitle):
    """The whole of what is decided here; a setting that is left out is as the deployment's file says."""

    settings: Annotated[Settings, field(2)] = msgspec.field(default_factory=Settings)


class ReplaceKeys(GetTitle):
    """How long the keys before go on, in seconds; 0 ends them at once."""

    overlap_s: Annotated[Int32, field(2)] = 0


class TitleShown(Message):
    """A title in one environment. `settings` count now; `decided` are those that operators chose here."""

    title_id: Annotated[str, field(1)] = ""
    title: Annotated[str, field(2)] = ""
    environment: Annotated[str, field(3)] = ""
    name: Annotated[str, field(4)] = ""
    path: Annotated[str, field(5)] = ""
    settings: Annotated[Settings, field(6)] = msgspec.field(default_factory=Settings)
    decided: Annotated[Settings, field(7)] = msgspec.field(default_factory=Settings)


class TitleList(Message):
    titles: Annotated[list[TitleShown], field(1)] = []


class ReplacedKeys(Message):
    server_key: Annotated[str, field(1)] = ""
    until: Annotated[datetime | None, field(2)] = None


class TitleKeysShown(Message):
    """The server key ships with clients. HTTP keys are secrets and stand in the data folder's `keys.json` alone."""

    server_key: Annotated[str, field(1)] = ""
    replaced: Annotated[list[ReplacedKeys], field(2)] = []


def console_routes(titles: Titles) -> ConsoleRoutes:
    routes = ConsoleRoutes()

    @routes.read("/sg/v1/console/titles", Permission.TITLES_READ, across_titles=True)
    async def list_titles(action: Action, request: Empty) -> TitleList:
        return TitleList(titles=[_shown(titles, title) for title in titles.all() if action.sees(title.id)])

    @routes.read("/sg/v1/console/titles/{title_id}", Permission.TITLES_READ)
    async def get_title(action: Action, request: GetTitle) -> TitleShown:
        return _shown(titles, titles.title(TitleId(request.title_id)))

    @routes.act("PUT", "/sg/v1/console/titles/{title_id}/settings", Permission.TITLES_WRITE, needs_reason=True)
    async def decide_settings(action: Action, request: DecideSettings) -> TitleShown:
        title_id = TitleId(request.title_id)
        before = titles.decided(title_id)
        await titles.decide(title_id, request.settings)
        action.changed(f"titles/{title_id}/settings", before, request.settings)
        return _shown(titles, titles.title(title_id))

    @routes.read("/sg/v1/console/titles/{title_id}/keys", Permission.TITLES_READ)
    async def get_keys(action: Action, request: GetTitle) -> TitleKeysShown:
        return _keys(titles, TitleId(request.title_id))

    @routes.act("POST", "/sg/v1/console/titles/{title_id}/keys", Permission.TITLES_WRITE, needs_reason=True)
    async def replace_keys(action: Action, request: ReplaceKeys) -> TitleKeysShown:
        title_id = TitleId(request.title_id)
        before = _keys(titles, title_id)
        await titles.replace_keys(title_id, request.overlap_s)
        after = _keys(titles, title_id)
        action.changed(f"titles/{title_id}/keys", before, after)
        return after

    return routes


def _shown(titles: Titles, title: Title) -> TitleShown:
    return TitleShown(
        title_id=title.id,
        title=title.title,
        environment=title.environment,
        name=title.name,
        path=title.path,
        settings=titles.settings(title.id),
        decided=titles.decided(title.id),
    )


def _keys(titles: Titles, title_id: TitleId) -> TitleKeysShown:
    current, replaced = titles.keys(title_id)
    older = [ReplacedKeys(server_key=keys.server_key, until=as_datetime(until)) for keys, until in replaced]
    return TitleKeysShown(server_key=current.server_key, replaced=older)
