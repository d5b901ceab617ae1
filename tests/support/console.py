"""Calling a feature's console endpoints without the operators' port: as an operator with all rights, after all checks."""

from __future__ import annotations

from typing import Any

from supergame.routing.console import Action, ConsoleRoutes, Role


class Desk:
    """An operator's desk over some routes. `actions` holds what was done, with its changes."""

    def __init__(self, routes: ConsoleRoutes, name: str = "olga") -> None:
        self._routes, self.name = routes, name
        self.actions: list[Action] = []

    async def call(self, endpoint: str, reason: str = "", **fields: Any) -> Any:
        """The reply of the endpoint of this name."""
        (found,) = [one for one in self._routes if one.name == endpoint]
        action = Action(self.name, f"id-of-{self.name}", Role.OWNER, "127.0.0.1", reason)
        self.actions.append(action)
        return await found.handler(action, found.request_type(**fields))
