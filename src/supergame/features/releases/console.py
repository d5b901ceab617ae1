"""Releases for operators: look, promote, pause, go back, say which clients may play."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from supergame.base.clock import as_datetime
from supergame.base.ids import TitleId
from supergame.base.titles import title_of
from supergame.content.channels import Channel, Release
from supergame.content.publisher import Publisher
from supergame.features.releases.service import Releases
from supergame.routing.console import Action, ConsoleRoutes, Permission
from supergame.wire.message import Int64, Message, field

STEPS_SHOWN = 20

Step = Callable[[Publisher, str], Channel]


class ListChannels(Message):
    title_id: Annotated[str, field(1)] = ""


class GetChannel(ListChannels):
    channel: Annotated[str, field(2)] = ""


class PromoteRelease(GetChannel):
    """The newest release of the channel `source`, for `percent` of this one's players."""

    source: Annotated[str, field(3)] = ""
    percent: Annotated[float, field(4)] = 100.0


class RollBackRelease(GetChannel):
    """To what everybody had before, or to the release of a `version`; a rollout under way is ended first."""

    version: Annotated[str, field(3)] = ""


class SetClients(GetChannel):
    """Versions that may play, both included; an empty end is open."""

    min: Annotated[str, field(3)] = ""
    max: Annotated[str, field(4)] = ""


class ReleaseShown(Message):
    """Sizes in bytes; `update_size` is that of the smallest update from a release before, 0 when there is none."""

    version: Annotated[str, field(1)] = ""
    manifest: Annotated[str, field(2)] = ""
    files: Annotated[Int64, field(3)] = 0
    installed_size: Annotated[Int64, field(4)] = 0
    download_size: Annotated[Int64, field(5)] = 0
    update_size: Annotated[Int64, field(6)] = 0
    published_at: Annotated[datetime | None, field(7)] = None


class StepShown(Message):
    serial: Annotated[Int64, field(1)] = 0
    operator: Annotated[str, field(2)] = ""
    action: Annotated[str, field(3)] = ""
    version: Annotated[str, field(4)] = ""
    reason: Annotated[str, field(5)] = ""
    at: Annotated[datetime | None, field(6)] = None


class ChannelShown(Message):
    """`current` is for everybody, `rollout` for `percent` of the players; `known` can be gone back to by its version."""

    name: Annotated[str, field(1)] = ""
    serial: Annotated[Int64, field(2)] = 0
    current: Annotated[ReleaseShown | None, field(3)] = None
    rollout: Annotated[ReleaseShown | None, field(4)] = None
    percent: Annotated[float, field(5)] = 0.0
    is_paused: Annotated[bool, field(6)] = False
    client_min: Annotated[str, field(7)] = ""
    client_max: Annotated[str, field(8)] = ""
    known: Annotated[list[ReleaseShown], field(9)] = []
    steps: Annotated[list[StepShown], field(10)] = []
    expires_at: Annotated[datetime | None, field(11)] = None


class ChannelList(Message):
    channels: Annotated[list[ChannelShown], field(1)] = []


def console_routes(releases: Releases) -> ConsoleRoutes:
    routes = ConsoleRoutes()

    @routes.read("/sg/v1/console/titles/{title_id}/channels", Permission.RELEASES_READ)
    async def list_channels(action: Action, request: ListChannels) -> ChannelList:
        return ChannelList(channels=[_shown(channel) for channel in releases.channels(TitleId(request.title_id))])

    @routes.read("/sg/v1/console/titles/{title_id}/channels/{channel}", Permission.RELEASES_READ)
    async def get_channel(action: Action, request: GetChannel) -> ChannelShown:
        return _shown(releases.channel(TitleId(request.title_id), request.channel))

    @routes.act("POST", "/sg/v1/console/titles/{title_id}/channels/{channel}/promote", Permission.RELEASES_WRITE, needs_reason=True)
    async def promote_release(action: Action, request: PromoteRelease) -> ChannelShown:
        def step(publisher: Publisher, title: str) -> Channel:
            return publisher.promote(title, request.source, request.channel, percent=request.percent, reason=action.reason)

        return await _take(releases, action, request, step)

    @routes.act("POST", "/sg/v1/console/titles/{title_id}/channels/{channel}/rollback", Permission.RELEASES_WRITE, needs_reason=True)
    async def roll_back_release(action: Action, request: RollBackRelease) -> ChannelShown:
        def step(publisher: Publisher, title: str) -> Channel:
            return publisher.roll_back(title, request.channel, version=request.version, reason=action.reason)

        return await _take(releases, action, request, step)

    @routes.act("POST", "/sg/v1/console/titles/{title_id}/channels/{channel}/pause", Permission.RELEASES_WRITE, needs_reason=True)
    async def pause_release(action: Action, request: GetChannel) -> ChannelShown:
        return await _take(
            releases, action, request, lambda publisher, title: publisher.pause(title, request.channel, reason=action.reason)
        )

    @routes.act("POST", "/sg/v1/console/titles/{title_id}/channels/{channel}/resume", Permission.RELEASES_WRITE, needs_reason=True)
    async def resume_release(action: Action, request: GetChannel) -> ChannelShown:
        def step(publisher: Publisher, title: str) -> Channel:
            return publisher.pause(title, request.channel, False, reason=action.reason)

        return await _take(releases, action, request, step)

    @routes.act("PUT", "/sg/v1/console/titles/{title_id}/channels/{channel}/clients", Permission.RELEASES_WRITE, needs_reason=True)
    async def set_clients(action: Action, request: SetClients) -> ChannelShown:
        def step(publisher: Publisher, title: str) -> Channel:
            return publisher.set_clients(title, request.channel, request.min, request.max, reason=action.reason)

        return await _take(releases, action, request, step)

    return routes


async def _take(releases: Releases, action: Action, request: GetChannel, step: Step) -> ChannelShown:
    """A step, with what the channel pointed at before and after for the audit trail."""
    title_id = TitleId(request.title_id)
    before = next((_pointer(channel) for channel in releases.channels(title_id) if channel.name == request.channel), None)
    after = await releases.change(action.operator, lambda publisher: step(publisher, title_of(title_id)))
    action.changed(f"titles/{title_of(title_id)}/channels/{request.channel}", before, _pointer(after))
    return _shown(after)


def _pointer(channel: Channel) -> dict[str, object]:
    return {
        "serial": channel.serial,
        "current": channel.current.version if channel.current else None,
        "rollout": channel.rollout.version if channel.rollout else None,
        "percent": channel.percent,
        "is_paused": channel.is_paused,
        "clients": [channel.client_min, channel.client_max],
    }


def _shown(channel: Channel) -> ChannelShown:
    steps = [
        StepShown(serial=one.serial, operator=one.by, action=one.action, version=one.version, reason=one.reason, at=as_datetime(one.at))
        for one in channel.steps[:STEPS_SHOWN]
    ]
    return ChannelShown(
        name=channel.name,
        serial=channel.serial,
        current=_release(channel.current) if channel.current else None,
        rollout=_release(channel.rollout) if channel.rollout else None,
        percent=channel.percent,
        is_paused=channel.is_paused,
        client_min=channel.client_min,
        client_max=channel.client_max,
        known=[_release(one) for one in channel.known],
        steps=steps,
        expires_at=as_datetime(channel.expires_at),
    )


def _release(release: Release) -> ReleaseShown:
    return ReleaseShown(
        version=release.version,
        manifest=release.manifest,
        files=release.files,
        installed_size=release.installed_size,
        download_size=release.download_size,
        update_size=min((one.size for one in release.deltas), default=0),
        published_at=as_datetime(release.published_at),
    )
