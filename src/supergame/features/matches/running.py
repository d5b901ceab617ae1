"""One authoritative match while it runs: its players, its input, and the calls into the game's handler.

Callbacks are plain functions and never overlap: what happens while one runs (a kick, an end) is told when it has returned.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol

from supergame.base.clock import Clock
from supergame.base.errors import SupergameError
from supergame.base.ids import Chance, TitleId
from supergame.base.limits import Limits
from supergame.features.matches.model import (
    DataInvalid,
    JoinRefused,
    LabelInvalid,
    MatchFailed,
    MatchId,
    MatchInfo,
    MatchMessage,
    MatchNotFound,
    Player,
    TooMuchSpawned,
    Watched,
)
from supergame.features.matches.search import Document, Value, document_of
from supergame.features.matches.spectate import Taps, Way
from supergame.realtime.router import MessageRouter
from supergame.realtime.stream import Presence
from supergame.realtime.tracker import Tracker
from supergame.runtime.ticker import Ticker, Ticking
from supergame.runtime.watchdog import Watchdog
from supergame.telemetry.logging import logger
from supergame.telemetry.metrics import Metrics
from supergame.wire.rtapi import Error, MatchData, MatchPresenceEvent

TICKS_AVERAGED = 32  # in what operators are told of a tick's cost
FAILED = 0  # the socket's code of a runtime exception

_log = logger("matches")


class Handler(Protocol):
    """A game's code for one running match, bound to it. `game.match` makes them of classes."""

    def init(self, params: dict[str, Any]) -> None: ...
    def join_attempt(self, player: Player, metadata: dict[str, str]) -> None: ...
    def join(self, players: list[Player]) -> None: ...
    def leave(self, players: list[Player]) -> None: ...
    def loop(self, messages: list[MatchMessage]) -> None: ...
    def terminate(self, grace_s: float) -> None: ...
    def signal(self, data: str) -> str: ...
    def shown(self) -> dict[str, str]: ...
    def told(self, callback: str, what: Any) -> None: ...


@dataclass(frozen=True, slots=True)
class MatchKind:
    """A match handler as a game has declared it."""

    name: str
    tick_rate_hz: int
    max_empty_s: float | None
    """End when nobody has been in for so long; None for never."""
    bind: Callable[[RunningMatch], Handler]


class Mark(NamedTuple):
    """What a callback may change in its match and what has not left the server yet."""

    label: str
    chance: tuple[Any, ...]
    deferred: int
    is_ending: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """What every match is given."""

    tracker: Tracker
    router: MessageRouter
    ticker: Ticker
    watchdog: Watchdog
    clock: Clock
    chance: Chance
    metrics: Metrics
    limits: Limits
    taps: Taps
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)


