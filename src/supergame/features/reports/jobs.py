"""What reports do by themselves."""

from __future__ import annotations

from supergame.features.reports.service import Reports
from supergame.runtime.repeat import repeat

FORGET_EVERY_S = 86_400


async def forget_decided(reports: Reports) -> None:
    """Drop reports that were decided long ago, every day, until cancelled."""
    await repeat("reports.forget_decided", FORGET_EVERY_S, reports.forget_decided)
