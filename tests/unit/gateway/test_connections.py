"""How many, from where, and how it ends: rules in docs/spec/gateway.md."""

from __future__ import annotations

import asyncio

import pytest

from supergame.base.limits import Limits
from supergame.routing.http import Request, Response
from tests.unit.gateway.peer import Stage

GET = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"


def connections(stage: Stage) -> float:
    return stage.metrics.connections._value.get()


async def test_GW21_one_connection_more_than_in_all_is_told_and_closed() -> None:
    stage = Stage(Limits(connections_max=2))
    first, second, third = (stage.peer(f"192.0.2.{n}") for n in range(3))
    await third.send(GET)
    assert (third.statuses(), third.transport.closed, stage.asked) == ([503], True, [])
    await third.go_away()
    await first.go_away()
    fourth = stage.peer()
    for peer in (second, fourth):
        await peer.send(GET)
    assert (second.statuses(), fourth.statuses(), connections(stage)) == ([200], [200], 2)


async def test_GW21_one_address_cannot_take_all_connections() -> None:
    stage = Stage(Limits(connections_per_address_max=2))
    peers = [stage.peer("192.0.2.1") for _ in range(3)]
    other = stage.peer("192.0.2.2")
    for peer in (*peers, other):
        await peer.send(GET)
    assert [peer.statuses() for peer in (*peers, other)] == [[200], [200], [503], [200]]


async def test_GW21_a_trusted_proxy_stands_for_many_peers() -> None:
    stage = Stage(Limits(connections_per_address_max=1), trusted_proxies=("10.0.0.0/8",))
    peers = [stage.peer("10.1.2.3") for _ in range(3)]
    for peer in peers:
        await peer.send(GET)
    assert [peer.statuses() for peer in peers] == [[200]] * 3


async def test_GW21_a_connection_that_became_a_socket_still_counts() -> None:
    """Planted fault: sockets were not counted, so one peer could open any number."""
    ended = []

    def upgrade(request: Request, transport: asyncio.Transport, rest: bytes, on_lost) -> None:  # type: ignore[no-untyped-def]
        ended.append(on_lost)

    stage = Stage(Limits(connections_max=1), upgrade=upgrade)
    peer = stage.peer()
    await peer.send(b"GET /ws HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
    await peer.pass_time(100_000)
    refused = stage.peer()
    assert (refused.statuses(), peer.has_ended, connections(stage)) == ([503], False, 1)
    ended[0]()
    assert (connections(stage), stage.peer().statuses()) == (0, [])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.7", [], "192.0.2.7"),
        ("192.0.2.7", ["203.0.113.9"], "192.0.2.7"),  # anyone may write this header
        ("10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1, 203.0.113.9"], "203.0.113.9"),  # what stands before was written by the peer itself
        ("10.0.0.1", ["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["203.0.113.9, 10.0.0.2,10.0.0.3"], "203.0.113.9"),
        ("10.0.0.1", ["10.0.0.2"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", ["x" * 8_000], "10.0.0.1"),  # would be a key of the throttle
        ("10.0.0.1", ["203.0.113.9, unknown"], "10.0.0.1"),
        ("10.0.0.1", ["2001:DB8:0::1"], "2001:db8::1"),
        ("10.0.0.1", [], "10.0.0.1"),
    ],
)
async def test_GW22_who_calls(peer: str, forwarded: list[str], client: str) -> None:
    """Planted fault: Nakama's first fix of this kind believed the first entry (CVE-2022-2321)."""
    stage = Stage(trusted_proxies=("10.0.0.0/24",))
    head = "".join(f"X-Forwarded-For: {value}\r\n" for value in forwarded)
    await stage.peer(peer).send(f"GET / HTTP/1.1\r\n{head}\r\n".encode())
    assert [request.client_ip for request in stage.asked] == [client]


async def test_GW22_without_trusted_proxies_nobody_is_believed() -> None:
    stage = Stage()
    await stage.peer("127.0.0.1").send(b"GET / HTTP/1.1\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n")
    assert [request.client_ip for request in stage.asked] == ["127.0.0.1"]


async def test_GW20_draining_closes_idle_connections_and_lets_the_others_finish() -> None:
    stage = Stage()
    idle, fresh, busy, sending = (stage.peer() for _ in range(4))
    await idle.send(GET)
    await busy.send(b"GET /wait HTTP/1.1\r\n\r\n" + GET)
    await sending.send(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nx")
    stage.server.draining = True
    for peer in (idle, fresh, busy, sending):
        peer.protocol.drain()
    assert [peer.transport.closed for peer in (idle, fresh, busy, sending)] == [True, True, False, False]
    stage.open.set()
    await sending.send(b"y")
    for peer in (busy, sending):
        assert [(answer.status, answer.headers["connection"]) for answer in peer.heard()] == [(200, "close")]
        assert peer.transport.closed


async def test_GW20_whoever_comes_while_draining_is_refused() -> None:
    stage = Stage()
    stage.server.draining = True
    assert stage.peer().statuses() == [503]


async def test_GW20_a_handler_that_does_not_finish_is_cut_off() -> None:
    stage = Stage(Limits(drain_s=0.0))
    busy = stage.peer()
    await busy.send(b"GET /wait HTTP/1.1\r\n\r\n")
    await stage.server.drain()
    assert busy.transport.aborted


async def test_GW20_an_answer_after_the_deadline_of_a_handler_that_ignores_it_still_ends_the_connection() -> None:
    async def stubborn(request: Request) -> Response:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return Response(200, b"late")
        raise AssertionError

    peer = Stage(dispatch=stubborn).peer()
    await peer.send(GET + GET)
    await peer.pass_time(31)
    assert [(answer.status, answer.body) for answer in peer.heard()] == [(200, b"late")]
    assert peer.transport.closed