class RunningMatch:
    """Made by `Matches.create`. Games see it through `game.match.Match`."""

    def __init__(self, title_id: TitleId, match_id: MatchId, kind: MatchKind, parts: Parts, on_end: Callable[[RunningMatch], None]) -> None:
        self.title_id, self.kind, self._parts, self._on_end = title_id, kind, parts, on_end
        self.match_id = str(match_id)
        self.stream = match_id.stream(title_id)
        self.players: dict[str, Player] = {}
        self.tick = 0
        self.is_ended = False
        self.rng = random.Random(parts.chance.secret())
        self.log = logger("game").bind(title=title_id, match=kind.name, match_id=self.match_id)
        self._taps = parts.taps.open
        self._label = ""
        self._document: Document | None = None
        self._handler: Handler
        self._ticking: Ticking | None = None
        self._messages: list[MatchMessage] = []
        self._deferred: list[tuple[MatchData, list[Presence] | None]] = []
        self._changes: deque[tuple[bool, Player]] = deque()
        self._is_busy = self._is_ending = False
        self._spawned = 0
        self._tick_s = 0.0
        self._empty_since = parts.clock.monotonic()

    # --- the platform's side

    def start(self, params: dict[str, Any]) -> None:
        """Raises MatchFailed when the handler does, or what it raises on purpose."""
        try:
            self._handler = self._run("init", self._bind, params)
        except SupergameError:
            raise
        except Exception as error:  # noqa: BLE001 - a game may raise anything
            self._complain("init", error)
            raise MatchFailed("The match's handler failed.") from None
        self._parts.metrics.matches.labels(self.kind.name).inc()
        self._ticking = self._parts.ticker.add(f"match {self.kind.name}", self.kind.tick_rate_hz, self._tick, self._missed)
        self._settle()

    def _bind(self, params: dict[str, Any]) -> Handler:
        handler = self.kind.bind(self)
        handler.init(params)
        return handler

    def attempt(self, player: Player, metadata: dict[str, str]) -> None:
        """Ask the handler whether somebody may join.

        Raises:
            JoinRefused: no, or it failed to say.
            MatchNotFound: the match has ended.
        """
        if self.is_ended:
            raise MatchNotFound
        try:
            self._run("join_attempt", self._handler.join_attempt, player, metadata)
        except SupergameError:
            raise
        except Exception as error:  # noqa: BLE001 - the metadata is the player's: it must not end the match for others
            self._complain("join_attempt", error)
            raise JoinRefused("The match failed to decide.") from None
        finally:
            self._settle()
        if self.is_ended:
            raise MatchNotFound

    def changed(self, joins: Iterable[Presence], leaves: Iterable[Presence]) -> None:
        """Presences came and went; the handler learns it between its callbacks."""
        for presence in leaves:
            if (player := self.players.pop(presence.session_id, None)) is not None:
                self._changes.append((False, player))
        for presence in joins:
            player = self.players[presence.session_id] = Player(presence)
            self._changes.append((True, player))
        self._settle()

    def receive(self, session_id: str, op_code: int, data: bytes, reliable: bool) -> None:
        """Input for the next tick; of strangers and beyond the bound it is dropped."""
        player = self.players.get(session_id)
        if player is None:
            return
        if len(self._messages) >= self._parts.limits.match_messages_queued_max:
            self._parts.metrics.match_dropped.labels(self.kind.name).inc()
            return
        self._messages.append(MatchMessage(player, op_code, data, reliable))
        if self._taps and (tap := self._taps.get((self.title_id, self.match_id))) is not None:
            tap.note(self.tick, Way.RECEIVED, op_code, data, player, 0, reliable)

    def signal(self, data: str) -> str:
        """Raises MatchFailed, or what the handler raises on purpose; the match goes on."""
        try:
            return str(self._run("signal", self._handler.signal, data))
        except SupergameError:
            raise
        except Exception as error:  # noqa: BLE001
            self._complain("signal", error)
            raise MatchFailed("The match's handler failed.") from None
        finally:
            self._settle()

    def tell(self, callback: str, what: Any) -> None:
        """Something has changed that the handler may want to know, if it has such a method. One that fails does not end the match."""
        if self.is_ended:
            return
        try:
            self._run(callback, self._handler.told, callback, what)
        except Exception as error:  # noqa: BLE001 - a game may raise anything
            self._complain(callback, error)
        finally:
            self._settle()

    def terminate(self, grace_s: float) -> None:
        """The node stops."""
        self._guarded("terminate", self._handler.terminate, grace_s)
        self._send_deferred()
        self.end()

    def info(self) -> MatchInfo:
        return MatchInfo(self.match_id, True, len(self.players), self._label, self.kind.name, self.kind.tick_rate_hz)

    def watched(self) -> Watched:
        """The match as operators see it."""
        kind, missed = self.kind, 0 if self._ticking is None else self._ticking.missed
        return Watched(
            self.match_id,
            True,
            len(self.players),
            self._label,
            kind.name,
            kind.tick_rate_hz,
            self.tick,
            round(self._tick_s * 1000, 3),
            missed,
        )

    def state(self) -> dict[str, str]:
        """The handler's fields as short texts."""
        return self._handler.shown()

    @property
    def document(self) -> Document:
        """What queries look at."""
        if self._document is None:
            fields: dict[str, Value] = {"handler_name": self.kind.name, "tick_rate": self.kind.tick_rate_hz}
            self._document = document_of(self._label, fields)
        return self._document

    # --- the handler's side

    @property
    def label(self) -> str:
        return self._label

    @label.setter
    def label(self, label: str) -> None:
        """Raises LabelInvalid."""
        if not isinstance(label, str) or len(label.encode()) > self._parts.limits.match_label_bytes_max:
            raise LabelInvalid(f"A label is a text of at most {self._parts.limits.match_label_bytes_max} bytes.")
        self._label, self._document = label, None

    def send(self, message: MatchData, to: Iterable[Player] | None, later: bool) -> None:
        """Data to everybody, or to those of `to` who are still in; now, or when the tick ends."""
        if len(message.data) > self._parts.limits.match_data_bytes_max or not -(2**63) <= message.op_code < 2**63:
            raise DataInvalid
        get = self._parts.tracker.get
        targets = None if to is None else [found for one in to if (found := get(self.stream, one.session_id)) is not None]
        if later:
            self._deferred.append((message, targets))
        else:
            self._send(message, targets)

    def kick(self, player: Player) -> None:
        """Take somebody out, and let them know."""
        change = self._parts.tracker.untrack(self.stream, player.presence.session)
        if change is not None:
            gone = MatchPresenceEvent(match_id=self.match_id, leaves=[player.presence.shown()])
            self._parts.router.to_presences((player.presence,), gone)
            self._parts.tracker.announce(change)

    def end(self) -> None:
        """End when the callback that runs, if any, has returned. All players are told that they left."""
        self._is_ending = True
        self._settle()

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run a coroutine beside the match. One that raises is logged.

        Raises:
            TooMuchSpawned: as many as allowed are under way.
        """
        if self._spawned >= self._parts.limits.match_spawned_max:
            work.close()
            raise TooMuchSpawned
        self._spawned += 1
        task = asyncio.get_running_loop().create_task(self._spawn(work))
        self._parts.tasks.add(task)
        task.add_done_callback(self._parts.tasks.discard)
        return task

    async def _spawn(self, work: Coroutine[Any, Any, Any]) -> Any:
        try:
            return await self._parts.watchdog.guard(f"match {self.kind.name} spawn", work)
        except Exception as error:  # noqa: BLE001
            self._complain("spawn", error)
            return None
        finally:
            self._spawned -= 1

    def change_pace(self, tick_rate_hz: int, max_empty_s: float | None) -> None:
        """From the next tick on."""
        self.kind = replace(self.kind, tick_rate_hz=tick_rate_hz, max_empty_s=max_empty_s)
        self._document = None
        if self._ticking is not None:
            self._ticking.period_s = 1 / tick_rate_hz

    def mark(self) -> Mark:
        return Mark(self._label, self.rng.getstate(), len(self._deferred), self._is_ending)

    def put_back(self, mark: Mark) -> None:
        """As if the callback since the mark had not been. What it has sent at once has left; who was kicked is gone."""
        self._label, self._document = mark.label, None
        self.rng.setstate(mark.chance)
        del self._deferred[mark.deferred :]
        self._is_ending = mark.is_ending

    # --- between the two

    def _tick(self) -> None:
        began = time.perf_counter()
        messages, self._messages = self._messages, []
        self._guarded("loop", self._handler.loop, messages)
        self.tick += 1
        self._send_deferred()
        max_empty_s, now = self.kind.max_empty_s, self._parts.clock.monotonic()
        if self.players:
            self._empty_since = now
        elif max_empty_s is not None and now - self._empty_since >= max_empty_s:
            self._is_ending = True
        self._settle()
        took_s = time.perf_counter() - began
        self._tick_s += (took_s - self._tick_s) / TICKS_AVERAGED
        self._parts.metrics.tally.ticked(took_s)

    def _missed(self, count: int) -> None:
        self._parts.metrics.match_ticks_missed.labels(self.kind.name).inc(count)
        missed = self._ticking.missed if self._ticking is not None else count
        if missed & (missed - 1) == 0 or count > missed // 2:  # each time it has doubled, not each time
            self.log.warning("match is late", missed_ticks=missed, tick=self.tick)

    def _run(self, callback: str, function: Callable[..., Any], *args: Any) -> Any:
        assert not self._is_busy, "callbacks of a match do not overlap"
        self._is_busy = True
        try:
            return self._parts.watchdog.step(f"match {self.kind.name} {callback}", function, *args)
        finally:
            self._is_busy = False

    def _guarded(self, callback: str, function: Callable[..., Any], *args: Any) -> None:
        """Run a callback; if it raises, the match ends, and only the match."""
        try:
            self._run(callback, function, *args)
        except Exception as error:  # noqa: BLE001 - a game may raise anything
            self._complain(callback, error)
            self._deferred.clear()
            failed = Error(code=FAILED, message=MatchFailed.sentence(), context={"match_id": self.match_id})
            self._parts.router.to_stream(self.stream, failed)
            self._finish()

    def _settle(self) -> None:
        """Tell the handler who came and went, and end if asked to; never inside a callback."""
        while not self._is_busy and not self.is_ended:
            if self._is_ending:
                self._finish()
            elif self._changes:
                came, player = self._changes.popleft()
                self._guarded("join" if came else "leave", self._handler.join if came else self._handler.leave, [player])
            else:
                return

    def _finish(self) -> None:
        if self.is_ended:
            return
        self.is_ended = True
        if self._ticking is not None:
            self._ticking.cancel()
            self._parts.metrics.matches.labels(self.kind.name).dec()
        leaves = [presence.shown() for presence in self._parts.tracker.presences(self.stream)]
        if leaves:
            self._parts.router.to_stream(self.stream, MatchPresenceEvent(match_id=self.match_id, leaves=leaves))
        self._parts.tracker.untrack_stream(self.stream)
        self.players.clear()
        self._on_end(self)

    def _send_deferred(self) -> None:
        deferred, self._deferred = self._deferred, []
        for message, targets in deferred:
            self._send(message, targets)

    def _send(self, message: MatchData, targets: list[Presence] | None) -> None:
        if self._taps and (tap := self._taps.get((self.title_id, self.match_id))) is not None:
            receivers = self._parts.tracker.count(self.stream) if targets is None else len(targets)
            tap.note(self.tick, Way.SENT, message.op_code, message.data, message.presence, receivers, message.reliable)
        if targets is None:
            self._parts.router.to_stream(self.stream, message)
        else:
            self._parts.router.to_presences(targets, message)

    def _complain(self, callback: str, error: Exception) -> None:
        self._parts.metrics.match_failures.labels(self.kind.name).inc()
        self.log.error("match handler failed", callback=callback, tick=self.tick, exc_info=error)
