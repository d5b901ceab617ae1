"""When frames leave a socket: the first at once, those that follow soon after it together, all in order."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from supergame.base.limits import Limits
from supergame.gateway import socket as gateway
from supergame.gateway.socket import Flusher, PlayerSocket
from supergame.realtime.frame import Frame
from supergame.realtime.session import CloseCode, SessionRegistry
from supergame.realtime.tracker import Tracker
from supergame.routing.context import Context
from supergame.telemetry.metrics import Metrics
from supergame.wire.rtapi import Error
from tests.unit.realtime.sockets import MAIN


class Loop:
    """The part of a loop that a flusher uses; its time is moved by the test."""

    def __init__(self) -> None:
        self.at, self.timers = 100.0, []

    def time(self) -> float:
        return self.at

    def call_later(self, delay: float, call: Any) -> None:
        self.timers.append((self.at + delay, call))

    def call_soon(self, call: Any, *args: Any) -> None:
        self.call_later(0.0, lambda: call(*args))

    def end_turn(self) -> None:
        """Run what was to run soon."""
        self.advance(0.0)

    def advance(self, seconds: float) -> None:
        self.at += seconds
        due = [timer for timer in self.timers if timer[0] <= self.at]
        self.timers = [timer for timer in self.timers if timer[0] > self.at]
        for _, call in due:
            call()


class Transport:
    """picows' transport and asyncio's in one, as far as a socket looks at them."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.closes: list[int] = []
        self.underlying_transport = self

    def set_write_buffer_limits(self, high: int) -> None: ...

    def write(self, data: bytes) -> None:
        self.writes.append(bytes(data))

    def send_close(self, code: Any, reason: bytes) -> None:
        self.closes.append(int(code))

    def disconnect(self, graceful: bool = True) -> None: ...

    def abort(self) -> None: ...


class Router:
    def opened(self, session: Any, query: Any) -> None: ...


Made = tuple[Loop, Transport, PlayerSocket]


def no_time() -> float:
    return 0.0


def open_socket(monkeypatch: pytest.MonkeyPatch, flush_ms: float, timer: Callable[[], float] = no_time) -> Made:
    loop, transport, router = Loop(), Transport(), Router()
    monkeypatch.setattr(gateway.asyncio, "get_running_loop", lambda: loop)
    made = PlayerSocket(Context(MAIN), "s1", router, SessionRegistry(), Tracker(), Flusher(flush_ms, timer), Metrics(), Limits())
    made.on_ws_connected(transport)
    return loop, transport, made


def frame(number: int) -> Frame:
    return Frame(Error(code=number))


def seen(transport: Transport) -> list[list[int]]:
    """The numbers of the frames in each write."""
    return [[json.loads(part)["error"]["code"] for part in _parts(data)] for data in transport.writes]


def _parts(data: bytes) -> list[bytes]:
    parts = []
    while data:
        size = data[1]  # all of these are short
        parts.append(data[2 : 2 + size])
        data = data[2 + size :]
    return parts


def check_flushing(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, transport, socket = open_socket(monkeypatch, flush_ms=8)
    socket.send(frame(1))
    loop.end_turn()
    assert seen(transport) == [[1]], "an idle socket does not wait"
    for number in (2, 3, 4):
        socket.send(frame(number))
    assert seen(transport) == [[1]]
    loop.advance(0.009)
    assert seen(transport) == [[1], [2, 3, 4]]
    socket.send(frame(5))  # it was busy just now
    loop.advance(0.009)
    assert seen(transport) == [[1], [2, 3, 4], [5]]
    for _ in range(2):  # windows in which nothing was held: it is idle again
        loop.advance(0.009)
    socket.send(frame(6))
    socket.send(frame(7))
    loop.end_turn()
    assert seen(transport) == [[1], [2, 3, 4], [5], [6, 7]], "what one turn of the loop sends leaves together"
    loop.advance(0.009)
    socket.send(frame(8))
    loop.end_turn()
    assert len(transport.writes) == 4, "one quiet window does not make it idle"
    loop.advance(0.009)
    assert seen(transport)[4:] == [[8]]
    for _ in range(4):
        loop.advance(1)
    assert len(transport.writes) == 5
    assert loop.timers == [], "an idle socket costs no timer"


def test_the_first_frame_leaves_at_once_and_later_ones_together_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    check_flushing(monkeypatch)


def test_a_planted_fault_is_caught_the_newest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = PlayerSocket.flush

    def backwards(self: PlayerSocket) -> None:
        self._held.reverse()
        honest(self)

    monkeypatch.setattr(PlayerSocket, "flush", backwards)
    with pytest.raises(AssertionError):
        check_flushing(monkeypatch)


def test_0_holds_nothing_back(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, transport, socket = open_socket(monkeypatch, flush_ms=0)
    for number in (1, 2, 3):
        socket.send(frame(number))
    assert (seen(transport), loop.timers) == ([[1], [2], [3]], [])


def test_what_is_held_leaves_before_a_close_and_nothing_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, transport, socket = open_socket(monkeypatch, flush_ms=8)
    for number in (1, 2, 3):
        socket.send(frame(number))
        loop.end_turn()
    socket.close(CloseCode.NORMAL, "the end")
    assert (seen(transport), transport.closes) == ([[1], [2, 3]], [1000])
    socket.send(frame(4))
    socket.close(CloseCode.POLICY, "again")
    loop.advance(10)
    assert (seen(transport), transport.closes) == ([[1], [2, 3]], [1000])


def test_a_socket_that_has_gone_is_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, transport, socket = open_socket(monkeypatch, flush_ms=8)
    for number in (1, 2):
        socket.send(frame(number))
        loop.end_turn()
    socket.on_ws_disconnected(transport)
    socket.send(frame(3))
    loop.advance(1)
    assert seen(transport) == [[1]]


@pytest.mark.parametrize(("writing_ms", "pause_ms"), [(0.0, 8), (2.0, 8), (3.0, 9), (3.5, 10.5), (4.0, 12), (400.0, 12)])
def test_the_pause_is_three_times_the_writing_within_bounds(monkeypatch: pytest.MonkeyPatch, writing_ms: float, pause_ms: float) -> None:
    """Large writes cost less than many: under load frames are held a little longer."""
    times_s: list[float] = []
    loop, transport, socket = open_socket(monkeypatch, flush_ms=8, timer=lambda: times_s.pop())
    socket.send(frame(1))
    loop.end_turn()
    socket.send(frame(2))
    times_s += [writing_ms / 1000, 0.0]
    loop.advance(0.0081)
    assert seen(transport) == [[1], [2]]
    assert [round((at - loop.at) * 1000, 3) for at, _ in loop.timers] == [pause_ms]


def test_a_socket_that_holds_much_is_written_before_the_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, transport, socket = open_socket(monkeypatch, flush_ms=8)
    socket.send(frame(1))
    loop.end_turn()
    large = Frame(Error(message="x" * 40_000))
    socket.send(large)
    assert len(transport.writes) == 1
    socket.send(large)
    assert len(transport.writes) == 2
    socket.send(frame(2))
    loop.advance(0.009)
    assert len(transport.writes) == 3
