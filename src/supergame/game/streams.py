"""A game's access to streams: gatherings of sockets that only its own code makes, fills and speaks to."""

from __future__ import annotations

from collections.abc import Iterable

from supergame.base.ids import TitleId
from supergame.features.streams.model import SessionMissing, StreamId
from supergame.features.streams.service import Streams
from supergame.routing.context import Effects
from supergame.wire.rtapi import UserPresence


class StreamsAccess:
    """`ctx.streams`. Without a `session_id`, the calling session is meant; calls over HTTP have none and raise SessionMissing."""

    __slots__ = ("_effects", "_session_id", "_streams", "_title_id")

    def __init__(self, streams: Streams, title_id: TitleId, session_id: str, effects: Effects) -> None:
        self._streams, self._title_id, self._session_id, self._effects = streams, title_id, session_id, effects

    async def join(
        self, stream: StreamId, *, session_id: str = "", hidden: bool = False, persistence: bool = False, status: str | None = None
    ) -> None:
        """Put a session into a stream, as `StreamId(20, label="news")`. Hidden ones hear everything and are not announced."""
        self._streams.join(self._title_id, stream, self._session(session_id), hidden, persistence, status, self._effects)

    async def update(self, stream: StreamId, status: str | None, *, session_id: str = "") -> None:
        """Change the status of a session that is in a stream; the others see it leave and join."""
        self._streams.update(self._title_id, stream, self._session(session_id), status, self._effects)

    async def leave(self, stream: StreamId, *, session_id: str = "") -> None:
        """Take a session out of a stream. One that has left already is no error."""
        self._streams.leave(self._title_id, stream, self._session(session_id), self._effects)

    async def count(self, stream: StreamId) -> int:
        """How many sessions are in a stream, hidden ones too."""
        return self._streams.count(self._title_id, stream)

    async def list(self, stream: StreamId, *, hidden: bool = False) -> list[UserPresence]:
        """Who is in a stream, with their status; hidden ones only when asked for."""
        return [presence.shown() for presence in self._streams.list(self._title_id, stream, hidden)]

    async def send(self, stream: StreamId, data: str, *, to: Iterable[str] | None = None, reliable: bool = True) -> None:
        """Send a text to all in a stream, or to the sessions whose ids are given."""
        self._effects.flush()  # nobody hears a newcomer before they hear of them
        self._streams.send(self._title_id, stream, data, None if to is None else set(to), reliable)

    async def close(self, stream: StreamId) -> None:
        """Take everybody out, without an event."""
        self._streams.close(self._title_id, stream)

    def _session(self, session_id: str) -> str:
        if not session_id and not self._session_id:
            raise SessionMissing
        return session_id or self._session_id
