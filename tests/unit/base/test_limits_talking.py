"""The rows of the table of limits about chat, notifications, status and streams: at the bound, and beyond it."""

from __future__ import annotations

import json
from typing import Any

from supergame.base.limits import Limits
from supergame.testing import FakeClock, TestServer, TestSocket
from tests.unit.features.notifications.test_service import notify, notifying, stored
from tests.unit.features.streams.test_service import do, streaming


async def socket_of(server: TestServer, name: str = "ada", **options: Any) -> TestSocket:
    return await (await server.sign_in(name)).connect(**options)


async def is_done(socket: TestSocket, **message: Any) -> bool:
    return "error" not in await socket.call(message)


def join(target: str) -> dict[str, Any]:
    return {"channel_join": {"target": target, "type": 1}}


def send(content: str) -> dict[str, Any]:
    return {"channel_message_send": {"channel_id": "2...lobby", "content": content}}


async def test_room_name_bytes_max() -> None:
    async with TestServer(limits=Limits(room_name_bytes_max=4)) as server:
        ada = await socket_of(server)
        assert [await is_done(ada, **join(name)) for name in ("four", "cinqs")] == [True, False]


async def test_channel_content_bytes_max() -> None:
    async with TestServer(limits=Limits(channel_content_bytes_max=8)) as server:
        ada = await socket_of(server)
        await ada.call(join("lobby"))
        assert [await is_done(ada, **send(content)) for content in ('{"a":10}', '{"a":100}')] == [True, False]


async def test_chat_burst() -> None:
    async with TestServer(limits=Limits(chat_burst=3)) as server:
        ada = await socket_of(server)
        assert [await is_done(ada, **message) for message in (join("lobby"), *[send("{}")] * 3)] == [True, True, True, False]


async def test_chat_per_s() -> None:
    clock = FakeClock()
    async with TestServer(clock=clock, limits=Limits(chat_burst=2, chat_per_s=1)) as server:
        ada = await socket_of(server)
        for message in (join("lobby"), send("{}")):
            await ada.call(message)
        done = []
        for seconds in (0, 1, 0, 10, 0, 0):
            clock.advance(seconds)
            done.append(await is_done(ada, **send("{}")))
        assert done == [False, True, False, True, True, False]


async def test_presences_listed_max() -> None:
    async with TestServer(limits=Limits(presences_listed_max=2)) as server:
        sockets = [await socket_of(server, name, status=True) for name in ("ada", "bob", "cid", "dan")]
        listed = [(await socket.call(join("lobby")))["channel"].get("presences", []) for socket in sockets]
        assert [[who["username"] for who in presences] for presences in listed] == [[], ["ada"], ["ada", "bob"], ["ada", "bob"]]
        followed = await sockets[0].call({"status_follow": {"usernames": ["bob", "cid", "dan"]}})
        assert len(followed["status"]["presences"]) == 2


async def test_session_streams_max() -> None:
    async with TestServer(limits=Limits(session_streams_max=3)) as server:
        await server.sign_in("bob")
        ada = await socket_of(server)  # its own status is one
        assert [await is_done(ada, **join(name)) for name in ("a", "b", "c")] == [True, True, False]
        assert not await is_done(ada, status_follow={"usernames": ["bob"]})


async def test_status_bytes_max() -> None:
    async with TestServer(limits=Limits(status_bytes_max=3)) as server:
        ada = await socket_of(server)
        assert [await is_done(ada, status_update={"status": status}) for status in ("abc", "abcd")] == [True, False]


async def test_notification_subject_bytes_max() -> None:
    async with TestServer(notifying(), limits=Limits(notification_subject_bytes_max=20)) as server:
        ada, bob = await server.sign_in("a" * 50), await server.sign_in("bob")
        assert [await notify(bob, subject="x" * size) for size in (20, 21)] == ["", "notification.invalid"]
        await (await ada.connect()).call({"channel_join": {"target": bob.user_id, "type": 2}})
        assert (await stored(bob))[-1]["subject"] == "a" * 6 + " wants to chat"


async def test_notification_content_bytes_max() -> None:
    async with TestServer(notifying(), limits=Limits(notification_content_bytes_max=8)) as server:
        ada = await server.sign_in("ada")
        assert [await notify(ada, content={"a": number}) for number in (10, 100)] == ["", "notification.invalid"]


async def test_notifications_stored_max() -> None:
    async with TestServer(notifying(), limits=Limits(notifications_stored_max=2)) as server:
        ada = await server.sign_in("ada")
        await notify(ada, count=3)
        assert [json.loads(item["content"])["n"] for item in await stored(ada)] == [1, 2]


async def test_notifications_per_request_max() -> None:
    async with TestServer(notifying(), limits=Limits(notifications_per_request_max=2)) as server:
        ada = await server.sign_in("ada")
        assert [await notify(ada, user_id=[ada.user_id] * count) for count in (2, 3)] == ["", "notification.invalid"]
        ids = [item["id"] for item in await stored(ada)]
        statuses = [(await ada.request("DELETE", "/v2/notification", query={"ids": some})).status for some in (ids, [*ids, ids[0]])]
        assert statuses == [200, 400]


async def test_stream_name_bytes_max() -> None:
    async with TestServer(streaming(), limits=Limits(stream_name_bytes_max=3)) as server:
        ada = await socket_of(server)
        assert [await do(ada, "count", name=[8, "", "", label]) for label in ("abc", "abcd")] == [0, "stream.invalid"]


async def test_stream_data_bytes_max() -> None:
    async with TestServer(streaming(), limits=Limits(stream_data_bytes_max=3)) as server:
        ada = await socket_of(server)
        assert [await do(ada, "send", name=[8], data=data) for data in ("abc", "abcd")] == [None, "stream.invalid"]
