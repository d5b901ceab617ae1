"""What is too slow. The clock is the test's own; rules: docs/spec/gateway.md."""

from __future__ import annotations

import pytest

from supergame.base.limits import Limits
from tests.unit.gateway.peer import HIGH_WATER, Stage

GET = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
LIMITS = Limits(head_deadline_s=10, body_deadline_s=30, answer_deadline_s=20, idle_s=75, write_stall_s=25)


async def test_GW13_a_head_that_drips_gets_408_however_steadily_it_does() -> None:
    peer = Stage(LIMITS).peer()
    for letter in b"GET / HTTP":
        await peer.send(bytes([letter]))
        await peer.pass_time(0.9)
    assert peer.statuses() == []
    await peer.pass_time(1.2)
    assert (peer.statuses(), peer.has_ended) == ([408], True)


async def test_GW13_a_head_has_its_time_from_its_own_first_byte() -> None:
    peer = Stage(LIMITS).peer()
    await peer.send(GET)
    await peer.pass_time(60)
    await peer.send(b"GET ")
    await peer.pass_time(9.9)
    await peer.send(b"/a HTTP/1.1\r\n\r\n")
    assert peer.statuses() == [200, 200]
    await peer.send(b"GET ")
    await peer.pass_time(10.1)
    assert peer.statuses() == [200, 200, 408]


async def test_GW13_a_head_that_began_in_the_same_packet_as_its_predecessor_ended_has_no_more_time() -> None:
    """Planted fault: it counted as an idle connection, with 75 seconds."""
    peer = Stage(LIMITS).peer()
    await peer.send(GET + b"GET /b")
    await peer.pass_time(10.1)
    assert peer.statuses() == [200, 408]


async def test_GW13_a_body_that_drips_gets_408() -> None:
    peer = Stage(LIMITS).peer()
    await peer.send(b"POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(29):
        await peer.send(b"x")
        await peer.pass_time(1)
    assert peer.statuses() == []
    await peer.pass_time(1.1)
    assert (peer.statuses(), peer.has_ended) == ([408], True)


async def test_GW14_an_idle_connection_is_closed_without_a_word() -> None:
    peer = Stage(LIMITS).peer()
    await peer.send(GET)
    await peer.pass_time(74.9)
    assert not peer.has_ended
    await peer.pass_time(0.2)
    assert (peer.statuses(), peer.transport.aborted) == ([200], True)


@pytest.mark.parametrize("noise", [b"", b"\r\n"])
async def test_GW14_a_connection_that_asks_nothing_is_closed_when_a_head_would_be_late(noise: bytes) -> None:
    peer = Stage(LIMITS).peer()
    await peer.send(noise)
    await peer.pass_time(10.1)
    assert (peer.statuses(), peer.transport.aborted) == ([], True)


async def test_GW15_an_answer_that_takes_too_long_is_given_up_and_its_handler_cancelled() -> None:
    stage = Stage(LIMITS)
    peer = stage.peer()
    await peer.send(b"GET /wait HTTP/1.1\r\n\r\n" + GET)
    await peer.pass_time(19.9)
    assert (peer.statuses(), stage.cancelled) == ([], [])
    await peer.pass_time(0.2)
    assert [(answer.status, answer.json["code"], answer.headers["connection"]) for answer in peer.heard()] == [(504, 4, "close")]
    assert (stage.cancelled, peer.transport.closed) == (["/wait"], True)


async def test_GW15_what_a_peer_sends_meanwhile_moves_the_answers_deadline_neither_way() -> None:
    """Planted fault: the next head's first byte put 10 seconds in its place, or, sent late, 10 more."""
    stage = Stage(LIMITS)
    peer = stage.peer()
    await peer.send(b"GET /wait HTTP/1.1\r\n\r\n")
    await peer.pass_time(1)
    await peer.send(b"POST /b HTTP/1.1\r\nContent-Length: 9\r\n\r\n")
    await peer.pass_time(18)
    assert peer.statuses() == []
    await peer.send(b"x")
    await peer.pass_time(1.1)
    assert peer.statuses() == [504]


async def test_GW15_the_time_of_a_head_begins_anew_after_the_answer_before_it() -> None:
    stage = Stage(LIMITS)
    peer = stage.peer()
    await peer.send(b"GET /wait HTTP/1.1\r\n\r\nGET /b")
    await peer.pass_time(15)
    stage.open.set()
    await peer.settle()
    await peer.pass_time(9.9)
    assert peer.statuses() == [200]
    await peer.pass_time(0.2)
    assert peer.statuses() == [200, 408]


async def test_GW16_a_peer_that_reads_nothing_is_cut_off() -> None:
    stage = Stage(LIMITS)
    peer = stage.peer()
    peer.transport.stalled = True
    await peer.send(b"GET /large HTTP/1.1\r\n\r\n" + GET)
    await peer.pass_time(24.9)
    assert not peer.has_ended
    await peer.pass_time(0.2)
    assert (peer.transport.aborted, len(stage.asked)) == (True, 1)


async def test_GW16_a_peer_that_reads_nothing_cannot_buy_time_with_requests() -> None:
    stage = Stage(LIMITS)
    peer = stage.peer()
    peer.transport.stalled = True
    await peer.send(b"GET /large HTTP/1.1\r\n\r\n")
    for _ in range(5):
        await peer.pass_time(5)
        await peer.send(GET)
    await peer.pass_time(0.1)
    assert (peer.transport.aborted, len(stage.asked)) == (True, 1)


async def test_GW16_a_slow_reader_may_take_its_time_for_a_large_answer() -> None:
    """Planted fault: a phone that took a megabyte in a minute was cut off after 30 seconds."""
    stage = Stage(LIMITS)
    peer = stage.peer()
    peer.transport.stalled = True
    await peer.send(b"GET /large HTTP/1.1\r\n\r\n" + GET)
    while peer.transport.unsent > HIGH_WATER // 4:
        await peer.pass_time(20)
        peer.transport.read_some(100_000)
    await peer.settle()
    assert (peer.statuses(), peer.has_ended) == ([200, 200], False)
    await peer.pass_time(75.1)
    assert peer.transport.aborted


async def test_GW16_the_last_answer_of_a_closed_connection_has_the_same_time() -> None:
    peer = Stage(LIMITS).peer()
    peer.transport.stalled = True
    await peer.send(b"GET /large HTTP/1.0\r\n\r\n")
    assert (peer.transport.closed, peer.transport.aborted) == (True, False)
    await peer.pass_time(20)
    peer.transport.read_some(10_000)
    await peer.pass_time(20)
    assert not peer.transport.aborted
    await peer.pass_time(25.1)
    assert peer.transport.aborted
