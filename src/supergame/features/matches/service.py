"""Matches: create, join, leave, send, signal and list them (rules MAT1 to MAT26 in docs/spec/matches.md)."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import Any, NamedTuple

from supergame.base.clock import SECOND_US, WallMicros, whole_seconds
from supergame.base.ids import TitleId, TokenId, UserId
from supergame.base.titles import title_of
from supergame.features.matches.model import (
    Filter,
    HandlerUnknown,
    JoinRefused,
    MatchId,
    MatchIdInvalid,
    MatchInfo,
    MatchNotFound,
    Player,
    TooManyMatches,
    Watched,
    named_match_id,
    parse_match_id,
)
from supergame.features.matches.running import MatchKind, Parts, RunningMatch
from supergame.features.matches.search import Budget, Query, parse_query
from supergame.features.matches.spectate import Key, Look, Way
from supergame.realtime.session import Session
from supergame.realtime.stream import Mode, Presence, Stream
from supergame.realtime.tracker import Change
from supergame.wire.rtapi import Match, MatchData, MatchDataSend, MatchPresenceEvent
from supergame.wire.token import Claims, InvalidToken, Tokens

MODES = (Mode.MATCH_RELAYED, Mode.MATCH_AUTHORITATIVE)
TOKEN_LIFETIME_S = 30
TOLD_AT_ONCE = 100
LOOKED_AT_ONCE = 500  # matches of a list; then others get a turn


class Joined(NamedTuple):
    """The reply to a join, and what is to be announced when it has left."""

    match: Match
    changes: list[Change]


class Matches:
    """All matches of this node."""

    def __init__(
        self, parts: Parts, tokens: Tokens, node: str = "sg1", *, has_single_match: Callable[[TitleId], bool] = lambda title_id: False
    ) -> None:
        """
        Args:
            node: the end of the ids of authoritative matches.
            has_single_match: whether a socket of this title that joins a match leaves all others.
        """
        self._parts, self._tokens, self._node, self._has_single_match = parts, tokens, node, has_single_match
        self._tracker, self._router, self._limits = parts.tracker, parts.router, parts.limits
        self._taps = parts.taps.open
        self._kinds: dict[Key, MatchKind] = {}
        self._relayed: dict[Key, Stream] = {}
        self._running: dict[Key, RunningMatch] = {}
        self._is_stopping = False
        for mode in MODES:
            self._tracker.announce_with(mode, self._announce)

    # --- players

    def create_relayed(self, session: Session, name: str) -> Joined:
        """A new relayed match, or the one of that name; the session is in it.

        Raises:
            JoinRefused, MatchIdInvalid.
        """
        if len(name.encode()) > self._limits.match_name_bytes_max:
            raise MatchIdInvalid(f"The name of a match has at most {self._limits.match_name_bytes_max} bytes.")
        match_id = named_match_id(name) if name else MatchId(self._parts.chance.uuid4(), "")
        joined = self._enter(session, match_id)
        joined.match.size = len(joined.match.presences) + (1 if joined.changes else 0)
        return joined

    def join(self, session: Session, text: str, token: str, metadata: dict[str, str]) -> Joined:
        """Join by id, or by a token of the matchmaker, which may be the first to open its match.

        Raises:
            MatchIdInvalid, MatchNotFound, JoinRefused.
        """
        match_id = self._read_token(session.title_id, token) if token else parse_match_id(text)
        stream = match_id.stream(session.title_id)
        if match_id.is_relayed:
            if not token and not self._tracker.count(stream):
                raise MatchNotFound
            return self._enter(session, match_id)
        running = self._running.get((session.title_id, str(match_id)))
        if running is None:
            raise MatchNotFound
        if self._tracker.get(stream, session.session_id) is None:
            self._check_room(session, stream)
            running.attempt(Player(Presence(session)), metadata)
        joined = self._enter(session, match_id)
        joined.match.authoritative, joined.match.label = True, running.label
        return joined

    def _enter(self, session: Session, match_id: MatchId) -> Joined:
        stream = match_id.stream(session.title_id)
        is_new = self._tracker.get(stream, session.session_id) is None
        if is_new:
            self._check_room(session, stream)
        changes = self._leave_others(session, stream) if self._has_single_match(session.title_id) else []
        others = [presence.shown() for presence in self._tracker.presences(stream) if not is_new or presence.session is not session]
        presence = self._tracker.get(stream, session.session_id) or Presence(session)
        if is_new and (change := self._tracker.track(stream, presence)) is not None:
            changes.append(change)
            if match_id.is_relayed:
                self._relayed[session.title_id, str(match_id)] = stream
        match = Match(match_id=str(match_id), size=len(others), presences=others, self_presence=presence.shown())
        return Joined(match, changes)

    def _check_room(self, session: Session, stream: Stream) -> None:
        if self._tracker.count(stream) >= self._limits.match_players_max:
            raise JoinRefused("The match is full.")
        if not self._has_single_match(session.title_id) and len(self._matches_of(session)) >= self._limits.matches_per_session_max:
            raise JoinRefused(f"You are in {self._limits.matches_per_session_max} matches already.")

    def _matches_of(self, session: Session) -> list[Stream]:
        return [stream for stream in self._tracker.streams_of(session) if stream.mode in MODES]

    def _leave_others(self, session: Session, stream: Stream) -> list[Change]:
        others = [other for other in self._matches_of(session) if other != stream]
        return [change for other in others if (change := self._tracker.untrack(other, session)) is not None]

    def leave(self, session: Session, text: str) -> Change | None:
        """Leave a match, and get what is to be announced; leaving one that one is not in is fine. Raises MatchIdInvalid."""
        return self._tracker.untrack(parse_match_id(text).stream(session.title_id), session)

    def send(self, session: Session, request: MatchDataSend) -> None:
        """Data of a player: relayed at once, or kept for the handler's next tick. Of strangers to the match it is dropped.

        The busiest path of the platform. Raises MatchIdInvalid.
        """
        key = (session.title_id, request.match_id)
        stream = self._relayed.get(key)
        if stream is not None:
            self._relay(stream, session, request)
        elif (running := self._running.get(key)) is not None:
            running.receive(session.session_id, request.op_code, request.data, request.reliable)
        else:
            parse_match_id(request.match_id)

    def _relay(self, stream: Stream, session: Session, request: MatchDataSend) -> None:
        sender = self._tracker.get(stream, session.session_id)
        if sender is None:
            return
        message = MatchData(
            match_id=request.match_id, presence=sender.shown(), op_code=request.op_code, data=request.data, reliable=request.reliable
        )
        targets = self._targets(stream, request) if request.presences else None
        if self._taps and (tap := self._taps.get((session.title_id, request.match_id))) is not None:
            receivers = self._tracker.count(stream) - 1 if targets is None else len(targets)
            tap.note(0, Way.RELAYED, request.op_code, request.data, message.presence, receivers, request.reliable)
        if targets is None:
            self._router.to_stream(stream, message, without=session)
        else:
            self._router.to_presences(targets, message)

    def _targets(self, stream: Stream, request: MatchDataSend) -> list[Presence]:
        wanted = dict.fromkeys(target.session_id for target in request.presences)
        return [found for name in wanted if (found := self._tracker.get(stream, name)) is not None]

    def _announce(self, change: Change) -> None:
        """Tell a match who came and who left: its players, and its handler."""
        stream = change.stream
        match_id = f"{stream.subject}.{stream.label}"
        joins = [one for one in change.joins if self._tracker.get(stream, one.session_id) is one]  # who has left meanwhile never came
        event = MatchPresenceEvent(match_id=match_id, joins=[one.shown() for one in joins], leaves=[one.shown() for one in change.leaves])
        if joins or change.leaves:
            self._router.to_stream(stream, event)
        if stream.mode == Mode.MATCH_RELAYED:
            if not self._tracker.count(stream):
                self._relayed.pop((stream.title_id, match_id), None)
        elif (running := self._running.get((stream.title_id, match_id))) is not None:
            running.changed(joins, change.leaves)

    # --- tokens

    def token(self, title_id: TitleId, match_id: str) -> str:
        """What the matchmaker gives to those it has matched, so that they meet."""
        now = self._parts.clock.now()
        until_s = whole_seconds(WallMicros(now + TOKEN_LIFETIME_S * SECOND_US))
        return self._tokens.sign(title_id, Claims(TokenId(match_id), UserId(""), "", until_s, whole_seconds(now)))

    def _read_token(self, title_id: TitleId, token: str) -> MatchId:
        try:
            verified = self._tokens.verify(token, whole_seconds(self._parts.clock.now()))
        except InvalidToken:
            raise MatchIdInvalid("The match token is invalid or has expired.") from None
        if verified.title_id != title_id:
            raise MatchIdInvalid("The match token is invalid or has expired.")
        return parse_match_id(verified.claims.tid)

    # --- server code

    def add_handler(self, title_id: TitleId, kind: MatchKind) -> None:
        """Offer a game's handler."""
        self._kinds[title_id, kind.name] = kind

    def forget_game(self, title_id: TitleId) -> None:
        """Make room for another version of the game. Matches that run keep their handlers."""
        self._kinds = {key: kind for key, kind in self._kinds.items() if key[0] != title_id}

    def create(self, title_id: TitleId, handler: str, params: dict[str, Any]) -> str:
        """The id of a new authoritative match.

        Raises:
            HandlerUnknown, TooManyMatches, MatchFailed; or what `init` raises on purpose.
        """
        kind = self._kinds.get((title_id, handler))
        if kind is None:
            raise HandlerUnknown(f"The game has no match handler {handler!r}.")
        if len(self._running) >= self._limits.matches_max or self._is_stopping:
            raise TooManyMatches
        match = RunningMatch(title_id, MatchId(self._parts.chance.uuid4(), self._node), kind, self._parts, self._forget)
        self._running[title_id, match.match_id] = match
        try:
            match.start(params)
        except BaseException:
            self._forget(match)
            raise
        return match.match_id

    def signal(self, title_id: TitleId, match_id: str, data: str) -> str:
        """Raises MatchNotFound, MatchFailed, or what the handler raises on purpose."""
        running = self._running.get((title_id, match_id))
        if running is None:
            raise MatchNotFound
        return running.signal(data)

    async def tell(self, title: str, callback: str, what: Any) -> None:
        """Let the matches of a title, in all its environments, know of something, some at a time."""
        for number, match in enumerate(list(self._running.values()), 1):
            if title_of(match.title_id) == title:
                match.tell(callback, what)
            if number % TOLD_AT_ONCE == 0:
                await asyncio.sleep(0)

    def get(self, title_id: TitleId, match_id: str) -> MatchInfo | None:
        key = (title_id, match_id)
        if key in self._running:
            return self._running[key].info()
        stream = self._relayed.get(key)
        return None if stream is None else MatchInfo(match_id, False, self._tracker.count(stream))

    async def find(self, title_id: TitleId, wanted: Filter) -> list[MatchInfo]:
        """Matches that fit, authoritative ones first, the oldest first; those that fit more of a query's wishes before others.

        Raises:
            FilterInvalid, QueryInvalid.
        """
        wanted.check(self._limits.page_max)
        query = parse_query(wanted.query or "", self._limits.match_query_bytes_max)
        found = [] if wanted.authoritative is False else await self._authoritative(title_id, wanted, query)
        if wanted.authoritative is not True and wanted.label is None and wanted.query is None:
            infos = [self.get(title, match_id) for title, match_id in self._relayed if title == title_id]
            found += [info for info in infos if info is not None and info.size and wanted.allows(info.size)]
        return found[: wanted.limit]

    async def _authoritative(self, title_id: TitleId, wanted: Filter, query: Query) -> list[MatchInfo]:
        budget = Budget(self._limits.match_query_steps_max)
        found: list[tuple[float, MatchInfo]] = []
        for number, match in enumerate(list(self._running.values()), 1):
            if number % LOOKED_AT_ONCE == 0:
                await asyncio.sleep(0)
            if match.is_ended or match.title_id != title_id or not wanted.allows(len(match.players)):
                continue
            if wanted.label is not None and match.label != wanted.label:
                continue
            score = query.score(match.document, budget) if wanted.query else 0.0
            if score is not None:
                found.append((score, match.info()))
                if not query.ranks and len(found) == wanted.limit:
                    break
        return [info for _, info in sorted(found, key=lambda item: -item[0])]

    # --- operators

    @property
    def count(self) -> int:
        """Matches of all titles, relayed ones too."""
        return len(self._running) + len(self._relayed)

    def watch(self, title_id: TitleId, label: str, after: str, limit: int) -> tuple[list[Watched], int]:
        """Matches by id, those after `after` with this in their label, whatever its case; and how many the title has in all."""
        wanted = label.casefold()
        ids = [match_id for title, match_id in (*self._running, *self._relayed) if title == title_id]
        found = (self._watched(title_id, match_id) for match_id in sorted(one for one in ids if one > after))
        return list(itertools.islice((one for one in found if wanted in one.label.casefold()), limit)), len(ids)

    def look_into(self, title_id: TitleId, match_id: str) -> tuple[Watched, list[Session]]:
        """A match, and the sockets that are in it. Raises MatchNotFound."""
        watched = self._watched(title_id, match_id)
        return watched, [presence.session for presence in self._tracker.presences(parse_match_id(match_id).stream(title_id))]

    def state(self, title_id: TitleId, match_id: str) -> dict[str, str]:
        """What a match's handler keeps, as short texts by field; nothing for a relayed match."""
        running = self._running.get((title_id, match_id))
        return {} if running is None else running.state()

    def spectate(self, title_id: TitleId, match_id: str, after: int) -> Look:
        """What a match has sent and was sent since the look that told `after`; the first look (0) opens its tap. Raises MatchNotFound."""
        self._watched(title_id, match_id)
        return self._parts.taps.look((title_id, match_id), after)

    def kick(self, title_id: TitleId, match_id: str, user_id: UserId) -> list[Session]:
        """Take a person out, by all their sockets, and let everybody know. They may join again.

        Raises:
            MatchNotFound: or the person is not in it.
        """
        _, sessions = self.look_into(title_id, match_id)
        kicked = [session for session in sessions if session.user_id == user_id]
        if not kicked:
            raise MatchNotFound("This player is not in this match.")
        self._take_out(title_id, match_id, kicked)
        return kicked

    def end(self, title_id: TitleId, match_id: str) -> Watched:
        """End a match as if its handler had; a relayed one ends when all are out. Returns what it was. Raises MatchNotFound."""
        watched, sessions = self.look_into(title_id, match_id)
        running = self._running.get((title_id, match_id))
        if running is not None:
            running.end()
        else:
            self._take_out(title_id, match_id, sessions)
        return watched

    def _take_out(self, title_id: TitleId, match_id: str, sessions: list[Session]) -> None:
        stream = parse_match_id(match_id).stream(title_id)
        for session in sessions:
            presence, change = self._tracker.get(stream, session.session_id), self._tracker.untrack(stream, session)
            if presence is not None and change is not None:
                self._router.to_presences((presence,), MatchPresenceEvent(match_id=match_id, leaves=[presence.shown()]))
                self._tracker.announce(change)

    def _watched(self, title_id: TitleId, match_id: str) -> Watched:
        running = self._running.get((title_id, match_id))
        if running is not None:
            return running.watched()
        info = self.get(title_id, match_id)
        if info is None:
            raise MatchNotFound
        return Watched(match_id, False, info.size)

    def _forget(self, match: RunningMatch) -> None:
        self._running.pop((match.title_id, match.match_id), None)

    async def stop(self) -> None:
        """Let every handler terminate, then wait for what they have spawned, for a while."""
        self._is_stopping = True
        grace_s = self._limits.match_grace_s
        for match in list(self._running.values()):
            match.terminate(grace_s)
        if self._parts.tasks:
            _, late = await asyncio.wait(self._parts.tasks, timeout=grace_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
