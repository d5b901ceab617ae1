"""Failed sign-ins, counted per person and per address, so that passwords cannot be guessed.

A person's count is one, whatever identity or title was tried: they have one password. In memory, bounded, on an injected clock.
"""

from __future__ import annotations

from collections import OrderedDict

from supergame.base.clock import Clock
from supergame.base.limits import Limits
from supergame.features.accounts.model import TooManyAttempts


class Throttle:
    """Counts failures in windows of fixed length that begin with the first failure."""

    def __init__(self, clock: Clock, limits: Limits) -> None:
        self._clock, self._limits = clock, limits
        self._failures: OrderedDict[tuple[str, str], tuple[float, int]] = OrderedDict()  # -> window's end, failures in it

    def check(self, account: str, address: str) -> None:
        """Raises TooManyAttempts when either has failed too often; the password is not even looked at."""
        for key, failures_max in self._keys(account, address):
            ends, failures = self._failures.get(key, (0.0, 0))
            if failures >= failures_max and self._clock.monotonic() < ends:
                raise TooManyAttempts

    def begin(self, account: str, address: str) -> None:
        """Count an attempt as a failure until it is known to be none, so that those of one moment do not pass together.

        Raises:
            TooManyAttempts: as in `check`.
        """
        self.check(account, address)
        now = self._clock.monotonic()
        for key, _ in self._keys(account, address):
            ends, failures = self._failures.pop(key, (0.0, 0))
            self._failures[key] = (ends, failures + 1) if now < ends else (now + self._limits.signin_window_s, 1)
        while len(self._failures) > self._limits.throttle_entries_max:
            self._failures.popitem(last=False)

    def withdraw(self, account: str, address: str) -> None:
        """An attempt that `begin` counted was not looked at."""
        for key, _ in self._keys(account, address):
            ends, failures = self._failures.get(key, (0.0, 0))
            if failures:
                self._failures[key] = (ends, failures - 1)

    def succeeded(self, account: str, address: str) -> None:
        """A right password clears the account's count; the address keeps what it had before."""
        self.withdraw(account, address)
        self._failures.pop(("account", account), None)

    def _keys(self, account: str, address: str) -> list[tuple[tuple[str, str], int]]:
        return [
            (("account", account), self._limits.signin_failures_per_account),
            (("address", address), self._limits.signin_failures_per_address),
        ]
