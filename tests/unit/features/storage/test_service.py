"""Storage over the whole server, without sockets. Rules: docs/spec/storage.md."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from supergame.db.sqlite import Job, Writer
from supergame.features.storage import store
from supergame.features.storage.store import StorageStore
from supergame.game import Context, Game
from supergame.testing import Answer, TestPlayer, TestServer


def code(answer: Answer) -> str:
    return answer.headers.get("X-Supergame-Error", "")


def item(key: str, value: Any = None, **more: Any) -> dict[str, Any]:
    return {"collection": "save", "key": key, "value": json.dumps(value or {"n": 1}), **more}


async def put(player: TestPlayer, *objects: dict[str, Any], **headers: str) -> Answer:
    bearer = {"authorization": f"Bearer {player.token}"} | {name.replace("_", "-"): text for name, text in headers.items()}
    return await player.server.request("PUT", "/v2/storage", body={"objects": list(objects)}, headers=bearer)


async def read(player: TestPlayer, key: str, owner: TestPlayer | None = None) -> dict[str, Any] | None:
    wanted = {"collection": "save", "key": key, "user_id": (owner or player).user_id}
    found = (await player.call("POST", "/v2/storage", body={"object_ids": [wanted]})).get("objects", [])
    return found[0] if found else None


async def keys(player: TestPlayer, owner: TestPlayer | None = None) -> list[str]:
    path = f"/v2/storage/save/{owner.user_id}" if owner else "/v2/storage/save"
    return [found["key"] for found in (await player.get(path, limit=100)).get("objects", [])]


@pytest.mark.parametrize("value", ["", "nonsense", "[]", '"text"', "5", "null", '{"a":1', "[" * 1000, "x" * 262_145])
async def test_STO1_a_value_is_a_json_object(value: str) -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        answer = await put(ada, {"collection": "save", "key": "k", "value": value})
        assert (answer.status, code(answer)) == (400, "storage.object_invalid")


@pytest.mark.parametrize("name", ["", "x" * 129, "a\0b"])
async def test_STO1_names_have_bounds(name: str) -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        assert (await put(ada, item(name))).status == 400
        assert (await put(ada, item("k") | {"collection": name})).status == 400


async def test_STO2_the_version_is_the_md5_of_the_value() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        ack = (await put(ada, item("k", {"n": 7}))).json["acks"][0]
        assert ack["version"] == hashlib.md5(b'{"n": 7}').hexdigest()
        assert (await read(ada, "k") or {})["version"] == ack["version"]


async def test_STO3_versions_guard_writes_and_deletes() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        first = (await put(ada, item("k", {"n": 1}, version="*"))).json["acks"][0]["version"]
        assert code(await put(ada, item("k", {"n": 2}, version="*"))) == "storage.write_refused"
        assert (await put(ada, item("k", {"n": 2}, version=first))).status == 200
        assert (await put(ada, item("k", {"n": 3}, version=first))).status == 400
        assert (await put(ada, item("new", version=first))).status == 400
        stale = await ada.request("PUT", "/v2/storage/delete", body={"object_ids": [{"collection": "save", "key": "k", "version": first}]})
        assert stale.status == 400
        assert json.loads((await read(ada, "k") or {})["value"]) == {"n": 2}


async def check_batches_are_atomic() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        await put(ada, item("b", {"old": 1}))
        refused = await put(ada, item("a"), item("b", version="*"), item("c"))
        assert refused.status == 400
        assert await keys(ada, ada) == ["b"]
        assert (await put(ada, item("a"), {"collection": "save", "key": "b", "value": "nonsense"})).status == 400
        assert await keys(ada, ada) == ["b"]


async def test_STO4_a_batch_is_done_whole_or_not_at_all() -> None:
    await check_batches_are_atomic()


async def test_STO4_a_planted_fault_is_caught_no_savepoints(monkeypatch: pytest.MonkeyPatch) -> None:
    def run_bare(self: Writer, job: Job) -> None:
        self.run_job(job)

    monkeypatch.setattr(Writer, "_run_in_savepoint", run_bare)
    with pytest.raises(AssertionError):
        await check_batches_are_atomic()


async def test_STO4_acks_come_in_the_order_of_the_request() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        acks = (await put(ada, item("b"), item("a"), item("c"))).json["acks"]
        assert [ack["key"] for ack in acks] == ["b", "a", "c"]


async def test_STO5_write_permission_0_binds_the_owner_and_not_the_server() -> None:
    game = Game("main")

    @game.rpc("overwrite")
    async def overwrite(ctx: Context, payload: str) -> None:
        await ctx.storage.write("save", "k", {"by": "server"}, permission_write=0)

    async with TestServer(game) as server:
        ada = await server.sign_in("ada")
        await put(ada, item("k", permission_write=0))
        assert (await put(ada, item("k", {"n": 2}))).status == 400
        deletion = {"object_ids": [{"collection": "save", "key": "k"}]}
        assert (await ada.request("PUT", "/v2/storage/delete", body=deletion)).status == 400
        await ada.rpc("overwrite")
        assert json.loads((await read(ada, "k") or {})["value"]) == {"by": "server"}


async def check_read_permissions() -> None:
    async with TestServer() as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        await put(ada, *(item(str(permission), permission_read=permission) for permission in (0, 1, 2)))
        assert [await read(ada, key) is not None for key in "012"] == [False, True, True]
        assert [await read(bob, key, ada) is not None for key in "012"] == [False, False, True]
        assert await keys(ada, ada) == ["1", "2"]
        assert await keys(bob, ada) == ["2"]
        assert await keys(bob) == ["2"]


async def test_STO6_read_permissions_hide_objects() -> None:
    await check_read_permissions()


async def test_STO6_a_planted_fault_is_caught_everybody_may_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_may_read", lambda row, reader: True)
    with pytest.raises(AssertionError):
        await check_read_permissions()


async def test_STO7_players_write_and_delete_what_is_theirs() -> None:
    game = Game("main")

    @game.rpc("news")
    async def news(ctx: Context, payload: str) -> None:
        await ctx.storage.write("save", "news", {"hello": "all"}, user_id="00000000-0000-0000-0000-000000000000", permission_read=2)

    async with TestServer(game) as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        await put(ada, item("k"))
        deletion = {"object_ids": [{"collection": "save", "key": "k", "user_id": ada.user_id}]}
        assert (await bob.request("PUT", "/v2/storage/delete", body=deletion)).status == 400
        assert await read(ada, "k") is not None
        await ada.rpc("news")
        found = await bob.call("POST", "/v2/storage", body={"object_ids": [{"collection": "save", "key": "news"}]})
        assert json.loads(found["objects"][0]["value"]) == {"hello": "all"}


async def test_STO8_pages_follow_each_other_without_gap_or_repetition() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        await put(ada, *(item(f"{number:02}", permission_read=1 + number % 2) for number in range(25)))
        pages, cursor = [], ""
        while True:
            page = await ada.get(f"/v2/storage/save/{ada.user_id}", limit=10, cursor=cursor)
            pages.append([found["key"] for found in page["objects"]])
            cursor = page.get("cursor", "")
            if not cursor:
                break
        assert [len(page) for page in pages] == [10, 10, 5]
        assert [key for page in pages for key in page] == sorted(
            (f"{number:02}" for number in range(25)), key=lambda key: (int(key) % 2, key)
        )


async def test_STO8_a_cursor_fits_its_own_list_only() -> None:
    async with TestServer() as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        await put(ada, item("a", permission_read=2), item("b", permission_read=2))
        cursor = (await ada.get(f"/v2/storage/save/{ada.user_id}", limit=1))["cursor"]
        for path in ("/v2/storage/save", f"/v2/storage/save/{bob.user_id}", f"/v2/storage/other/{ada.user_id}"):
            refused = await ada.request("GET", path, query={"limit": 1, "cursor": cursor})
            assert (refused.status, code(refused)) == (400, "malformed_cursor")


@pytest.mark.parametrize("limit", ["0", "101", "-1", "nonsense", "99999999999999999999"])
async def test_STO8_a_page_has_bounds(limit: str) -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        assert (await ada.request("GET", "/v2/storage/save", query={"limit": limit})).status == 400


async def test_STO9_a_write_sent_again_has_no_second_effect() -> None:
    async with TestServer() as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        first = await put(ada, item("k", version="*"), idempotency_key="once")
        server.clock.advance(5)
        again = await put(ada, item("k", version="*"), idempotency_key="once")
        other = await put(ada, item("other"), idempotency_key="once")
        assert (first.status, again.status, again.json) == (200, 200, first.json)
        assert (other.status, code(other)) == (400, "idempotency.key_reused")
        assert (await put(bob, item("k", version="*"), idempotency_key="once")).status == 200


async def test_STO9_keys_are_forgotten_after_a_week() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        await put(ada, item("k", version="*"), idempotency_key="once")
        server.clock.advance(7 * 86_400 + 1)
        await server.node.storage.forget_expired()
        ada = await server.sign_in("ada")
        assert (await put(ada, item("k", version="*"), idempotency_key="once")).status == 400


async def check_titles_are_apart() -> None:
    """Two titles, equal names, devices, collections and keys: neither sees the other's data."""
    async with TestServer(Game("alpha"), Game("beta")) as server:
        here, there = await server.sign_in("ada", title=0), await server.sign_in("ada", title=1)
        assert here.user_id == there.user_id
        await put(here, item("k", {"title": "alpha"}, permission_read=2))
        assert await read(there, "k") is None
        assert await keys(there, there) == []
        assert await keys(there) == []
        await put(there, item("k", {"title": "beta"}, version="*", permission_read=2))
        assert json.loads((await read(here, "k") or {})["value"]) == {"title": "alpha"}
        assert len(await keys(here)) == len(await keys(there)) == 1
        await there.call("PUT", "/v2/storage/delete", body={"object_ids": [{"collection": "save", "key": "k"}]})
        assert await read(here, "k") is not None


async def test_STO10_no_title_sees_anothers_objects() -> None:
    await check_titles_are_apart()


async def test_STO10_a_planted_fault_is_caught_a_read_without_title(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = StorageStore.read
    monkeypatch.setattr(StorageStore, "read", lambda self, title_id, ids, reader: honest(self, "alpha", ids, reader))
    with pytest.raises(AssertionError):
        await check_titles_are_apart()


async def test_STO11_objects_go_with_their_account() -> None:
    async with TestServer(Game("alpha"), Game("beta")) as server:
        ada, elsewhere, bob = await server.sign_in("ada"), await server.sign_in("ada", title=1), await server.sign_in("bob")
        for player in (ada, elsewhere):
            await put(player, item("k", permission_read=2))
        await ada.call("DELETE", "/v2/account")
        await server.settle()
        assert await read(bob, "k", ada) is None
        assert await read(elsewhere, "k") is not None


async def test_a_batch_has_a_bound() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        refused = await put(ada, *(item(str(number)) for number in range(101)))
        assert (refused.status, code(refused)) == (400, "storage.batch_too_large")
