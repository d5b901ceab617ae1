"""Authoritative matches of a game: classes whose `loop` runs at a steady rate.

    @game.match("arena", tick_rate_hz=10)
    class Arena:
        score: int = 0

        def loop(self, match: Match, messages: list[MatchMessage]) -> None:
            for message in messages:
                self.score += 1
                match.send(1, message.data, sender=message.player)

`loop` is the only method that a class must have. These it may have:

    def init(self, match, params)                    the match begins; `params` come from `ctx.matches.create`
    def join_attempt(self, match, player, metadata)  raise JoinRefused("why") to keep somebody out
    def join(self, match, players)                   they are in
    def leave(self, match, players)                  they have left, lost their connection or were kicked
    def signal(self, match, data) -> str             server code calls, by `ctx.matches.signal`
    def licence_changed(self, match, change)         an asset may be used now, or no longer: see `supergame.game.licences`
    def terminate(self, match, grace_s)              the server stops; what is spawned now has so many seconds

State lives on `self`. Fields with a type and a default, as `score`, get a copy of the default in each match. All methods are plain
functions, for they run within ticks; what takes time or awaits goes through `match.spawn`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Coroutine, Iterable
from copy import deepcopy
from datetime import datetime
from random import Random
from typing import Any, Final, NamedTuple

from supergame.base.clock import exact_datetime
from supergame.features.matches.model import TICK_RATE_HZ_MAX, JoinRefused, MatchMessage, Player
from supergame.features.matches.running import MatchKind, RunningMatch
from supergame.game.context import Context
from supergame.game.services import Services
from supergame.game.show import shown_fields
from supergame.routing import context
from supergame.wire.rtapi import MatchData

__all__ = ["JoinRefused", "Match", "MatchMessage", "Player", "check_class", "kind_of"]

MAX_EMPTY_S: Final = 60.0
_CONSTANT: Final = re.compile(r"(typing\.)?(ClassVar|Final)\b")
CALLBACKS: Final = ("init", "join_attempt", "join", "leave", "loop", "terminate", "signal", "licence_changed")


class Match:
    """The running match, as its handler sees it."""

    __slots__ = ("_running", "_services", "ctx", "id", "log", "rng")

    def __init__(self, running: RunningMatch, services: Services, ctx: Context) -> None:
        self._running, self._services = running, services
        self.id: str = running.match_id
        self.ctx = ctx
        """Storage, accounts and the rest, as the server: `match.spawn(match.ctx.storage.write(...))`."""
        self.log: Any = running.log
        self.rng: Random = running.rng
        """Chance of this match's own."""

    @property
    def label(self) -> str:
        """What lists and queries find the match by, at once; at most 2048 bytes. JSON objects are searched by field."""
        return self._running.label

    @label.setter
    def label(self, label: str) -> None:
        self._running.label = label

    @property
    def tick(self) -> int:
        """The number of this `loop`, from 0."""
        return self._running.tick

    @property
    def players(self) -> list[Player]:
        """Who is in, in the order of joining."""
        return list(self._running.players.values())

    @property
    def now(self) -> datetime:
        """The time in UTC, from the platform's clock (which tests can move)."""
        return exact_datetime(self._services.clock.now())

    def send(
        self,
        op_code: int,
        data: bytes | str = b"",
        to: Player | Iterable[Player] | None = None,
        sender: Player | None = None,
        reliable: bool = True,
    ) -> None:
        """Send data now: to all, to one player or to some. With a `sender`, it comes from that player."""
        self._running.send(self._message(op_code, data, sender, reliable), _targets(to), later=False)

    def send_later(
        self,
        op_code: int,
        data: bytes | str = b"",
        to: Player | Iterable[Player] | None = None,
        sender: Player | None = None,
        reliable: bool = True,
    ) -> None:
        """As `send`, when the tick ends, in the order of the calls."""
        self._running.send(self._message(op_code, data, sender, reliable), _targets(to), later=True)

    def kick(self, player: Player) -> None:
        """Take a player out. Everybody is told; `leave` is called when the method that runs has returned."""
        self._running.kick(player)

    def end(self) -> None:
        """End the match when the method that runs has returned. All players are told that they left."""
        self._running.end()

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run a coroutine beside the match; between its awaits it may use `match` and `self`. At most 16 at a time."""
        self._running.spawn(work)

    def _message(self, op_code: int, data: bytes | str, sender: Player | None, reliable: bool) -> MatchData:
        return MatchData(
            match_id=self.id,
            presence=None if sender is None else sender.presence.shown(),
            op_code=op_code,
            data=data.encode() if isinstance(data, str) else data,
            reliable=reliable,
        )


def _targets(to: Player | Iterable[Player] | None) -> Iterable[Player] | None:
    return (to,) if isinstance(to, Player) else to


def check_class(name: str, handler: type, tick_rate_hz: int) -> None:
    """Raises ValueError, with what to change, when a class cannot be a match handler."""
    if not 1 <= tick_rate_hz <= TICK_RATE_HZ_MAX:
        raise ValueError(f"the match {name!r} cannot tick at {tick_rate_hz} Hz: 1 to {TICK_RATE_HZ_MAX} are possible")
    if not callable(getattr(handler, "loop", None)):
        raise ValueError(f"the match {name!r} needs a method: def loop(self, match, messages)")
    for callback in CALLBACKS:
        if inspect.iscoroutinefunction(getattr(handler, callback, None)):
            raise ValueError(f"{handler.__name__}.{callback} cannot be async: it runs within a tick; hand coroutines to match.spawn(...)")


class MatchClass(NamedTuple):
    """What `@game.match` was told."""

    name: str
    handler: type
    tick_rate_hz: int
    max_empty_s: float | None


KindOf = Callable[[MatchClass, Services], MatchKind]


def kind_of(declared: MatchClass, services: Services) -> MatchKind:
    """A class as the platform runs it."""

    def bind(running: RunningMatch) -> BoundHandler:
        return bound(declared.handler, running, services)

    return MatchKind(declared.name, declared.tick_rate_hz, declared.max_empty_s, bind)


def bound(handler: type, running: RunningMatch, services: Services) -> BoundHandler:
    ctx = Context(services, context.Context(running.title_id))
    return BoundHandler(new_state(handler), Match(running, services, ctx))


def new_state(handler: type) -> Any:
    """A new instance whose typed fields are its own: a list given as default is not shared by all matches."""
    state = handler()
    for cls in reversed(handler.__mro__):
        for field in _annotated(cls):
            if field in cls.__dict__ and field not in vars(state):
                setattr(state, field, deepcopy(cls.__dict__[field]))
    return state


def field_names(cls: type) -> set[str]:
    """The fields that a class declares by their types, its bases' too. Constants (`ClassVar`, `Final`) are none."""
    return {field for base in cls.__mro__ for field in _annotated(base)}


