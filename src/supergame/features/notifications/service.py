"""Notifications: keep, push, list and delete them (rules NOT1 to NOT9 in docs/spec/notifications.md)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import NamedTuple, cast

import msgspec

from supergame.base.clock import Clock, Succession
from supergame.base.cursor import decode_cursor, encode_cursor
from supergame.base.events import Notices
from supergame.base.ids import SYSTEM_USER, Chance, TitleId, UserId
from supergame.base.limits import Limits
from supergame.db.port import Database
from supergame.db.walk import walk
from supergame.features.accounts.model import AccountDeleted, AccountNotFound, Banned
from supergame.features.accounts.service import Accounts
from supergame.features.notifications.model import Code, Notification, NotificationInvalid, check, check_ids, check_page
from supergame.features.notifications.store import HELD_OF, START, NotificationStore, Position
from supergame.realtime.frame import Frame
from supergame.realtime.session import CloseCode, Session, SessionRegistry
from supergame.runtime.outbox import Outbox
from supergame.wire import rtapi
from supergame.wire.api import NotificationList


class Draft(NamedTuple):
    """A notification as it is written. `content` is a JSON object, as a text."""

    user_id: UserId
    subject: str
    content: str
    code: int
    sender_id: str = ""
    persistent: bool = True


class Notifications:
    """Stored ones wait until their player deletes them; all of them reach the sockets that the player has open."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        chance: Chance,
        accounts: Accounts,
        registry: SessionRegistry,
        outbox: Outbox,
        notices: Notices,
        limits: Limits,
        has_single_socket: Callable[[TitleId], bool] = lambda title_id: False,
    ) -> None:
        self._db, self._chance, self._accounts, self._registry, self._limits = db, chance, accounts, registry, limits
        self._times, self._has_single_socket = Succession(clock), has_single_socket
        self._store = NotificationStore()
        outbox.subscribe(AccountDeleted, self._erase)
        notices.subscribe(Banned, self._tell_banned)

    def subject(self, name: str, said: str) -> str:
        """A subject such as "Ada wants to chat", that has room for a long name."""
        return name.encode()[: self._limits.notification_subject_bytes_max - len(said.encode())].decode(errors="ignore") + said

    async def send(self, title_id: TitleId, drafts: list[Draft]) -> None:
        """Keep those that are persistent, all or none, and push all to their players' sockets.

        Raises:
            NotificationInvalid: malformed, or too many.
            AccountNotFound: a persistent one goes to nobody.
        """
        if len(drafts) > self._limits.notifications_per_request_max:
            raise NotificationInvalid(f"At most {self._limits.notifications_per_request_max} notifications are sent at once.")
        for draft in drafts:
            check(draft.user_id, draft.subject, draft.content, self._limits)
        made = [self._make(draft) for draft in drafts]
        kept = [item for item in made if item.persistent]
        if kept:
            await self._check_players(title_id, {item.user_id for item in kept})
            await self._db.write(self._store.insert, title_id, kept, self._limits.notifications_stored_max)
        for item in made:
            self._push(item, self._registry.of_user(title_id, item.user_id))

    async def delete(self, title_id: TitleId, user_id: UserId, ids: list[str]) -> None:
        """Delete some of a player's own; ids of others have no effect. Raises NotificationInvalid."""
        check_ids(ids, self._limits)
        if ids:
            await self._db.write(self._store.delete, title_id, user_id, ids)

    async def list(self, title_id: TitleId, user_id: UserId, limit: int, cursor: str) -> NotificationList:
        """A page of a player's stored notifications, oldest first. Its cursor can be kept: later it gives what is newer.

        Raises:
            NotificationInvalid, MalformedCursor.
        """
        check_page(limit, self._limits)
        list_of = ("notifications", title_id, user_id)
        after = cast(Position, decode_cursor(list_of, cursor, (int, str))) if cursor else START
        found = await self._db.read(self._store.page, title_id, user_id, after, limit)
        if found:
            after = found[-1].created_at, found[-1].id
        return NotificationList(notifications=[item.shown() for item in found], cacheable_cursor=encode_cursor(list_of, after))

    def tell(self, sessions: Iterable[Session], code: Code, subject: str, content: str) -> None:
        """Push something of the platform's own to sockets, without keeping it. `content` is a JSON object, as a text."""
        self._push(self._make(Draft(SYSTEM_USER, subject, content, code, persistent=False)), sessions)

    def opened(self, session: Session) -> None:
        """Where a person has one socket at a time, end the older ones, and say why."""
        if self._has_single_socket(session.title_id):
            for older in self._registry.of_user(session.title_id, session.user_id):
                if older is not session:
                    self._push(self._note(session.user_id, Code.SINGLE_SOCKET, "single_socket"), [older])
                    older.close(CloseCode.NORMAL, "another socket of this person was opened")

    def _make(self, draft: Draft) -> Notification:
        at = self._times.next()
        return Notification(
            self._chance.uuid7(at), draft.user_id, draft.subject, draft.content, draft.code, draft.sender_id, at, draft.persistent
        )

    def _note(self, user_id: UserId, code: Code, subject: str) -> Notification:
        return self._make(Draft(user_id, subject, "{}", code, persistent=False))

    def _push(self, notification: Notification, sessions: Iterable[Session]) -> None:
        frame = Frame(rtapi.Notifications(notifications=[notification.shown()]))
        for session in sessions:
            session.send(frame)

    def _tell_banned(self, banned: Banned) -> None:
        """Before the sockets close, so that the player learns why."""
        self._push(self._note(banned.user_id, Code.BANNED, "banned"), self._registry.of_user(banned.title_id, banned.user_id))

    async def _check_players(self, title_id: TitleId, user_ids: set[UserId]) -> None:
        if len(await self._accounts.users(title_id, sorted(user_ids), [])) < len(user_ids):
            raise AccountNotFound

    async def held_of(self, title_id: TitleId, user_id: UserId) -> AsyncIterator[Mapping[str, object]]:
        """Somebody's stored notifications in a title, for an export."""
        async for row in walk(self._db, HELD_OF, (title_id, user_id), ("",)):
            yield msgspec.structs.asdict(self._store.shown(row))

    async def _erase(self, deleted: AccountDeleted) -> None:
        """Idempotent: deleting nothing is fine."""
        await self._db.write(self._store.erase, deleted.title_id, deleted.user_id)
