"""Friends: invite, accept, remove, block, list (rules FRD1 to FRD12 in docs/spec/friends.md).

A relation belongs to two people of the deployment, whatever they play. They are shown by their profile in the title that asks, or by their
oldest one; what is to be told reaches them in that title as well.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import NamedTuple, cast

import msgspec

from supergame.base.clock import Clock, Succession, as_datetime
from supergame.base.cursor import decode_cursor, encode_cursor
from supergame.base.ids import TitleId, UserId, is_uuid
from supergame.base.names import name_key
from supergame.db.port import Database, Tx
from supergame.features.accounts.model import AccountDeleted, Person
from supergame.features.accounts.service import Accounts
from supergame.features.friends.model import (
    FRIENDS_MAX,
    FRIENDS_OF_FRIENDS_PAGE_MAX,
    PAGE_MAX,
    PEOPLE_PER_REQUEST_MAX,
    Edge,
    FriendSeen,
    FriendsInvalid,
    FriendsSeen,
    State,
    TooManyFriends,
    check_metadata,
    check_page,
    check_state,
)
from supergame.features.friends.store import START, FriendStore, Position
from supergame.features.notifications.model import Code
from supergame.features.notifications.service import Draft, Notifications
from supergame.features.status.service import StatusService
from supergame.realtime.stream import Mode, Stream
from supergame.realtime.tracker import Tracker
from supergame.routing.context import Context
from supergame.runtime.outbox import Outbox
from supergame.wire.api import Friend, FriendList, FriendOfFriend, FriendsOfFriendsList

OF_FRIENDS_PAGE = 10  # when no limit is asked for, as in Nakama


class _Page(NamedTuple):
    edges: list[Edge]
    people: dict[UserId, Person]
    cursor: str


class Friends:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        accounts: Accounts,
        notifications: Notifications,
        status: StatusService,
        tracker: Tracker,
        outbox: Outbox,
        titles: list[TitleId],
    ) -> None:
        """
        Args:
            titles: all that the deployment serves, in which friends may be online.
        """
        self._db, self._accounts, self._notifications = db, accounts, notifications
        self._status, self._tracker, self._titles = status, tracker, titles
        self._times = Succession(clock)
        self._store = FriendStore()
        outbox.subscribe(AccountDeleted, self._erase)

    # --- changes

    async def add(self, ctx: Context, ids: list[str], usernames: list[str], metadata: str = "") -> None:
        """Invite people, or accept their invites. Whoever is a friend, was invited, or blocks or is blocked stays so, without a word.

        Raises:
            FriendsInvalid: a malformed id, an unknown name, oneself, too many at once, or a note that is no JSON object.
            TooManyFriends: one of the two has no room.
        """
        note = check_metadata(metadata)
        for other in await self._others(ctx, ids, usernames):
            told = await self._db.write(self._add_in, ctx.player(), other, note)
            if told is not None:
                await self._tell(ctx, other, told)

    async def remove(self, ctx: Context, ids: list[str], usernames: list[str]) -> None:
        """End friendships, take invites back or turn them down, unblock. Raises FriendsInvalid."""
        for other in await self._others(ctx, ids, usernames):
            if await self._db.write(self._remove_in, ctx.player(), other):
                await self._tell(ctx, other, Code.FRIEND_REMOVED)

    async def block(self, ctx: Context, ids: list[str], usernames: list[str]) -> None:
        """Be nothing to somebody any more, and hear nothing of them. They are not told. Raises FriendsInvalid, TooManyFriends."""
        for other in await self._others(ctx, ids, usernames):
            await self._db.write(self._block_in, ctx.player(), other)
            low, high = sorted((ctx.player(), other))
            for title_id in self._titles:
                self._tracker.untrack_stream(Stream(title_id, Mode.DIRECT, low, high))

    def _add_in(self, one: UserId, other: UserId, note: str) -> Tx[Code | None]:
        """What the other one is to be told."""
        if not (yield from self._store.lock(one, other)):
            return None
        mine, theirs = (yield from self._store.edge(one, other)), (yield from self._store.edge(other, one))
        if mine is not None and mine.state == State.INVITED_BY:
            yield from self._put_both(one, other, (State.FRIEND, State.FRIEND), mine.metadata)
            return Code.FRIEND_ACCEPTED
        if mine is not None or (theirs is not None and theirs.state == State.BLOCKED):
            return None
        yield from self._check_room(one, other)
        yield from self._put_both(one, other, (State.INVITED, State.INVITED_BY), note)
        return Code.FRIEND_REQUEST

    def _put_both(self, one: UserId, other: UserId, states: tuple[State, State], note: str) -> Tx[None]:
        now = self._times.next()
        yield from self._store.put(one, other, states[0], note, now)
        yield from self._store.put(other, one, states[1], note, now)
        yield from self._recount(one, other)

    def _remove_in(self, one: UserId, other: UserId) -> Tx[bool]:
        """Whether they were friends."""
        yield from self._store.lock(one, other)
        mine, theirs = (yield from self._store.edge(one, other)), (yield from self._store.edge(other, one))
        if mine is None:
            return False
        yield from self._store.delete(one, other)
        if theirs is not None and theirs.state != State.BLOCKED:
            yield from self._store.delete(other, one)
        yield from self._recount(one, other)
        return mine.state == State.FRIEND

    def _block_in(self, one: UserId, other: UserId) -> Tx[None]:
        if not (yield from self._store.lock(one, other)):
            return
        mine, theirs = (yield from self._store.edge(one, other)), (yield from self._store.edge(other, one))
        if mine is None:
            yield from self._check_room(one)
        yield from self._store.put(one, other, State.BLOCKED, "{}", self._times.next())
        if theirs is not None and theirs.state != State.BLOCKED:
            yield from self._store.delete(other, one)
        yield from self._recount(one, other)

    def _check_room(self, *people: UserId) -> Tx[None]:
        for person in people:
            if (yield from self._store.count(person)) >= FRIENDS_MAX:
                raise TooManyFriends

    def _recount(self, *people: UserId) -> Tx[None]:
        for person in people:
            yield from self._accounts.set_edge_count_in(person, (yield from self._store.count_friends(person)))

    async def _others(self, ctx: Context, ids: list[str], usernames: list[str]) -> list[UserId]:
        """The people that a request names, each once. Ids may be of people who were never in this title; names are this title's."""
        if len(ids) + len(usernames) > PEOPLE_PER_REQUEST_MAX:
            raise FriendsInvalid(f"At most {PEOPLE_PER_REQUEST_MAX} people can be named at once.")
        if not all(is_uuid(user_id) for user_id in ids):
            raise FriendsInvalid("A user id has the wrong form.")
        found = await self._accounts.users(ctx.title_id, [], usernames)
        by_name = {name_key(user.username): UserId(user.id) for user in found}
        if not all(name_key(name) in by_name for name in usernames):
            raise FriendsInvalid("Nobody here has this user name.")
        others = list(dict.fromkeys([*map(UserId, ids), *(by_name[name_key(name)] for name in usernames)]))
        if ctx.player() in others:
            raise FriendsInvalid("Nobody is a friend of themselves.")
        return others

    async def _tell(self, ctx: Context, other: UserId, code: Code) -> None:
        person = (await self._accounts.people(ctx.title_id, [other])).get(other)
        if person is None:
            return  # gone meanwhile
        content = msgspec.json.encode({"username": ctx.username}).decode()
        draft = Draft(other, self._notifications.subject(ctx.username, _SAID[code]), content, code, ctx.player())
        await self._notifications.send(person.title_id, [draft])

    # --- looking

    async def page(self, ctx: Context, state: int | None, limit: int | None, cursor: str) -> FriendList:
        """A page of a player's friends, then of those they invited, who invited them, and whom they block. Raises FriendsInvalid."""
        page = await self._read_page(ctx, state, limit, cursor)
        return FriendList(friends=[friend for friend, _ in self._shown(ctx.title_id, page)], cursor=page.cursor)

    async def seen(self, ctx: Context, state: int | None, limit: int | None, cursor: str) -> FriendsSeen:
        """The same with the titles in which each friend is online. Raises FriendsInvalid."""
        page = await self._read_page(ctx, state, limit, cursor)
        shown = self._shown(ctx.title_id, page)
        return FriendsSeen(friends=[FriendSeen(friend=friend, online_in=list(where)) for friend, where in shown], cursor=page.cursor)

    async def of_friends(self, ctx: Context, limit: int | None, cursor: str) -> FriendsOfFriendsList:
        """A page of the friends of a player's friends, each with the friend in between. Raises FriendsInvalid."""
        count, list_of = check_page(limit, OF_FRIENDS_PAGE, FRIENDS_OF_FRIENDS_PAGE_MAX), ("friends of friends", ctx.player())
        after = cast(tuple[str, str], decode_cursor(list_of, cursor, (str, str))) if cursor else ("", "")
        found = await self._db.read(self._store.of_friends, ctx.player(), after, count + 1)
        people = await self._accounts.people(ctx.title_id, [other for other, _ in found[:count]])
        shown = [FriendOfFriend(referrer=by, user=people[other].user) for other, by in found[:count] if other in people]
        return FriendsOfFriendsList(friends_of_friends=shown, cursor=encode_cursor(list_of, found[count - 1]) if len(found) > count else "")

    async def may_talk(self, one: UserId, other: UserId) -> bool:
        """Whether neither has blocked the other."""
        edges = [await self._db.read(self._store.edge, *pair) for pair in ((one, other), (other, one))]
        return not any(edge is not None and edge.state == State.BLOCKED for edge in edges)

    async def _read_page(self, ctx: Context, state: int | None, limit: int | None, cursor: str) -> _Page:
        check_state(state)
        count, list_of = check_page(limit, PAGE_MAX, PAGE_MAX), ("friends", ctx.player(), state)
        after = cast(Position, decode_cursor(list_of, cursor, (int, int, str))) if cursor else START
        found = await self._db.read(self._store.page, ctx.player(), state, after, count + 1)
        edges = found[:count]
        people = await self._accounts.people(ctx.title_id, [edge.other_id for edge in edges])
        has_more, last = len(found) > count, edges[-1] if edges else None
        position = (last.state, last.updated_at, last.other_id) if last and has_more else None
        return _Page(edges, people, encode_cursor(list_of, position) if position else "")

    def _shown(self, title_id: TitleId, page: _Page) -> list[tuple[Friend, list[TitleId]]]:
        """Only friends are seen in other titles; others are as in this one."""
        shown = []
        for edge in page.edges:
            if edge.other_id not in page.people:
                continue
            user, is_friend = page.people[edge.other_id].user, edge.state == State.FRIEND
            online_in = [one for one in self._titles if self._status.is_online(one, edge.other_id)] if is_friend else []
            user.online = bool(online_in) or (not is_friend and self._status.is_online(title_id, edge.other_id))
            user.edge_count = 0  # as in Nakama: how many friends a friend has is not in this list
            friend = Friend(user=user, state=edge.state, update_time=as_datetime(edge.updated_at), metadata=edge.metadata)
            shown.append((friend, online_in))
        return shown

    # --- ending

    async def held_of(self, title_id: TitleId, user_id: UserId) -> AsyncIterator[Mapping[str, object]]:
        """Somebody's side of their relations, for an export: of the person, so of no title."""
        if not title_id:
            for edge in await self._db.read(self._store.page, user_id, None, START, FRIENDS_MAX):
                yield edge._asdict()

    async def _erase(self, deleted: AccountDeleted) -> None:
        """Whoever has left their last title is nobody's friend. Idempotent."""
        if (await self._accounts.people(deleted.title_id, [deleted.user_id])).get(deleted.user_id) is not None:
            return
        for edge in await self._db.read(self._store.page, deleted.user_id, None, START, FRIENDS_MAX):
            await self._db.write(self._forget_in, deleted.user_id, edge.other_id)
        await self._db.write(self._store.forget, deleted.user_id)

    def _forget_in(self, gone: UserId, other: UserId) -> Tx[None]:
        yield from self._store.lock(gone, other)
        yield from self._store.delete(other, gone)
        yield from self._recount(other)


_SAID = {
    Code.FRIEND_REQUEST: " wants to add you as a friend",
    Code.FRIEND_ACCEPTED: " accepted your friend request",
    Code.FRIEND_REMOVED: " removed you as a friend",
}
