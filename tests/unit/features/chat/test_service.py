"""Chat over the whole server, without real sockets. Rules: docs/spec/chat.md."""

from __future__ import annotations

import json
from typing import Any

import pytest

from supergame.base.ids import TitleId
from supergame.base.limits import Limits
from supergame.features.chat.model import Channel
from supergame.features.chat.service import Chat, Spoken
from supergame.features.chat.store import ChatStore
from supergame.game import Context, Game
from supergame.realtime.stream import Mode, Stream
from supergame.routing.rt import Call
from supergame.testing import FakeClock, TestPlayer, TestServer, TestSocket

ROOM, DIRECT, GROUP = 1, 2, 3
NOBODY = "00000000-0000-4000-8000-000000000000"


async def join(socket: TestSocket, target: str, kind: int = ROOM, **more: Any) -> dict[str, Any]:
    reply = await socket.call({"channel_join": {"target": target, "type": kind, **more}})
    assert "channel" in reply, reply
    return reply["channel"]


async def say(socket: TestSocket, channel_id: str, **content: Any) -> dict[str, Any]:
    reply = await socket.call({"channel_message_send": {"channel_id": channel_id, "content": json.dumps(content)}})
    assert "channel_message_ack" in reply, reply
    return reply["channel_message_ack"]


def names(envelopes: Any) -> list[str]:
    return [next(name for name in envelope if name != "cid") if len(envelope.keys() - {"cid"}) else "ack" for envelope in envelopes]


def texts(page: dict[str, Any]) -> list[Any]:
    return [json.loads(message["content"]) for message in page.get("messages", [])]


async def refusal(socket: TestSocket, **message: Any) -> dict[str, Any]:
    reply = await socket.call(message)
    assert socket.closed is None
    return reply["error"]


@pytest.mark.parametrize(
    ("target", "kind"),
    [("", 1), ("x" * 65, 1), ("a\tb", 1), ("room", 4), ("room", -1), ("room", 2), ("room", 3), (NOBODY, 2), (NOBODY, 3)],
)
async def test_CHAT1_what_is_no_channel_is_refused(target: str, kind: int) -> None:
    async with TestServer() as server:
        ada = await (await server.sign_in("ada")).connect()
        assert (await refusal(ada, channel_join={"target": target, "type": kind}))["code"] == 3


async def test_CHAT1_a_channels_id_tells_what_it_is() -> None:
    async with TestServer() as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        socket = await ada.connect()
        assert (await join(socket, "a.b"))["id"] == "2...a.b"
        one, two = sorted((ada.user_id, bob.user_id))
        channel = await join(socket, bob.user_id, DIRECT)
        assert (channel["id"], channel["user_id_one"], channel["user_id_two"]) == (f"4.{one}.{two}.", one, two)
        for channel_id in ("", "2", "2...", "2.a..room", "5...room", f"4.{two}.{one}.", f"4.{one}.{two}.x", "3.x..", "1..."):
            assert (await refusal(socket, channel_leave={"channel_id": channel_id}))["code"] == 3


async def check_presences() -> None:
    async with TestServer() as server:
        ada, bob = [await (await server.sign_in(name)).connect() for name in ("ada", "bob")]
        assert "presences" not in await join(ada, "lobby")
        ada.take()
        assert [presence["username"] for presence in (await join(bob, "lobby"))["presences"]] == ["ada"]
        assert [presence["username"] for presence in ada.take()[0]["channel_presence_event"]["joins"]] == ["bob"]
        bob.take()
        ada.close()
        assert [presence["username"] for presence in bob.take()[0]["channel_presence_event"]["leaves"]] == ["ada"]
        assert await bob.call({"channel_leave": {"channel_id": "2...lobby"}}) == {}
        assert bob.take() == []


async def test_CHAT2_members_are_listed_and_their_coming_and_going_is_told() -> None:
    await check_presences()


