"""Status over the whole server. Rules: docs/spec/status.md."""

from __future__ import annotations

from typing import Any

import pytest

from supergame.base.limits import Limits
from supergame.features.status.service import StatusService
from supergame.game import Game
from supergame.realtime.tracker import Tracker
from supergame.testing import TestServer, TestSocket


def events(socket: TestSocket) -> list[dict[str, Any]]:
    """What came, as user names and statuses."""
    told = [item["status_presence_event"] for item in socket.take()]
    return [{kind: [(who["username"], who["status"]) for who in event[kind]] for kind in event} for event in told]


async def follow(socket: TestSocket, *user_ids: str, **more: Any) -> list[tuple[str, str]]:
    reply = await socket.call({"status_follow": {"user_ids": list(user_ids), **more}})
    return [(who["username"], who["status"]) for who in reply["status"].get("presences", [])]


async def test_STA1_a_socket_appears_online_when_it_asks_to() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        assert events(await ada.connect()) == []
        assert events(await ada.connect(status=True)) == [{"joins": [("ada", "")]}]


async def test_STA2_an_update_is_a_leave_and_a_join_and_null_appears_offline() -> None:
    async with TestServer() as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        follower, socket = await ada.connect(), await bob.connect(status=True)
        assert await follow(follower, bob.user_id) == [("bob", "")]
        socket.take()
        for status in ("busy", "busy", None, None, "back"):
            assert await socket.call({"status_update": {"status": status}}) == {}
        expected = [{"joins": [("bob", "busy")], "leaves": [("bob", "")]}, {"leaves": [("bob", "busy")]}, {"joins": [("bob", "back")]}]
        assert events(follower) == events(socket) == expected
        socket.close()
        assert events(follower) == [{"leaves": [("bob", "back")]}]


async def test_STA2_a_reply_leaves_before_the_event() -> None:
    async with TestServer() as server:
        bob = await (await server.sign_in("bob")).connect()
        await bob.call({"status_update": {"status": "here"}})
        assert ["status_presence_event" in item for item in bob.log] == [False, True]


async def check_follows() -> None:
    async with TestServer() as server:
        ada, bob, eve = [await server.sign_in(name) for name in ("ada", "bob", "eve")]
        first, second = await ada.connect(), await ada.connect()
        assert await follow(first, bob.user_id) == []
        socket, other = await bob.connect(status=True), await eve.connect(status=True)
        assert events(first) == [{"joins": [("bob", "")]}]
        assert events(second) == [], "follows belong to a socket"
        assert await first.call({"status_unfollow": {"user_ids": [bob.user_id]}}) == {}
        await socket.call({"status_update": {"status": "x"}})
        assert events(first) == []
        assert [item["joins"] for item in events(other)] == [[("eve", "")]]


async def test_STA3_one_hears_of_those_one_follows_until_one_does_not() -> None:
    await check_follows()


async def test_STA3_a_planted_fault_is_caught_an_unfollow_that_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StatusService, "unfollow", lambda self, session, user_ids: None)
    with pytest.raises(AssertionError):
        await check_follows()


async def test_STA3_a_planted_fault_is_caught_a_lost_presence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Tracker, "announce", lambda self, change: None)
    with pytest.raises(AssertionError):
        await check_follows()


async def test_STA4_everybody_follows_themselves_for_good() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        one, two = await ada.connect(status=True), await ada.connect()
        one.take()
        assert await follow(one, ada.user_id) == []
        await one.call({"status_unfollow": {"user_ids": [ada.user_id]}})
        await two.call({"status_update": {"status": "on the phone"}})
        assert events(one) == events(two) == [{"joins": [("ada", "on the phone")]}]


async def test_STA5_the_reply_lists_who_is_online_and_unknown_people_are_dropped() -> None:
    async with TestServer() as server:
        ada, bob, carol = [await server.sign_in(name) for name in ("ada", "bob", "carol")]
        await bob.connect(status=True)
        await carol.connect()
        await carol.connect(status=True)
        socket = await ada.connect()
        nobody = "00000000-0000-4000-8000-000000000000"
        found = await follow(socket, bob.user_id, nobody, usernames=["Carol", "nobody"])
        assert sorted(found) == [("bob", ""), ("carol", "")]
        assert await follow(socket) == []


@pytest.mark.parametrize(
    "message",
    [
        {"status_follow": {"user_ids": ["nonsense"]}},
        {"status_unfollow": {"user_ids": ["nonsense"]}},
        {"status_update": {"status": "x" * 2_049}},
        {"status_follow": {"usernames": ["x"] * 101}},
    ],
)
async def test_STA6_what_is_malformed_is_refused_and_the_socket_stays(message: dict[str, Any]) -> None:
    async with TestServer() as server:
        ada = await (await server.sign_in("ada")).connect()
        assert (await ada.call(message))["error"]["code"] == 3
        assert await ada.call({"ping": {}}) == {"pong": {}}


async def test_STA7_a_socket_follows_a_bounded_number_of_people() -> None:
    async with TestServer(limits=Limits(session_streams_max=2)) as server:
        ada, bob, eve = [await server.sign_in(name) for name in ("ada", "bob", "eve")]
        socket = await ada.connect()
        await follow(socket, bob.user_id)
        await follow(socket, bob.user_id)
        refused = await socket.call({"status_follow": {"user_ids": [eve.user_id]}})
        assert "as much as it may" in refused["error"]["message"]


async def check_titles() -> None:
    async with TestServer(Game("alpha"), Game("beta")) as server:
        bob, there = await server.sign_in("bob"), await server.sign_in("bob", title=1)
        follower = await (await server.sign_in("ada")).connect()
        await follow(follower, bob.user_id)
        await there.connect(status=True)
        assert events(follower) == []
        await bob.connect(status=True)
        assert events(follower) == [{"joins": [("bob", "")]}]


async def test_STA8_titles_are_apart() -> None:
    await check_titles()


async def test_STA8_a_planted_fault_is_caught_a_stream_without_title(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Tracker.track
    monkeypatch.setattr(Tracker, "track", lambda self, stream, who: honest(self, stream._replace(title_id="alpha"), who))
    with pytest.raises(AssertionError):
        await check_titles()
