"""Privacy: what is held of a person, and its end (rules PRI1 to PRI8 in docs/spec/privacy.md).

Features say what they hold by an `Exporter`, and erase it on the facts `AccountDeleted`, of a title, and `PersonErased`, of the rest.
"""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec

from supergame.base.clock import Clock, exact_datetime
from supergame.base.ids import TitleId, UserId
from supergame.base.limits import Limits
from supergame.features.accounts.model import AccountNotFound
from supergame.features.accounts.service import Accounts
from supergame.features.privacy.model import FORM, Exporter, ExportTooLarge
from supergame.features.sanctions.model import EVERYWHERE

ENTRIES_AT_ONCE: Final = 100
"""Put into the file before others get a turn."""

_ENCODER = msgspec.json.Encoder()


class Privacy:
    def __init__(self, clock: Clock, accounts: Accounts, limits: Limits) -> None:
        self._clock, self._accounts, self._limits = clock, accounts, limits
        self._exporters: dict[str, Exporter] = {}

    def add(self, section: str, exporter: Exporter) -> None:
        """Have something in every export from now on, under this name."""
        assert section not in self._exporters, f"two features export {section}"
        self._exporters[section] = exporter

    async def export(self, user_id: UserId) -> str:
        """All that the deployment holds of somebody, as JSON: sections of the person, then of each title that they are in.

        Raises:
            AccountNotFound: nobody.
            ExportTooLarge: beyond the bound.
        """
        titles = await self._accounts.titles(user_id)
        if not titles:
            raise AccountNotFound
        file = File(self._limits.export_bytes_max)
        made_at = exact_datetime(self._clock.now()).isoformat()
        file.add(f'{{"form":"{FORM}","person_id":"{user_id}","export_time":"{made_at}","person":{{'.encode())
        await self._write_sections(file, EVERYWHERE, user_id)
        file.add(b'},"titles":{')
        for number, title_id in enumerate(titles):
            file.add(b"," * bool(number) + _ENCODER.encode(title_id) + b":{")
            await self._write_sections(file, title_id, user_id)
            file.add(b"}")
        file.add(b"}}")
        return file.text()

    async def _write_sections(self, file: File, title_id: TitleId, user_id: UserId) -> None:
        for number, (section, exporter) in enumerate(self._exporters.items()):
            file.add(b"," * bool(number) + _ENCODER.encode(section) + b":[")
            count = 0
            async for entry in exporter(title_id, user_id):
                file.add(b"," * bool(count) + _ENCODER.encode(entry))
                count += 1
                if count % ENTRIES_AT_ONCE == 0:
                    await asyncio.sleep(0)
            file.add(b"]")

    async def erase(self, user_id: UserId) -> list[TitleId]:
        """Erase somebody from the deployment: sign-ins end at once, what features hold goes in the next moments, also across a restart.

        Returns the titles that they were in. Raises AccountNotFound.
        """
        return await self._accounts.erase_person(user_id)


class File:
    """Grows piece by piece to a bound. Raises ExportTooLarge beyond it."""

    def __init__(self, bytes_max: int) -> None:
        self._pieces, self._left = bytearray(), bytes_max

    def add(self, piece: bytes) -> None:
        self._left -= len(piece)
        if self._left < 0:
            raise ExportTooLarge
        self._pieces += piece

    def text(self) -> str:
        return self._pieces.decode()
