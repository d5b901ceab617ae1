"""Storage over HTTP, always as the calling player."""

from __future__ import annotations

from supergame.base.ids import SYSTEM_USER, UserId
from supergame.features.storage.model import READ_OWNER, WRITE_OWNER, Deletion, ObjectId, Write
from supergame.features.storage.service import Storage
from supergame.routing.auth import Auth
from supergame.routing.context import Context
from supergame.routing.http import Routes
from supergame.wire.api import (
    DeleteStorageObjectsRequest,
    Empty,
    ListStorageObjectsRequest,
    ReadStorageObjectsRequest,
    StorageObjectAcks,
    StorageObjectList,
    StorageObjects,
    WriteStorageObject,
    WriteStorageObjectsRequest,
)


def routes(storage: Storage) -> Routes:
    routes = Routes()

    @routes.put("/v2/storage", auth=Auth.SESSION)
    async def write_storage_objects(ctx: Context, request: WriteStorageObjectsRequest) -> StorageObjectAcks:
        player = ctx.player()
        return await storage.write(ctx.title_id, player, [_write(item, player) for item in request.objects], ctx.idempotency_key)

    @routes.post("/v2/storage", auth=Auth.SESSION)
    async def read_storage_objects(ctx: Context, request: ReadStorageObjectsRequest) -> StorageObjects:
        ids = [ObjectId(item.collection, item.key, UserId(item.user_id) or SYSTEM_USER) for item in request.object_ids]
        return StorageObjects(objects=await storage.read(ctx.title_id, ctx.player(), ids))

    @routes.put("/v2/storage/delete", auth=Auth.SESSION)
    async def delete_storage_objects(ctx: Context, request: DeleteStorageObjectsRequest) -> Empty:
        player = ctx.player()
        deletions = [Deletion(ObjectId(item.collection, item.key, player), item.version) for item in request.object_ids]
        await storage.delete(ctx.title_id, player, deletions)
        return Empty()

    async def list_storage_objects(ctx: Context, request: ListStorageObjectsRequest) -> StorageObjectList:
        limit = 1 if request.limit is None else request.limit
        owner = UserId(request.user_id)
        return await storage.list(ctx.title_id, ctx.player(), request.collection, owner, limit, request.cursor)

    routes.get("/v2/storage/{collection}", auth=Auth.SESSION)(list_storage_objects)
    routes.get("/v2/storage/{collection}/{user_id}", auth=Auth.SESSION)(list_storage_objects)
    return routes


def _write(item: WriteStorageObject, owner: UserId) -> Write:
    permission_read = READ_OWNER if item.permission_read is None else item.permission_read
    permission_write = WRITE_OWNER if item.permission_write is None else item.permission_write
    return Write(ObjectId(item.collection, item.key, owner), item.value, item.version, permission_read, permission_write)
