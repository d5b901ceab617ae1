"""What config does by itself."""

from __future__ import annotations

from supergame.features.config.service import LOOK_S, LiveConfig
from supergame.runtime.repeat import repeat


async def look(config: LiveConfig) -> None:
    """See what other processes have changed and what is due by the schedule, every second, until cancelled."""
    await repeat("config.look", LOOK_S, config.look)
