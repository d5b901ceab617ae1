"""A game: functions, hooks and timers, collected by decorators and installed into the platform when it starts."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, Self, TypeVar

from supergame.base.ids import TitleId
from supergame.base.titles import LIVE, is_title, title_id
from supergame.game.config import ConfigDeclarations
from supergame.game.context import Context
from supergame.game.errors import GameInvalid
from supergame.game.match import MAX_EMPTY_S, KindOf, MatchClass, check_class, kind_of
from supergame.game.services import Services
from supergame.routing import context
from supergame.telemetry.logging import logger

F = TypeVar("F", bound=Callable[..., Awaitable[Any]])

RpcFunction = Callable[[Context, str], Awaitable[str | None]]
BeforeFunction = Callable[[Context, Any], Awaitable[Any]]
AfterFunction = Callable[[Context, Any, Any], Awaitable[None]]
TimerFunction = Callable[[Context], Coroutine[Any, Any, None]]
T = TypeVar("T", bound=TimerFunction)
C = TypeVar("C", bound=type)
Guard = Callable[[str, Coroutine[Any, Any, Any]], Awaitable[Any]]

RESERVED = "sg."

_log = logger("game")


class Game:
    """One title. Make one at the top of your file, decorate functions with it, and serve it with `supergame up`."""

    def __init__(self, id: str, *, name: str = "") -> None:
        """
        Args:
            id: lower-case letters, digits and hyphens; names the title in storage, so it never changes.
            name: what people read; the id when empty.
        """
        if not is_title(id):
            raise ValueError(f"{id!r} is no title id: lower-case letters, digits and hyphens, beginning with a letter")
        self.id, self.name = TitleId(id), name or id
        self.folder: Path | None = None
        """Where its file lies; None for a game that was made otherwise, as in a test."""
        self._functions: dict[str, RpcFunction] = {}
        self._before: list[tuple[str, BeforeFunction]] = []
        self._after: list[tuple[str, AfterFunction]] = []
        self._timers: list[tuple[float, TimerFunction]] = []
        self.match_classes: dict[str, MatchClass] = {}
        self.config = ConfigDeclarations()
        """Values that operators change while people play: `supergame.game.config`."""

    def enter(self, environment: str) -> Self:
        """Be served in this environment of the title, before anything is installed: `id` becomes `starhop@beta`. Returns the game.

        A game is loaded once for each environment, so what its modules keep is never shared by two.
        """
        self.id = title_id(self.id, environment)
        if environment != LIVE:
            self.name = f"{self.name} ({environment})"
        return self

    def rpc(self, name: str) -> Callable[[F], F]:
        """Offer `async def f(ctx, payload: str) -> str` to clients and servers under a name; returning None sends the empty text."""

        def declare(function: F) -> F:
            if name.lower().startswith(RESERVED):
                raise ValueError(f"the function {name!r} cannot be yours: names that begin with {RESERVED!r} belong to the platform")
            if name.lower() in self._functions:
                raise ValueError(f"the function {name!r} is declared twice")
            self._functions[name.lower()] = _checked(function)
            return function

        return declare

    def before(self, endpoint: str) -> Callable[[F], F]:
        """Run `async def f(ctx, request)` before an endpoint such as "get_users": return the request, changed or not, or None to refuse."""

        def declare(function: F) -> F:
            self._before.append((endpoint, _checked(function)))
            return function

        return declare

    def after(self, endpoint: str) -> Callable[[F], F]:
        """Run `async def f(ctx, request, reply)` after an endpoint has succeeded, before its answer leaves."""

        def declare(function: F) -> F:
            self._after.append((endpoint, _checked(function)))
            return function

        return declare

    def every(self, seconds: float) -> Callable[[T], T]:
        """Run `async def f(ctx)` again and again, `seconds` after its last end; the first time that long after the start."""
        if seconds <= 0:
            raise ValueError("a timer needs a positive interval")

        def declare(function: T) -> T:
            self._timers.append((seconds, _checked(function)))
            return function

        return declare

    def match(self, name: str, *, tick_rate_hz: int = 10, max_empty_s: float | None = MAX_EMPTY_S) -> Callable[[C], C]:
        """Run matches of a class, started by `ctx.matches.create(name)`. What the class may have stands in `supergame.game.match`.

        Args:
            tick_rate_hz: how often `loop` runs, 1 to 60 times a second.
            max_empty_s: end a match that nobody has been in for so long; None for never.
        """

        def declare(handler: C) -> C:
            check_class(name, handler, tick_rate_hz)
            if name in self.match_classes:
                raise ValueError(f"the match {name!r} is declared twice")
            self.match_classes[name] = MatchClass(name, handler, tick_rate_hz, max_empty_s)
            return handler

        return declare

    # --- the platform's side

    def install(self, services: Services, endpoints: set[str], kind_of: KindOf = kind_of) -> None:
        """Fill the platform's slots with this game's code, in place of an earlier version's.

        Raises:
            GameInvalid: a hook names an endpoint that does not exist; nothing has changed.
        """
        for endpoint in [name for name, _ in self._before] + [name for name, _ in self._after]:
            if endpoint not in endpoints:
                raise GameInvalid(f"{self.id}: there is no endpoint {endpoint!r} to hook; there are {', '.join(sorted(endpoints))}")
        for slots in (services.functions, services.hooks, services.matches):
            slots.forget_game(self.id)
        for name, function in self._functions.items():
            services.functions.add(self.id, name, _function(services, function))
        for endpoint, before in self._before:
            services.hooks.add_before(self.id, endpoint, _before(services, before))
        for endpoint, after in self._after:
            services.hooks.add_after(self.id, endpoint, _after(services, after))
        self.config.install(services, self.id)
        for declared in self.match_classes.values():
            services.matches.add_handler(self.id, kind_of(declared, services))

    def timers(self, services: Services, guard: Guard) -> list[Timer]:
        ctx = Context(services, context.Context(self.id))
        return [Timer(ctx, seconds, function, guard) for seconds, function in self._timers]


class Timer:
    """Runs a game's function again and again."""

    def __init__(self, ctx: Context, seconds: float, function: TimerFunction, guard: Guard) -> None:
        self._ctx, self._seconds, self._function, self._guard = ctx, seconds, function, guard
        self.is_working = self.is_over = False

    async def run(self) -> None:
        """Until cancelled, or until the call in which it `is_over` has ended."""
        while not self.is_over:
            await asyncio.sleep(self._seconds)
            self.is_working = True
            try:
                await self._guard(f"timer {self._function.__name__}", self._function(self._ctx))
            except Exception as error:  # noqa: BLE001 - the next time may be better
                _log.error("timer failed", title=self._ctx.title_id, timer=self._function.__name__, exc_info=error)
            finally:
                self.is_working = False


def _checked(function: F) -> F:
    """A forgotten `async` is told where it was forgotten, not at the first call."""
    is_async = inspect.iscoroutinefunction(function)
    if not is_async:
        raise TypeError(f"{getattr(function, '__name__', function)!r} has to be an async function: async def ...")
    return function


def _function(services: Services, function: RpcFunction) -> Callable[[context.Context, str], Awaitable[str | None]]:
    return lambda caller, payload: function(Context(services, caller), payload)


def _before(services: Services, function: BeforeFunction) -> Callable[[context.Context, Any], Awaitable[Any]]:
    return lambda caller, request: function(Context(services, caller), request)


def _after(services: Services, function: AfterFunction) -> Callable[[context.Context, Any, Any], Awaitable[None]]:
    return lambda caller, request, reply: function(Context(services, caller), request, reply)
