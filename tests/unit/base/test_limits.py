"""One test for each row of the table: what happens beyond the bound, and that it does not happen at the bound."""

from __future__ import annotations

import asyncio
import dataclasses
import inspect
import json
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from argon2 import PasswordHasher

from supergame.base.limits import Limits
from supergame.db.port import Tx
from supergame.game import Context, Game
from supergame.gateway.socket import HELD_BYTES_MAX
from supergame.realtime.frame import Frame
from supergame.routing.http import Request
from supergame.telemetry.metrics import Metrics
from supergame.testing import Answer, FakeClock, TestPlayer, TestServer
from supergame.wire.api import Rpc
from tests.unit.base import test_limits_matches, test_limits_operators, test_limits_talking
from tests.unit.gateway.peer import Stage
from tests.unit.gateway.test_ws import CLOSE, TEXT, Client, frame, handshake, until

GET = b"GET /a HTTP/1.1\r\n\r\n"
ROWS = [row.name for row in dataclasses.fields(Limits)]


def test_every_row_has_a_test() -> None:
    """Planted fault: a new row, or one whose test was removed."""
    here = (sys.modules[__name__], test_limits_matches, test_limits_operators, test_limits_talking)
    tested = {name.removeprefix("test_") for module in here for name, _ in inspect.getmembers(module, inspect.isfunction)}
    assert [row for row in ROWS if row not in tested] == []


def code(answer: Answer) -> str:
    return answer.headers.get("X-Supergame-Error", "")


@asynccontextmanager
async def serving(game: Game | None = None, clock: FakeClock | None = None, **rows: Any) -> AsyncIterator[TestServer]:
    async with TestServer(*([game] if game else []), limits=Limits(**rows), clock=clock) as server:
        yield server


async def sizes(ask: Callable[[int], Any], *sizes: int) -> list[int]:
    """The statuses of requests of such sizes."""
    return [(await ask(size)).status for size in sizes]


# --- gateway


async def test_connections_max() -> None:
    stage = Stage(Limits(connections_max=1))
    within, beyond = stage.peer(), stage.peer()
    assert (within.has_ended, beyond.statuses(), beyond.transport.closed) == (False, [503], True)


