"""Objects in the database. Permissions are part of each statement, so nothing can be read or written between check and act."""

from __future__ import annotations

from supergame.base.clock import WallMicros, as_datetime
from supergame.base.ids import TitleId, UserId
from supergame.db.port import Query, Row, Statement, Tx
from supergame.features.storage.model import (
    ONLY_NEW,
    READ_OWNER,
    READ_PUBLIC,
    WRITE_NONE,
    WRITE_OWNER,
    Deletion,
    ObjectId,
    Write,
    WriteRefused,
    version_of,
)
from supergame.wire.api import StorageObject, StorageObjectAck

_INSERT = (
    "INSERT INTO storage_objects (title_id, collection, user_id, object_key, value, version, permission_read, permission_write, "
    "created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (title_id, collection, user_id, object_key) "
)
_PUT = Statement(  # new, or with the permissions it has: so no index is touched, which is half the work
    "storage.put",
    _INSERT + "DO UPDATE SET value = excluded.value, version = excluded.version, updated_at = excluded.updated_at "
    "WHERE storage_objects.permission_write >= ? AND storage_objects.permission_write = excluded.permission_write "
    "AND storage_objects.permission_read = excluded.permission_read RETURNING created_at, updated_at",
)
_PUT_OTHERWISE = Statement(
    "storage.put_otherwise",
    _INSERT + "DO UPDATE SET value = excluded.value, version = excluded.version, permission_read = excluded.permission_read, "
    "permission_write = excluded.permission_write, updated_at = excluded.updated_at "
    "WHERE storage_objects.permission_write >= ? RETURNING created_at, updated_at",
)
_CREATE = Statement("storage.create", _INSERT + "DO NOTHING RETURNING created_at, updated_at")
_REPLACE = Statement(
    "storage.replace",
    "UPDATE storage_objects SET value = ?, version = ?, permission_read = ?, permission_write = ?, updated_at = ? "
    "WHERE title_id = ? AND collection = ? AND user_id = ? AND object_key = ? AND version = ? AND permission_write >= ? "
    "RETURNING created_at, updated_at",
)
_DELETE = Statement(
    "storage.delete",
    "DELETE FROM storage_objects WHERE title_id = ? AND collection = ? AND user_id = ? AND object_key = ? "
    "AND permission_write >= ? AND (? = '' OR version = ?) RETURNING object_key",
    postgres="DELETE FROM storage_objects WHERE title_id = ? AND collection = ? AND user_id = ? AND object_key = ? "
    "AND permission_write >= ? AND (?::text = '' OR version = ?) RETURNING object_key",
)
_ERASE = Statement("storage.erase", "DELETE FROM storage_objects WHERE title_id = ? AND user_id = ?")

_ERASE_KEYS = Statement("storage.erase_keys", "DELETE FROM idempotency_keys WHERE title_id = ? AND scope = ?")

_COLUMNS = "collection, object_key, user_id, value, version, permission_read, permission_write, created_at, updated_at"
_GET = Statement(
    "storage.get",
    f"SELECT {_COLUMNS} FROM storage_objects WHERE title_id = ? AND collection = ? AND user_id = ? AND object_key = ?",
)
_ORDER = "AND (permission_read, object_key, user_id) > (?, ?, ?) ORDER BY permission_read, object_key, user_id LIMIT ?"
_LIST_OWNED = Statement(
    "storage.list_owned",
    f"SELECT {_COLUMNS} FROM storage_objects WHERE title_id = ? AND collection = ? AND user_id = ? AND permission_read >= ? {_ORDER}",
)
_LIST_PUBLIC = Statement(
    "storage.list_public",
    f"SELECT {_COLUMNS} FROM storage_objects WHERE title_id = ? AND collection = ? AND permission_read = {READ_PUBLIC} {_ORDER}",
)
_COLLECTIONS = Statement(
    "storage.collections", "SELECT collection FROM storage_objects WHERE title_id = ? AND collection > ? ORDER BY collection LIMIT 1"
)
_BROWSE = f"SELECT {_COLUMNS} FROM storage_objects WHERE title_id = ? AND collection = ?"
_BROWSE_ALL = Statement("storage.browse_all", f"{_BROWSE} AND (user_id, object_key) > (?, ?) ORDER BY user_id, object_key LIMIT ?")
_BROWSE_OWNED = Statement("storage.browse_owned", f"{_BROWSE} AND user_id = ? AND object_key > ? ORDER BY object_key LIMIT ?")
_BROWSE_KEY = Statement(  # the plus keeps SQLite off the owner's index
    "storage.browse_key",
    f"{_BROWSE} AND permission_read IN (0, 1, 2) AND object_key = ? AND +user_id > ? ORDER BY +user_id LIMIT ?",
    postgres=f"{_BROWSE} AND permission_read IN (0, 1, 2) AND object_key = ? AND user_id > ? ORDER BY user_id LIMIT ?",
)
_HELD_OF = f"SELECT {_COLUMNS} FROM storage_objects WHERE title_id = ? AND user_id = ? AND"
HELD_OF = Statement(  # the plus keeps SQLite on the owner's index
    "storage.held_of",
    f"{_HELD_OF} (+collection, +object_key) > (?, ?) ORDER BY +collection, +object_key LIMIT ?",
    postgres=f"{_HELD_OF} (collection, object_key) > (?, ?) ORDER BY collection, object_key LIMIT ?",
)

Position = tuple[int, str, str]
START: Position = (-1, "", "")


