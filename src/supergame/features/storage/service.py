"""Storage: read, write, delete and list objects, as a player or as the server (rules STO1 to STO10 in docs/spec/storage.md)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import cast

import msgspec

from supergame.base.clock import Clock
from supergame.base.cursor import decode_cursor, encode_cursor
from supergame.base.errors import InvalidArgument
from supergame.base.ids import SYSTEM_USER, TitleId, UserId
from supergame.base.limits import Limits
from supergame.db.idempotency import forget_expired, once
from supergame.db.port import Database, Tx
from supergame.db.walk import walk
from supergame.features.accounts.model import AccountDeleted
from supergame.features.storage.model import (
    READ_NONE,
    READ_OWNER,
    READ_PUBLIC,
    Deletion,
    LimitInvalid,
    ObjectId,
    ObjectInvalid,
    Write,
    check_batch,
    check_id,
    check_write,
)
from supergame.features.storage.store import HELD_OF, START, Position, StorageStore
from supergame.runtime.outbox import Outbox
from supergame.wire.api import StorageObject, StorageObjectAcks, StorageObjectList
from supergame.wire.codec_json import JsonCodec

_ACKS = JsonCodec(StorageObjectAcks)


class Storage:
    """`reader` and `writer` are the acting player, or None for the server's own code, which may do everything."""

    def __init__(self, db: Database, clock: Clock, outbox: Outbox, limits: Limits) -> None:
        self._db, self._clock, self._limits = db, clock, limits
        self._store = StorageStore()
        outbox.subscribe(AccountDeleted, self._erase)

    async def write(self, title_id: TitleId, writer: UserId | None, writes: list[Write], idempotency_key: str = "") -> StorageObjectAcks:
        """Keep all objects, or none; acks in the order of `writes`. With an idempotency key, sending it again has no second effect.

        Raises:
            ObjectInvalid, BatchTooLarge: malformed.
            WriteRefused: an object has another version than asked for, or its owner may not write it.
        """
        check_batch(len(writes), self._limits)
        for write in writes:
            check_write(write, self._limits)
            if writer is not None and write.id.user_id != writer:
                raise ObjectInvalid("Players write objects of their own.")
        if not writes:
            return StorageObjectAcks()
        if not idempotency_key:
            return await self._db.write(self._write_in, title_id, writer, writes)
        if len(idempotency_key.encode()) > self._limits.idempotency_key_bytes_max:
            raise InvalidArgument(f"An idempotency key has at most {self._limits.idempotency_key_bytes_max} bytes.")
        return _ACKS.decode(await self._db.write(self._write_once, title_id, writer, writes, idempotency_key))

    def _write_in(self, title_id: TitleId, writer: UserId | None, writes: list[Write]) -> Tx[StorageObjectAcks]:
        acks = yield from self._store.write(title_id, writes, writer is not None, self._clock.now())
        return StorageObjectAcks(acks=acks)

    def _write_once(self, title_id: TitleId, writer: UserId | None, writes: list[Write], key: str) -> Tx[bytes]:
        def effect() -> Tx[bytes]:
            return _ACKS.encode((yield from self._write_in(title_id, writer, writes)))

        request = repr(writes).encode()
        return (yield from once(title_id, _scope(writer), key, request, self._clock.now(), effect))

    async def delete(self, title_id: TitleId, writer: UserId | None, deletions: list[Deletion]) -> None:
        """Delete all, or none. Raises as `write`; to a player a missing object is refused as well."""
        check_batch(len(deletions), self._limits)
        for deletion in deletions:
            check_id(deletion.id, self._limits)
            if writer is not None and deletion.id.user_id != writer:
                raise ObjectInvalid("Players delete objects of their own.")
        if deletions:
            await self._db.write(self._store.delete, title_id, deletions, writer is not None)

    async def read(self, title_id: TitleId, reader: UserId | None, ids: list[ObjectId]) -> list[StorageObject]:
        """The objects that exist and may be read, each once; the others are left out without a word."""
        check_batch(len(ids), self._limits)
        for object_id in ids:
            check_id(object_id, self._limits)
        return await self._db.read(self._store.read, title_id, list(dict.fromkeys(ids)), reader) if ids else []

    # --- operators

    async def collections(self, title_id: TitleId, limit: int, cursor: str) -> tuple[list[str], str]:
        """A page of the names of a title's collections, and the cursor of the next. Raises LimitInvalid, MalformedCursor."""
        self._check_page(limit)
        list_of = ("collections", title_id)
        after = str(decode_cursor(list_of, cursor, (str,))[0]) if cursor else ""
        found = await self._db.read(self._store.collections, title_id, after, limit + 1)
        return found[:limit], encode_cursor(list_of, (found[limit - 1],)) if len(found) > limit else ""

    async def browse(self, title_id: TitleId, collection: str, owner: str, key: str, limit: int, cursor: str) -> StorageObjectList:
        """A page of a collection's objects, whatever their permissions: of all, of one owner, of one key. Raises as `list`."""
        self._check_page(limit)
        return await self._browse(title_id, collection, owner, key, limit, cursor)

    async def _browse(self, title_id: TitleId, collection: str, owner: str, key: str, limit: int, cursor: str) -> StorageObjectList:
        check_id(ObjectId(collection, key or "any", UserId(owner) or SYSTEM_USER), self._limits)
        list_of = ("browse", title_id, collection, owner, key)
        after = cast(tuple[str, str], decode_cursor(list_of, cursor, (str, str))) if cursor else ("", "")
        found = await self._db.read(self._store.browse, title_id, collection, owner, key, after, limit + 1)
        page, more = found[:limit], len(found) > limit
        return StorageObjectList(objects=page, cursor=encode_cursor(list_of, (page[-1].user_id, page[-1].key)) if more else "")

    async def export(self, title_id: TitleId, collection: str, owner: str, cursor: str) -> StorageObjectList:
        """As many objects of a collection as fit into one file, and the cursor of the next file. Raises as `list`."""
        objects: list[StorageObject] = []
        size = 0
        while True:
            room = min(self._limits.page_max, self._limits.storage_export_max - len(objects))
            page = await self._browse(title_id, collection, owner, "", room, cursor)
            objects += page.objects
            size += sum(len(item.value) for item in page.objects)
            cursor = page.cursor
            if not cursor or len(objects) >= self._limits.storage_export_max or size >= self._limits.storage_export_bytes:
                return StorageObjectList(objects=objects, cursor=cursor)

    async def bring_in(self, title_id: TitleId, writes: list[Write]) -> int:
        """Keep all objects of a file, or none; returns how many. Each overwrites, or names the version that it replaces.

        Raises:
            ObjectInvalid: malformed, an object is there twice, or there are too many.
            WriteRefused: an object has another version.
        """
        if len(writes) > self._limits.storage_import_max:
            raise ObjectInvalid(f"At most {self._limits.storage_import_max} objects are brought in at once.")
        for write in writes:
            check_write(write, self._limits)
        if len({write.id for write in writes}) < len(writes):
            raise ObjectInvalid("An object is in the file twice.")
        if writes:
            await self._db.write(self._write_in, title_id, None, writes)
        return len(writes)

    def _check_page(self, limit: int) -> None:
        if not 1 <= limit <= self._limits.page_max:
            raise LimitInvalid(f"A page has 1 to {self._limits.page_max} objects.")

    async def list(
        self, title_id: TitleId, reader: UserId | None, collection: str, owner: UserId, limit: int, cursor: str
    ) -> StorageObjectList:
        """A page of a collection: of `owner` as far as `reader` may see, or of everybody's public objects when `owner` is empty.

        Raises:
            LimitInvalid, ObjectInvalid, MalformedCursor.
        """
        self._check_page(limit)
        check_id(ObjectId(collection, "any", owner or SYSTEM_USER), self._limits)
        list_of = ("storage", title_id, collection, owner)
        after = cast(Position, decode_cursor(list_of, cursor, (int, str, str))) if cursor else START
        if owner:
            permission = READ_NONE if reader is None else READ_OWNER if reader == owner else READ_PUBLIC
            objects = await self._db.read(self._store.list_owned, title_id, collection, owner, permission, after, limit + 1)
        else:
            objects = await self._db.read(self._store.list_public, title_id, collection, after, limit + 1)
        page = objects[:limit]
        more = len(objects) > limit
        last = (page[-1].permission_read, page[-1].key, page[-1].user_id) if more else ()
        return StorageObjectList(objects=page, cursor=encode_cursor(list_of, last) if more else "")

    async def forget_expired(self) -> None:
        """Drop idempotency keys that nobody will send again. From time to time."""
        await self._db.write(forget_expired, self._clock.now())

    async def erase(self, title_id: TitleId, user_id: UserId) -> None:
        """Delete all objects of somebody in a title."""
        await self._db.write(self._store.erase, title_id, user_id, _scope(user_id))

    async def held_of(self, title_id: TitleId, user_id: UserId) -> AsyncIterator[Mapping[str, object]]:
        """Somebody's objects in a title, for an export."""
        async for row in walk(self._db, HELD_OF, (title_id, user_id), ("", "")):
            yield msgspec.structs.asdict(self._store.shown(row))

    async def _erase(self, deleted: AccountDeleted) -> None:
        """Idempotent: deleting nothing is fine."""
        await self.erase(deleted.title_id, deleted.user_id)


def _scope(writer: UserId | None) -> str:
    """Whose idempotency keys."""
    return f"storage.write:{writer or ''}"
