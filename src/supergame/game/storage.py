"""A game's access to storage: as the server, so permissions that bind players do not bind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from supergame.base.ids import SYSTEM_USER, TitleId, UserId
from supergame.features.storage.model import READ_OWNER, WRITE_OWNER, Deletion, ObjectId, Write
from supergame.features.storage.service import Storage
from supergame.wire.api import StorageObject


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as it was read. Pass `version` back to `write` to make sure that nobody changed it meanwhile."""

    collection: str
    key: str
    user_id: str
    value: dict[str, Any]
    version: str
    permission_read: int
    permission_write: int
    created_at: datetime
    updated_at: datetime


class StorageAccess:
    """`ctx.storage`. Without a `user_id`, objects are the caller's; in calls without a player, the system's."""

    __slots__ = ("_owner", "_storage", "_title_id")

    def __init__(self, storage: Storage, title_id: TitleId, caller: UserId) -> None:
        self._storage, self._title_id, self._owner = storage, title_id, caller or SYSTEM_USER

    async def read(self, collection: str, key: str, *, user_id: str | None = None) -> StoredObject | None:
        """The object, or None when there is none. Permissions do not apply."""
        found = await self._storage.read(self._title_id, None, [self._id(collection, key, user_id)])
        return _stored(found[0]) if found else None

    async def write(
        self,
        collection: str,
        key: str,
        value: Any,
        *,
        user_id: str | None = None,
        version: str = "",
        permission_read: int = READ_OWNER,
        permission_write: int = WRITE_OWNER,
    ) -> str:
        """Keep a JSON object (a dict, or a dataclass or struct that becomes one); returns its version.

        Args:
            version: "" overwrites, "*" only creates, a version only replaces that one.
            permission_read: who else may read: 0 nobody, 1 the owner, 2 everybody.
            permission_write: 1 lets the owner's client overwrite it, 0 does not.

        Raises:
            WriteRefused: the object has another version.
            ObjectInvalid: a name, permission or the value does not have the required form.
        """
        text = msgspec.json.encode(value).decode()
        write = Write(self._id(collection, key, user_id), text, version, permission_read, permission_write)
        acks = await self._storage.write(self._title_id, None, [write])
        return acks.acks[0].version

    async def delete(self, collection: str, key: str, *, user_id: str | None = None, version: str = "") -> None:
        """Delete the object, with a version only that one (raises WriteRefused). A missing one is no error."""
        await self._storage.delete(self._title_id, None, [Deletion(self._id(collection, key, user_id), version)])

    async def list(self, collection: str, *, user_id: str = "", limit: int = 100, cursor: str = "") -> tuple[list[StoredObject], str]:
        """A page of somebody's objects (of everybody's public ones without a `user_id`), and the cursor of the next page or ""."""
        page = await self._storage.list(self._title_id, None, collection, UserId(user_id), limit, cursor)
        return [_stored(item) for item in page.objects], page.cursor

    def _id(self, collection: str, key: str, user_id: str | None) -> ObjectId:
        return ObjectId(collection, key, self._owner if user_id is None else UserId(user_id))


def _stored(item: StorageObject) -> StoredObject:
    assert item.create_time is not None
    assert item.update_time is not None
    return StoredObject(
        item.collection,
        item.key,
        item.user_id,
        msgspec.json.decode(item.value),
        item.version,
        item.permission_read,
        item.permission_write,
        item.create_time,
        item.update_time,
    )
