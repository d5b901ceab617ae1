"""Notifications over the whole server. Rules: docs/spec/notifications.md."""

from __future__ import annotations

import json
from typing import Any

import pytest

from supergame.base.errors import SupergameError
from supergame.base.limits import Limits
from supergame.features.notifications.store import NotificationStore
from supergame.game import Context, Game
from supergame.testing import TestPlayer, TestServer

NOBODY = "00000000-0000-4000-8000-000000000000"


def notifying(name: str = "main") -> Game:
    game = Game(name)

    @game.rpc("notify")
    async def notify(ctx: Context, payload: str) -> str:
        asked = {"user_id": ctx.user_id, "subject": "hello", "content": {}, "code": 1} | json.loads(payload)
        count = asked.pop("count", 1)
        try:
            for number in range(count):
                await ctx.notifications.send(**asked if count == 1 else asked | {"content": {"n": number}})
        except SupergameError as error:
            return error.code
        return ""

    return game


async def notify(player: TestPlayer, **asked: Any) -> str:
    return await player.rpc("notify", json.dumps(asked))


async def stored(player: TestPlayer, limit: int = 100, cursor: str = "") -> list[dict[str, Any]]:
    return (await player.get("/v2/notification", limit=limit, cacheable_cursor=cursor)).get("notifications", [])


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"subject": ""}, "notification.invalid"),
        ({"subject": "x" * 256}, "notification.invalid"),
        ({"content": []}, "notification.invalid"),
        ({"content": {"x": "y" * 70_000}}, "notification.invalid"),
        ({"code": 0}, "notification.invalid"),
        ({"code": -3}, "notification.invalid"),
        ({"code": 2**31}, "notification.invalid"),  # a protobuf socket cannot be told of it
        ({"user_id": "nonsense"}, "notification.invalid"),
        ({"user_id": [NOBODY] * 101}, "notification.invalid"),
        ({"user_id": NOBODY}, "account.not_found"),
    ],
)
async def test_NOT1_forms_and_bounds(asked: dict[str, Any], code: str) -> None:
    async with TestServer(notifying()) as server:
        ada = await server.sign_in("ada")
        assert await notify(ada, **asked) == code
        assert await stored(ada) == []


async def test_NOT2_stored_or_not_it_reaches_all_sockets_of_its_player() -> None:
    async with TestServer(notifying()) as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        one, two, other = await bob.connect(), await bob.connect(), await ada.connect()
        await notify(ada, user_id=bob.user_id, content={"gems": 5}, sender_id=ada.user_id)
        await notify(ada, user_id=bob.user_id, persistent=False, code=2)
        pushed = [item["notifications"]["notifications"][0] for item in one.take()]
        assert [(item["code"], item.get("persistent", False)) for item in pushed] == [(1, True), (2, False)]
        assert len(two.take()) == 2
        assert other.take() == []
        assert await stored(bob) == [pushed[0]]


async def test_NOT3_the_list_is_oldest_first_and_its_cursor_gives_what_is_newer() -> None:
    async with TestServer(notifying()) as server:  # its clock stands still
        ada = await server.sign_in("ada")
        start = (await ada.get("/v2/notification"))["cacheable_cursor"]
        await notify(ada, count=5)
        seen, cursor = [], start
        while found := (page := await ada.get("/v2/notification", limit=2, cacheable_cursor=cursor)).get("notifications"):
            seen += [json.loads(item["content"])["n"] for item in found]
            cursor = page["cacheable_cursor"]
        assert seen == [0, 1, 2, 3, 4]
        await notify(ada, subject="news")
        assert [item["subject"] for item in await stored(ada, cursor=cursor)] == ["news"]
        assert len(await stored(ada, limit=1)) == 1


async def test_NOT3_pages_and_cursors_have_a_form() -> None:
    async with TestServer(notifying()) as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        for limit in (0, 101):
            assert (await ada.request("GET", "/v2/notification", query={"limit": limit})).status == 400
        cursor = (await ada.get("/v2/notification"))["cacheable_cursor"]
        for used in ("nonsense", cursor):
            assert (await bob.request("GET", "/v2/notification", query={"cacheable_cursor": used})).status == 400


