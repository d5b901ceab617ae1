"""Relayed matches over the whole server, without sockets. Rules: docs/spec/matches.md."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from supergame.base.limits import Limits
from supergame.features.matches.service import Matches
from supergame.game import Context, Game
from supergame.realtime.session import Session
from supergame.realtime.stream import Presence, Stream
from supergame.realtime.tracker import Tracker
from supergame.testing import TestServer, TestSocket
from supergame.wire.rtapi import MatchData, MatchDataSend

HELLO = "aGVsbG8="


async def sockets(server: TestServer, *names: str, title: int = 0) -> list[TestSocket]:
    return [await (await server.sign_in(name, title=title)).connect() for name in names]


async def create(socket: TestSocket, name: str = "") -> str:
    return (await socket.call({"match_create": {"name": name}}))["match"]["match_id"]


async def join(socket: TestSocket, match_id: str) -> dict[str, Any]:
    return await socket.call({"match_join": {"match_id": match_id}})


async def meet(server: TestServer, *names: str) -> tuple[str, list[TestSocket]]:
    """Players in one match, who have heard of each other."""
    players = await sockets(server, *names)
    match_id = await create(players[0])
    for player in players[1:]:
        await join(player, match_id)
    for player in players:
        player.take()
    return match_id, players


def data(match_id: str, *targets: TestSocket, **more: Any) -> dict[str, Any]:
    presences = [{"user_id": one.user_id, "session_id": one.session_id, "username": one.username} for one in targets]
    return {"match_data_send": {"match_id": match_id, "op_code": "7", "data": HELLO, "presences": presences, **more}}


def heard(socket: TestSocket) -> list[str]:
    """Who said something, and who came (+) and went (-)."""
    found = []
    for envelope in socket.take():
        event = envelope.get("match_presence_event", {})
        found += [f"+{one['username']}" for one in event.get("joins", [])] + [f"-{one['username']}" for one in event.get("leaves", [])]
        if "match_data" in envelope:
            found.append(envelope["match_data"]["presence"]["username"])
        if "error" in envelope:
            found.append(f"error {envelope['error']['code']}")
    return found


async def test_MAT1_equal_names_meet() -> None:
    async with TestServer() as server:
        ada, bob, eve = await sockets(server, "ada", "bob", "eve")
        match_id = await create(ada, "lobby")
        assert match_id == f"{uuid.uuid5(uuid.NAMESPACE_DNS, 'lobby')}."
        reply = (await bob.call({"match_create": {"name": "lobby"}}))["match"]
        assert (reply["match_id"], reply["size"], [one["username"] for one in reply["presences"]]) == (match_id, 2, ["ada"])
        assert await create(eve) != match_id
        assert (await eve.call({"match_create": {"name": "x" * 129}}))["error"]["code"] == 3


async def test_MAT2_a_match_is_joined_while_somebody_is_in_it() -> None:
    async with TestServer() as server:
        match_id, (ada, bob) = await meet(server, "ada", "bob")
        (eve,) = await sockets(server, "eve")
        assert (await join(eve, match_id))["match"]["size"] == 2
        for one in (ada, bob, eve):
            await one.call({"match_leave": {"match_id": match_id}})
        assert (await join(eve, match_id))["error"]["code"] == 4


async def test_MAT2_a_token_opens_its_match() -> None:
    async with TestServer(Game("main"), Game("beta")) as server:
        ada, bob = await sockets(server, "ada", "bob")
        (cat,) = await sockets(server, "cat", title=1)
        match_id = f"{server.new_id()}."
        token = server.node.matches.token(ada.title_id, match_id)
        assert (await ada.call({"match_join": {"token": token}}))["match"]["match_id"] == match_id
        assert (await bob.call({"match_join": {"token": token}}))["match"]["size"] == 1
        assert (await cat.call({"match_join": {"token": token}}))["error"]["code"] == 3
        session_token = (await server.sign_in("ada")).token
        assert (await bob.call({"match_join": {"token": session_token}}))["error"]["code"] == 3
        server.clock.advance(31)
        assert (await bob.call({"match_join": {"token": token}}))["error"]["code"] == 3


async def test_MAT3_data_goes_to_all_others() -> None:
    async with TestServer() as server:
        match_id, (ada, bob, eve) = await meet(server, "ada", "bob", "eve")
        ada.post({"cid": "9", **data(match_id)})
        assert (heard(ada), heard(bob), heard(eve)) == ([], ["ada"], ["ada"])


async def test_MAT3_data_goes_to_those_listed() -> None:
    async with TestServer() as server:
        match_id, (ada, bob, eve) = await meet(server, "ada", "bob", "eve")
        (outside,) = await sockets(server, "outside")
        ada.post(data(match_id, bob, bob, ada, outside))
        assert [heard(one) for one in (ada, bob, eve, outside)] == [["ada"], ["ada"], [], []]
        ada.post(data(match_id, outside))
        assert [heard(one) for one in (ada, bob, eve, outside)] == [[], [], [], []]


async def strangers_are_heard(server: TestServer) -> bool:
    match_id, (ada, bob) = await meet(server, "ada", "bob")
    (eve,) = await sockets(server, "eve")
    eve.post(data(match_id))
    ada.post(data(match_id))
    return heard(bob) != ["ada"] or heard(eve) != []


async def test_MAT4_strangers_neither_speak_nor_hear() -> None:
    async with TestServer() as server:
        assert not await strangers_are_heard(server)


async def test_MAT4_a_planted_fault_is_caught_data_of_a_non_member(monkeypatch: pytest.MonkeyPatch) -> None:
    def unchecked(self: Matches, stream: Stream, session: Session, request: MatchDataSend) -> None:
        self._router.to_stream(stream, MatchData(match_id=request.match_id, presence=Presence(session).shown()), without=session)

    monkeypatch.setattr(Matches, "_relay", unchecked)
    async with TestServer() as server:
        assert await strangers_are_heard(server)


async def test_MAT4_a_malformed_id_is_told_without_the_cid() -> None:
    async with TestServer() as server:
        (ada,) = await sockets(server, "ada")
        ada.post({"cid": "4", **data("nonsense")})
        ((name, error),) = ada.take()[0].items()
        assert (name, error["code"]) == ("error", 3)
        ada.post(data(f"{server.new_id()}."))
        assert ada.take() == []


async def test_MAT5_the_reply_leaves_before_its_event() -> None:
    async with TestServer() as server:
        ada, bob = await sockets(server, "ada", "bob")
        match_id = await create(ada)
        await join(bob, match_id)
        assert [next(name for name in one if name != "cid") for one in bob.log] == ["match", "match_presence_event"]
        assert (heard(ada), heard(bob)) == (["+ada", "+bob"], ["+bob"])
        await bob.call({"match_leave": {"match_id": match_id}})
        assert (heard(ada), heard(bob)) == (["-bob"], [])


async def test_MAT5_joining_again_changes_nothing() -> None:
    async with TestServer() as server:
        match_id, (ada, bob) = await meet(server, "ada", "bob")
        reply = (await join(bob, match_id))["match"]
        assert (reply["size"], heard(ada), heard(bob)) == (2, [], [])


async def leaves_are_lost(server: TestServer) -> bool:
    match_id, (ada, bob) = await meet(server, "ada", "bob")
    bob.close()
    lost = heard(ada) != ["-bob"]
    await ada.call({"match_leave": {"match_id": match_id}})
    return lost or "error" not in await join(ada, match_id)


async def test_MAT6_a_socket_that_ends_has_left() -> None:
    async with TestServer() as server:
        assert not await leaves_are_lost(server)


async def test_MAT6_a_planted_fault_is_caught_a_lost_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Tracker, "untrack_session", lambda self, session: None)
    async with TestServer() as server:
        assert await leaves_are_lost(server)


async def test_MAT6_leaving_what_one_is_not_in_is_fine() -> None:
    async with TestServer() as server:
        (ada,) = await sockets(server, "ada")
        assert await ada.call({"match_leave": {"match_id": f"{server.new_id()}."}}) == {}
        assert (await ada.call({"match_leave": {"match_id": "?"}}))["error"]["code"] == 3


async def test_MAT5_who_leaves_before_the_join_is_told_never_came() -> None:
    """An after hook holds the reply back, and the socket ends meanwhile."""
    game = Game("main")

    @game.after("match_join")
    async def leave_first(ctx: Context, request: Any, reply: Any) -> None:
        if ctx.username == "bob":
            await ctx.disconnect()

    async with TestServer(game) as server:
        ada, bob = await sockets(server, "ada", "bob")
        match_id = await create(ada)
        heard(ada)
        bob.post({"cid": "1", "match_join": {"match_id": match_id}})
        assert await ada.next()
        await server.settle()
        assert not [one for one in ada.take() if "joins" in one.get("match_presence_event", {})]
        assert server.node.matches.get(ada.title_id, match_id).size == 1  # type: ignore[union-attr]


async def test_MAT7_single_match_leaves_all_others() -> None:
    async with TestServer() as server:
        server.node.matches._has_single_match = lambda title_id: True
        ada, bob = await sockets(server, "ada", "bob")
        first, second = await create(ada), await create(bob)
        await join(bob, first)
        assert heard(ada) == ["+ada", "+bob"]
        assert heard(bob) == ["+bob", "+bob"]
        assert (await join(ada, second))["error"]["code"] == 4
        await create(bob)
        assert heard(ada) == ["-bob"]


async def test_MAT8_matches_and_sockets_have_bounds() -> None:
    async with TestServer(limits=Limits(match_players_max=2, matches_per_session_max=2)) as server:
        match_id, (ada, _) = await meet(server, "ada", "bob")
        (eve,) = await sockets(server, "eve")
        assert (await join(eve, match_id))["error"]["code"] == 5
        await create(ada)
        assert (await ada.call({"match_create": {}}))["error"]["code"] == 5


async def test_MAT9_titles_are_apart() -> None:
    async with TestServer(Game("main"), Game("beta")) as server:
        (ada,) = await sockets(server, "ada")
        (eve,) = await sockets(server, "ada", title=1)
        match_id = await create(ada, "lobby")
        assert (await join(eve, match_id))["error"]["code"] == 4
        assert await create(eve, "lobby") == match_id
        assert (heard(ada), heard(eve)) == (["+ada"], ["+ada"])
        ada.post(data(match_id))
        assert heard(eve) == []
        await ada.call({"match_leave": {"match_id": match_id}})
        assert heard(eve) == []
        ada_too = await server.sign_in("ada")
        assert (await ada_too.get("/v2/match", limit=10)).get("matches") is None


async def test_MAT25_relayed_matches_are_listed_by_size() -> None:
    async with TestServer() as server:
        match_id, _ = await meet(server, "ada", "bob")
        await meet(server, "cat")
        ada = await server.sign_in("ada")
        assert (await ada.get("/v2/match", limit=10, min_size=2))["matches"] == [{"match_id": match_id, "size": 2}]
        assert len((await ada.get("/v2/match", limit=10, authoritative="false"))["matches"]) == 2
        assert len((await ada.get("/v2/match"))["matches"]) == 1
        assert await ada.get("/v2/match", limit=10, authoritative="true") == {}
        for wrong in (
            {"limit": 0},
            {"limit": 101},
            {"min_size": 3, "max_size": 2},
            {"min_size": -1},
            {"authoritative": "false", "label": "x"},
        ):
            assert (await ada.request("GET", "/v2/match", query=wrong)).status == 400
