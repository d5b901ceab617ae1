"""A game's code around the platform's endpoints.

A before hook may change the request, or return nothing to refuse it silently; an after hook sees request and reply and can
change neither. Only requests from outside run hooks; what a game calls through `ctx` does not.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from copy import deepcopy
from typing import Any

from supergame.base.errors import NotFound
from supergame.base.ids import TitleId
from supergame.routing.context import Context
from supergame.telemetry.logging import logger

BeforeHook = Callable[[Context, Any], Awaitable[Any]]
AfterHook = Callable[[Context, Any, Any], Awaitable[None]]

_log = logger("hooks")


class HookRefused(NotFound):
    """The game refused this request."""

    code = "hook.refused"


class Hooks:
    """The hooks of all titles, by endpoint name such as `get_users`. Several of one endpoint run in the order of registration."""

    def __init__(self) -> None:
        self._before: dict[tuple[TitleId, str], list[BeforeHook]] = {}
        self._after: dict[tuple[TitleId, str], list[AfterHook]] = {}

    def add_before(self, title_id: TitleId, endpoint: str, hook: BeforeHook) -> None:
        self._before.setdefault((title_id, endpoint), []).append(hook)

    def add_after(self, title_id: TitleId, endpoint: str, hook: AfterHook) -> None:
        self._after.setdefault((title_id, endpoint), []).append(hook)

    def forget_game(self, title_id: TitleId) -> None:
        """Make room for another version of the game."""
        self._before = {key: hooks for key, hooks in self._before.items() if key[0] != title_id}
        self._after = {key: hooks for key, hooks in self._after.items() if key[0] != title_id}

    def has(self, title_id: TitleId, endpoint: str) -> bool:
        return (title_id, endpoint) in self._before or (title_id, endpoint) in self._after

    async def run_before(self, endpoint: str, ctx: Context, request: Any) -> Any:
        """The request as the hooks leave it.

        Raises:
            HookRefused: a hook returned nothing.
        """
        for hook in self._before.get((ctx.title_id, endpoint), ()):
            request = await hook(ctx, request)
            if request is None:
                raise HookRefused
        return request

    async def run_after(self, endpoint: str, ctx: Context, request: Any, reply: Any) -> None:
        """An after hook that raises is logged: what was done cannot be undone by it."""
        for hook in self._after.get((ctx.title_id, endpoint), ()):
            try:
                await hook(ctx, request, deepcopy(reply))  # a look at it: the answer is what the endpoint said
            except Exception as error:  # noqa: BLE001
                _log.error("after hook failed", endpoint=endpoint, exc_info=error)
