"""Streams: join, leave, update, count, list, send and close, by server code only (rules STR1 to STR8 in docs/spec/streams.md).

A change is made at once. Whoever is in the stream hears of it when the call that made it has been answered, or with the next data.
"""

from __future__ import annotations

import msgspec

from supergame.base.ids import TitleId
from supergame.base.limits import Limits
from supergame.features.streams.model import SessionMissing, StreamId, StreamInvalid, stream_of
from supergame.realtime.router import MessageRouter
from supergame.realtime.session import Session, SessionRegistry
from supergame.realtime.stream import Presence
from supergame.realtime.tracker import Change, Tracker
from supergame.routing.context import Effects
from supergame.wire import rtapi
from supergame.wire.rtapi import UserPresence


class Streams:
    def __init__(self, registry: SessionRegistry, tracker: Tracker, router: MessageRouter, limits: Limits) -> None:
        self._registry, self._tracker, self._router, self._limits = registry, tracker, router, limits
        tracker.announce_with(None, self._tell)

    def join(
        self, title_id: TitleId, name: StreamId, session_id: str, hidden: bool, persistence: bool, status: str | None, effects: Effects
    ) -> None:
        """Put a session into a stream, or change it there; the others are told unless it is hidden.

        Raises:
            SessionMissing: there is no such socket in this title.
            StreamInvalid: the name, or a status that is too long.
        """
        stream, session = stream_of(title_id, name, self._limits), self.session(title_id, session_id)
        if status is not None and len(status.encode()) > self._limits.status_bytes_max:
            raise StreamInvalid(f"A status has at most {self._limits.status_bytes_max} bytes.")
        effects.add(self._tracker.announce, self._tracker.track(stream, Presence(session, hidden, persistence, status)))

    def update(self, title_id: TitleId, name: StreamId, session_id: str, status: str | None, effects: Effects) -> None:
        """Change the status of a session that is in a stream. Raises SessionMissing when it is not."""
        presence = self._tracker.get(stream_of(title_id, name, self._limits), session_id)
        if presence is None:
            raise SessionMissing
        self.join(title_id, name, session_id, presence.hidden, presence.persistence, status, effects)

    def leave(self, title_id: TitleId, name: StreamId, session_id: str, effects: Effects) -> None:
        """Take a session out; one that is not in it has left already."""
        stream = stream_of(title_id, name, self._limits)
        presence = self._tracker.get(stream, session_id)
        if presence is not None:
            effects.add(self._tracker.announce, self._tracker.untrack(stream, presence.session))

    def count(self, title_id: TitleId, name: StreamId) -> int:
        """How many sessions are in a stream, hidden ones too."""
        return self._tracker.count(stream_of(title_id, name, self._limits))

    def list(self, title_id: TitleId, name: StreamId, hidden: bool) -> list[Presence]:
        """Who is in a stream, in the order of joining."""
        return self._tracker.presences(stream_of(title_id, name, self._limits), hidden)

    def send(self, title_id: TitleId, name: StreamId, data: str, session_ids: set[str] | None, reliable: bool) -> None:
        """Send a text to all in a stream, hidden ones too, or to some of them. Raises StreamInvalid."""
        stream = stream_of(title_id, name, self._limits)
        if len(data.encode()) > self._limits.stream_data_bytes_max:
            raise StreamInvalid(f"Data of a stream has at most {self._limits.stream_data_bytes_max} bytes.")
        message = rtapi.StreamData(stream=_shown(name), data=data, reliable=reliable)
        if session_ids is None:
            self._router.to_stream(stream, message)
        else:
            present = self._tracker.presences(stream, hidden=True)
            self._router.to_presences([presence for presence in present if presence.session_id in session_ids], message)

    def close(self, title_id: TitleId, name: StreamId) -> None:
        """Take everybody out, without an event."""
        self._tracker.untrack_stream(stream_of(title_id, name, self._limits))

    def session(self, title_id: TitleId, session_id: str) -> Session:
        """An open socket of this title. Raises SessionMissing."""
        session = self._registry.get(session_id)
        if session is None or session.title_id != title_id:
            raise SessionMissing
        return session

    def _tell(self, change: Change) -> None:
        name = _shown(StreamId(*change.stream[1:]))
        joins, leaves = [_plain(presence) for presence in change.joins], [_plain(presence) for presence in change.leaves]
        self._router.to_stream(change.stream, rtapi.StreamPresenceEvent(stream=name, joins=joins, leaves=leaves))


def _shown(name: StreamId) -> rtapi.StreamName:
    return rtapi.StreamName(mode=name.mode, subject=name.subject, subcontext=name.subcontext, label=name.label)


def _plain(presence: Presence) -> UserPresence:
    """Clients do not see the status that a game keeps for itself, as in Nakama."""
    return msgspec.structs.replace(presence.shown(), status=None)
