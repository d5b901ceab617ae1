"""Delivery: a message to everybody in a stream, or to some sessions. Encoded once, queued with each; never waits."""

from __future__ import annotations

from collections.abc import Iterable

from supergame.realtime.frame import Frame
from supergame.realtime.session import Session
from supergame.realtime.stream import Presence, Stream
from supergame.realtime.tracker import Tracker
from supergame.wire.message import Message


class MessageRouter:
    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker

    def to_stream(self, stream: Stream, message: Message, without: Session | None = None) -> None:
        """Send to all who are in the stream, hidden ones too, but not to `without`."""
        frame = Frame(message)
        for presence in tuple(self._tracker.receivers(stream)):  # a full queue may close a session, and so change the stream
            if presence.session is not without:
                presence.session.send(frame)

    def to_presences(self, presences: Iterable[Presence], message: Message) -> None:
        frame = Frame(message)
        for presence in presences:
            presence.session.send(frame)

    def to_sessions(self, sessions: Iterable[Session], message: Message) -> None:
        frame = Frame(message)
        for session in sessions:
            session.send(frame)
