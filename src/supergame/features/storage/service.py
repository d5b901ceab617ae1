"""Storage: read, write, delete and list objects, as a player or as the server (rules STO1 to STO10 in docs/spec/storage.md)."""

from __future__ import annotations

from typing import cast

from supergame.base.clock import Clock
from supergame.base.cursor import decode_cursor, encode_cursor
from supergame.base.errors import InvalidArgument
from supergame.base.ids import SYSTEM_USER, TitleId, UserId
from supergame.base.limits import Limits
from supergame.db.idempotency import forget_expired, once
from supergame.db.port import Database, Tx
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
from supergame.features.storage.store import START, Position, StorageStore
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
        return (yield from once(title_id, f"storage.write:{writer or ''}", key, request, self._clock.now(), effect))

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

    async def list(
        self, title_id: TitleId, reader: UserId | None, collection: str, owner: UserId, limit: int, cursor: str
    ) -> StorageObjectList:
        """A page of a collection: of `owner` as far as `reader` may see, or of everybody's public objects when `owner` is empty.

        Raises:
            LimitInvalid, ObjectInvalid, MalformedCursor.
        """
        if not 1 <= limit <= self._limits.page_max:
            raise LimitInvalid(f"A page has 1 to {self._limits.page_max} objects.")
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

    async def _erase(self, deleted: AccountDeleted) -> None:
        """Idempotent: deleting nothing is fine."""
        await self._db.write(self._store.erase, deleted.title_id, deleted.user_id)
