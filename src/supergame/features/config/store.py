"""Versions of overrides in the database: added, never changed. Each takes the next number of the deployment's one count of changes."""

from __future__ import annotations

import msgspec

from supergame.base.ids import TitleId
from supergame.db.port import Row, Statement, Tx
from supergame.features.config.model import ChangedMeanwhile, Override, Signature, Version

_COUNT = Statement(  # the row that all writers wait for, so that numbers become visible in their order
    "config.count",
    "INSERT INTO config_head (head_id, number) VALUES (1, 1) ON CONFLICT (head_id) DO UPDATE SET number = config_head.number + 1 "
    "RETURNING number",
)
_HEAD = Statement("config.head", "SELECT number FROM config_head WHERE head_id = 1")
_COLUMNS = "title_id, config_key, version, number, overrides, operator, reason, reverts_to, created_at"
_INSERT = Statement("config.insert", f"INSERT INTO config_versions ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
_NEWEST = Statement("config.newest", "SELECT MAX(version) FROM config_versions WHERE title_id = ? AND config_key = ?")
_SINCE = Statement("config.since", f"SELECT {_COLUMNS} FROM config_versions WHERE number > ? ORDER BY number LIMIT ?")
_CURRENT = Statement(
    "config.current",
    f"SELECT {_COLUMNS} FROM config_versions v WHERE version = "
    "(SELECT MAX(version) FROM config_versions n WHERE n.title_id = v.title_id AND n.config_key = v.config_key) ORDER BY number",
)
_GET = Statement("config.get", f"SELECT {_COLUMNS} FROM config_versions WHERE title_id = ? AND config_key = ? AND version = ?")
_HISTORY = Statement(
    "config.history",
    f"SELECT {_COLUMNS} FROM config_versions WHERE title_id = ? AND config_key = ? AND version < ? ORDER BY version DESC LIMIT ?",
)

_OVERRIDES = msgspec.json.Decoder(list[Override])


class ConfigStore:
    def add(
        self,
        title_id: TitleId,
        key: str,
        expected: int,
        overrides: list[Override],
        signature: Signature,
        reverts_to: int | None,
        now: int,
    ) -> Tx[Version]:
        """The version after `expected`. Raises ChangedMeanwhile when that is not the newest."""
        ((number,),) = yield _COUNT()
        newest = yield _NEWEST(title_id, key)
        if (newest[0][0] or 0) != expected:
            raise ChangedMeanwhile
        version = Version(title_id, key, expected + 1, number, overrides, *signature, reverts_to, now)
        text = msgspec.json.encode(overrides).decode()
        yield _INSERT(title_id, key, version.version, number, text, signature.operator, signature.reason, reverts_to, now)
        return version

    def head(self) -> Tx[int]:
        """The number of the last change."""
        rows = yield _HEAD()
        return rows[0][0] if rows else 0

    def current(self) -> Tx[list[Version]]:
        """The newest version of every key."""
        return [_version(row) for row in (yield _CURRENT())]

    def since(self, number: int, count: int) -> Tx[list[Version]]:
        """At most `count` versions after a number, oldest first."""
        return [_version(row) for row in (yield _SINCE(number, count))]

    def get(self, title_id: TitleId, key: str, version: int) -> Tx[Version | None]:
        rows = yield _GET(title_id, key, version)
        return _version(rows[0]) if rows else None

    def history(self, title_id: TitleId, key: str, before: int, count: int) -> Tx[list[Version]]:
        """Versions of a key below `before`, newest first."""
        return [_version(row) for row in (yield _HISTORY(title_id, key, before, count))]


def _version(row: Row) -> Version:
    title_id, key, version, number, overrides, operator, reason, reverts_to, created_at = row
    return Version(title_id, key, version, number, _OVERRIDES.decode(overrides), operator, reason, reverts_to, created_at)