async def test_CHAT2_a_planted_fault_is_caught_a_lost_presence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Chat, "_tell_change", lambda self, change: None)
    with pytest.raises((AssertionError, IndexError)):
        await check_presences()


async def check_order() -> None:
    async with TestServer() as server:
        ada = await (await server.sign_in("ada")).connect()
        await join(ada, "lobby")
        await say(ada, "2...lobby", n=1)
        assert names(ada.log) == ["channel", "channel_presence_event", "channel_message_ack", "channel_message"]


async def test_CHAT3_a_reply_leaves_before_the_events_that_it_causes() -> None:
    await check_order()


async def test_CHAT3_a_planted_fault_is_caught_a_reordered_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Call, "after_reply", lambda self, action, *args: action(*args))
    with pytest.raises(AssertionError):
        await check_order()


async def test_CHAT4_a_message_is_kept_before_it_is_shown_and_reaches_all_its_sender_too() -> None:
    async with TestServer() as server:
        player = await server.sign_in("ada")
        ada, bob = await player.connect(), await (await server.sign_in("bob")).connect()
        for socket in (ada, bob):
            await join(socket, "lobby")
            socket.take()
        ada.take()
        ack = await say(ada, "2...lobby", text="hi")
        (seen,), (own,) = bob.take(), ada.take()
        assert seen == own
        message = seen["channel_message"]
        assert message["message_id"] == ack["message_id"]
        assert ack["message_id"][14] == "7", "ids sort by time"
        assert (message["code"], message["persistent"], message["room_name"], message["username"]) == (0, True, "lobby", "ada")
        assert (await player.get("/v2/channel/2...lobby"))["messages"] == [message]


@pytest.mark.parametrize("content", ["", "hello", "[]", '"text"', "5", "null", '{"open":', "[" * 1_000, json.dumps({"x": "y" * 3_000})])
async def test_CHAT5_a_content_is_a_json_object_of_some_size(content: str) -> None:
    async with TestServer(limits=Limits(channel_content_bytes_max=2_000)) as server:
        ada = await (await server.sign_in("ada")).connect()
        await join(ada, "lobby")
        assert (await refusal(ada, channel_message_send={"channel_id": "2...lobby", "content": content}))["code"] == 3


async def check_membership() -> None:
    async with TestServer() as server:
        player = await server.sign_in("ada")
        ada, bob = await player.connect(), await (await server.sign_in("bob")).connect()
        await join(bob, "lobby")
        await join(ada, "elsewhere")
        bob.take()
        ada.take()
        assert (await refusal(ada, channel_message_send={"channel_id": "2...lobby", "content": "{}"}))["code"] == 3
        assert bob.take() == []
        await say(bob, "2...lobby", text="to members")
        assert ada.take() == []
        assert texts(await player.get("/v2/channel/2...lobby", limit=10)) == [{"text": "to members"}]


async def test_CHAT6_only_members_speak_and_hear() -> None:
    await check_membership()