async def check_deletion() -> None:
    async with TestServer(notifying()) as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        await notify(ada, count=2)
        one, two = [item["id"] for item in await stored(ada)]
        await bob.call("DELETE", "/v2/notification", query={"ids": [one, two]})
        assert len(await stored(ada)) == 2
        await ada.call("DELETE", "/v2/notification", query={"ids": [one, NOBODY]})
        assert [item["id"] for item in await stored(ada)] == [two]
        await ada.call("DELETE", "/v2/notification")
        assert (await ada.request("DELETE", "/v2/notification", query={"ids": ["nonsense"]})).status == 400
        assert (await ada.request("DELETE", "/v2/notification", query={"ids": [two] * 101})).status == 400
        assert len(await stored(ada)) == 1


async def test_NOT4_players_delete_their_own() -> None:
    await check_deletion()


async def test_NOT4_a_planted_fault_is_caught_a_stranger_deletes(monkeypatch: pytest.MonkeyPatch) -> None:
    from supergame.db.port import Statement, Tx

    anyones = Statement("planted", "DELETE FROM notifications WHERE title_id = ? AND notification_id = ?")

    def delete(self: NotificationStore, title_id: str, user_id: str, ids: list[str]) -> Tx[None]:
        for notification_id in ids:
            yield anyones(title_id, notification_id)

    monkeypatch.setattr(NotificationStore, "delete", delete)
    with pytest.raises(AssertionError):
        await check_deletion()


async def test_NOT5_a_ban_is_told_before_the_sockets_close() -> None:
    game = notifying()

    @game.rpc("ban")
    async def ban(ctx: Context, payload: str) -> None:
        await ctx.accounts.ban(payload)

    async with TestServer(game) as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        socket, other = await ada.connect(), await bob.connect()
        await bob.rpc("ban", ada.user_id)
        (told,) = socket.take()
        (note,) = told["notifications"]["notifications"]
        assert (note["code"], note["subject"], note["content"]) == (-8, "banned", "{}")
        assert {"sender_id", "persistent"} & note.keys() == set()
        assert socket.closed is not None
        assert (other.take(), other.closed) == ([], None)


@pytest.mark.parametrize("single", [True, False])
async def test_NOT6_where_asked_for_a_new_socket_ends_the_older_ones(single: bool) -> None:
    async with TestServer(Game("alpha"), Game("beta"), single_socket=single) as server:
        ada, bob, there = await server.sign_in("ada"), await server.sign_in("bob"), await server.sign_in("ada", title=1)
        old, others = await ada.connect(), [await bob.connect(), await there.connect()]
        new = await ada.connect()
        assert (old.closed is not None) is single
        codes = [item["notifications"]["notifications"][0]["code"] for item in old.take()]
        assert codes == ([-7] if single else [])
        assert [socket.closed for socket in (new, *others)] == [None] * 3
        assert new.take() == []


async def test_NOT7_only_so_many_are_kept_of_a_player() -> None:
    async with TestServer(notifying(), limits=Limits(notifications_stored_max=3)) as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        await notify(bob)
        await notify(ada, count=5)
        assert [json.loads(item["content"])["n"] for item in await stored(ada)] == [2, 3, 4]
        assert len(await stored(bob)) == 1


async def check_titles() -> None:
    async with TestServer(notifying("alpha"), notifying("beta")) as server:
        here, there = await server.sign_in("ada"), await server.sign_in("ada", title=1)
        socket, elsewhere = await here.connect(), await there.connect()
        await notify(here)
        assert (len(socket.take()), elsewhere.take()) == (1, [])
        assert (len(await stored(here)), await stored(there)) == (1, [])


async def test_NOT8_titles_are_apart() -> None:
    await check_titles()


async def test_NOT8_a_planted_fault_is_caught_a_list_without_title(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = NotificationStore.page
    monkeypatch.setattr(NotificationStore, "page", lambda self, title_id, *more: honest(self, "alpha", *more))
    with pytest.raises(AssertionError):
        await check_titles()


async def test_NOT9_notifications_go_with_their_account() -> None:
    async with TestServer(notifying("alpha"), notifying("beta")) as server:
        ada, elsewhere = await server.sign_in("ada"), await server.sign_in("ada", title=1)
        for player in (ada, elsewhere):
            await notify(player)
        await ada.call("DELETE", "/v2/account")
        await server.settle()
        assert len(await stored(elsewhere)) == 1
        again = await server.sign_in("ada")
        assert again.user_id == ada.user_id, "the person still plays the other title"
        assert await stored(again) == []
