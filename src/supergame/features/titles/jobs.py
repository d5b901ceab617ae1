"""What titles do by themselves."""

from __future__ import annotations

from supergame.features.titles.service import Titles
from supergame.runtime.repeat import repeat

FORGET_EVERY_S = 5


async def forget_replaced_keys(titles: Titles) -> None:
    """End keys whose overlap is over, until cancelled."""
    await repeat("titles.forget_replaced_keys", FORGET_EVERY_S, titles.forget_replaced_keys)
