"""Idempotency keys: a request that is sent again after a lost answer has its effect once.

The key and the reply are written in the transaction that has the effect, so there is no moment in which one exists without the
other. Keys live for `KEPT_S`; the same key with another request is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from supergame.base.clock import SECOND_US, WallMicros
from supergame.base.errors import InvalidArgument
from supergame.base.ids import TitleId
from supergame.db.port import Statement, Tx

KEPT_S = 7 * 86_400

_FIND = Statement(
    "idempotency.find",
    "SELECT request_digest, reply FROM idempotency_keys WHERE title_id = ? AND scope = ? AND idempotency_key = ?",
)
_INSERT = Statement(
    "idempotency.insert",
    "INSERT INTO idempotency_keys (title_id, scope, idempotency_key, request_digest, reply, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
)
_FORGET = Statement("idempotency.forget", "DELETE FROM idempotency_keys WHERE expires_at <= ?")


class IdempotencyKeyReused(InvalidArgument):
    """This idempotency key was used for another request."""

    code = "idempotency.key_reused"


def once(title_id: TitleId, scope: str, key: str, request: bytes, now: WallMicros, effect: Callable[[], Tx[bytes]]) -> Tx[bytes]:
    """The reply of `effect`, run only if this key has not been seen. `scope` tells callers apart who may choose equal keys.

    Two at the same moment: the second meets the first one's row, is rolled back, and finds the reply when it is sent again.
    """
    digest = hashlib.sha256(request).hexdigest()
    rows = yield _FIND(title_id, scope, key)
    if rows:
        if rows[0][0] != digest:
            raise IdempotencyKeyReused
        return str(rows[0][1]).encode()
    reply = yield from effect()
    yield _INSERT(title_id, scope, key, digest, reply.decode(), now + KEPT_S * SECOND_US)
    return reply


def forget_expired(now: WallMicros) -> Tx[None]:
    yield _FORGET(now)
