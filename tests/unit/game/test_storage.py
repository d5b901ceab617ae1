"""`ctx.storage`: objects as the server sees them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from supergame.base.ids import SYSTEM_USER
from supergame.features.storage.model import ObjectInvalid, WriteRefused
from supergame.game import Context, Game
from supergame.testing import TestPlayer, TestServer


async def play(scene: Callable[[Context, TestPlayer], Awaitable[None]], *, as_player: bool = True) -> None:
    """Run a scene inside a game's function, called by the player ada, or by another server."""
    game, players = Game("main"), []

    @game.rpc("scene")
    async def run(ctx: Context, payload: str) -> None:
        await scene(ctx, players[0])

    async with TestServer(game) as server:
        players.append(await server.sign_in("ada"))
        if as_player:
            await players[0].rpc("scene")
        else:
            answer = await server.request("GET", "/v2/rpc/scene", query={"http_key": "defaulthttpkey"})
            assert answer.status == 200


async def test_objects_are_the_callers_unless_another_owner_is_named() -> None:
    async def scene(ctx: Context, ada: TestPlayer) -> None:
        await ctx.storage.write("save", "k", {"n": 1})
        await ctx.storage.write("save", "k", {"n": 2}, user_id=SYSTEM_USER)
        mine, theirs = await ctx.storage.read("save", "k"), await ctx.storage.read("save", "k", user_id=SYSTEM_USER)
        assert mine is not None
        assert theirs is not None
        assert (mine.user_id, mine.value) == (ada.user_id, {"n": 1})
        assert (theirs.user_id, theirs.value) == (SYSTEM_USER, {"n": 2})

    await play(scene)


async def test_without_a_player_objects_are_the_systems() -> None:
    async def scene(ctx: Context, ada: TestPlayer) -> None:
        await ctx.storage.write("save", "k", {"n": 1})
        found = await ctx.storage.read("save", "k")
        assert found is not None
        assert found.user_id == SYSTEM_USER

    await play(scene, as_player=False)


async def test_what_is_not_there_is_none() -> None:
    async def scene(ctx: Context, ada: TestPlayer) -> None:
        assert await ctx.storage.read("save", "missing") is None
        await ctx.storage.delete("save", "missing")

    await play(scene)


@dataclass
class Hero:
    level: int


class Sword(msgspec.Struct):
    length_cm: int


@pytest.mark.parametrize(("value", "kept"), [({"a": [1, None]}, {"a": [1, None]}), (Hero(3), {"level": 3}), (Sword(90), {"length_cm": 90})])
async def test_dicts_dataclasses_and_structs_are_kept(value: Any, kept: dict[str, Any]) -> None:
    async def scene(ctx: Context, ada: TestPlayer) -> None:
        version = await ctx.storage.write("save", "k", value, permission_read=2, permission_write=0)
        found = await ctx.storage.read("save", "k")
        assert found is not None
        assert (found.value, found.version, found.permission_read, found.permission_write) == (kept, version, 2, 0)
        assert found.created_at == found.updated_at == ctx.now

    await play(scene)


@pytest.mark.parametrize("value", [[], "text", 5, None])
async def test_anything_but_an_object_is_refused(value: Any) -> None:
    async def scene(ctx: Context, ada: TestPlayer) -> None:
        with pytest.raises(ObjectInvalid):
            await ctx.storage.write("save", "k", value)

    await play(scene)


async def test_versions_guard_against_changes_meanwhile() -> None:
    async def scene(ctx: Context, ada: TestPlayer) -> None:
        first = await ctx.storage.write("save", "k", {"n": 1}, version="*")
        await ctx.storage.write("save", "k", {"n": 2}, version=first)
        for version in (first, "*"):
            with pytest.raises(WriteRefused):
                await ctx.storage.write("save", "k", {"n": 3}, version=version)
        with pytest.raises(WriteRefused):
            await ctx.storage.delete("save", "k", version=first)
        found = await ctx.storage.read("save", "k")
        assert found is not None
        assert found.value == {"n": 2}

    await play(scene)


async def test_permissions_do_not_bind_the_server() -> None:
    async def scene(ctx: Context, ada: TestPlayer) -> None:
        await ctx.storage.write("save", "k", {"n": 1}, permission_read=0, permission_write=0)
        assert await ctx.storage.read("save", "k") is not None
        await ctx.storage.write("save", "k", {"n": 2}, permission_read=0, permission_write=0)
        await ctx.storage.delete("save", "k")
        assert await ctx.storage.read("save", "k") is None

    await play(scene)


async def test_lists_come_in_pages() -> None:
    async def scene(ctx: Context, ada: TestPlayer) -> None:
        for number in range(5):
            await ctx.storage.write("save", f"k{number}", {"n": number}, permission_read=2 if number == 4 else 0)
        first, cursor = await ctx.storage.list("save", user_id=ada.user_id, limit=3)
        rest, end = await ctx.storage.list("save", user_id=ada.user_id, limit=3, cursor=cursor)
        assert ([item.key for item in first], [item.key for item in rest], end) == (["k0", "k1", "k2"], ["k3", "k4"], "")
        public, _ = await ctx.storage.list("save")
        assert [item.key for item in public] == ["k4"]

    await play(scene)
