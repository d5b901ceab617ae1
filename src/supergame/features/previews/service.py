"""The previews beside a deployment: a file each in its data folder, which the preview's own process writes and watches."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import msgspec

from supergame.base.clock import Clock, whole_seconds
from supergame.features.previews.model import FOLDER, RECORD, Preview, PreviewNotFound, check_name

LOOK_EVERY_S: Final = 0.5


class Previews:
    """
    Args:
        data_dir: of the deployment.
    """

    def __init__(self, data_dir: Path, clock: Clock) -> None:
        self.folder, self._clock = data_dir / FOLDER, clock

    def folder_of(self, name: str) -> Path:
        """Raises PreviewNameInvalid."""
        check_name(name)
        return self.folder / name

    async def all(self) -> list[Preview]:
        """Those that run, by name."""
        return await asyncio.to_thread(self._all)

    async def end(self, name: str) -> Preview:
        """Take a preview's file away; its process sees it within half a second, and ends.

        Raises:
            PreviewNotFound, PreviewNameInvalid.
        """
        file = self.folder_of(name) / RECORD
        return await asyncio.to_thread(self._end, file)

    async def ended(self, name: str) -> None:
        """Returns when a preview's time is over, or its file was taken away."""
        while True:
            if name not in [one.name for one in await self.all()]:
                return
            await asyncio.sleep(LOOK_EVERY_S)

    def write(self, preview: Preview) -> None:
        file = self.folder_of(preview.name) / RECORD
        fresh = file.with_suffix(".new")
        fresh.write_bytes(msgspec.json.encode(preview))
        fresh.replace(file)

    def _all(self) -> list[Preview]:
        now_s = whole_seconds(self._clock.now())
        found = [preview for file in self.folder.glob(f"*/{RECORD}") if (preview := _read(file)) is not None]
        return sorted((one for one in found if one.ends_at_s > now_s), key=lambda one: one.name)

    def _end(self, file: Path) -> Preview:
        preview = _read(file)
        if preview is None:
            raise PreviewNotFound
        file.unlink(missing_ok=True)
        return preview


def _read(file: Path) -> Preview | None:
    """None for one that has just ended, or was written by another version."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Preview)
    except (OSError, msgspec.DecodeError):
        return None
