"""Delivery: to all in a stream, encoded once, whatever happens on the way."""

from __future__ import annotations

from supergame.realtime.frame import Frame
from supergame.realtime.router import MessageRouter
from supergame.realtime.session import CloseCode
from supergame.realtime.stream import Mode, Presence, Stream
from supergame.realtime.tracker import Tracker
from supergame.wire.rtapi import Pong
from tests.unit.realtime.sockets import MAIN, Socket

LOBBY = Stream(MAIN, Mode.ROOM, label="lobby")


def lobby(*sockets: Socket, hidden: bool = False) -> tuple[Tracker, MessageRouter]:
    tracker = Tracker()
    for socket in sockets:
        tracker.track(LOBBY, Presence(socket, hidden=hidden))
    return tracker, MessageRouter(tracker)


def test_everybody_in_a_stream_is_sent_the_same_frame() -> None:
    ada, bob, elsewhere = Socket("ada"), Socket("bob"), Socket("carol")
    _, router = lobby(ada, bob)
    router.to_stream(LOBBY, Pong())
    assert ada.sent == bob.sent == [{"pong": {}}]
    assert ada.frames[0] is bob.frames[0], "encoded once"
    assert elsewhere.sent == []


def test_hidden_members_hear_too() -> None:
    ghost = Socket("ghost")
    lobby(ghost, hidden=True)[1].to_stream(LOBBY, Pong())
    assert len(ghost.sent) == 1


def test_one_may_be_left_out() -> None:
    ada, bob = Socket("ada"), Socket("bob")
    lobby(ada, bob)[1].to_stream(LOBBY, Pong(), without=ada)
    assert (ada.sent, bob.sent) == ([], [{"pong": {}}])


def test_some_presences_or_sessions() -> None:
    ada, bob = Socket("ada"), Socket("bob")
    tracker, router = lobby(ada, bob)
    router.to_presences(tracker.presences(LOBBY)[:1], Pong())
    router.to_sessions([bob], Pong())
    assert len(ada.sent) == len(bob.sent) == 1


def test_a_member_that_is_closed_by_the_delivery_disturbs_nobody() -> None:
    class Slow(Socket):
        def send(self, frame: Frame) -> None:
            self.close(CloseCode.POLICY, "reads too little")
            tracker.untrack_session(self)

    slow, ada = Slow("slow"), Socket("ada")
    tracker, router = lobby(slow, ada)
    router.to_stream(LOBBY, Pong())
    router.to_stream(LOBBY, Pong())
    assert (len(slow.closed), len(ada.sent)) == (1, 2)
