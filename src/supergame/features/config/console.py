"""Config for operators: look, change, compare, go back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

import msgspec

from supergame.base.clock import as_datetime
from supergame.base.cursor import decode_cursor, encode_cursor
from supergame.base.errors import InvalidArgument
from supergame.base.ids import TitleId
from supergame.base.titles import environment_of
from supergame.features.config.model import Change, Override, Signature, Slot, Version
from supergame.features.config.service import LiveConfig
from supergame.routing.console import Action, ConsoleRoutes, Permission
from supergame.wire.message import Int32, Int64, Message, field

PAGE_MAX = 100


class ListConfig(Message):
    title_id: Annotated[str, field(1)] = ""
    limit: Annotated[Int32, field(2)] = 0
    cursor: Annotated[str, field(3)] = ""


class GetConfig(Message):
    title_id: Annotated[str, field(1)] = ""
    key: Annotated[str, field(2)] = ""


class ListConfigVersions(GetConfig):
    limit: Annotated[Int32, field(3)] = 0
    cursor: Annotated[str, field(4)] = ""


class CompareConfig(GetConfig):
    before: Annotated[Int64, field(3)] = 0
    after: Annotated[Int64, field(4)] = 0


class SetConfig(GetConfig):
    """`version` is the one that was looked at: if there is a newer one, nothing is changed."""

    version: Annotated[Int64, field(3)] = 0
    overrides: Annotated[list[Override], field(4)] = []


class RevertConfig(GetConfig):
    """Bring back the overrides of version `to`; 0 is the time before the first, without any."""

    version: Annotated[Int64, field(3)] = 0
    to: Annotated[Int64, field(4)] = 0


class ConfigValue(Message):
    """One key as it stands in an environment. `default` and `value`, which counts for everybody now, are JSON.

    `kind` is empty for a key that the game's code does not declare any more; `problems` tell which overrides do not count, and why.
    """

    key: Annotated[str, field(1)] = ""
    kind: Annotated[str, field(2)] = ""
    about: Annotated[str, field(3)] = ""
    default: Annotated[str, field(4)] = ""
    min: Annotated[float | None, field(5)] = None
    max: Annotated[float | None, field(6)] = None
    choices: Annotated[list[str], field(7)] = []
    bytes_max: Annotated[Int32, field(8)] = 0
    for_clients: Annotated[bool, field(9)] = False
    value: Annotated[str, field(10)] = ""
    version: Annotated[Int64, field(11)] = 0
    overrides: Annotated[list[Override], field(12)] = []
    problems: Annotated[list[str], field(13)] = []
    operator: Annotated[str, field(14)] = ""
    reason: Annotated[str, field(15)] = ""
    changed_at: Annotated[datetime | None, field(16)] = None


class ConfigList(Message):
    environment: Annotated[str, field(1)] = ""
    values: Annotated[list[ConfigValue], field(2)] = []
    cursor: Annotated[str, field(3)] = ""


class ConfigVersion(Message):
    """One change: who made it, why, and what it changed from the version before. `reverts_to` is the version that it brought back."""

    version: Annotated[Int64, field(1)] = 0
    overrides: Annotated[list[Override], field(2)] = []
    changes: Annotated[list[Change], field(3)] = []
    operator: Annotated[str, field(4)] = ""
    reason: Annotated[str, field(5)] = ""
    reverts_to: Annotated[Int64 | None, field(6)] = None
    created_at: Annotated[datetime | None, field(7)] = None


class ConfigVersions(Message):
    versions: Annotated[list[ConfigVersion], field(1)] = []
    cursor: Annotated[str, field(2)] = ""


class ConfigChanges(Message):
    changes: Annotated[list[Change], field(1)] = []


def console_routes(config: LiveConfig) -> ConsoleRoutes:
    routes = ConsoleRoutes()

    @routes.read("/sg/v1/console/titles/{title_id}/config", Permission.CONFIG_READ)
    async def list_config(action: Action, request: ListConfig) -> ConfigList:
        title_id, limit = TitleId(request.title_id), _limit(request.limit)
        list_of = ("config.keys", title_id)
        (after,) = decode_cursor(list_of, request.cursor, (str,)) if request.cursor else ("",)
        keys = [key for key in config.keys(title_id) if key > str(after)]
        values = [_value(key, *config.look_up(title_id, key)) for key in keys[:limit]]
        cursor = encode_cursor(list_of, (keys[limit - 1],)) if len(keys) > limit else ""
        return ConfigList(environment=environment_of(title_id), values=values, cursor=cursor)

    @routes.read("/sg/v1/console/titles/{title_id}/config/{key}", Permission.CONFIG_READ)
    async def get_config(action: Action, request: GetConfig) -> ConfigValue:
        return _value(request.key, *config.look_up(TitleId(request.title_id), request.key))

    @routes.read("/sg/v1/console/titles/{title_id}/config/{key}/history", Permission.CONFIG_READ)
    async def list_config_versions(action: Action, request: ListConfigVersions) -> ConfigVersions:
        page, cursor = await config.history(TitleId(request.title_id), request.key, _limit(request.limit), request.cursor)
        return ConfigVersions(versions=[_version(version, changes) for version, changes in page], cursor=cursor)

    @routes.read("/sg/v1/console/titles/{title_id}/config/{key}/diff", Permission.CONFIG_READ)
    async def compare_config(action: Action, request: CompareConfig) -> ConfigChanges:
        return ConfigChanges(changes=await config.diff(TitleId(request.title_id), request.key, request.before, request.after))

    @routes.act("PUT", "/sg/v1/console/titles/{title_id}/config/{key}", Permission.CONFIG_WRITE, needs_reason=True)
    async def set_config(action: Action, request: SetConfig) -> ConfigValue:
        def change(title_id: TitleId, signature: Signature) -> Awaitable[Version]:
            return config.change(title_id, request.key, request.version, request.overrides, signature)

        return await _signed(config, action, request, change)

    @routes.act("POST", "/sg/v1/console/titles/{title_id}/config/{key}/revert", Permission.CONFIG_WRITE, needs_reason=True)
    async def revert_config(action: Action, request: RevertConfig) -> ConfigValue:
        def change(title_id: TitleId, signature: Signature) -> Awaitable[Version]:
            return config.revert(title_id, request.key, request.version, request.to, signature)

        return await _signed(config, action, request, change)

    return routes


def _limit(limit: int) -> int:
    if not 0 <= limit <= PAGE_MAX:
        raise InvalidArgument(f"A page has 1 to {PAGE_MAX} items.")
    return limit or PAGE_MAX


async def _signed(
    config: LiveConfig, action: Action, request: GetConfig, change: Callable[[TitleId, Signature], Awaitable[Version]]
) -> ConfigValue:
    """Make a change in the operator's name, and tell how it was and is."""
    title_id = TitleId(request.title_id)
    before = config.look_up(title_id, request.key)[1].overrides
    version = await change(title_id, Signature(action.operator, action.reason))
    action.changed(f"titles/{title_id}/config/{request.key}", before, version.overrides)
    return _value(request.key, *config.look_up(title_id, request.key))


def _value(key: str, slot: Slot | None, version: Version) -> ConfigValue:
    stored = ConfigValue(
        key=key,
        version=version.version,
        overrides=version.overrides,
        operator=version.operator,
        reason=version.reason,
        changed_at=as_datetime(version.created_at) if version.version else None,
    )
    if slot is None:
        return stored
    schema = slot.schema
    return msgspec.structs.replace(
        stored,
        kind=schema.kind,
        about=schema.about,
        default=msgspec.json.encode(schema.default).decode(),
        min=schema.min,
        max=schema.max,
        choices=list(schema.choices),
        bytes_max=schema.bytes_max,
        for_clients=schema.for_clients,
        value=slot.text,
        problems=slot.problems,
    )


def _version(version: Version, changes: list[Change]) -> ConfigVersion:
    return ConfigVersion(
        version=version.version,
        overrides=version.overrides,
        changes=changes,
        operator=version.operator,
        reason=version.reason,
        reverts_to=version.reverts_to,
        created_at=as_datetime(version.created_at),
    )