class StorageStore:
    def write(self, title_id: TitleId, writes: list[Write], as_owner: bool, now: WallMicros) -> Tx[list[StorageObjectAck]]:
        """All objects or none, acks in the order of `writes`; rows are locked in the order of ids, so that batches cannot deadlock.

        Raises:
            WriteRefused: one has another version, or `as_owner` and its owner may not write it.
        """
        acks: dict[int, StorageObjectAck] = {}
        order = sorted(range(len(writes)), key=lambda index: _sort_key(writes[index].id))
        for index in order:
            version = version_of(writes[index].value)
            query = _write(title_id, writes[index], version, WRITE_OWNER if as_owner else WRITE_NONE, now)
            rows = yield query
            if not rows and query.statement is _PUT:  # it has other permissions, or may not be written
                rows = yield _PUT_OTHERWISE(*query.parameters)
            if not rows:
                raise WriteRefused
            acks[index] = _ack(writes[index].id, version, rows[0])
        return [acks[index] for index in range(len(writes))]

    def delete(self, title_id: TitleId, deletions: list[Deletion], as_owner: bool) -> Tx[None]:
        """All objects or none. Raises WriteRefused; for owners a missing object is one, for servers not."""
        permission = WRITE_OWNER if as_owner else WRITE_NONE
        for deletion in sorted(deletions, key=lambda deletion: _sort_key(deletion.id)):
            rows = yield _DELETE(title_id, *_key(deletion.id), permission, deletion.version, deletion.version)
            if not rows and (as_owner or deletion.version):
                raise WriteRefused

    def erase(self, title_id: TitleId, user_id: UserId, scope: str) -> Tx[None]:
        """With the answers that are kept for writes of theirs that may be sent again."""
        yield _ERASE(title_id, user_id)
        yield _ERASE_KEYS(title_id, scope)

    def read(self, title_id: TitleId, ids: list[ObjectId], reader: UserId | None) -> Tx[list[StorageObject]]:
        """The objects that there are and that `reader` may see (None: the server, which sees all)."""
        found = []
        for object_id in ids:
            rows = yield _GET(title_id, *_key(object_id))
            found += [_object(row) for row in rows if reader is None or _may_read(row, reader)]
        return found

    def list_owned(
        self, title_id: TitleId, collection: str, owner: UserId, permission_min: int, after: Position, count: int
    ) -> Tx[list[StorageObject]]:
        rows = yield _LIST_OWNED(title_id, collection, owner, permission_min, *after, count)
        return [_object(row) for row in rows]

    def list_public(self, title_id: TitleId, collection: str, after: Position, count: int) -> Tx[list[StorageObject]]:
        rows = yield _LIST_PUBLIC(title_id, collection, *after, count)
        return [_object(row) for row in rows]

    def collections(self, title_id: TitleId, after: str, count: int) -> Tx[list[str]]:
        """Names of collections, each found by one step through the index."""
        found: list[str] = []
        while len(found) < count and (rows := (yield _COLLECTIONS(title_id, found[-1] if found else after))):
            found.append(rows[0][0])
        return found

    def browse(
        self, title_id: TitleId, collection: str, owner: str, key: str, after: tuple[str, str], count: int
    ) -> Tx[list[StorageObject]]:
        """Objects of a collection in the order of owners and keys, whatever their permissions; of one owner, or of one key."""
        if owner and key:
            rows = yield _GET(title_id, collection, owner, key)
            rows = rows if (owner, key) > after else []
        elif owner:
            rows = yield _BROWSE_OWNED(title_id, collection, owner, after[1], count)
        elif key:
            rows = yield _BROWSE_KEY(title_id, collection, key, after[0], count)
        else:
            rows = yield _BROWSE_ALL(title_id, collection, *after, count)
        return [_object(row) for row in rows]

    @staticmethod
    def shown(row: Row) -> StorageObject:
        return _object(row)


def _sort_key(object_id: ObjectId) -> tuple[str, str, str]:
    return object_id.collection, object_id.key, object_id.user_id


def _key(object_id: ObjectId) -> tuple[str, UserId, str]:
    return object_id.collection, object_id.user_id, object_id.key


def _may_read(row: Row, reader: UserId) -> bool:
    owner, permission = row[2], row[5]
    return bool(permission == READ_PUBLIC or (permission == READ_OWNER and owner == reader))


def _write(title_id: TitleId, write: Write, version: str, permission: int, now: WallMicros) -> Query:
    key, permissions = (title_id, *_key(write.id)), (write.permission_read, write.permission_write)
    if write.version == ONLY_NEW:
        return _CREATE(*key, write.value, version, *permissions, now, now)
    if write.version:
        return _REPLACE(write.value, version, *permissions, now, *key, write.version, permission)
    return _PUT(*key, write.value, version, *permissions, now, now, permission)


def _ack(object_id: ObjectId, version: str, times: Row) -> StorageObjectAck:
    return StorageObjectAck(
        collection=object_id.collection,
        key=object_id.key,
        version=version,
        user_id=object_id.user_id,
        create_time=as_datetime(times[0]),
        update_time=as_datetime(times[1]),
    )


def _object(row: Row) -> StorageObject:
    collection, key, user_id, value, version, permission_read, permission_write, created_at, updated_at = row
    return StorageObject(
        collection=collection,
        key=key,
        user_id=user_id,
        value=value,
        version=version,
        permission_read=permission_read,
        permission_write=permission_write,
        create_time=as_datetime(created_at),
        update_time=as_datetime(updated_at),
    )
