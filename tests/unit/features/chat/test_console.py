"""Chat as operators see it. Rules: docs/spec/chat.md."""

from __future__ import annotations

import json

import pytest

from supergame.base.limits import Limits
from supergame.features.accounts.model import AccountNotFound
from supergame.features.chat.console import console_routes
from supergame.features.chat.model import MessageNotFound, PageInvalid
from supergame.features.sanctions.model import SanctionNotFound
from supergame.testing import TestServer
from tests.support.console import Desk
from tests.unit.features.chat.test_service import DIRECT, join, refusal, say

NOBODY = "00000000-0000-4000-8000-000000000000"


def desk_of(server: TestServer) -> Desk:
    return Desk(console_routes(server.node.chat, server.node.sanctions, Limits()))


async def test_CHAT17_operators_list_channels_and_read_their_history() -> None:
    async with TestServer() as server:
        player, other = await server.sign_in("ada"), await server.sign_in("bob")
        ada, desk = await player.connect(), desk_of(server)
        for room in ("a/b", "lobby", "yard"):
            await join(ada, room)
            await say(ada, f"2...{room}", room=room)
        direct = (await join(ada, other.user_id, DIRECT))["id"]
        await say(ada, direct, secret=True)
        first = await desk.call("console_list_channels", title_id="main", limit=2)
        rest = await desk.call("console_list_channels", title_id="main", limit=2, cursor=first.cursor)
        assert first.channel_ids + rest.channel_ids == ["2...a/b", "2...lobby", "2...yard", direct]
        assert rest.cursor == ""
        page = await desk.call("console_list_channel_messages", title_id="main", channel_id=direct)
        assert [json.loads(message.content) for message in page.messages] == [{"secret": True}]
        with pytest.raises(PageInvalid):
            await desk.call("console_list_channels", title_id="main", limit=0)


async def test_CHAT18_operators_remove_any_message_in_sight_of_the_channel() -> None:
    async with TestServer() as server:
        player = await server.sign_in("ada")
        ada, desk = await player.connect(), desk_of(server)
        await join(ada, "lobby")
        said = (await say(ada, "2...lobby", n=1))["message_id"]
        ada.take()
        await desk.call("console_remove_message", "spam", title_id="main", message_id=said)
        (told,) = ada.take()
        assert (told["channel_message"]["code"], told["channel_message"]["message_id"]) == (2, said)
        assert await player.get("/v2/channel/2...lobby", limit=10) == {}
        assert desk.actions[-1].changes[0].target == f"messages/{said}"
        with pytest.raises(MessageNotFound):
            await desk.call("console_remove_message", "twice", title_id="main", message_id=said)


async def test_CHAT19_operators_mute_list_and_unmute() -> None:
    async with TestServer() as server:
        player, desk = await server.sign_in("ada"), desk_of(server)
        ada, who = await player.connect(), {"title_id": "main", "user_id": player.user_id}
        await join(ada, "lobby")
        await desk.call("console_mute_player", "shouting", duration_s=60, **who)
        assert "shouting" in (await refusal(ada, channel_message_send={"channel_id": "2...lobby", "content": "{}"}))["message"]
        (muted,) = (await desk.call("console_list_muted", title_id="main")).muted
        assert (muted.user_id, muted.imposed_by, muted.in_force) == (player.user_id, "olga", True)
        await desk.call("console_unmute_player", "enough", **who)
        await say(ada, "2...lobby")
        assert (await desk.call("console_list_muted", title_id="main")).muted == []
        with pytest.raises(SanctionNotFound):
            await desk.call("console_unmute_player", "twice", **who)
        with pytest.raises(AccountNotFound):
            await desk.call("console_mute_player", "nobody", title_id="main", user_id=NOBODY)