async def test_CHAT6_a_planted_fault_is_caught_a_message_to_a_non_member(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Chat.show

    def to_everybody(self: Chat, spoken: Spoken) -> Any:
        message, _ = honest(self, spoken)
        registry = self._notifications._registry
        return message, lambda: self._router.to_sessions(list(registry._by_id.values()), message)

    monkeypatch.setattr(Chat, "show", to_everybody)
    with pytest.raises(AssertionError):
        await check_membership()


async def check_direct_channels_are_of_two() -> None:
    async with TestServer() as server:
        ada, bob, eve = [await server.sign_in(name) for name in ("ada", "bob", "eve")]
        here, there, outside = [await player.connect() for player in (ada, bob, eve)]
        channel_id = (await join(here, bob.user_id, DIRECT))["id"]
        await join(there, ada.user_id, DIRECT)
        await join(outside, ada.user_id, DIRECT)  # a channel of her own with ada
        outside.take()
        await say(here, channel_id, text="psst")
        assert names(outside.take()) == []
        assert [texts(await player.get(f"/v2/channel/{channel_id}")) for player in (ada, bob)] == [[{"text": "psst"}]] * 2
        refused = await eve.request("GET", f"/v2/channel/{channel_id}")
        assert (refused.status, refused.headers.get("X-Supergame-Error")) == (400, "chat.channel_invalid")
        assert (await refusal(outside, channel_message_send={"channel_id": channel_id, "content": "{}"}))["code"] == 3


async def test_CHAT7_a_direct_channel_is_of_two() -> None:
    await check_direct_channels_are_of_two()


async def test_CHAT7_a_planted_fault_is_caught_a_leaked_direct_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def shared(self: Channel) -> Stream:
        return Stream(self.title_id, self.mode, "" if self.mode is Mode.DIRECT else self.subject, "", self.label)

    monkeypatch.setattr(Channel, "stream", property(shared))
    with pytest.raises(AssertionError):
        await check_direct_channels_are_of_two()


async def test_CHAT7_a_planted_fault_is_caught_a_history_that_strangers_read(monkeypatch: pytest.MonkeyPatch) -> None:
    async def open_to_all(self: Chat, channel: Channel, user_id: str) -> None: ...

    monkeypatch.setattr(Chat, "_check_open", open_to_all)
    with pytest.raises(AssertionError):
        await check_direct_channels_are_of_two()


async def test_CHAT8_the_first_of_a_direct_channel_has_the_absent_other_notified() -> None:
    async with TestServer() as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        here, there = await ada.connect(), await bob.connect()
        await join(here, bob.user_id, DIRECT)
        (told,) = there.take()
        (note,) = told["notifications"]["notifications"]
        assert (note["code"], note["sender_id"], note["subject"]) == (-1, ada.user_id, "ada wants to chat")
        await join(there, ada.user_id, DIRECT)
        await join(await ada.connect(), bob.user_id, DIRECT)
        await join(here, ada.user_id, DIRECT)  # with oneself
        assert "notifications" not in names(here.log + there.take())
        assert len((await bob.get("/v2/notification", limit=10))["notifications"]) == 1


async def test_CHAT9_what_is_said_without_persistence_is_not_kept() -> None:
    async with TestServer() as server:
        player = await server.sign_in("ada")
        ada = await player.connect()
        assert "persistence" not in (await join(ada, "lobby", persistence=False))["self"]
        assert (await say(ada, "2...lobby", n=1))["persistent"] is False
        assert await player.get("/v2/channel/2...lobby", limit=10) == {}


async def test_CHAT10_the_hidden_hear_and_are_not_seen() -> None:
    async with TestServer() as server:
        ghost, ada = [await (await server.sign_in(name)).connect() for name in ("ghost", "ada")]
        await join(ghost, "lobby", hidden=True)
        assert "presences" not in await join(ada, "lobby")
        await say(ada, "2...lobby", n=1)
        assert names(ghost.take()) == ["channel_presence_event", "channel_message"]
        ada.take()
        ghost.close()
        assert ada.take() == []


async def check_only_own_messages() -> None:
    async with TestServer() as server:
        player = await server.sign_in("ada")
        ada, bob = await player.connect(), await (await server.sign_in("bob")).connect()
        for socket in (ada, bob):
            await join(socket, "lobby")
        mine = (await say(ada, "2...lobby", n=1))["message_id"]
        own = {"channel_id": "2...lobby", "message_id": mine}
        assert (await refusal(bob, channel_message_update={**own, "content": "{}"}))["code"] == 3
        assert (await refusal(bob, channel_message_remove=own))["code"] == 3
        await join(bob, "lobby", persistence=False)
        assert (await refusal(bob, channel_message_update={**own, "content": "{}"}))["code"] == 3
        await join(ada, "other")
        assert (await refusal(ada, channel_message_remove=own | {"channel_id": "2...other"}))["code"] == 3
        assert (await refusal(ada, channel_message_remove=own | {"message_id": "nonsense"}))["code"] == 3
        bob.take()
        updated = await ada.call({"channel_message_update": {**own, "content": '{"n":2}'}})
        assert updated["channel_message_ack"]["code"] == 1
        assert bob.take()[0]["channel_message"]["content"] == '{"n":2}'
        page = await player.get("/v2/channel/2...lobby", limit=10)
        assert (texts(page), page["messages"][0]["code"]) == ([{"n": 2}], 0)
        removed = await ada.call({"channel_message_remove": own})
        assert removed["channel_message_ack"]["code"] == 2
        assert (bob.take()[0]["channel_message"]["code"], await player.get("/v2/channel/2...lobby", limit=10)) == (2, {})


async def test_CHAT11_players_change_messages_of_their_own() -> None:
    await check_only_own_messages()


async def test_CHAT11_a_planted_fault_is_caught_a_message_is_found_by_its_id_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ChatStore, "remove", lambda self, title_id, channel_id, sender, message_id: self.exists(title_id, message_id))
    with pytest.raises((AssertionError, KeyError)):
        await check_only_own_messages()


