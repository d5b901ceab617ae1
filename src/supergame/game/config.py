"""Config: numbers, texts and flags that operators change while people play.

    speed = game.config.number("speed", 1.0, min=0.5, max=2, about="of all players")

    @game.rpc("speed")
    async def my_speed(ctx: Context, payload: str) -> str:
        return str(speed.value(ctx))

A setting is declared once, at the top of the file. What it is without an operator's word stands beside it, and so does what it may be: no
other value ever arrives. Read it where you use it, each time: that takes less than a microsecond.

    speed()           what counts for everybody; overrides for some players only are not in it
    speed.value(ctx)  what counts for the caller, also for one whom an override singles out

Settings declared with `for_clients=True` are told to clients, by `/sg/v1/config`, and by a notification when they change.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from supergame.base.ids import TitleId, UserId
from supergame.features.config.model import (
    CHOICES_MAX,
    JSON_BYTES_MAX,
    KEYS_MAX,
    NUMBER_MAX,
    TEXT_BYTES_MAX,
    Reader,
    Schema,
    Slot,
    ValueInvalid,
    check_key,
)
from supergame.features.config.service import Declared
from supergame.features.matches.model import Player
from supergame.game.context import Context
from supergame.game.services import Services
from supergame.routing import context

V = TypeVar("V")
F = TypeVar("F", bound=Callable[[Context], Coroutine[Any, Any, None]])


class Setting(Generic[V]):
    """One value, declared by `game.config`. Before the game is served it is its default."""

    __slots__ = ("_slot",)

    def __init__(self, key: str, schema: Schema) -> None:
        check_key(key)
        try:
            schema.check(schema.default)
        except ValueInvalid as error:
            raise ValueError(f"the default of the config value {key!r} is not allowed: {error.message}") from None
        self._slot = Slot(key, schema)

    @property
    def key(self) -> str:
        return self._slot.key

    def __call__(self) -> V:
        """What counts for everybody now. A JSON value is shared: do not change it."""
        return self._slot.value  # type: ignore[no-any-return]

    def value(self, who: Context | Player | str) -> V:
        """What counts for one player: a call's context, a player of a match, or a user id.

        Of a context's caller the session's variables are known too; of the others only the user id, which is enough for shares and for how
        new they are. What an override asks for and is not known does not fit.
        """
        slot = self._slot
        if slot.personal:
            rule = slot.rule_for(_reader(who))
            if rule is not None:
                return rule.value  # type: ignore[no-any-return]
        return slot.value  # type: ignore[no-any-return]


def _reader(who: Context | Player | str) -> Reader:
    if isinstance(who, str):
        return Reader(UserId(who))
    return Reader(UserId(who.user_id), who.vars if isinstance(who, Context) else {})


class ConfigDeclarations:
    """`game.config`: declare settings, and functions that hear of their changes."""

    def __init__(self) -> None:
        self.slots: dict[str, Slot] = {}
        self.listeners: list[tuple[frozenset[str], Callable[[Context], Coroutine[Any, Any, None]]]] = []

    def number(
        self, key: str, default: float, *, min: float = -NUMBER_MAX, max: float = NUMBER_MAX, about: str = "", for_clients: bool = False
    ) -> Setting[float]:
        """A number from `min` to `max`.

        Args:
            key: 1 to 64 lower-case letters, digits, points, hyphens and underscores; names the value for good.
            about: a sentence for those who change it.
            for_clients: whether players' clients are told.

        Raises:
            ValueError: the key is malformed or taken, or the default is not allowed.
        """
        return self._declare(key, Schema("number", default, min, max, about=about, for_clients=for_clients))

    def integer(
        self, key: str, default: int, *, min: int = -NUMBER_MAX, max: int = NUMBER_MAX, about: str = "", for_clients: bool = False
    ) -> Setting[int]:
        """A whole number from `min` to `max`. The rest as `number`."""
        return self._declare(key, Schema("integer", default, min, max, about=about, for_clients=for_clients))

    def flag(self, key: str, default: bool = False, *, about: str = "", for_clients: bool = False) -> Setting[bool]:
        """True or false. The rest as `number`."""
        return self._declare(key, Schema("flag", default, about=about, for_clients=for_clients))

    def text(
        self, key: str, default: str = "", *, bytes_max: int = TEXT_BYTES_MAX, about: str = "", for_clients: bool = False
    ) -> Setting[str]:
        """A text of at most `bytes_max` bytes, 4,096 or fewer. The rest as `number`."""
        return self._declare(
            key, Schema("text", default, bytes_max=_bound(bytes_max, TEXT_BYTES_MAX), about=about, for_clients=for_clients)
        )

    def choice(self, key: str, default: str, choices: Sequence[str], *, about: str = "", for_clients: bool = False) -> Setting[str]:
        """One of at most 64 texts. The rest as `number`."""
        if len(choices) > CHOICES_MAX:
            raise ValueError(f"the config value {key!r} has {len(choices)} choices; {CHOICES_MAX} are possible")
        return self._declare(key, Schema("choice", default, choices=tuple(choices), about=about, for_clients=for_clients))

    def json(self, key: str, default: Any, *, bytes_max: int = JSON_BYTES_MAX, about: str = "", for_clients: bool = False) -> Setting[Any]:
        """Any JSON value of at most `bytes_max` bytes, 16,384 or fewer. The rest as `number`."""
        return self._declare(
            key, Schema("json", default, bytes_max=_bound(bytes_max, JSON_BYTES_MAX), about=about, for_clients=for_clients)
        )

    def changed(self, *settings: Setting[Any]) -> Callable[[F], F]:
        """Run `async def f(ctx)` after one of these settings has changed; while it runs, further changes run it once more.

        It runs on every server of the game. What it raises is logged, and keeps nothing else from hearing.
        """

        def declare(function: F) -> F:
            if not inspect.iscoroutinefunction(function):
                raise TypeError(f"{getattr(function, '__name__', function)!r} has to be an async function: async def ...")
            self.listeners.append((frozenset(setting.key for setting in settings), function))
            return function

        return declare

    # --- the platform's side

    def install(self, services: Services, title_id: TitleId) -> None:
        """Serve these settings, in place of those of an earlier version of the game."""
        ctx = Context(services, context.Context(title_id))
        declared = [Declared(keys, function.__name__, partial(function, ctx)) for keys, function in self.listeners]
        services.config.declare(title_id, self.slots, declared)

    def _declare(self, key: str, schema: Schema) -> Setting[Any]:
        if key in self.slots:
            raise ValueError(f"the config value {key!r} is declared twice")
        if len(self.slots) >= KEYS_MAX:
            raise ValueError(f"the config value {key!r} is one too many: {KEYS_MAX} are possible")
        setting: Setting[Any] = Setting(key, schema)
        self.slots[key] = setting._slot
        return setting


def _bound(bytes_max: int, most: int) -> int:
    if not 1 <= bytes_max <= most:
        raise ValueError(f"a bound of {bytes_max} bytes is not possible: 1 to {most}")
    return bytes_max
