"""A game whose code is exchanged while it runs: `supergame dev`.

A version is the whole game, so the old one runs everywhere or the new one does. Functions, hooks and timers change at once, each match
at its next callback, with its state (`game.handover`). The first call of each callback of a match is a trial: when it raises, the game
goes back to the version before, this match with its state as it was, and the callback is run by that version instead. So a version
that has failed does not run again, and no match ends by it. What the failed call has sent already cannot be called back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple, cast

from supergame.base.errors import SupergameError
from supergame.features.matches.model import MatchMessage, Player
from supergame.features.matches.running import Mark, MatchKind, RunningMatch
from supergame.game.errors import GameInvalid
from supergame.game.game import Game, Guard, Timer
from supergame.game.handover import copied, still_declared, successor_in
from supergame.game.match import MatchClass, bound, new_state
from supergame.game.services import Services

MAY_REFUSE = ("init", "join_attempt", "signal")  # an error of the platform's tree is their answer
VERSIONS_KEPT = 4  # the one that runs, and those that it can go back to

OnFailed = Callable[[str, Exception], None]
"""Is told which code failed, as in `Arena.loop`, and why."""


class Version:
    """One load of a game's code."""

    def __init__(self, game: Game, package: str, previous: Version | None) -> None:
        self.game, self.package, self.previous = game, package, previous
        self.number: int = 1 if previous is None else previous.number + 1
        self.has_failed = False


class LiveGame:
    """One title. `replace` brings a new version, `withdraw` the one before."""

    def __init__(self, game: Game, package: str, services: Services, endpoints: set[str], guard: Guard, on_failed: OnFailed) -> None:
        self._services, self._endpoints, self._guard, self._on_failed = services, endpoints, guard, on_failed
        self._timers: list[tuple[Timer, asyncio.Task[None]]] = []
        self._has_started = False
        self.version = Version(game, package, None)
        game.install(services, endpoints, self._kind_of)

    def replace(self, game: Game, package: str) -> None:
        """From here on the new code runs.

        Raises:
            GameInvalid: it cannot take over; nothing has changed.
        """
        if game.id != self.version.game.id:
            raise GameInvalid(f"The id of a running game stays: {self.version.game.id!r} cannot become {game.id!r} without a restart.")
        version = Version(game, package, self.version)
        game.install(self._services, self._endpoints, self._kind_of)
        self.version = version
        self._forget_old()
        if self._has_started:
            self.start_timers()

    def withdraw(self, version: Version, what: str, error: Exception) -> bool:
        """Go back to the version before one that has failed. False when there is none."""
        if version.previous is None:
            return False
        if not version.has_failed:
            version.has_failed = True
            if self.version is version:
                self._go_back()
            self._on_failed(what, error)
        return True

    def _go_back(self) -> None:
        while self.version.has_failed and self.version.previous is not None:
            self.version = self.version.previous
        self.version.game.install(self._services, self._endpoints, self._kind_of)
        if self._has_started:
            self.start_timers()

    @property
    def packages(self) -> set[str]:
        """Of the versions that run or may run again."""
        found, version = set(), cast("Version | None", self.version)
        while version is not None:
            found.add(version.package)
            version = version.previous
        return found

    def start_timers(self) -> None:
        """Of the version that runs, in place of earlier ones."""
        self.stop_timers()
        self._has_started = True
        for timer in self.version.game.timers(self._services, self._guard):
            self._timers.append((timer, asyncio.get_running_loop().create_task(timer.run())))

    def stop_timers(self, at_once: bool = False) -> None:
        """Unless it has to be at once, a call that is under way goes on to its end."""
        for timer, task in self._timers:
            timer.is_over = True
            if at_once or not timer.is_working:
                task.cancel()
        self._timers.clear()

    def _forget_old(self) -> None:
        oldest = self.version
        for _ in range(VERSIONS_KEPT - 1):
            oldest = oldest.previous or oldest
        oldest.previous = None

    def _kind_of(self, declared: MatchClass, services: Services) -> MatchKind:
        def bind(running: RunningMatch) -> LiveHandler:
            return LiveHandler(self, declared, running, services)

        return MatchKind(declared.name, declared.tick_rate_hz, declared.max_empty_s, bind)


