"""What the system does by itself."""

from __future__ import annotations

import asyncio
from typing import Final

from supergame.features.system.pulse import Pulse

PROBES_PER_S: Final = 10


async def feel_pulse(pulse: Pulse) -> None:
    """Ten times a second look how late the event loop comes to it, once a second keep a sample, until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        for _ in range(PROBES_PER_S):
            due = loop.time() + 1 / PROBES_PER_S
            await asyncio.sleep(1 / PROBES_PER_S)
            pulse.felt(loop.time() - due)
        pulse.sample()
