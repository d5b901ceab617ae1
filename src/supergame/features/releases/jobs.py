"""What releases do by themselves."""

from __future__ import annotations

from supergame.features.releases.service import LOOK_S, Releases
from supergame.runtime.repeat import repeat


async def look(releases: Releases) -> None:
    """See every second what was published, until cancelled."""
    await repeat("releases.look", LOOK_S, releases.look)
