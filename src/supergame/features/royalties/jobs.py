"""What royalties do by themselves."""

from __future__ import annotations

from supergame.features.royalties.model import FLUSH_EVERY_S
from supergame.features.royalties.service import Royalties
from supergame.runtime.repeat import repeat


async def flush(royalties: Royalties) -> None:
    """Book what was counted, every few seconds, until cancelled."""
    await repeat("royalties.flush", FLUSH_EVERY_S, royalties.flush)
