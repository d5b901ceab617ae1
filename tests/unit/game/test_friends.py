"""What a game can do with friends. Rules: docs/spec/friends.md."""

from __future__ import annotations

import pytest

from supergame.features.accounts.model import AccountNotFound
from supergame.game import Context, Game
from supergame.testing import TestServer


def knowing() -> Game:
    game = Game("main")

    @game.rpc("meet")
    async def meet(ctx: Context, payload: str) -> str:
        """The game makes friends of the caller and another one."""
        await ctx.friends.add(ctx.user_id, payload)
        await ctx.friends.add(payload, ctx.user_id)
        found, cursor = await ctx.friends.list(ctx.user_id)
        return " ".join(friend.user.username for friend in found) + cursor

    @game.rpc("part")
    async def part(ctx: Context, payload: str) -> str:
        await ctx.friends.remove(ctx.user_id, payload)
        await ctx.friends.block(ctx.user_id, payload)
        friends, blocked = [(await ctx.friends.list(ctx.user_id, state=state))[0] for state in (0, 3)]
        return f"{len(friends)} {len(blocked)}"

    @game.rpc("haunt")
    async def haunt(ctx: Context, payload: str) -> str:
        with pytest.raises(AccountNotFound):
            await ctx.friends.add("00000000-0000-4000-8000-000000000000", ctx.user_id)
        return "nobody"

    return game


async def test_FRD1_a_game_makes_friends_ends_friendships_and_blocks_in_its_players_names() -> None:
    async with TestServer(knowing()) as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        assert await ada.rpc("meet", bob.user_id) == "bob"
        told = (await bob.get("/v2/notification", limit=10))["notifications"]
        assert [(one["code"], one["subject"]) for one in told] == [(-2, "ada wants to add you as a friend")]
        assert await ada.rpc("part", bob.user_id) == "0 1"
        assert await ada.rpc("haunt") == "nobody"
