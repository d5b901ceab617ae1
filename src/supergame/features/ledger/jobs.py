"""What the ledger does by itself."""

from __future__ import annotations

from supergame.features.ledger.service import Ledger
from supergame.runtime.repeat import repeat

CHECK_EVERY_S = 3_600


async def check(ledger: Ledger) -> None:
    """Look every hour whether the books add up, until cancelled; what does not is an error in the log."""
    await repeat("ledger.check", CHECK_EVERY_S, ledger.check)