async def spoken(server: TestServer, count: int) -> TestPlayer:
    player = await server.sign_in("ada")
    ada = await player.connect()
    await join(ada, "lobby")
    for number in range(1, count + 1):
        await say(ada, "2...lobby", n=number)
    return player


@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
async def test_CHAT12_history_is_walked_there_and_back(forward: bool, limit: int) -> None:
    async with TestServer() as server:  # its clock stands still: order does not hang on it
        player = await spoken(server, 7)
        wanted = [{"n": number} for number in range(1, 8)]
        if not forward:
            wanted.reverse()
        pages, cursor = [], ""
        while True:
            pages.append(await player.get("/v2/channel/2...lobby", limit=limit, forward=str(forward).lower(), cursor=cursor))
            cursor = pages[-1].get("next_cursor", "")
            if not cursor:
                break
        assert [text for page in pages for text in texts(page)] == wanted
        assert "prev_cursor" not in pages[0]
        back, cursor = [], pages[-1].get("prev_cursor", "")
        while cursor:
            page = await player.get("/v2/channel/2...lobby", limit=limit, forward=str(forward).lower(), cursor=cursor)
            back, cursor = texts(page) + back, page.get("prev_cursor", "")
        assert back == wanted[: len(back)]
        assert len(back) == len(wanted) - len(texts(pages[-1]))


async def test_CHAT12_the_cacheable_cursor_gives_what_is_newer() -> None:
    async with TestServer() as server:
        player = await spoken(server, 3)
        seen = (await player.get("/v2/channel/2...lobby", limit=2, forward="false"))["cacheable_cursor"]
        empty = await player.get("/v2/channel/2...lobby", limit=10, cursor=seen)
        assert empty == {"cacheable_cursor": seen}
        socket = await player.connect()
        await join(socket, "lobby")
        await say(socket, "2...lobby", n=4)
        assert texts(await player.get("/v2/channel/2...lobby", limit=10, cursor=seen)) == [{"n": 4}]


@pytest.mark.parametrize("limit", [0, -1, 101])
async def test_CHAT12_pages_and_cursors_have_a_form(limit: int) -> None:
    async with TestServer() as server:
        player = await spoken(server, 2)
        assert (await player.request("GET", "/v2/channel/2...lobby", query={"limit": limit})).status == 400
        cursor = (await player.get("/v2/channel/2...lobby", limit=1))["next_cursor"]
        for path, used in (("2...other", cursor), ("2...lobby", "nonsense")):
            refused = await player.request("GET", f"/v2/channel/{path}", query={"cursor": used})
            assert refused.headers["X-Supergame-Error"] == "malformed_cursor"


