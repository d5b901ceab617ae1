"""Status: appear, update, follow, unfollow (rules STA1 to STA8 in docs/spec/status.md).

A person has one stream. Who appears in it visibly is online, with a status; whoever follows is in it as well, but hidden, so events
reach followers as they reach anybody in a stream, and a socket that ends is forgotten with its follows.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from supergame.base.errors import InvalidArgument
from supergame.base.ids import TitleId, UserId, is_uuid
from supergame.base.limits import Limits
from supergame.features.accounts.service import Accounts
from supergame.features.status.model import StatusInvalid, TooManyFollowed
from supergame.realtime.router import MessageRouter
from supergame.realtime.session import Session
from supergame.realtime.stream import Mode, Presence, Stream
from supergame.realtime.tracker import Change, Tracker
from supergame.wire import rtapi


class StatusService:
    """Follows belong to a socket. Everybody follows themselves: a person's sockets hear of each other."""

    def __init__(self, accounts: Accounts, tracker: Tracker, router: MessageRouter, limits: Limits) -> None:
        self._accounts, self._tracker, self._router, self._limits = accounts, tracker, router, limits
        tracker.announce_with(Mode.STATUS, self._tell)

    def opened(self, session: Session, appears: bool) -> None:
        """A socket follows its own person, and appears online when asked to."""
        change = self._tracker.track(self._own(session), Presence(session, hidden=not appears, status="" if appears else None))
        self._tracker.announce(change)

    def update(self, session: Session, status: str | None) -> Callable[[], None]:
        """Say something, or appear offline; returns the telling of it, which waits for the reply. Raises StatusInvalid."""
        if status is not None and len(status.encode()) > self._limits.status_bytes_max:
            raise StatusInvalid(f"A status has at most {self._limits.status_bytes_max} bytes.")
        change = self._tracker.track(self._own(session), Presence(session, hidden=status is None, status=status))
        return partial(self._tracker.announce, change)

    async def follow(self, session: Session, user_ids: list[str], usernames: list[str]) -> list[Presence]:
        """Hear of some people from now on; returns who of them is online. Unknown ones are dropped.

        Raises:
            InvalidArgument: a malformed id, or too many at once.
            TooManyFollowed: with these, the socket would follow more than it may.
        """
        users = await self._accounts.users(session.title_id, user_ids, usernames)
        streams = [Stream(session.title_id, Mode.STATUS, user.id) for user in users if user.id != session.user_id]
        fresh = [stream for stream in streams if self._tracker.get(stream, session.session_id) is None]
        if self._tracker.count_of(session) + len(fresh) > self._limits.session_streams_max:
            raise TooManyFollowed
        for stream in fresh:
            self._tracker.track(stream, Presence(session, hidden=True))
        online = [presence for stream in streams for presence in self._tracker.presences(stream)]
        return online[: self._limits.presences_listed_max]

    def unfollow(self, session: Session, user_ids: list[str]) -> None:
        """Hear of some people no more; never of oneself. Raises InvalidArgument for a malformed id."""
        if not all(is_uuid(user_id) for user_id in user_ids):
            raise InvalidArgument("A user id has the wrong form.")
        for user_id in user_ids:
            if user_id != session.user_id:
                self._tracker.untrack(Stream(session.title_id, Mode.STATUS, user_id), session)

    def is_online(self, title_id: TitleId, user_id: UserId) -> bool:
        """Whether somebody appears online."""
        return bool(self._tracker.presences(Stream(title_id, Mode.STATUS, user_id)))

    def _own(self, session: Session) -> Stream:
        return Stream(session.title_id, Mode.STATUS, session.user_id)

    def _tell(self, change: Change) -> None:
        event = rtapi.StatusPresenceEvent(
            joins=[presence.shown() for presence in change.joins], leaves=[presence.shown() for presence in change.leaves]
        )
        self._router.to_stream(change.stream, event)