async def test_connections_per_address_max() -> None:
    stage = Stage(Limits(connections_per_address_max=1), trusted_proxies=("10.0.0.1",))
    peers = [stage.peer(address) for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2", "10.0.0.1", "10.0.0.1")]
    assert [peer.transport.closed for peer in peers] == [False, True, False, False, False]


async def test_head_bytes_max() -> None:
    stage = Stage(Limits(head_bytes_max=1_000))
    within, beyond = stage.peer(), stage.peer()
    await within.send(b"GET /a HTTP/1.1\r\nX: " + b"y" * 900 + b"\r\n\r\n")
    await beyond.send(b"GET /a HTTP/1.1\r\nX: " + b"y" * 1_000 + b"\r\n\r\n")
    assert (within.statuses(), beyond.statuses(), beyond.has_ended) == ([200], [431], True)


async def test_headers_max() -> None:
    stage = Stage(Limits(headers_max=3))
    within, beyond = stage.peer(), stage.peer()
    await within.send(b"GET /a HTTP/1.1\r\n" + b"X: y\r\n" * 3 + b"\r\n")
    await beyond.send(b"GET /a HTTP/1.1\r\n" + b"X: y\r\n" * 4 + b"\r\n")
    assert (within.statuses(), beyond.statuses(), beyond.has_ended) == ([200], [431], True)


async def test_head_deadline_s() -> None:
    peer = Stage(Limits(head_deadline_s=5)).peer()
    await peer.send(b"GET")
    await peer.pass_time(4.9)
    assert not peer.has_ended
    await peer.pass_time(0.2)
    assert (peer.statuses(), peer.has_ended) == ([408], True)


async def test_body_bytes_max() -> None:
    stage = Stage(Limits(body_bytes_max=10))
    within, beyond = stage.peer(), stage.peer()
    await within.send(b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n" + b"x" * 10)
    await beyond.send(b"POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n")
    assert (within.statuses(), beyond.statuses(), beyond.has_ended) == ([200], [413], True)


async def test_body_deadline_s() -> None:
    peer = Stage(Limits(body_deadline_s=5)).peer()
    await peer.send(b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nx")
    await peer.pass_time(4.9)
    assert not peer.has_ended
    await peer.pass_time(0.2)
    assert (peer.statuses(), peer.has_ended) == ([408], True)


async def test_answer_deadline_s() -> None:
    stage = Stage(Limits(answer_deadline_s=5))
    peer = stage.peer()
    await peer.send(b"GET /wait HTTP/1.1\r\n\r\n")
    await peer.pass_time(4.9)
    assert stage.cancelled == []
    await peer.pass_time(0.2)
    assert (peer.statuses(), stage.cancelled) == ([504], ["/wait"])


async def test_idle_s() -> None:
    peer = Stage(Limits(idle_s=5)).peer()
    await peer.send(GET)
    await peer.pass_time(4.9)
    assert not peer.has_ended
    await peer.pass_time(0.2)
    assert peer.has_ended


async def test_requests_queued_max() -> None:
    peer = Stage(Limits(requests_queued_max=2)).peer()
    await peer.send(b"GET /wait HTTP/1.1\r\n\r\n" + GET)
    assert not peer.transport.paused
    await peer.send(GET)
    assert peer.transport.paused


async def test_write_stall_s() -> None:
    peer = Stage(Limits(write_stall_s=5)).peer()
    peer.transport.stalled = True
    await peer.send(b"GET /large HTTP/1.1\r\n\r\n")
    await peer.pass_time(4.9)
    assert not peer.transport.aborted
    await peer.pass_time(0.2)
    assert peer.transport.aborted


async def test_drain_s() -> None:
    stage = Stage(Limits(drain_s=0.0))
    peer = stage.peer()
    await peer.send(b"GET /wait HTTP/1.1\r\n\r\n")
    await stage.server.drain()
    assert peer.transport.aborted


async def test_socket_message_bytes_max() -> None:
    async with serving(socket_message_bytes_max=100) as server:
        await server.node.serve()
        player = await server.sign_in("ada")
        client = Client(*await asyncio.open_connection("127.0.0.1", server.node.port))
        client.writer.write(handshake(f"/ws?token={player.token}"))
        await client.head()
        client.writer.write(frame(TEXT, b'{"ping":{}}'.ljust(100)))
        assert (await client.frame()).payload == b'{"pong":{}}'
        client.writer.write(frame(TEXT, b'{"ping":{}}'.ljust(101)))
        closed = await client.frame()
        assert (closed.opcode, closed.close_code) == (CLOSE, 1009)
        client.writer.close()


@asynccontextmanager
async def unread(**limits: Any) -> AsyncIterator[tuple[TestServer, Any, Any]]:
    """A socket whose peer reads nothing, and its transport."""
    async with serving(**limits) as server:
        await server.node.serve()
        player = await server.sign_in("ada")
        client = Client(*await asyncio.open_connection("127.0.0.1", server.node.port))
        client.writer.write(handshake(f"/ws?token={player.token}"))
        await client.head()
        client.writer.transport.pause_reading()  # type: ignore[attr-defined]
        (session,) = server.node.registry.of_user("main", player.user_id)  # type: ignore[arg-type]
        yield server, session, session._transport.underlying_transport  # type: ignore[attr-defined]
        client.writer.transport.abort()


async def test_socket_unsent_bytes_max() -> None:
    async with unread(socket_unsent_bytes_max=20_000) as (server, session, transport):
        while server.node.registry.get(session.session_id):
            session.send(Frame(Rpc(payload="x" * 10_000)))
            assert transport.get_write_buffer_size() < 20_000 + HELD_BYTES_MAX + 10_100
            await asyncio.sleep(0)


async def test_socket_stall_s() -> None:
    async with unread(socket_stall_s=0.05) as (server, session, transport):
        while transport.get_write_buffer_size() < 20_000:  # more than is left unwatched, less than may wait
            session.send(Frame(Rpc(payload="x" * 10_000)))
            await asyncio.sleep(0)
        await until(lambda: server.node.registry.get(session.session_id) is None)


# --- bounded queues


async def test_db_jobs_queued_max() -> None:
    async with serving(db_jobs_queued_max=1) as server:
        player = await server.sign_in("ada")
        begun, held = threading.Event(), threading.Event()

        def hold() -> Tx[None]:
            begun.set()
            held.wait(10)
            yield from ()

        holding = asyncio.create_task(server.node.db.read(hold))
        await asyncio.to_thread(begun.wait, 10)
        refused = await player.request("GET", "/v2/account")
        held.set()
        await holding
        assert (refused.status, code(refused)) == (429, "overloaded")
        assert (await player.request("GET", "/v2/account")).status == 200


async def test_hash_jobs_queued_max(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two threads and a queue of one: of four at once, one is refused."""
    held, hash_password = threading.Event(), PasswordHasher.hash

    def slow(self: PasswordHasher, *args: Any, **kwargs: Any) -> str:
        held.wait(10)
        return hash_password(self, *args, **kwargs)

    monkeypatch.setattr(PasswordHasher, "hash", slow)
    async with serving(hash_jobs_queued_max=1) as server:
        accounts = [{"email": f"ada{n}@example.com", "password": "correct horse"} for n in range(4)]
        tasks = [asyncio.create_task(server.authenticate("email", account)) for account in accounts]
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED, timeout=10)
        held.set()
        assert [(task.result().status, code(task.result())) for task in done] == [(429, "overloaded")]
        assert sorted(answer.status for answer in await asyncio.gather(*tasks)) == [200, 200, 200, 429]


async def test_work_jobs_queued_max(monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread and a queue of one: of three who ask for the metrics at once, one is refused."""
    held = threading.Event()

    def slow(self: Metrics) -> bytes:
        held.wait(10)
        return b""

    monkeypatch.setattr(Metrics, "text", slow)
    async with serving(work_jobs_queued_max=1) as server:
        ask = server.node.console_server.dispatch
        tasks = [asyncio.ensure_future(ask(Request("GET", "/metrics"))) for _ in range(3)]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED, timeout=10)
        held.set()
        assert sorted(answer.status for answer in await asyncio.gather(*tasks)) == [200, 200, 429]


async def test_requests_in_flight_max() -> None:
    game, held = Game("main"), asyncio.Event()

    @game.rpc("hold")
    async def hold(ctx: Context, payload: str) -> str:
        await held.wait()
        return "done"

    async with serving(game, requests_in_flight_max=1) as server:
        player = await server.sign_in("ada")
        holding = asyncio.create_task(player.request("POST", "/v2/rpc/hold"))
        await asyncio.sleep(0)
        refused = await server.request("GET", "/healthcheck")
        held.set()
        assert (refused.status, code(refused), (await holding).status) == (429, "overloaded", 200)
        assert (await server.request("GET", "/healthcheck")).status == 200


async def test_outbox_batch() -> None:
    async with serving(outbox_batch=2) as server:
        for name in ("ada", "bob", "cy"):
            await (await server.sign_in(name)).call("DELETE", "/v2/account")
        assert [await server.node.outbox.deliver_due() for _ in range(4)] == [2, 2, 2, 0]  # of the account, and of the person


# --- sign-in


async def wrong(server: TestServer, name: str) -> Answer:
    return await server.authenticate("email", {"email": f"{name}@example.com", "password": "wrong horse"})


async def sign_up(server: TestServer, *names: str) -> None:
    for name in names:
        assert (await server.authenticate("email", {"email": f"{name}@example.com", "password": "correct horse"})).status == 200


async def test_signin_failures_per_account() -> None:
    async with serving(signin_failures_per_account=2) as server:
        await sign_up(server, "ada.lovelace", "charles.b")
        assert [(await wrong(server, "ada.lovelace")).status for _ in range(3)] == [401, 401, 429]
        assert (await wrong(server, "charles.b")).status == 401


async def test_signin_failures_per_address() -> None:
    async with serving(signin_failures_per_address=2) as server:
        await sign_up(server, "ada.lovelace", "charles.b", "mary.somerville")
        names = ("ada.lovelace", "charles.b", "mary.somerville")
        assert [(await wrong(server, name)).status for name in names] == [401, 401, 429]


async def test_signin_window_s() -> None:
    clock = FakeClock()
    async with serving(clock=clock, signin_failures_per_account=1, signin_window_s=30.0) as server:
        await sign_up(server, "ada.lovelace")
        assert [(await wrong(server, "ada.lovelace")).status for _ in range(2)] == [401, 429]
        clock.advance(29.9)
        assert (await wrong(server, "ada.lovelace")).status == 429
        clock.advance(0.2)
        assert (await wrong(server, "ada.lovelace")).status == 401


async def test_throttle_entries_max() -> None:
    """Two entries, an account and the address: a second account pushes the first one out."""
    async with serving(signin_failures_per_account=1, throttle_entries_max=2) as server:
        await sign_up(server, "ada.lovelace", "charles.b")
        assert [(await wrong(server, "ada.lovelace")).status for _ in range(2)] == [401, 429]
        assert (await wrong(server, "charles.b")).status == 401
        assert (await wrong(server, "ada.lovelace")).status == 401


async def with_device(server: TestServer, size: int) -> Answer:
    return await server.authenticate("device", {"id": "d" * size})


async def with_custom(server: TestServer, size: int) -> Answer:
    return await server.authenticate("custom", {"id": "c" * size})


async def with_email(server: TestServer, size: int) -> Answer:
    return await server.authenticate("email", {"email": "@example.com".rjust(size, "e"), "password": "correct horse"})


async def with_password(server: TestServer, size: int) -> Answer:
    return await server.authenticate("email", {"email": f"user{size}@example.com", "password": "p" * size})


async def test_device_id_bytes_min() -> None:
    async with serving(device_id_bytes_min=12) as server:
        assert await sizes(lambda size: with_device(server, size), 11, 12) == [400, 200]


async def test_device_id_bytes_max() -> None:
    async with serving(device_id_bytes_max=20) as server:
        assert await sizes(lambda size: with_device(server, size), 20, 21) == [200, 400]


async def test_custom_id_bytes_min() -> None:
    async with serving(custom_id_bytes_min=8) as server:
        assert await sizes(lambda size: with_custom(server, size), 7, 8) == [400, 200]


async def test_custom_id_bytes_max() -> None:
    async with serving(custom_id_bytes_max=20) as server:
        assert await sizes(lambda size: with_custom(server, size), 20, 21) == [200, 400]


async def test_email_bytes_min() -> None:
    async with serving(email_bytes_min=20) as server:
        assert await sizes(lambda size: with_email(server, size), 19, 20) == [400, 200]


async def test_email_bytes_max() -> None:
    async with serving(email_bytes_max=30) as server:
        assert await sizes(lambda size: with_email(server, size), 30, 31) == [200, 400]


async def test_password_bytes_min() -> None:
    async with serving(password_bytes_min=9) as server:
        assert await sizes(lambda size: with_password(server, size), 8, 9) == [400, 200]


async def test_password_bytes_max() -> None:
    async with serving(password_bytes_max=20) as server:
        assert await sizes(lambda size: with_password(server, size), 20, 21) == [200, 400]


async def test_devices_per_account_max() -> None:
    async with serving(devices_per_account_max=2) as server:
        player = await server.sign_in("ada")
        answers = [await player.request("POST", "/v2/account/link/device", body={"id": f"another-device-{n}"}) for n in range(2)]
        assert [(answer.status, code(answer)) for answer in answers] == [(200, ""), (400, "account.too_many_devices")]


async def test_vars_max() -> None:
    async with serving(vars_max=2) as server:
        accounts = [{"id": "device-0123", "vars": {str(n): "" for n in range(count)}} for count in (2, 3)]
        answers = [await server.authenticate("device", account) for account in accounts]
        assert [(answer.status, code(answer)) for answer in answers] == [(200, ""), (400, "session.vars_too_large")]


async def test_vars_bytes_max() -> None:
    async with serving(vars_bytes_max=10) as server:
        accounts = [{"id": "device-0123", "vars": {"name": "x" * size}} for size in (6, 7)]
        answers = [await server.authenticate("device", account) for account in accounts]
        assert [(answer.status, code(answer)) for answer in answers] == [(200, ""), (400, "session.vars_too_large")]


# --- profiles and lists


async def updates(row: str, field: str, bound: int = 12) -> list[int]:
    """The statuses of changing a profile's field to a text at the bound, and to one a byte beyond, in a letter of two bytes."""
    async with serving(**{row: bound}) as server:
        player = await server.sign_in("ada")
        texts = ("\u00e9" * (bound // 2), "\u00e9" * (bound // 2) + "e")
        return [(await player.request("PUT", "/v2/account", body={field: text})).status for text in texts]


async def test_username_bytes_max() -> None:
    assert await updates("username_bytes_max", "username") == [200, 400]


async def test_profile_text_bytes_max() -> None:
    for field in ("display_name", "location", "timezone"):
        assert await updates("profile_text_bytes_max", field) == [200, 400]


async def test_avatar_url_bytes_max() -> None:
    assert await updates("avatar_url_bytes_max", "avatar_url") == [200, 400]


async def test_lang_tag_bytes_max() -> None:
    assert await updates("lang_tag_bytes_max", "lang_tag") == [200, 400]


async def test_users_per_request_max() -> None:
    async with serving(users_per_request_max=3) as server:
        player = await server.sign_in("ada")
        assert len((await player.get("/v2/user", ids=[player.user_id], usernames=["ada", "x"]))["users"]) == 1
        refused = await player.request("GET", "/v2/user", query={"ids": [player.user_id] * 2, "usernames": ["ada", "x"]})
        assert refused.status == 400


async def test_page_max() -> None:
    async with serving(page_max=2) as server:
        player = await server.sign_in("ada")
        answers = [await player.request("GET", "/v2/storage/saves", query={"limit": limit}) for limit in (0, 1, 2, 3)]
        assert [answer.status for answer in answers] == [400, 200, 200, 400]


# --- storage and functions


def saved(count: int = 1, **fields: Any) -> dict[str, Any]:
    return {"objects": [{"collection": "saves", "key": str(n), "value": "{}"} | fields for n in range(count)]}


async def write(player: TestPlayer, body: dict[str, Any]) -> Answer:
    return await player.request("PUT", "/v2/storage", body=body)


async def test_storage_batch_max() -> None:
    async with serving(storage_batch_max=2) as server:
        player = await server.sign_in("ada")
        ids = [{"collection": "saves", "key": str(n)} for n in range(3)]
        assert await sizes(lambda count: write(player, saved(count)), 2, 3) == [200, 400]
        for path, method in (("/v2/storage", "POST"), ("/v2/storage/delete", "PUT")):
            answers = [await player.request(method, path, body={"object_ids": ids[:count]}) for count in (2, 3)]
            assert [(answer.status, code(answer)) for answer in answers] == [(200, ""), (400, "storage.batch_too_large")]


@pytest.mark.parametrize("field", ["collection", "key"])
async def test_storage_name_bytes_max(field: str) -> None:
    async with serving(storage_name_bytes_max=10) as server:
        player = await server.sign_in("ada")
        names = ("\u00e9" * 5, "\u00e9" * 5 + "e")
        assert [(await write(player, saved(**{field: name}))).status for name in names] == [200, 400]


async def test_storage_value_bytes_max() -> None:
    async with serving(storage_value_bytes_max=100) as server:
        player = await server.sign_in("ada")
        values = [json.dumps({"a": "x" * (size - 9)}) for size in (100, 101)]
        assert [len(value) for value in values] == [100, 101]
        assert [(await write(player, saved(value=value))).status for value in values] == [200, 400]


async def test_idempotency_key_bytes_max() -> None:
    async with serving(idempotency_key_bytes_max=10) as server:
        player = await server.sign_in("ada")
        headers = {"authorization": f"Bearer {player.token}"}
        answers = [
            await server.request("PUT", "/v2/storage", body=saved(), headers=headers | {"idempotency-key": "k" * size}) for size in (10, 11)
        ]
        assert [answer.status for answer in answers] == [200, 400]
