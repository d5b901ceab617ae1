"""Chat: join, leave, send, update, remove, history (rules CHAT1 to CHAT15 in docs/spec/chat.md)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import asdict, replace
from functools import lru_cache, partial
from typing import NamedTuple, cast

import msgspec

from supergame.base.clock import Clock, Succession
from supergame.base.cursor import decode_cursor, encode_cursor
from supergame.base.ids import Chance, TitleId, UserId
from supergame.base.limits import Limits
from supergame.db.port import Database, Tx
from supergame.db.walk import walk
from supergame.features.accounts.model import AccountDeleted, AccountNotFound
from supergame.features.accounts.service import Accounts
from supergame.features.chat.model import (
    MODES,
    Access,
    Channel,
    ChannelInvalid,
    Code,
    Kind,
    MessageNotFound,
    Muted,
    NotAMember,
    Stored,
    TooManyChannels,
    TooManyMessages,
    check_content,
    check_message_id,
    check_page,
    shown,
)
from supergame.features.chat.rates import Rates
from supergame.features.chat.store import BEGINNING, END, HELD_OF, ChatStore, Position
from supergame.features.notifications.model import Code as Told
from supergame.features.notifications.service import Draft, Notifications
from supergame.features.sanctions.model import Kind as SanctionKind
from supergame.features.sanctions.model import Sanction, told
from supergame.features.sanctions.service import Sanctions
from supergame.realtime.router import MessageRouter
from supergame.realtime.session import Session
from supergame.realtime.stream import Mode, Presence
from supergame.realtime.tracker import Change, Tracker
from supergame.runtime.outbox import Outbox
from supergame.wire import rtapi
from supergame.wire.api import ChannelMessage, ChannelMessageList

CHANNELS_REMEMBERED = 4_096  # by their ids, which messages name again and again; beyond: the one not used for longest is worked out anew

Tell = Callable[[], None]
"""Shows others what was done; it waits until the reply has left."""


class Sender(NamedTuple):
    """Who speaks. The server's own code may speak for anybody, or for nobody."""

    user_id: str
    username: str


class Spoken(NamedTuple):
    """A message that nobody has seen yet."""

    channel: Channel
    message: Stored
    persistent: bool


