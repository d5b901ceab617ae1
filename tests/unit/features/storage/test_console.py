"""Storage as operators see it. Rules: docs/spec/storage.md."""

from __future__ import annotations

import json
from typing import Any

import pytest

from supergame.base.ids import SYSTEM_USER, TitleId, UserId
from supergame.base.limits import Limits
from supergame.features.storage.console import ObjectFile, console_routes
from supergame.features.storage.model import LimitInvalid, ObjectId, ObjectInvalid, Write, WriteRefused
from supergame.game import Game
from supergame.testing import TestServer
from supergame.wire.spreadsheet import CsvMalformed
from tests.support.console import Desk

MAIN = TitleId("main")
ADA, BOB = UserId("00000000-0000-4000-8000-00000000000a"), UserId("00000000-0000-4000-8000-00000000000b")


def desk_of(server: TestServer) -> Desk:
    return Desk(console_routes(server.node.storage, Limits()))


async def fill(server: TestServer, title: TitleId = MAIN) -> None:
    objects = [("saves", "slot", ADA, 0), ("saves", "a/b", ADA, 1), ("saves", "slot", BOB, 2), ("=cmd()", "@key", SYSTEM_USER, 1)]
    writes = [Write(ObjectId(name, key, owner), json.dumps({"of": owner}), "", read, 0) for name, key, owner, read in objects]
    await server.node.storage.write(title, None, writes)


async def keys(desk: Desk, **query: Any) -> list[tuple[str, str]]:
    """All that is found, page by page of two."""
    found, cursor = [], ""
    while True:
        page = await desk.call("console_browse_objects", title_id="main", limit=2, cursor=cursor, **query)
        found += [(item.user_id[-1], item.key) for item in page.objects]
        cursor = page.cursor
        if not cursor:
            return found


async def test_STO12_operators_browse_whatever_the_permissions() -> None:
    async with TestServer(Game("main"), Game("other")) as server:
        await fill(server)
        await fill(server, TitleId("other"))
        desk = desk_of(server)
        first = await desk.call("console_list_collections", title_id="main", limit=1)
        rest = await desk.call("console_list_collections", title_id="main", limit=1, cursor=first.cursor)
        assert (first.collections + rest.collections, rest.cursor) == (["=cmd()", "saves"], "")
        assert await keys(desk, collection="saves") == [("a", "a/b"), ("a", "slot"), ("b", "slot")]
        assert await keys(desk, collection="saves", user_id=ADA) == [("a", "a/b"), ("a", "slot")]
        assert await keys(desk, collection="saves", key="slot") == [("a", "slot"), ("b", "slot")]
        assert await keys(desk, collection="saves", key="slot", user_id=BOB) == [("b", "slot")]
        for limit in (0, 101):
            with pytest.raises(LimitInvalid):
                await desk.call("console_browse_objects", title_id="main", collection="saves", limit=limit)


async def test_STO13_an_edit_names_the_version_that_it_replaces() -> None:
    async with TestServer() as server:
        await fill(server)
        desk, where = desk_of(server), {"title_id": "main", "collection": "saves", "key": "slot", "user_id": ADA}
        (old,) = (await desk.call("console_browse_objects", **where)).objects
        ack = await desk.call("console_put_object", "was stuck", object_value='{"n":1}', version=old.version, **where)
        change = desk.actions[-1].changes[0]
        assert (change.target, change.before["version"]) == (f"storage/saves/{ADA}/slot", old.version)
        assert change.after == {"version": ack.version, "bytes": 7}
        for version, error in ((old.version, WriteRefused), ("*", WriteRefused), ("", ObjectInvalid)):
            with pytest.raises(error):
                await desk.call("console_put_object", "again", object_value="{}", version=version, **where)
            with pytest.raises((WriteRefused, ObjectInvalid)):
                await desk.call("console_delete_object", "again", version=version, **where)
        await desk.call("console_delete_object", "cheated", version=ack.version, **where)
        assert (await desk.call("console_browse_objects", **where)).objects == []
        await desk.call("console_put_object", "given back", object_value=old.value, version="*", **where)
        assert (await desk.call("console_browse_objects", **where)).objects[0].value == old.value


@pytest.mark.parametrize("form", ["json", "csv"])
async def test_STO14_what_was_exported_can_be_brought_back(form: str) -> None:
    async with TestServer() as server:
        await fill(server)
        desk = desk_of(server)
        files = [
            await desk.call("console_export_objects", title_id="main", collection=collection, form=form)
            for collection in ("=cmd()", "saves")
        ]
        assert [(file.name, file.count, file.cursor) for file in files] == [(f"storage.{form}", 1, ""), (f"storage.{form}", 3, "")]
        if form == "csv":
            assert files[0].file.splitlines()[1].startswith('"\'=cmd()","\'@key",')
        before = [await keys(desk, collection=name) for name in ("=cmd()", "saves")]
        await server.node.storage.erase(MAIN, ADA)
        for file in files:
            done = await desk.call("console_import_objects", "back", title_id="main", form=form, objects_file=file.file, overwrite=True)
            assert done.count == file.count
        assert [await keys(desk, collection=name) for name in ("=cmd()", "saves")] == before


async def test_STO14_a_long_collection_makes_several_files() -> None:
    async with TestServer(limits=Limits(storage_export_max=2)) as server:
        await fill(server)
        desk = desk_of(server)
        first: ObjectFile = await desk.call("console_export_objects", title_id="main", collection="saves")
        rest: ObjectFile = await desk.call("console_export_objects", title_id="main", collection="saves", cursor=first.cursor)
        assert [line["key"] for file in (first, rest) for line in json.loads(file.file)] == ["a/b", "slot", "slot"]
        assert (first.count, rest.count, rest.cursor) == (2, 1, "")


def line(**more: Any) -> dict[str, Any]:
    return {"collection": "saves", "key": "new", "user_id": ADA, "value": "{}"} | more


BAD = [
    [line(), line(value="no JSON")],
    [line(), line()],
    [line(), line(key="slot", version="*")],
    [line(), line(key="slot", version="of another time")],
    [line(), line(key="")],
    [line(), line(permission_read=3)],
    [line(), line(more="than we know")],
    [line(key=str(number)) for number in range(5)],
]


async def test_STO15_a_file_is_brought_in_whole_or_not_at_all() -> None:
    async with TestServer(limits=Limits(storage_import_max=4)) as server:
        await fill(server)
        desk = desk_of(server)
        before = await keys(desk, collection="saves")
        for number, lines in enumerate(BAD):
            with pytest.raises((ObjectInvalid, WriteRefused)):
                await desk.call("console_import_objects", "x", title_id="main", form="json", objects_file=json.dumps(lines))
            assert await keys(desk, collection="saves") == before, number
        for form, file in (("json", "["), ("json", "{}"), ("json", "[" * 100_000), ("xml", "[]"), ("csv", "no,such,columns")):
            with pytest.raises((ObjectInvalid, CsvMalformed)):
                await desk.call("console_import_objects", "x", title_id="main", form=form, objects_file=file)
        assert not any(action.changes for action in desk.actions)
