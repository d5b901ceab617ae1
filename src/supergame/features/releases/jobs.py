"""What releases do by themselves."""

from __future__ import annotations

from supergame.features.releases.service import Releases
from supergame.runtime.repeat import repeat


async def look(releases: Releases) -> None:
    """See what was published, every second or, in a bucket, every ten, until cancelled."""
    await repeat("releases.look", releases.look_every_s, releases.look)
