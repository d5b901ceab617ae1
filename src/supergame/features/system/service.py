"""The facts about this process that anyone may know."""

from __future__ import annotations

from supergame.base.clock import Clock
from supergame.base.ids import TitleId
from supergame.features.rpc.service import Functions
from supergame.features.system.model import About, Title


class System:
    def __init__(
        self, clock: Clock, functions: Functions, version: str, engine: str, titles: list[Title], secure_keys: bool, dev: bool = False
    ) -> None:
        self._dev = dev
        self._clock, self._functions, self._titles = clock, functions, titles
        self._version, self._engine, self._secure_keys = version, engine, secure_keys
        self._started = clock.monotonic()

    def about(self) -> About:
        """Of all titles; functions are listed for the first, the one that the page at `/` is about."""
        return About(
            name="supergame",
            version=self._version,
            engine=self._engine,
            titles=self._titles,
            rpcs=self._functions.names(TitleId(self._titles[0].id)),
            uptime_s=int(self._clock.monotonic() - self._started),
            secure_keys=self._secure_keys,
            dev=self._dev,
        )