async def test_CHAT13_a_session_that_speaks_too_fast_is_told_so_and_may_go_on_later() -> None:
    clock = FakeClock()
    async with TestServer(clock=clock, limits=Limits(chat_burst=3, chat_per_s=2)) as server:
        ada, bob = [await (await server.sign_in(name)).connect() for name in ("ada", "bob")]
        await join(ada, "lobby")
        await join(bob, "lobby")
        for _ in range(2):
            await say(ada, "2...lobby")
        send = {"channel_id": "2...lobby", "content": "{}"}
        assert "Too many messages" in (await refusal(ada, channel_message_send=send))["message"]
        await say(bob, "2...lobby")
        clock.advance(0.5)
        await say(ada, "2...lobby")
        assert "Too many messages" in (await refusal(ada, channel_message_send=send))["message"]


async def test_CHAT13_a_socket_joins_a_bounded_number_of_channels() -> None:
    async with TestServer(limits=Limits(session_streams_max=3)) as server:
        ada = await (await server.sign_in("ada")).connect()
        for name in ("a", "b"):  # its own status is the third stream
            await join(ada, name)
        assert "as much as it may" in (await refusal(ada, channel_join={"target": "c", "type": 1}))["message"]


async def check_titles() -> None:
    async with TestServer(Game("alpha"), Game("beta")) as server:
        here, there = await server.sign_in("ada"), await server.sign_in("ada", title=1)
        one, other = await here.connect(), await there.connect()
        await join(one, "lobby")
        assert "presences" not in await join(other, "lobby")
        one.take()
        other.take()
        await say(one, "2...lobby", n=1)
        assert other.take() == []
        assert await there.get("/v2/channel/2...lobby", limit=10) == {}
        assert texts(await here.get("/v2/channel/2...lobby", limit=10)) == [{"n": 1}]


async def test_CHAT14_titles_are_apart() -> None:
    await check_titles()


async def test_CHAT14_a_planted_fault_is_caught_a_stream_without_title(monkeypatch: pytest.MonkeyPatch) -> None:
    anywhere = property(lambda self: Stream(TitleId(""), self.mode, self.subject, self.subcontext, self.label))
    monkeypatch.setattr(Channel, "stream", anywhere)
    with pytest.raises(AssertionError):
        await check_titles()


async def test_CHAT15_messages_go_with_their_account() -> None:
    async with TestServer() as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        for player, number in ((ada, 1), (bob, 2)):
            socket = await player.connect()
            await join(socket, "lobby")
            await say(socket, "2...lobby", n=number)
        await ada.call("DELETE", "/v2/account")
        await server.settle()
        assert texts(await bob.get("/v2/channel/2...lobby", limit=10)) == [{"n": 2}]


async def test_CHAT16_the_server_speaks_anywhere_and_for_anybody() -> None:
    game = Game("main")

    @game.rpc("shout")
    async def shout(ctx: Context, payload: str) -> str:
        message = await ctx.chat.send(ctx.chat.room("lobby"), {"text": payload}, sender_id="", persist=True)
        await ctx.chat.update(ctx.chat.room("lobby"), message.message_id, {"text": payload.upper()}, sender_id="")
        other = await ctx.chat.send(ctx.chat.room("lobby"), {"text": "gone"})
        await ctx.chat.remove(ctx.chat.room("lobby"), other.message_id)
        return str(len((await ctx.chat.history(ctx.chat.room("lobby"))).messages))

    async with TestServer(game) as server:
        player = await server.sign_in("ada")
        ada = await player.connect()
        await join(ada, "lobby")
        ada.take()
        assert await player.rpc("shout", "hear") == "1"
        assert [item["channel_message"]["code"] for item in ada.take()] == [0, 1, 0, 2]
        assert texts(await player.get("/v2/channel/2...lobby", limit=10)) == [{"text": "HEAR"}]


async def test_a_join_that_was_on_its_way_when_the_socket_closed_leaves_no_ghost() -> None:
    async with TestServer() as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        socket = await ada.connect()
        socket.post({"channel_join": {"target": bob.user_id, "type": DIRECT}})
        task = socket._inbox.task
        assert task is not None
        socket.close()
        await task
        assert "presences" not in await join(await bob.connect(), ada.user_id, DIRECT)