class Saved(NamedTuple):
    """A match as it was before a callback."""

    version: Version
    declared: MatchClass
    fields: dict[str, Any]
    mark: Mark


class LiveHandler:
    """The handler of one match, by whichever version of its class runs."""

    def __init__(self, live: LiveGame, declared: MatchClass, running: RunningMatch, services: Services) -> None:
        self._live, self._declared, self._running = live, declared, running
        self._bound = bound(declared.handler, running, services)
        self._version = live.version
        self._tried: set[str] = set()
        self._dropped: dict[str, Any] = {}
        """Fields that this version has no more, for the one before."""

    def init(self, params: dict[str, Any]) -> None:
        self._call("init", params)

    def join_attempt(self, player: Player, metadata: dict[str, str]) -> None:
        self._call("join_attempt", player, metadata)

    def join(self, players: list[Player]) -> None:
        self._call("join", players)

    def leave(self, players: list[Player]) -> None:
        self._call("leave", players)

    def loop(self, messages: list[MatchMessage]) -> None:
        self._call("loop", messages)

    def terminate(self, grace_s: float) -> None:
        self._call("terminate", grace_s)

    def signal(self, data: str) -> str:
        return str(self._call("signal", data))

    def shown(self) -> dict[str, str]:
        return self._bound.shown()

    def told(self, callback: str, what: Any) -> None:
        self._call("told", callback, what)

    def _call(self, callback: str, *args: Any) -> Any:
        saved = self._follow()
        if self._version.previous is None or callback in self._tried:
            return getattr(self._bound, callback)(*args)
        try:
            saved = saved or self._save()
        except Exception:  # noqa: BLE001 - state that cannot be copied, such as an endless chain, has no way back
            return getattr(self._bound, callback)(*args)
        try:
            answer = getattr(self._bound, callback)(*args)
        except Exception as error:
            if isinstance(error, SupergameError) and callback in MAY_REFUSE:
                raise
            failed, what = self._version, f"{self._declared.handler.__name__}.{callback}"
            self._restore(saved)
            self._live.withdraw(failed, what, error)
            self._follow()
            if self._version is failed:
                raise  # the versions before know no such match
            return self._call(callback, *args)
        self._tried.add(callback)
        return answer

    def _follow(self) -> Saved | None:
        """Change to the version that runs. Returns the match as it was, if it did."""
        while self._version is not self._live.version:
            version = self._live.version
            declared = version.game.match_classes.get(self._declared.name)
            if declared is None:
                return None  # the new code knows no such match: this one ends as it began
            before = Saved(self._version, self._declared, vars(self._bound.state), self._running.mark())
            try:
                self._take(version, declared)
            except Exception as error:  # noqa: BLE001 - the game's own objects may raise anything
                self._restore(before)
                if not self._live.withdraw(version, f"the state of {self._declared.handler.__name__}", error):
                    return None
            else:
                return before
        return None

    def _take(self, version: Version, declared: MatchClass) -> None:
        state, old, new = self._bound.state, self._declared.handler, declared.handler
        fields = copied(vars(state), state, successor_in(version.package))
        if version.number < self._version.number:
            fields = {**self._dropped, **fields}
        kept = still_declared(fields, old, new)
        self._dropped = {name: value for name, value in fields.items() if name not in kept}
        self._become(version, declared, {**vars(new_state(new)), **kept})

    def _become(self, version: Version, declared: MatchClass, fields: dict[str, Any]) -> None:
        """The state stays the same object, for what the match has spawned holds on to it."""
        state = self._bound.state
        state.__class__, state.__dict__ = declared.handler, fields
        self._version, self._declared = version, declared
        self._tried.clear()
        self._running.change_pace(declared.tick_rate_hz, declared.max_empty_s)

    def _save(self) -> Saved:
        state = self._bound.state
        fields = copied(vars(state), state, successor_in(self._version.package))
        return Saved(self._version, self._declared, fields, self._running.mark())

    def _restore(self, saved: Saved) -> None:
        self._become(saved.version, saved.declared, saved.fields)
        self._running.put_back(saved.mark)
