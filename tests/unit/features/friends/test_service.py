"""Friends over the whole server, in one title and across two. Rules: docs/spec/friends.md; Nakama's own answers: tests/conformance."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from supergame.features.friends import service
from supergame.features.friends.service import Friends
from supergame.features.friends.store import FriendStore
from supergame.game import Game
from supergame.testing import TestPlayer, TestServer


def two() -> TestServer:
    return TestServer(Game("kitewind"), Game("starhop"))


async def add(player: TestPlayer, *others: TestPlayer, **query: Any) -> None:
    await player.call("POST", "/v2/friend", query={"ids": [other.user_id for other in others], **query})


async def befriend(one: TestPlayer, other: TestPlayer) -> None:
    await add(one, other)
    await add(other, one)


async def states(player: TestPlayer) -> dict[str, int]:
    found = (await player.get("/v2/friend")).get("friends", [])
    return {friend["user"]["username"]: friend["state"] for friend in found}


async def told(player: TestPlayer) -> list[int]:
    return [one["code"] for one in (await player.get("/v2/notification", limit=100)).get("notifications", [])]


async def count(player: TestPlayer) -> int:
    return int((await player.get("/v2/account"))["user"].get("edge_count", 0))


async def test_FRD1_an_invite_is_accepted_by_the_others_invite() -> None:
    async with TestServer() as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        await add(ada, bob, metadata='{"met": "arena"}')
        assert (await states(ada), await states(bob)) == ({"bob": 1}, {"ada": 2})
        await ada.call("POST", "/v2/friend", query={"usernames": ["BOB"]})
        await add(bob, ada)
        await add(ada, bob)
        assert (await states(ada), await states(bob)) == ({"bob": 0}, {"ada": 0})
        assert (await bob.get("/v2/friend"))["friends"][0]["metadata"] == '{"met": "arena"}'


async def test_FRD2_and_FRD8_every_title_has_the_same_friends_shown_by_their_profile_there_or_their_oldest() -> None:
    async with two() as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        ada_hops = await server.sign_in("ada", title=1)
        await befriend(ada, bob)
        assert await states(ada_hops) == {"bob": 0}, "by bob's profile in the other title"
        bob_hops = await server.sign_in("bob", title=1)
        await bob_hops.call("PUT", "/v2/account", body={"username": "hopper"})
        assert (await states(ada), await states(ada_hops)) == ({"bob": 0}, {"hopper": 0})


@pytest.mark.parametrize(
    "query",
    [
        {"ids": ["nonsense"]},
        {"usernames": ["nobody"]},
        {"usernames": [""]},
        {"usernames": ["ada"]},
        {"ids": ["00000000-0000-4000-8000-000000000000"] * 101},
        {"metadata": "[]"},
        {"metadata": "{" + " " * 4096 + "}"},
    ],
)
async def test_FRD3_who_cannot_be_invited_is_refused(query: dict[str, Any]) -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        for path in ("/v2/friend", "/v2/friend/block") if "metadata" not in query else ("/v2/friend",):
            answer = await ada.request("POST", path, query=query)
            assert (answer.status, answer.headers["X-Supergame-Error"]) == (400, "friends.invalid")
        await add(ada, TestPlayer(server, "", "", "00000000-0000-4000-8000-000000000000"))
        assert await states(ada) == {}


async def test_FRD4_either_side_ends_a_friendship_or_an_invite() -> None:
    async with TestServer() as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        await befriend(ada, bob)
        assert [await count(ada), await count(bob)] == [1, 1]
        await bob.call("DELETE", "/v2/friend", query={"ids": ada.user_id})
        assert [await states(ada), await states(bob), await count(ada), await count(bob)] == [{}, {}, 0, 0]
        await add(ada, bob)
        await bob.call("DELETE", "/v2/friend", query={"usernames": "ada"})
        assert (await states(ada), await states(bob)) == ({}, {})
        assert await told(ada) == [-3, -9], "an invite that is turned down is not told"


async def check_that_a_block_is_the_blockers_own(server: TestServer) -> None:
    ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
    await befriend(ada, bob)
    for player, other in ((ada, bob), (bob, ada)):
        await player.call("POST", "/v2/friend/block", query={"ids": other.user_id})
    await bob.call("DELETE", "/v2/friend", query={"ids": ada.user_id})
    assert (await states(ada), await states(bob)) == ({"bob": 3}, {}), "ada's block is not bob's to take away"
    await add(bob, ada)
    assert (await states(ada), await states(bob)) == ({"bob": 3}, {})
    assert -9 not in await told(bob)


async def test_FRD5_each_has_a_block_of_their_own_and_hears_nothing() -> None:
    async with TestServer() as server:
        await check_that_a_block_is_the_blockers_own(server)


async def test_a_planted_fault_is_caught_an_unblock_that_takes_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = FriendStore.delete

    def both(self: FriendStore, person: Any, other: Any) -> Any:
        yield from honest(self, person, other)
        yield from honest(self, other, person)

    monkeypatch.setattr(FriendStore, "delete", both)
    async with TestServer() as server:
        with pytest.raises(AssertionError):
            await check_that_a_block_is_the_blockers_own(server)


async def test_FRD5_a_block_closes_the_direct_channel_of_the_two_in_every_title() -> None:
    async with two() as server:
        players = [await server.sign_in(name, title=1) for name in ("ada", "bob")]
        ada, bob = players
        sockets = [await player.connect() for player in players]
        joined = [
            await socket.call({"channel_join": {"target": other.user_id, "type": 2}})
            for socket, other in zip(sockets, reversed(players), strict=True)
        ]
        send = {"channel_message_send": {"channel_id": joined[0]["channel"]["id"], "content": "{}"}}
        assert "channel_message_ack" in await sockets[1].call(send)
        in_kitewind = await server.sign_in("ada")
        await in_kitewind.call("POST", "/v2/friend/block", query={"ids": bob.user_id})
        assert "error" in await sockets[1].call(send)
        assert "error" in await sockets[0].call({"channel_join": {"target": bob.user_id, "type": 2}})
        assert "error" in await sockets[1].call({"channel_join": {"target": ada.user_id, "type": 2}})


async def test_FRD6_what_happens_is_told_where_the_receiver_is() -> None:
    async with two() as server:
        ada, bob = await server.sign_in("ada", title=1), await server.sign_in("bob")
        await add(ada, bob)
        (invite,) = (await bob.get("/v2/notification", limit=10))["notifications"]
        assert (invite["code"], invite["subject"], invite["sender_id"]) == (-2, "ada wants to add you as a friend", ada.user_id)
        await add(bob, ada)
        assert await told(ada) == [-3]
        socket = await bob.connect()
        await ada.call("DELETE", "/v2/friend", query={"ids": bob.user_id})
        assert (await socket.next())["notifications"]["notifications"][0]["code"] == -9


async def test_FRD7_pages_go_through_all_states() -> None:
    async with TestServer() as server:
        ada, *others = [await server.sign_in(name) for name in ("ada", "bob", "cleo", "dan", "eve")]
        bob, cleo, dan, eve = others
        await add(ada, bob, cleo)
        await befriend(dan, ada)
        await add(eve, ada)
        seen, cursor = [], ""
        while True:
            page = await ada.get("/v2/friend", limit=1, cursor=cursor)
            seen += [(friend["user"]["username"], friend["state"]) for friend in page["friends"]]
            if not (cursor := page.get("cursor", "")):
                break
        assert seen == [("dan", 0), ("bob", 1), ("cleo", 1), ("eve", 2)]
        page = await ada.get("/v2/friend", limit=1, state=1)
        assert (await ada.request("GET", "/v2/friend", query={"cursor": page["cursor"]})).status == 400, "of another list"
        assert [(await ada.request("GET", "/v2/friend", query={"limit": limit})).status for limit in (0, 1001)] == [400, 400]


async def check_that_only_friends_see_where_one_is(server: TestServer) -> None:
    ada, bob, eve = [await server.sign_in(name) for name in ("ada", "bob", "eve")]
    await befriend(ada, bob)
    await add(eve, bob)
    socket = await (await server.sign_in("bob", title=1)).connect(status=True)
    (seen,) = (await ada.get("/sg/v1/friends"))["friends"]
    assert (seen["online_in"], seen["friend"]["user"]["online"]) == (["starhop"], True)
    assert (await ada.get("/v2/friend"))["friends"][0]["user"]["online"] is True
    (hidden,) = (await eve.get("/sg/v1/friends"))["friends"]
    assert "online_in" not in hidden
    assert "online" not in hidden["friend"]["user"]
    socket.close()
    (seen,) = (await ada.get("/sg/v1/friends"))["friends"]
    assert "online_in" not in seen


async def test_FRD9_friends_see_in_which_title_one_is_online_and_nobody_else_does() -> None:
    async with two() as server:
        await check_that_only_friends_see_where_one_is(server)


async def test_a_planted_fault_is_caught_an_invite_that_is_enough_to_watch_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Friends._shown

    def all_friends(self: Friends, title_id: Any, page: Any) -> Any:
        return honest(self, title_id, page._replace(edges=[edge._replace(state=0) for edge in page.edges]))

    monkeypatch.setattr(Friends, "_shown", all_friends)
    async with two() as server:
        with pytest.raises(AssertionError):
            await check_that_only_friends_see_where_one_is(server)


async def test_FRD10_friends_of_friends_come_in_pages_without_those_one_knows_or_who_block() -> None:
    async with TestServer() as server:
        ada, bob, cleo, dan, eve, fay = [await server.sign_in(name) for name in ("ada", "bob", "cleo", "dan", "eve", "fay")]
        for friend in (ada, cleo, dan, eve, fay):
            await befriend(bob, friend)
        await add(ada, dan)
        await eve.call("POST", "/v2/friend/block", query={"ids": ada.user_id})
        page = await ada.get("/v2/friend/friends", limit=1)
        rest = await ada.get("/v2/friend/friends", limit=1, cursor=page["cursor"])
        found = [one["user"]["username"] for one in page["friends_of_friends"] + rest["friends_of_friends"]]
        assert sorted(found) == ["cleo", "fay"]
        assert "cursor" not in rest
        assert page["friends_of_friends"][0]["referrer"] == bob.user_id


async def test_FRD11_friends_are_counted_exactly_when_all_happens_at_once() -> None:
    async with TestServer() as server:
        players = [await server.sign_in(name) for name in ("ada", "bob", "cleo", "dan")]
        pairs = [(one, other) for one in players for other in players if one is not other]
        await asyncio.gather(*(add(one, other) for one, other in pairs))
        await asyncio.gather(*(add(one, other) for one, other in pairs))
        assert [await count(player) for player in players] == [3, 3, 3, 3]
        ends = [one.call("DELETE", "/v2/friend", query={"ids": other.user_id}) for one, other in pairs]
        await asyncio.gather(*ends)
        assert [await count(player) for player in players] == [0, 0, 0, 0]
        assert [await states(player) for player in players] == [{}, {}, {}, {}]


async def test_FRD12_a_list_has_an_end_on_either_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "FRIENDS_MAX", 1)
    async with TestServer() as server:
        ada, bob, cleo = [await server.sign_in(name) for name in ("ada", "bob", "cleo")]
        await add(ada, bob)
        for one, other in ((ada, cleo), (cleo, ada)):
            answer = await one.request("POST", "/v2/friend", query={"ids": other.user_id})
            assert (answer.status, answer.headers["X-Supergame-Error"]) == (429, "friends.too_many")
        await add(bob, ada)
        assert await states(ada) == {"bob": 0}, "an acceptance takes no more room"


async def test_FRD13_whoever_has_left_their_last_title_is_nobodys_friend() -> None:
    async with two() as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        ada_hops = await server.sign_in("ada", title=1)
        await befriend(ada, bob)
        await ada.call("DELETE", "/v2/account")
        await server.settle()
        assert await states(bob) == {"ada": 0}, "who is still in another title"
        await ada_hops.call("DELETE", "/v2/account")
        await server.settle()
        assert (await states(bob), await count(bob)) == ({}, 0)
