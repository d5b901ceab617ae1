"""`ctx.accounts`: the people of a title, as the server sees them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from supergame.features.accounts.model import AccountNotFound, ProfileInvalid, UsernameInvalid
from supergame.game import Context, Game
from supergame.testing import TestPlayer, TestServer

Scene = Callable[[Context, TestPlayer, TestPlayer], Awaitable[None]]
NOBODY = "00000000-0000-4000-8000-000000000000"


async def play(scene: Scene) -> None:
    """Run a scene with ada and bob inside a game's function."""
    game, players = Game("main"), []

    @game.rpc("scene")
    async def run(ctx: Context, payload: str) -> None:
        await scene(ctx, *players)

    async with TestServer(game) as server:
        players.extend([await server.sign_in("ada"), await server.sign_in("bob")])
        answer = await server.request("GET", "/v2/rpc/scene", query={"http_key": "defaulthttpkey"})
        assert answer.status == 200


async def is_signed_in(player: TestPlayer) -> bool:
    return (await player.request("GET", "/v2/account")).status == 200


async def test_accounts_and_users_are_found() -> None:
    async def scene(ctx: Context, ada: TestPlayer, bob: TestPlayer) -> None:
        account = await ctx.accounts.get(ada.user_id)
        assert account.user is not None
        assert (account.user.username, [device.id for device in account.devices]) == ("ada", ["device-of-ada"])
        found = await ctx.accounts.users(ids=[bob.user_id, NOBODY], usernames=["ADA", "nobody"])
        assert {user.username for user in found} == {"ada", "bob"}
        with pytest.raises(AccountNotFound):
            await ctx.accounts.get(NOBODY)

    await play(scene)


async def test_names_are_changed_within_the_rules() -> None:
    async def scene(ctx: Context, ada: TestPlayer, bob: TestPlayer) -> None:
        await ctx.accounts.update(ada.user_id, username="Lovelace", display_name="Ada")
        user = (await ada.get("/v2/account"))["user"]
        assert (user["username"], user["display_name"]) == ("Lovelace", "Ada")
        for name in ("LOVELACE", "b\nob"):
            with pytest.raises(UsernameInvalid):
                await ctx.accounts.update(bob.user_id, username=name)
        with pytest.raises(ProfileInvalid):
            await ctx.accounts.update(bob.user_id)

    await play(scene)


async def test_a_ban_works_at_once_and_can_be_lifted() -> None:
    async def scene(ctx: Context, ada: TestPlayer, bob: TestPlayer) -> None:
        await ctx.accounts.ban(ada.user_id)
        assert not await is_signed_in(ada)
        assert await is_signed_in(bob)
        refused = await ada.server.authenticate("device", {"id": "device-of-ada"})
        assert (refused.status, refused.headers["X-Supergame-Error"]) == (403, "account.banned")
        await ctx.accounts.unban(ada.user_id)
        assert await is_signed_in(await ada.server.sign_in("ada"))

    await play(scene)


async def test_a_deleted_account_is_gone() -> None:
    async def scene(ctx: Context, ada: TestPlayer, bob: TestPlayer) -> None:
        await ctx.accounts.delete(ada.user_id)
        assert not await is_signed_in(ada)
        assert await ctx.accounts.users(usernames=["ada"]) == []
        with pytest.raises(AccountNotFound):
            await ctx.accounts.get(ada.user_id)

    await play(scene)
