"""Who is in which stream. In memory, of this node.

A change is made at once and told later: `track` and `untrack` return it, and whoever made it announces it when the reply that
belongs to it has left, so that a client learns the answer before the event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple
from weakref import WeakSet

from supergame.realtime.session import Session
from supergame.realtime.stream import Presence, Stream


class Change(NamedTuple):
    """What happened in a stream. A changed status is a leave and a join."""

    stream: Stream
    joins: tuple[Presence, ...] = ()
    leaves: tuple[Presence, ...] = ()


Announce = Callable[[Change], None]


class Tracker:
    """Streams to presences, sessions to streams."""

    def __init__(self) -> None:
        self._streams: dict[Stream, dict[str, Presence]] = {}
        self._sessions: dict[str, set[Stream]] = {}
        self._ended: WeakSet[Session] = WeakSet()
        self._announcers: dict[int, Announce] = {}
        self._default_announcer: Announce | None = None

    def announce_with(self, mode: int | None, announce: Announce) -> None:
        """How changes of a mode's streams are told; None for all modes that have no announcer of their own."""
        if mode is None:
            self._default_announcer = announce
        else:
            self._announcers[mode] = announce

    def track(self, stream: Stream, presence: Presence) -> Change | None:
        """Put a session into a stream, or change its presence there. None when there is nothing to tell.

        A session that has ended meanwhile stays out: nobody would ever take it out again.
        """
        if presence.session in self._ended:
            return None
        presences = self._streams.setdefault(stream, {})
        before = presences.get(presence.session_id)
        presences[presence.session_id] = presence
        self._sessions.setdefault(presence.session_id, set()).add(stream)
        joins = () if presence.hidden else (presence,)
        leaves = () if before is None or before.hidden else (before,)
        return None if joins == leaves else Change(stream, joins, leaves)

    def untrack(self, stream: Stream, session: Session) -> Change | None:
        """Take a session out of a stream. None when it was not there, or hidden."""
        presence = self._streams.get(stream, {}).pop(session.session_id, None)
        if presence is None:
            return None
        self._sessions[session.session_id].discard(stream)
        if not self._streams[stream]:
            del self._streams[stream]
        return None if presence.hidden else Change(stream, leaves=(presence,))

    def untrack_session(self, session: Session) -> None:
        """Take a session that has ended out of all its streams for good, and tell."""
        self._ended.add(session)
        for stream in sorted(self._sessions.get(session.session_id, ())):
            self.announce(self.untrack(stream, session))
        self._sessions.pop(session.session_id, None)

    def untrack_stream(self, stream: Stream) -> None:
        """Empty a stream without an event."""
        for presence in self._streams.pop(stream, {}).values():
            self._sessions[presence.session_id].discard(stream)

    def announce(self, change: Change | None) -> None:
        """Tell a change to those it concerns."""
        if change is not None:
            announce = self._announcers.get(change.stream.mode, self._default_announcer)
            if announce is not None:
                announce(change)

    def get(self, stream: Stream, session_id: str) -> Presence | None:
        return self._streams.get(stream, {}).get(session_id)

    def presences(self, stream: Stream, hidden: bool = False) -> list[Presence]:
        """Who is in a stream, in the order of joining; hidden ones only when asked for."""
        return [presence for presence in self._streams.get(stream, {}).values() if hidden or not presence.hidden]

    def count(self, stream: Stream) -> int:
        return len(self._streams.get(stream, ()))

    def count_of(self, session: Session) -> int:
        """In how many streams a session is."""
        return len(self._sessions.get(session.session_id, ()))

    def receivers(self, stream: Stream) -> Iterable[Presence]:
        """Everybody in a stream, for delivery: a live view, to be used at once."""
        return self._streams.get(stream, {}).values()

    def streams_of(self, session: Session) -> Iterable[Stream]:
        return tuple(self._sessions.get(session.session_id, ()))
