"""Storage as operators see it: browse, edit with a version check, delete, bring in and export."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from supergame.base.ids import TitleId, UserId
from supergame.base.limits import Limits
from supergame.features.storage.files import Format, read_file, write_file
from supergame.features.storage.model import READ_OWNER, WRITE_OWNER, Deletion, ObjectId, ObjectInvalid, Write
from supergame.features.storage.service import Storage
from supergame.routing.console import Action, ConsoleRoutes, Permission
from supergame.wire.api import Empty, StorageObject, StorageObjectAck, StorageObjectList
from supergame.wire.message import Int32, Message, field

PAGE = 50

STORAGE = "/sg/v1/console/titles/{title_id}/storage"


class ListCollections(Message):
    title_id: Annotated[str, field(1)] = ""
    limit: Annotated[Int32, field(2)] = PAGE
    cursor: Annotated[str, field(3)] = ""


class Collections(Message):
    collections: Annotated[list[str], field(1)] = []
    cursor: Annotated[str, field(2)] = ""


class BrowseObjects(Message):
    """Of one owner, of one key, of both or of all."""

    title_id: Annotated[str, field(1)] = ""
    collection: Annotated[str, field(2)] = ""
    user_id: Annotated[str, field(3)] = ""
    key: Annotated[str, field(4)] = ""
    limit: Annotated[Int32, field(5)] = PAGE
    cursor: Annotated[str, field(6)] = ""


class PutObject(Message):
    """`version` is the one that is replaced, or `*` for an object that is new. The audit trail keeps versions and sizes, no values."""

    title_id: Annotated[str, field(1)] = ""
    collection: Annotated[str, field(2)] = ""
    key: Annotated[str, field(3)] = ""
    user_id: Annotated[str, field(4)] = ""
    object_value: Annotated[str, field(5)] = ""
    version: Annotated[str, field(6)] = ""
    permission_read: Annotated[Int32, field(7)] = READ_OWNER
    permission_write: Annotated[Int32, field(8)] = WRITE_OWNER


class DeleteObject(Message):
    title_id: Annotated[str, field(1)] = ""
    collection: Annotated[str, field(2)] = ""
    key: Annotated[str, field(3)] = ""
    user_id: Annotated[str, field(4)] = ""
    version: Annotated[str, field(5)] = ""


class ExportObjects(Message):
    """`form` is json or csv. One file has at most a thousand objects; the cursor asks for the next."""

    title_id: Annotated[str, field(1)] = ""
    collection: Annotated[str, field(2)] = ""
    user_id: Annotated[str, field(3)] = ""
    form: Annotated[str, field(4)] = Format.JSON.value
    cursor: Annotated[str, field(5)] = ""


class ObjectFile(Message):
    """A file to save, and the cursor of the next one."""

    name: Annotated[str, field(1)] = ""
    file: Annotated[str, field(2)] = ""
    count: Annotated[Int32, field(3)] = 0
    cursor: Annotated[str, field(4)] = ""


class ImportObjects(Message):
    """With `overwrite` the versions in the file are not looked at; without, an object that has another one refuses the file."""

    title_id: Annotated[str, field(1)] = ""
    form: Annotated[str, field(2)] = Format.JSON.value
    objects_file: Annotated[str, field(3)] = ""
    overwrite: Annotated[bool, field(4)] = False


class Imported(Message):
    count: Annotated[Int32, field(1)] = 0


def console_routes(storage: Storage, limits: Limits) -> ConsoleRoutes:
    routes = ConsoleRoutes()
    _look(routes, storage)
    _edit(routes, storage)
    _files(routes, storage, limits)
    return routes


def _look(routes: ConsoleRoutes, storage: Storage) -> None:
    @routes.read(STORAGE + "/collections", Permission.STORAGE_READ)
    async def console_list_collections(action: Action, request: ListCollections) -> Collections:
        found, cursor = await storage.collections(TitleId(request.title_id), request.limit, request.cursor)
        return Collections(collections=found, cursor=cursor)

    @routes.read(STORAGE + "/objects", Permission.STORAGE_READ)
    async def console_browse_objects(action: Action, request: BrowseObjects) -> StorageObjectList:
        where = request.collection, request.user_id, request.key
        return await storage.browse(TitleId(request.title_id), *where, request.limit, request.cursor)


def _edit(routes: ConsoleRoutes, storage: Storage) -> None:
    @routes.act("PUT", STORAGE + "/objects", Permission.STORAGE_WRITE, needs_reason=True)
    async def console_put_object(action: Action, request: PutObject) -> StorageObjectAck:
        title_id, identity = TitleId(request.title_id), ObjectId(request.collection, request.key, UserId(request.user_id))
        if not request.version:
            raise ObjectInvalid("Say which version you replace, or * for an object that is new.")
        permissions = request.permission_read, request.permission_write
        write = Write(identity, request.object_value, request.version, *permissions)
        before = await storage.read(title_id, None, [identity])
        (ack,) = (await storage.write(title_id, None, [write])).acks
        action.changed(_target(identity), _outline(before), {"version": ack.version, "bytes": len(write.value.encode())})
        return ack

    @routes.act("DELETE", STORAGE + "/objects", Permission.STORAGE_WRITE, needs_reason=True)
    async def console_delete_object(action: Action, request: DeleteObject) -> Empty:
        title_id, identity = TitleId(request.title_id), ObjectId(request.collection, request.key, UserId(request.user_id))
        if not request.version:
            raise ObjectInvalid("Say which version you delete.")
        before = await storage.read(title_id, None, [identity])
        await storage.delete(title_id, None, [Deletion(identity, request.version)])
        action.changed(_target(identity), _outline(before), None)
        return Empty()


def _files(routes: ConsoleRoutes, storage: Storage, limits: Limits) -> None:
    @routes.read(STORAGE + "/export", Permission.STORAGE_READ)
    async def console_export_objects(action: Action, request: ExportObjects) -> ObjectFile:
        form = _form(request.form)
        found = await storage.export(TitleId(request.title_id), request.collection, request.user_id, request.cursor)
        name = f"storage.{form.value}"
        return ObjectFile(name=name, file=write_file(found.objects, form), count=len(found.objects), cursor=found.cursor)

    @routes.act("POST", STORAGE + "/import", Permission.STORAGE_WRITE, needs_reason=True)
    async def console_import_objects(action: Action, request: ImportObjects) -> Imported:
        writes = read_file(request.objects_file, _form(request.form), limits.storage_import_max)
        if request.overwrite:
            writes = [replace(write, version="") for write in writes]
        count = await storage.bring_in(TitleId(request.title_id), writes)
        action.changed("storage", None, {"objects": count})
        return Imported(count=count)


def _form(name: str) -> Format:
    try:
        return Format(name)
    except ValueError:
        raise ObjectInvalid("A file is json or csv.") from None


def _target(identity: ObjectId) -> str:
    return f"storage/{identity.collection}/{identity.user_id}/{identity.key}"


def _outline(found: list[StorageObject]) -> dict[str, object] | None:
    """What the audit trail keeps of an object: never its value, which may have to be erased."""
    return {"version": found[0].version, "bytes": len(found[0].value.encode())} if found else None
