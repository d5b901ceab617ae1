"""A game's streams over the whole server. Rules: docs/spec/streams.md."""

from __future__ import annotations

import json
from typing import Any

import pytest

from supergame.base.errors import SupergameError
from supergame.features.streams.service import Streams
from supergame.game import Context, Game, StreamId
from supergame.routing.context import Effects
from supergame.testing import TestServer, TestSocket

NEWS = StreamId(20, label="news")


def streaming(name: str = "main") -> Game:
    """A game whose one function does with streams what it is told."""
    game = Game(name)

    @game.rpc("stream")
    async def stream(ctx: Context, payload: str) -> str:
        action, options = json.loads(payload)
        name = StreamId(*options.pop("name", NEWS))
        try:
            if action == "disconnect":
                await ctx.disconnect(**options)
                return ""
            result = await getattr(ctx.streams, action)(name, **options)
        except SupergameError as error:
            return error.code
        if action == "list":
            return json.dumps([(who.username, who.status) for who in result])
        return json.dumps(result)

    return game


async def do(socket: TestSocket, action: str, **options: Any) -> Any:
    reply = await socket.call({"rpc": {"id": "stream", "payload": json.dumps([action, options])}})
    text = reply["rpc"].get("payload", "")
    return json.loads(text) if text[:1] in ("[", "n") or text.isdigit() else text


def events(socket: TestSocket) -> list[Any]:
    found = []
    for item in socket.take():
        if "stream_data" in item:
            found.append(item["stream_data"]["data"])
        else:
            event = item["stream_presence_event"]
            found.append({kind: [who["username"] for who in event[kind]] for kind in ("joins", "leaves") if kind in event})
    return found


async def check_a_stream() -> None:
    async with TestServer(streaming()) as server:
        ada, bob, eve = [await (await server.sign_in(name)).connect() for name in ("ada", "bob", "eve")]
        await do(ada, "join")
        await do(bob, "join", status="here")
        await do(ada, "send", data="to all")
        assert events(ada) == [{"joins": ["ada"]}, {"joins": ["bob"]}, "to all"]
        assert events(bob) == [{"joins": ["bob"]}, "to all"]
        assert events(eve) == []
        await do(bob, "leave")
        await do(bob, "leave")
        assert (events(ada), events(bob)) == ([{"leaves": ["bob"]}], [])
        bob.close()
        await do(eve, "join")
        assert events(ada) == [{"joins": ["eve"]}]
        eve.close()
        assert events(ada) == [{"leaves": ["eve"]}]


async def test_STR1_members_hear_of_each_other_and_what_is_sent() -> None:
    await check_a_stream()


async def test_STR1_a_planted_fault_is_caught_a_lost_presence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Streams, "leave", lambda self, title_id, name, session_id, effects: None)
    with pytest.raises(AssertionError):
        await check_a_stream()


async def check_the_order_of_a_reply_and_its_events() -> None:
    async with TestServer(streaming()) as server:
        ada, bob = [await (await server.sign_in(name)).connect() for name in ("ada", "bob")]
        await do(ada, "join")
        await do(bob, "join")
        await do(bob, "update", status="red")
        await do(bob, "leave")
        kinds = [next(kind for kind in item if kind != "cid") for item in bob.log]
        assert kinds == ["rpc", "stream_presence_event", "rpc", "stream_presence_event", "rpc"]
        assert events(ada)[-1] == {"leaves": ["bob"]}


async def test_STR8_a_reply_leaves_before_the_presence_events_that_it_causes() -> None:
    await check_the_order_of_a_reply_and_its_events()


async def test_STR8_a_planted_fault_is_caught_a_reordered_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Effects, "add", lambda self, tell, *args: tell(*args))
    with pytest.raises(AssertionError):
        await check_the_order_of_a_reply_and_its_events()


async def test_STR8_presence_events_come_before_data_that_the_call_sends_and_also_after_an_error() -> None:
    game = Game("main")

    @game.rpc("enter")
    async def enter(ctx: Context, payload: str) -> None:
        await ctx.streams.join(NEWS)
        if payload:
            await ctx.streams.send(NEWS, payload)
        raise RuntimeError

    async with TestServer(game) as server:
        ada, bob = [await (await server.sign_in(name)).connect() for name in ("ada", "bob")]
        await ada.call({"rpc": {"id": "enter"}})
        assert events(ada) == [{"joins": ["ada"]}]
        await bob.call({"rpc": {"id": "enter", "payload": "welcome"}})
        assert events(ada) == events(bob) == [{"joins": ["bob"]}, "welcome"]


