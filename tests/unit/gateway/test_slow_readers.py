"""Peers that stop reading, among many that read: nobody else waits for them, they cost little, and they are gone soon (GW31).

In a match of 200, ten stop. Time is the test's; the system's buffers are as small as the gateway makes them.
"""

from __future__ import annotations

from typing import Any

import pytest

from supergame.base.limits import Limits
from supergame.features.matches.model import MatchId
from supergame.gateway import socket as gateway
from supergame.gateway.socket import Flusher, PlayerSocket
from supergame.gateway.ws import SYSTEM_BUFFER_BYTES
from supergame.realtime.router import MessageRouter
from supergame.realtime.session import SessionRegistry
from supergame.realtime.stream import Presence, Stream
from supergame.realtime.tracker import Change, Tracker
from supergame.routing.context import Context
from supergame.telemetry.metrics import Metrics
from supergame.wire.message import Message
from supergame.wire.rtapi import MatchData
from tests.unit.gateway.test_flush import Router, Transport
from tests.unit.realtime.sockets import MAIN

PLAYERS, STOPPED = 200, 10
FLUSH_MS, TICK_S = 8.0, 0.05
GONE_WITHIN_S = 5.0
STREAM = MatchId("m", "").stream(MAIN)
DATA = MatchData(match_id="m.", op_code=1, data=b"x" * 2_048)  # 20 times a second: 55 kB
WRITE_BYTES_MAX = 131_072  # what is held, and a message


class Timer:
    def __init__(self, at: float, call: Any) -> None:
        self.at, self.call, self.is_cancelled = at, call, False

    def cancel(self) -> None:
        self.is_cancelled = True


class Loop:
    """A loop's timers, in a time that the test moves."""

    def __init__(self) -> None:
        self.now, self._timers = 100.0, []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, call: Any, *args: Any) -> Timer:
        self._timers.append(Timer(self.now + delay, lambda: call(*args)))
        return self._timers[-1]

    def call_soon(self, call: Any, *args: Any) -> Timer:
        return self.call_later(0.0, call, *args)

    def advance(self, seconds: float) -> None:
        end = self.now + seconds
        while due := [timer for timer in self._timers if timer.at <= end]:
            timer = min(due, key=lambda timer: timer.at)
            self._timers.remove(timer)
            self.now = timer.at
            if not timer.is_cancelled:
                timer.call()
        self.now = end


class Peer(Transport):
    """A transport with the system's buffer in front of it. It reads everything at once, until it stops reading."""

    def __init__(self) -> None:
        super().__init__()
        self.socket: PlayerSocket
        self.reads = True
        self.system = self.unsent = self.unsent_max = 0
        self.is_aborted = False
        self._high = 65_536

    def set_write_buffer_limits(self, high: int) -> None:
        self._high = high

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def write(self, data: bytes) -> None:
        super().write(data)
        if self.reads:
            return
        taken = min(SYSTEM_BUFFER_BYTES - self.system, len(data))
        self.system += taken
        was_behind, self.unsent = self.unsent > self._high, self.unsent + len(data) - taken
        self.unsent_max = max(self.unsent_max, self.unsent)
        if self.unsent > self._high and not was_behind:
            self.socket.pause_writing()

    def read(self, size: int) -> None:
        """It reads a little, after all."""
        was_behind, self.unsent = self.unsent > self._high, max(0, self.unsent - size)
        if was_behind and self.unsent <= self._high // 4:
            self.socket.resume_writing()

    def abort(self) -> None:
        self.is_aborted = True
        self.unsent = self.system = 0
        self.socket.on_ws_disconnected(self)