def _annotated(cls: type) -> list[str]:
    return [name for name, kind in inspect.get_annotations(cls).items() if not _CONSTANT.match(getattr(kind, "__name__", str(kind)))]


class BoundHandler:
    """The instance of one match, and its `match`. Methods that the class does not have do nothing."""

    def __init__(self, state: Any, match: Match) -> None:
        self.state, self.match = state, match

    def init(self, params: dict[str, Any]) -> None:
        if hasattr(self.state, "init"):
            self.state.init(self.match, params)

    def join_attempt(self, player: Player, metadata: dict[str, str]) -> None:
        if hasattr(self.state, "join_attempt"):
            self.state.join_attempt(self.match, player, metadata)

    def join(self, players: list[Player]) -> None:
        if hasattr(self.state, "join"):
            self.state.join(self.match, players)

    def leave(self, players: list[Player]) -> None:
        if hasattr(self.state, "leave"):
            self.state.leave(self.match, players)

    def loop(self, messages: list[MatchMessage]) -> None:
        self.state.loop(self.match, messages)

    def terminate(self, grace_s: float) -> None:
        if hasattr(self.state, "terminate"):
            self.state.terminate(self.match, grace_s)

    def signal(self, data: str) -> str:
        return self.state.signal(self.match, data) or "" if hasattr(self.state, "signal") else ""

    def shown(self) -> dict[str, str]:
        return shown_fields(self.state)

    def told(self, callback: str, what: Any) -> None:
        if hasattr(self.state, callback):
            getattr(self.state, callback)(self.match, what)
