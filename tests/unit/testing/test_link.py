"""A bad network in a test: it is slow, uneven and lossy as told, and never worse than a WebSocket."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from supergame.game import Context, Game, Match, MatchMessage
from supergame.testing import FakeLink, TestServer, TestSocket
from supergame.testing import link as links
from supergame.testing.socket import ABNORMAL, SocketClosed


def echo_game() -> Game:
    """A match that sends everything back, 10 times a second; and a function that takes its time."""
    game = Game("main")

    @game.match("echo", tick_rate_hz=10)
    class Echo:
        def loop(self, match: Match, messages: list[MatchMessage]) -> None:
            for message in messages:
                match.send(message.op_code, message.data)

    @game.rpc("create")
    async def create(ctx: Context, payload: str) -> str:
        await ctx.storage.write("save", "k", {"n": 1})
        return await ctx.matches.create("echo")

    return game


async def join(server: TestServer, link: FakeLink) -> tuple[TestSocket, str]:
    """A player in the echo match."""
    ada = await server.sign_in("ada")
    match_id = await ada.rpc("create")
    socket = await ada.connect(link=link)
    await socket.call({"match_join": {"match_id": match_id}})
    socket.take()
    return socket, match_id


def post(socket: TestSocket, match_id: str, op_code: int) -> None:
    socket.post({"match_data_send": {"match_id": match_id, "op_code": op_code, "data": ""}})


def op_codes(messages: list[dict[str, Any]]) -> list[int]:
    return [int(message["match_data"].get("op_code", "0")) for message in messages if "match_data" in message]


async def test_a_call_takes_the_way_there_and_back() -> None:
    async with TestServer() as server:
        socket = await (await server.sign_in("ada")).connect(link=FakeLink(delay_ms=80))
        began = server.clock.monotonic()
        assert await socket.call({"ping": {}}) == {"pong": {}}
        assert server.clock.monotonic() - began == pytest.approx(0.160)


async def test_while_the_server_works_the_clock_stands() -> None:
    async with TestServer(echo_game()) as server:
        socket = await (await server.sign_in("ada")).connect(link=FakeLink(delay_ms=50))
        began = server.clock.monotonic()
        assert "rpc" in await socket.call({"rpc": {"id": "create"}})  # waits for the database
        assert server.clock.monotonic() - began == pytest.approx(0.100)


async def test_input_meets_the_tick_after_its_arrival_and_the_answer_travels_back() -> None:
    async with TestServer(echo_game()) as server:
        slow, match_id = await join(server, FakeLink(delay_ms=120))
        server.tick()
        slow.take()
        post(slow, match_id, 7)
        server.tick()  # 100 ms later it has not arrived
        server.tick()  # now it has, and is sent back
        assert op_codes(slow.take()) == []
        server.advance(0.119)
        assert op_codes(slow.take()) == []
        server.advance(0.001)
        assert op_codes(slow.take()) == [7]


def orders(link: FakeLink) -> tuple[list[int], float, int]:
    """What comes back of 200 messages, how long it took, and how many were lost on the way."""

    async def play() -> tuple[list[int], float, int]:
        async with TestServer(echo_game()) as server:
            socket, match_id = await join(server, link)
            began, came = server.clock.monotonic(), []
            for number in range(200):
                post(socket, match_id, number)
                server.advance(0.010)
            while len(came) < 200:
                server.tick()
                came += op_codes(socket.take())
            return came, server.clock.monotonic() - began, link.losses

    return asyncio.run(play())


def test_nothing_is_lost_for_good_and_nothing_overtakes() -> None:
    came, _, losses = orders(FakeLink(delay_ms=40, jitter_ms=60, loss=0.1))
    assert came == list(range(200))
    assert losses > 10


def test_a_planted_fault_is_caught_a_link_on_which_messages_overtake(monkeypatch: pytest.MonkeyPatch) -> None:
    def hasty(self: Any, arrive: Any) -> None:
        self._clock.call_later(self._link.travel_s(), arrive)

    monkeypatch.setattr(links._Way, "carry", hasty)
    came, _, _ = orders(FakeLink(delay_ms=40, jitter_ms=60, loss=0.1))
    assert came != list(range(200))


def test_equal_seeds_make_equal_runs() -> None:
    runs = [orders(FakeLink(delay_ms=40, jitter_ms=60, loss=0.1, seed=seed)) for seed in (3, 3, 4)]
    assert runs[0] == runs[1] != runs[2]


def test_what_was_lost_comes_later() -> None:
    sure, lossy = FakeLink(delay_ms=10), FakeLink(delay_ms=10, loss=1.0)
    assert sure.travel_s() == pytest.approx(0.010)
    assert lossy.travel_s() == pytest.approx(0.010 + 0.2 * (2**links.LOSSES_MAX - 1))
    assert (sure.losses, lossy.losses) == (0, links.LOSSES_MAX)


async def test_a_close_by_the_server_arrives_behind_what_was_sent_before() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        socket = await ada.connect(link=FakeLink(delay_ms=50))
        socket.post({"ping": {}})
        socket.post(b"nonsense")
        server.advance(0.075)
        assert (socket.closed, socket.take(), len(server.node.registry)) == (None, [], 0)
        server.advance(0.025)
        assert (socket.take(), socket.closed) == ([{"pong": {}}], (1000, "malformed or unrecognised message"))


async def test_a_cut_loses_what_is_on_its_way_and_both_ends_know() -> None:
    async with TestServer(echo_game()) as server:
        link = FakeLink(delay_ms=50)
        socket, match_id = await join(server, link)
        bob = await (await server.sign_in("bob")).connect()
        await bob.call({"match_join": {"match_id": match_id}})
        bob.take()
        post(socket, match_id, 1)
        link.cut()
        server.advance(1.0)
        assert (socket.take(), socket.closed) == ([], (ABNORMAL, "the link was cut"))
        assert [list(message) for message in bob.take()] == [["match_presence_event"]]
        with pytest.raises(SocketClosed, match="cut"):
            await socket.next()