class Match:
    """A stream full of sockets, told as matches are of who leaves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, limits: Limits | None = None, players: int = PLAYERS) -> None:
        self.loop, self.tracker, self.metrics = Loop(), Tracker(), Metrics()
        monkeypatch.setattr(gateway.asyncio, "get_running_loop", lambda: self.loop)
        self.router, self.left = MessageRouter(self.tracker), []
        self.tracker.announce_with(None, self._tell)
        flusher, registry = Flusher(FLUSH_MS, lambda: 0.0), SessionRegistry()
        self.peers = [Peer() for _ in range(players)]
        for number, peer in enumerate(self.peers):
            parts = (Router(), registry, self.tracker, flusher, self.metrics, limits or Limits())
            peer.socket = PlayerSocket(Context(MAIN), f"s{number}", *parts)
            peer.socket.on_ws_connected(peer)
            self.tracker.track(STREAM, Presence(peer.socket))

    def _tell(self, change: Change) -> None:
        self.left += [presence.session_id for presence in change.leaves]
        self.router.to_stream(change.stream, DATA)  # as large as it gets

    def play(self, seconds: float) -> None:
        for _ in range(round(seconds / TICK_S)):
            self.router.to_stream(STREAM, DATA)
            self.loop.advance(TICK_S)


def bytes_written(peer: Peer) -> int:
    return sum(map(len, peer.writes))


def check_that_nobody_waits_for_those_who_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    match = Match(monkeypatch)
    match.play(1.0)
    offenders, others = match.peers[:STOPPED], match.peers[STOPPED:]
    for peer in offenders:
        peer.reads = False
    for _ in range(round(GONE_WITHIN_S / TICK_S)):
        before = [bytes_written(peer) for peer in others]
        match.router.to_stream(STREAM, DATA)
        match.loop.advance(FLUSH_MS / 1000)
        assert all(bytes_written(peer) - was > len(DATA.data) for peer, was in zip(others, before, strict=True)), "everybody has it in time"
        match.loop.advance(TICK_S - FLUSH_MS / 1000)
    assert {peer.unsent_max for peer in others} == {0}
    cap = Limits().socket_unsent_bytes_max + WRITE_BYTES_MAX
    assert 0 < max(peer.unsent_max for peer in offenders) <= cap
    assert sorted(match.left) == sorted(peer.socket.session_id for peer in offenders), "they have left, and it was told"
    assert all(peer.is_aborted and peer.closes == [1008] for peer in offenders)
    assert match.metrics.slow_readers._value.get() == STOPPED


def test_GW31_nobody_waits_for_those_who_stop_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    check_that_nobody_waits_for_those_who_stop(monkeypatch)


@pytest.mark.parametrize("fault", ["nobody looks whether they read", "they stay in their streams", "they hold up the others"])
def test_GW31_planted_faults_are_caught(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    if fault == "nobody looks whether they read":
        monkeypatch.setattr(PlayerSocket, "pause_writing", lambda self: None)
    elif fault == "they stay in their streams":
        monkeypatch.setattr(PlayerSocket, "_leave", lambda self: None)
    else:

        def polite(self: MessageRouter, stream: Stream, message: Message) -> None:
            if not any(presence.session._backlog for presence in self._tracker.presences(stream)):  # type: ignore[attr-defined]
                honest(self, stream, message)

        honest = MessageRouter.to_stream
        monkeypatch.setattr(MessageRouter, "to_stream", polite)
    with pytest.raises(AssertionError):
        check_that_nobody_waits_for_those_who_stop(monkeypatch)


def test_GW31_who_reads_slowly_but_steadily_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    match = Match(monkeypatch, players=2)
    slow = match.peers[0]
    slow.reads = False
    for _ in range(20):
        match.play(1.0)
        slow.read(56_000)  # about what it was sent
    assert (match.left, slow.closes) == ([], [])


def test_GW31_who_is_sent_too_much_at_once_is_closed_before_it_stalls(monkeypatch: pytest.MonkeyPatch) -> None:
    match = Match(monkeypatch, Limits(socket_stall_s=1_000.0), players=2)
    match.peers[0].reads = False
    match.play(10.0)
    assert match.left == ["s0"]
    assert match.peers[0].unsent_max <= Limits().socket_unsent_bytes_max + WRITE_BYTES_MAX


def test_GW31_many_that_stop_at_once_do_not_bring_each_other_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: a leave told within a delivery, to peers who then leave within that, and so on: RecursionError."""
    match = Match(monkeypatch, Limits(socket_stall_s=1_000.0), players=400)
    for peer in match.peers[1:]:
        peer.reads = False
    match.play(10.0)
    assert len(match.left) == 399
    assert match.tracker.count(STREAM) == 1