class Chat:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        chance: Chance,
        accounts: Accounts,
        sanctions: Sanctions,
        notifications: Notifications,
        tracker: Tracker,
        router: MessageRouter,
        outbox: Outbox,
        limits: Limits,
        access: Access,
    ) -> None:
        self._db, self._chance, self._accounts, self._notifications = db, chance, accounts, notifications
        self._sanctions, self._tracker, self._router, self._limits = sanctions, tracker, router, limits
        self.access = access
        self._times, self._rates = Succession(clock), Rates(clock, limits.chat_burst, limits.chat_per_s)
        self._store = ChatStore()
        self._channel = lru_cache(CHANNELS_REMEMBERED)(partial(Channel.parse, limits=limits))
        for mode in MODES:
            tracker.announce_with(mode, self._tell_change)
        outbox.subscribe(AccountDeleted, self._erase)

    # --- players

    async def join(self, session: Session, kind: int, target: str, persistence: bool, hidden: bool) -> tuple[rtapi.Channel, Tell]:
        """Enter a channel: hear what is said there, and speak. The first to open a direct channel has the other one notified.

        Raises:
            ChannelInvalid: malformed, unknown, or not open to this player.
            TooManyMessages, TooManyChannels: a bound of the session.
        """
        self._check_rate(session)
        channel = await self._open(session, kind, target)
        if self._tracker.count_of(session) >= self._limits.session_streams_max:
            raise TooManyChannels
        if channel.mode is Mode.DIRECT and not hidden:
            await self._invite(session, channel)
        others = [presence for presence in self._tracker.presences(channel.stream) if presence.session is not session]
        presence = Presence(session, hidden, persistence)
        change = self._tracker.track(channel.stream, presence)
        reply = rtapi.Channel(
            id=channel.id,
            presences=[other.shown() for other in others[: self._limits.presences_listed_max]],
            self_presence=presence.shown(),
            **channel.names,
        )
        return reply, partial(self._tracker.announce, change)

    def leave(self, session: Session, channel_id: str) -> Tell:
        """Hear no more of a channel; one that was not joined is left already. Raises ChannelInvalid."""
        channel = self._channel(session.title_id, channel_id)
        return partial(self._tracker.announce, self._tracker.untrack(channel.stream, session))

    def speak(self, session: Session, channel_id: str, content: str) -> Spoken:
        """A message to a channel, not kept and not shown yet.

        Raises:
            ChannelInvalid, ContentInvalid: malformed.
            NotAMember: the session has not joined the channel.
            Muted: the player is kept from speaking; it says how long, and why.
            TooManyMessages: the session speaks too fast.
        """
        channel, presence = self._spoken_in(session, channel_id)
        self._check_not_muted(session)
        check_content(content, self._limits)
        return self._said(channel, _sender(session), content, presence.persistence)

    async def keep(self, spoken: Spoken) -> None:
        """Keep a message if it is to be kept. Before it is shown: whoever saw it can find it in history."""
        if spoken.persistent:
            await self._db.write(self._store.insert, spoken.channel.title_id, spoken.message)

    def show(self, spoken: Spoken) -> tuple[ChannelMessage, Tell]:
        """The message for everyone in the channel, its sender too."""
        message = shown(*spoken)
        return message, partial(self._router.to_stream, spoken.channel.stream, message)

    async def update(self, session: Session, channel_id: str, message_id: str, content: str) -> tuple[ChannelMessage, Tell]:
        """Change a message of one's own. Raises as `speak`, and MessageNotFound."""
        channel, presence = self._spoken_in(session, channel_id)
        self._check_not_muted(session)
        check_content(content, self._limits)
        message = await self._change(channel, _sender(session), message_id, content, presence.persistence)
        return message, partial(self._router.to_stream, channel.stream, message)

    async def remove(self, session: Session, channel_id: str, message_id: str) -> tuple[ChannelMessage, Tell]:
        """Take a message of one's own out of the history. Raises as `speak`, and MessageNotFound."""
        channel, presence = self._spoken_in(session, channel_id)
        message = await self._change(channel, _sender(session), message_id, None, presence.persistence)
        return message, partial(self._router.to_stream, channel.stream, message)

    async def history(
        self, title_id: TitleId, reader: UserId | None, channel_id: str, limit: int, forward: bool, cursor: str
    ) -> ChannelMessageList:
        """A page of what was said, oldest first or, not `forward`, newest first. None reads as the server, which may read all.

        Raises:
            ChannelInvalid: malformed, or not open to this reader.
            PageInvalid, MalformedCursor.
        """
        check_page(limit, self._limits)
        channel = self._channel(title_id, channel_id)
        if reader is not None:
            await self._check_open(channel, reader)
        list_of = ("channel_messages", title_id, channel.id)
        start: Position = BEGINNING if forward else END
        newer = forward
        if cursor:
            at, message_id, newer_flag = cast(tuple[int, str, int], decode_cursor(list_of, cursor, (int, str, int)))
            start, newer = (at, message_id), bool(newer_flag)
        found = await self._db.read(self._store.page, title_id, channel.id, start, newer, limit + 1)
        return _page(channel, list_of, found, limit, forward, newer, cursor)

    # --- the server's own code

    async def send_as_server(self, title_id: TitleId, channel_id: str, sender: Sender, content: str, persist: bool) -> ChannelMessage:
        """A message of anybody or nobody to a channel. Raises ChannelInvalid, ContentInvalid."""
        channel = self._channel(title_id, channel_id)
        check_content(content, self._limits)
        spoken = self._said(channel, sender, content, persist)
        await self.keep(spoken)
        message, tell = self.show(spoken)
        tell()
        return message

    async def change_as_server(
        self, title_id: TitleId, channel_id: str, sender: Sender, message_id: str, content: str | None
    ) -> ChannelMessage:
        """Update a stored message of this sender, or with None remove it. Raises ChannelInvalid, ContentInvalid, MessageNotFound."""
        channel = self._channel(title_id, channel_id)
        if content is not None:
            check_content(content, self._limits)
        message = await self._change(channel, sender, message_id, content, persistent=True)
        self._router.to_stream(channel.stream, message)
        return message

    async def mute(self, title_id: TitleId, user_id: UserId, reason: str, by: str, duration_s: int) -> Sanction:
        """Let somebody say nothing in this title's chat, for some seconds or until it is lifted; they read the reason when they try.

        Raises:
            AccountNotFound, SanctionInvalid, TooManyMutes.
        """
        if not await self._accounts.users(title_id, [user_id], []):
            raise AccountNotFound
        return await self._sanctions.mute(title_id, user_id, reason, by, duration_s)

    async def unmute(self, title_id: TitleId, user_id: UserId, reason: str, by: str) -> list[Sanction]:
        """Lift the mutes of somebody before their time. Raises SanctionNotFound when there is none."""
        return await self._sanctions.lift(title_id, user_id, SanctionKind.MUTE, reason, by)

    # --- operators

    async def channels(self, title_id: TitleId, limit: int, cursor: str) -> tuple[list[str], str]:
        """A page of the ids of channels that have a history, and the cursor of the next. Raises PageInvalid, MalformedCursor."""
        check_page(limit, self._limits)
        list_of = ("channels", title_id)
        after = str(decode_cursor(list_of, cursor, (str,))[0]) if cursor else ""
        found = await self._db.read(self._store.channels, title_id, after, limit + 1)
        return found[:limit], encode_cursor(list_of, (found[limit - 1],)) if len(found) > limit else ""

    async def message(self, title_id: TitleId, reader: UserId, message_id: str) -> Stored:
        """A stored message of a channel that is open to this reader. Raises MessageNotFound, ChannelInvalid."""
        check_message_id(message_id)
        message = await self._db.read(self._store.find, title_id, message_id)
        if message is None:
            raise MessageNotFound
        await self._check_open(self._channel(title_id, message.channel_id), reader)
        return message

    async def around(
        self, title_id: TitleId, channel_id: str, at: Position, count: int
    ) -> tuple[list[ChannelMessage], list[ChannelMessage]]:
        """Up to `count` messages before and as many after a place in a channel, oldest first."""
        channel = self._channel(title_id, channel_id)
        older = await self._db.read(self._store.page, title_id, channel_id, at, False, count)
        newer = await self._db.read(self._store.page, title_id, channel_id, at, True, count)
        return [shown(channel, message) for message in reversed(older)], [shown(channel, message) for message in newer]

    async def remove_any(self, title_id: TitleId, message_id: str) -> Stored:
        """Take a message out of the history, whoever sent it, and out of sight of those in the channel. Raises MessageNotFound."""
        check_message_id(message_id)
        taken = await self._db.write(self._store.take, title_id, message_id)
        if taken is None:
            raise MessageNotFound
        self.show_removed(title_id, taken)
        return taken

    def take_in(self, title_id: TitleId, message_id: str) -> Tx[Stored | None]:
        """The same as part of a larger transaction; `show_removed` the result after its COMMIT. None when it is gone already."""
        return (yield from self._store.take(title_id, message_id))

    def put_back_in(self, title_id: TitleId, message: Stored) -> Tx[None]:
        """Undo that."""
        yield from self._store.insert(title_id, message)

    def show_removed(self, title_id: TitleId, message: Stored) -> None:
        """Tell those in the channel that a message is gone."""
        channel = self._channel(title_id, message.channel_id)
        gone = replace(message, code=Code.REMOVE, content="{}", updated_at=self._times.next())
        self._router.to_stream(channel.stream, shown(channel, gone))

    def show_put_back(self, title_id: TitleId, message: Stored) -> None:
        """Tell them that it is there again."""
        channel = self._channel(title_id, message.channel_id)
        self._router.to_stream(channel.stream, shown(channel, message))

    # --- inside

    async def _open(self, session: Session, kind: int, target: str) -> Channel:
        """The channel that a join asks for, if it is open to the player."""
        if kind in (0, Kind.ROOM):
            return Channel.room(session.title_id, target, self._limits)
        if kind == Kind.DIRECT:
            channel = Channel.direct(session.title_id, session.user_id, target)
            if not await self._accounts.users(session.title_id, [target], []):
                raise ChannelInvalid("There is no such person.")
        elif kind == Kind.GROUP:
            channel = Channel.group(session.title_id, target)
        else:
            raise ChannelInvalid("A channel's type is 1, 2 or 3.")
        await self._check_open(channel, session.user_id)
        return channel

    async def _check_open(self, channel: Channel, user_id: UserId) -> None:
        if channel.mode is Mode.DIRECT:
            is_open = user_id in (channel.subject, channel.subcontext)
            is_open = is_open and await self.access.may_talk(channel.title_id, user_id, channel.other(user_id))
        else:
            is_open = channel.mode is Mode.ROOM or await self.access.is_member(channel.title_id, channel.subject, user_id)
        if not is_open:
            raise ChannelInvalid

    async def _invite(self, session: Session, channel: Channel) -> None:
        """Tell the other one of a direct channel that somebody wants to talk, unless they are there or both are."""
        other = channel.other(session.user_id)
        present = {presence.user_id for presence in self._tracker.presences(channel.stream, hidden=True)}
        if other == session.user_id or other in present or session.user_id in present:
            return
        content = msgspec.json.encode({"username": session.username}).decode()
        draft = Draft(other, self._notifications.subject(session.username, " wants to chat"), content, Told.CHAT_REQUEST, session.user_id)
        await self._notifications.send(session.title_id, [draft])

    def _spoken_in(self, session: Session, channel_id: str) -> tuple[Channel, Presence]:
        self._check_rate(session)
        channel = self._channel(session.title_id, channel_id)
        presence = self._tracker.get(channel.stream, session.session_id)
        if presence is None:
            raise NotAMember
        return channel, presence

    def _check_not_muted(self, session: Session) -> None:
        mute = self._sanctions.mute_of(session.title_id, session.user_id)
        if mute is not None:
            raise Muted(told("You may not speak in chat", mute))

    def _check_rate(self, session: Session) -> None:
        if not self._rates.take(session):
            raise TooManyMessages

    def _said(self, channel: Channel, sender: Sender, content: str, persistent: bool) -> Spoken:
        now = self._times.next()
        message = Stored(self._chance.uuid7(now), channel.id, Code.CHAT, sender.user_id, sender.username, content, now, now)
        return Spoken(channel, message, persistent)

    async def _change(self, channel: Channel, sender: Sender, message_id: str, content: str | None, persistent: bool) -> ChannelMessage:
        """Update, or with None remove.

        What was never stored can be changed by whoever speaks unstored, as nobody knows whose it is.
        """
        check_message_id(message_id)
        now, who = self._times.next(), sender.user_id
        if content is None:
            created_at = await self._db.write(self._store.remove, channel.title_id, channel.id, who, message_id)
        else:
            created_at = await self._db.write(
                self._store.update, channel.title_id, channel.id, who, message_id, sender.username, content, now
            )
        if created_at is None and (persistent or await self._db.read(self._store.exists, channel.title_id, message_id)):
            raise MessageNotFound
        code = Code.REMOVE if content is None else Code.UPDATE
        changed = Stored(message_id, channel.id, code, who, sender.username, content or "{}", created_at or now, now)
        return shown(channel, changed, created_at is not None)

    def _tell_change(self, change: Change) -> None:
        stream = change.stream
        channel = Channel(stream.title_id, Mode(stream.mode), stream.subject, stream.subcontext, stream.label)
        event = rtapi.ChannelPresenceEvent(
            channel_id=channel.id,
            joins=[presence.shown() for presence in change.joins],
            leaves=[presence.shown() for presence in change.leaves],
            **channel.names,
        )
        self._router.to_stream(stream, event)

    async def held_of(self, title_id: TitleId, user_id: UserId) -> AsyncIterator[Mapping[str, object]]:
        """What somebody said in a title, for an export."""
        async for row in walk(self._db, HELD_OF, (title_id, user_id), ("",)):
            yield asdict(Stored(*row))

    async def _erase(self, deleted: AccountDeleted) -> None:
        """What they said; what others said to them stays, in channels that no longer name them. Idempotent."""
        title_id, gone = deleted.title_id, deleted.user_id
        await self._db.write(self._store.erase, title_id, gone)
        channels = [self._channel(title_id, channel_id) for channel_id in await self._db.read(self._store.direct_of, title_id, gone)]
        names = {channel.id: Channel.direct(title_id, self._chance.uuid4(), channel.other(gone)).id for channel in channels}
        await self._db.write(self._store.rename, title_id, names)


def _sender(session: Session) -> Sender:
    return Sender(session.user_id, session.username)


def _page(
    channel: Channel, list_of: tuple[object, ...], found: list[Stored], limit: int, forward: bool, newer: bool, cursor: str
) -> ChannelMessageList:
    """A page and its neighbours. There is one on the side that was asked for when more was found, on the other when one came from there."""
    more, rows = len(found) > limit, found[:limit]
    if not rows:
        return ChannelMessageList(cacheable_cursor=cursor if newer else "")
    if not newer:
        rows.reverse()

    def beyond(is_newer: bool) -> str:
        """Where the page on that side begins."""
        there = more if is_newer is newer else bool(cursor)
        last = rows[-1 if is_newer else 0]
        return encode_cursor(list_of, (last.created_at, last.message_id, int(is_newer))) if there else ""

    newest = rows[-1]
    return ChannelMessageList(
        messages=[shown(channel, message) for message in (rows if forward else reversed(rows))],
        next_cursor=beyond(forward),
        prev_cursor=beyond(not forward),
        cacheable_cursor=encode_cursor(list_of, (newest.created_at, newest.message_id, 1)),
    )
