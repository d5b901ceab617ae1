"""Password hashes: argon2id with argon2-cffi's defaults (RFC 9106, low-memory profile), in a pool of two threads."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from supergame.runtime.pool import Pool


class Passwords:
    """Hashing takes tens of milliseconds and 64 MiB, so it never runs on the event loop, and a full queue means 429."""

    def __init__(self, pool: Pool, hasher: PasswordHasher | None = None) -> None:
        self._pool, self._hasher = pool, hasher or PasswordHasher()

    async def hash(self, password: str) -> str:
        return await self._pool.run(self._hasher.hash, password)

    async def fits(self, password_hash: str, password: str) -> bool:
        return await self._pool.run(self._verify, password_hash, password)

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False