async def test_STR2_the_hidden_hear_everything_and_are_not_told_of() -> None:
    async with TestServer(streaming()) as server:
        ghost, ada = [await (await server.sign_in(name)).connect() for name in ("ghost", "ada")]
        await do(ghost, "join", hidden=True)
        await do(ada, "join")
        await do(ada, "send", data="x")
        assert events(ghost) == [{"joins": ["ada"]}, "x"]
        assert await do(ada, "list") == [["ada", None]]
        assert await do(ada, "list", hidden=True) == [["ghost", None], ["ada", None]]
        assert await do(ada, "count") == 2


async def test_STR3_a_status_is_the_games_and_not_shown() -> None:
    async with TestServer(streaming()) as server:
        ada = await (await server.sign_in("ada")).connect()
        await do(ada, "join", status="red")
        await do(ada, "update", status="blue")
        assert await do(ada, "list") == [["ada", "blue"]]
        told = [item["stream_presence_event"] for item in ada.take()]
        assert [sorted(event.keys() - {"stream"}) for event in told] == [["joins"], ["joins", "leaves"]]
        assert "status" not in json.dumps(told)
        await do(ada, "leave")
        assert await do(ada, "update", status="green") == "stream.session_missing"


async def test_STR4_closing_takes_everybody_out_without_a_word() -> None:
    async with TestServer(streaming()) as server:
        ada = await (await server.sign_in("ada")).connect()
        await do(ada, "join")
        ada.take()
        await do(ada, "close")
        assert (await do(ada, "count"), ada.take()) == (0, [])


async def test_STR5_data_may_go_to_some() -> None:
    async with TestServer(streaming()) as server:
        ada, bob, eve = [await (await server.sign_in(name)).connect() for name in ("ada", "bob", "eve")]
        for socket in (ada, bob):
            await do(socket, "join")
        for socket in (ada, bob):
            socket.take()
        await do(ada, "send", data="psst", to=[bob.session_id, eve.session_id])
        assert [events(socket) for socket in (ada, bob, eve)] == [[], ["psst"], []]


@pytest.mark.parametrize(
    ("action", "options", "code"),
    [
        ("join", {"name": [7]}, "stream.invalid"),
        ("join", {"name": [256]}, "stream.invalid"),
        ("join", {"name": [8, "x" * 256]}, "stream.invalid"),
        ("join", {"status": "x" * 2_049}, "stream.invalid"),
        ("join", {"session_id": "nobody"}, "stream.session_missing"),
        ("send", {"data": "x" * 65_537}, "stream.invalid"),
        ("disconnect", {"session_id": "nobody"}, "stream.session_missing"),
    ],
)
async def test_STR6_forms_and_bounds(action: str, options: dict[str, Any], code: str) -> None:
    async with TestServer(streaming()) as server:
        ada = await (await server.sign_in("ada")).connect()
        assert await do(ada, action, **options) == code


async def test_STR6_a_call_over_http_has_no_session_of_its_own() -> None:
    async with TestServer(streaming()) as server:
        player = await server.sign_in("ada")
        assert await player.rpc("stream", json.dumps(["join", {}])) == "stream.session_missing"
        socket = await player.connect()
        await player.rpc("stream", json.dumps(["join", {"session_id": socket.session_id}]))
        assert events(socket) == [{"joins": ["ada"]}]
        await player.rpc("stream", json.dumps(["disconnect", {"session_id": socket.session_id}]))
        assert socket.closed is not None


async def check_titles() -> None:
    async with TestServer(streaming("alpha"), streaming("beta")) as server:
        here, there = await server.sign_in("ada"), await server.sign_in("ada", title=1)
        one, other = await here.connect(), await there.connect()
        await do(one, "join")
        await do(other, "join")
        await do(other, "send", data="x")
        assert await do(other, "join", session_id=one.session_id) == "stream.session_missing"
        assert (events(one), events(other)) == ([{"joins": ["ada"]}], [{"joins": ["ada"]}, "x"])
        assert await do(one, "count") == 1


async def test_STR7_titles_are_apart() -> None:
    await check_titles()


async def test_STR7_a_planted_fault_is_caught_a_session_of_any_title(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Streams, "session", lambda self, title_id, session_id: self._registry.get(session_id))
    with pytest.raises(AssertionError):
        await check_titles()
