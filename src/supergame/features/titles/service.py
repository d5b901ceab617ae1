"""Titles: list them, decide their settings, replace their keys (rules TTL5 to TTL9 in docs/spec/titles.md)."""

from __future__ import annotations

from typing import Protocol

from supergame.base.clock import SECOND_US, Clock, WallMicros
from supergame.base.ids import TitleId
from supergame.db.port import Database
from supergame.features.titles.model import DEFAULTS, OVERLAP_S_MAX, OverlapInvalid, Settings, Title, TitleClosed, TitleUnknown
from supergame.features.titles.store import TitleStore
from supergame.routing.auth import TitleKeys


class KeyRing(Protocol):
    """The keys of all titles, and where they are kept: `app.keys`."""

    def current(self, title_id: TitleId) -> TitleKeys:
        """What new clients get."""
        ...

    def replaced(self, title_id: TitleId) -> list[tuple[TitleKeys, WallMicros]]:
        """Older ones that go on, and until when."""
        ...

    async def replace(self, title_id: TitleId, until: WallMicros) -> None:
        """Draw new keys; those before go on until then."""
        ...

    async def forget_replaced(self) -> None:
        """Drop what has had its time."""
        ...


class Titles:
    """The titles of this deployment, each in its environments. Which they are is decided when the node starts."""

    def __init__(self, db: Database, clock: Clock, served: list[Title], options: Settings, keys: KeyRing) -> None:
        """
        Args:
            options: the settings that hold for all titles which say nothing else.
        """
        self._db, self._clock, self._keys = db, clock, keys
        self._served = {title.id: title for title in served}
        self._options = options.over(DEFAULTS)
        self._decided: dict[TitleId, Settings] = {}
        self._store = TitleStore()

    async def load(self) -> None:
        """Read what operators have decided before."""
        self._decided = await self._db.read(self._store.settings)

    def all(self) -> list[Title]:
        """In the order in which they were given."""
        return list(self._served.values())

    def title(self, title_id: TitleId) -> Title:
        """Raises TitleUnknown."""
        try:
            return self._served[title_id]
        except KeyError:
            raise TitleUnknown from None

    def decided(self, title_id: TitleId) -> Settings:
        """What operators decided in the console, and nothing else."""
        return self._decided.get(title_id, Settings())

    def settings(self, title_id: TitleId) -> Settings:
        """What counts: every setting has a value. Of an unknown title, the options'."""
        served = self._served.get(title_id)
        file = Settings() if served is None else served.settings
        return self.decided(title_id).over(file).over(self._options)

    async def decide(self, title_id: TitleId, settings: Settings) -> None:
        """Have these count from now on, in place of all that was decided before; what is left out is as the file says.

        Raises:
            TitleUnknown.
        """
        self.title(title_id)
        await self._db.write_durable(self._store.keep, title_id, settings, self._clock.now())
        self._decided[title_id] = settings

    def check_open(self, title_id: TitleId) -> None:
        """Whether anybody may sign in or renew a session. Raises TitleClosed."""
        if not self.settings(title_id).is_open:
            raise TitleClosed

    def has_single_socket(self, title_id: TitleId) -> bool:
        return bool(self.settings(title_id).single_socket)

    def has_single_match(self, title_id: TitleId) -> bool:
        return bool(self.settings(title_id).single_match)

    def keys(self, title_id: TitleId) -> tuple[TitleKeys, list[tuple[TitleKeys, WallMicros]]]:
        """The keys that new clients get, and the older ones that go on for a while. Raises TitleUnknown."""
        self.title(title_id)
        return self._keys.current(title_id), self._keys.replaced(title_id)

    async def replace_keys(self, title_id: TitleId, overlap_s: int) -> None:
        """New keys at once; those before go on for `overlap_s`, 0 to 30 days. Sessions are not touched.

        Raises:
            TitleUnknown, OverlapInvalid.
        """
        self.title(title_id)
        if not 0 <= overlap_s <= OVERLAP_S_MAX:
            raise OverlapInvalid
        await self._keys.replace(title_id, WallMicros(self._clock.now() + overlap_s * SECOND_US))

    async def forget_replaced_keys(self) -> None:
        """End the keys whose time has come."""
        await self._keys.forget_replaced()
