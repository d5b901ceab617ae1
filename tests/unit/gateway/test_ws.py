"""Players' sockets, on the loopback: picows wants a real transport. Rules: docs/spec/gateway.md."""

from __future__ import annotations

import asyncio
import gc
import json
import socket
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import aiohttp
import pytest

from supergame.cli.up import fast_loop_factory
from supergame.gateway.http import HttpProtocol
from supergame.testing import TestPlayer, TestServer
from tests.unit.gateway.peer import Stage, parse_answers

CONTINUATION, TEXT, BINARY, CLOSE, PING = 0, 1, 2, 8, 9
KEY = b64encode(b"sixteen letters.").decode()


class Frame(NamedTuple):
    opcode: int
    payload: bytes

    @property
    def close_code(self) -> int:
        return int.from_bytes(self.payload[:2], "big")


def frame(opcode: int, payload: bytes, *, final: bool = True, masked: bool = True, size: int | None = None) -> bytes:
    """A client's frame, by hand, so that it can be wrong as well. The mask is all zeros."""
    size = len(payload) if size is None else size
    length = bytes([size]) if size < 126 else b"\x7e" + size.to_bytes(2, "big") if size < 65_536 else b"\x7f" + size.to_bytes(8, "big")
    length = bytes([length[0] | 0x80 * masked]) + length[1:]
    return bytes([0x80 * final | opcode]) + length + bytes(4 * masked) + payload


def text(message: Any) -> bytes:
    return frame(TEXT, json.dumps(message).encode())


def handshake(target: str, *headers: str) -> bytes:
    lines = ["Host: x", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {KEY}"]
    return "\r\n".join([f"GET {target} HTTP/1.1", *lines, *headers, "", ""]).encode()


class Client:
    """A socket without a library."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def head(self) -> str:
        return (await self.reader.readuntil(b"\r\n\r\n")).decode()

    async def frame(self) -> Frame:
        first, second = await self.reader.readexactly(2)
        size = second & 0x7F
        if size == 126:
            size = int.from_bytes(await self.reader.readexactly(2), "big")
        return Frame(first & 0x0F, await self.reader.readexactly(size))

    async def until_closed(self) -> Frame:
        """The close frame, after which the connection ends."""
        found = await self.frame()
        while found.opcode != CLOSE:
            found = await self.frame()
        assert await self.reader.read() == b""
        return found


class Online(NamedTuple):
    server: TestServer
    player: TestPlayer
    connect: Callable[[], Awaitable[Client]]

    async def open(self) -> Client:
        """A socket of the player, opened."""
        client = await self.connect()
        client.writer.write(handshake(f"/ws?token={self.player.token}"))
        assert (await client.head()).startswith("HTTP/1.1 101 ")
        return client

    @property
    def connections(self) -> float:
        return float(self.server.node.server._metrics.connections._value.get())


@asynccontextmanager
async def online() -> AsyncIterator[Online]:
    """A server that listens, a player, and connections that are closed in the end."""
    clients: list[Client] = []

    async with TestServer() as server:
        await server.node.serve()

        async def connect() -> Client:
            client = Client(*await asyncio.open_connection("127.0.0.1", server.node.port))
            clients.append(client)
            return client

        try:
            yield Online(server, await server.sign_in("ada"), connect)
        finally:
            for client in clients:
                client.writer.close()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - the condition lies on the other side of a connection
            await asyncio.sleep(0)


@pytest.mark.parametrize("where", ["query", "header"])
async def test_GW27_a_socket_opens_with_a_session_token(where: str) -> None:
    """With aiohttp's client, which checks the handshake on its own."""
    async with online() as at, aiohttp.ClientSession() as http:
        url, token = f"http://127.0.0.1:{at.server.node.port}/ws", at.player.token
        query = {"lang": "en", "format": "json"} | ({"token": token} if where == "query" else {})
        headers = {"Authorization": f"Bearer {token}"} if where == "header" else {}
        async with http.ws_connect(url, params=query, headers=headers) as ws:
            assert len(at.server.node.registry) == 1
            await ws.send_json({"cid": "1", "ping": {}})
            assert await ws.receive_json() == {"cid": "1", "pong": {}}
        await until(lambda: len(at.server.node.registry) == 0)


async def test_GW27_bytes_that_came_with_the_handshake_are_the_sockets() -> None:
    async with online() as at:
        client = await at.connect()
        client.writer.write(handshake(f"/ws?token={at.player.token}") + text({"cid": "early", "ping": {}}) + text({"ping": {}}))
        assert (await client.head()).startswith("HTTP/1.1 101 ")
        assert [json.loads((await client.frame()).payload) for _ in range(2)] == [{"cid": "early", "pong": {}}, {"pong": {}}]


async def test_GW27_a_socket_opens_on_a_connection_that_has_served_requests() -> None:
    async with online() as at:
        client = await at.connect()
        client.writer.write(b"GET /healthcheck HTTP/1.1\r\n\r\n")
        assert (await client.head()).startswith("HTTP/1.1 200 ")
        assert await client.reader.readexactly(2) == b"{}"
        client.writer.write(handshake(f"/ws?token={at.player.token}"))
        assert (await client.head()).startswith("HTTP/1.1 101 ")


def test_GW27_nothing_of_http_stays_with_a_socket() -> None:
    """Under uvloop, which remembers protocols for longer: a socket that is idle should be small."""

    async def open_three() -> int:
        async with online() as at:
            opened = [await at.open() for _ in range(3)]
            assert len(at.server.node.registry) == len(opened)
            gc.collect()
            return sum(isinstance(found, HttpProtocol) for found in gc.get_objects())

    with asyncio.Runner(loop_factory=fast_loop_factory()) as runner:
        assert runner.run(open_three()) == 0


@pytest.mark.parametrize(
    ("target", "headers", "status"),
    [
        ("/ws", (), 401),
        ("/ws?token=", (), 401),
        ("/ws?token=a.b.c", (), 401),
        ("/ws?token={refresh}", (), 401),
        ("/ws", ("Authorization: Bearer nonsense",), 401),
        ("/ws?token={token}", ("Authorization: Bearer nonsense",), 401),  # the header decides
        ("/ws?token={token}&format=xml", (), 400),
        ("/healthcheck?token={token}", (), 400),
        ("/", (), 400),
    ],
)
async def test_GW28_a_refused_socket_gets_a_plain_answer(target: str, headers: tuple[str, ...], status: int) -> None:
    async with online() as at:
        client = await at.connect()
        client.writer.write(handshake(target.format(token=at.player.token, refresh=at.player.refresh_token), *headers))
        (answer,) = parse_answers(await client.reader.read())
        assert (answer.status, answer.headers["connection"], answer.json.keys()) == (status, "close", {"code", "message"})
        await until(lambda: at.connections == 0)


@pytest.mark.parametrize("wrong", [("Sec-WebSocket-Key: ", "X-Key: "), ("Version: 13", "Version: 7"), (KEY, "short")])
async def test_GW28_a_broken_handshake_is_refused_and_no_longer_counted(wrong: tuple[str, str]) -> None:
    """Planted fault: connections whose handshake failed stayed in the count for ever."""
    async with online() as at:
        client = await at.connect()
        client.writer.write(handshake(f"/ws?token={at.player.token}").replace(wrong[0].encode(), wrong[1].encode()))
        assert (await client.head()).startswith("HTTP/1.1 400 ")
        await client.reader.read()
        await until(lambda: at.connections == 0)
        assert len(at.server.node.registry) == 0


async def test_GW28_behind_an_unanswered_request_no_socket_opens() -> None:
    def upgrade(*_: object) -> None:
        raise AssertionError("opened")

    stage = Stage(upgrade=upgrade)
    peer = stage.peer()
    await peer.send(b"GET /wait HTTP/1.1\r\n\r\n" + handshake("/ws") + text({"ping": {}}))
    stage.open.set()
    await peer.settle()
    assert ([request.path for request in stage.asked], peer.statuses(), peer.transport.closed) == (["/wait", "/ws"], [200, 200], True)


async def test_GW28_a_post_is_no_handshake() -> None:
    stage = Stage(upgrade=lambda *_: pytest.fail("opened"))
    peer = stage.peer()
    await peer.send(handshake("/ws").replace(b"GET", b"POST", 1))
    assert ([request.path for request in stage.asked], peer.transport.closed) == (["/ws"], True)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (frame(TEXT, b"x" * 4_097), 1009),
        (frame(TEXT, b"", size=2**62), 1009),
        (frame(BINARY, b"{}"), 1000),
        (frame(TEXT, b"{", final=False) + frame(CONTINUATION, b"x" * 4_096), 1009),
        (frame(TEXT, b"{", final=False) + text({"ping": {}}), 1002),
        (frame(CONTINUATION, b"{}"), 1002),
        (frame(BINARY, b"{", final=False), 1000),
        (frame(TEXT, b"{", final=False) + frame(CONTINUATION, b"]"), 1000),
        (frame(TEXT, b"{}", masked=False), 1002),
        (frame(PING, b"x" * 126), 1002),
        (frame(3, b""), 1002),
        (frame(CLOSE, b"\x03\xe8"), 1000),
        (text({"unknown_message": {}}), 1000),
        (text({"ping": {}, "match_create": {}}), 1000),
        (text([]), 1000),
        (text({"cid": 7, "ping": {}}), 1000),
        (frame(TEXT, b"[" * 4_096), 1000),
        (frame(TEXT, b'{"ping": {}, "\xff": 1}'), 1000),
        (frame(TEXT, b""), 1000),
    ],
)
async def test_GW29_a_message_that_cannot_be_taken_ends_only_its_socket(data: bytes, code: int) -> None:
    async with online() as at:
        broken, other = await at.open(), await at.open()
        broken.writer.write(data)
        assert (await broken.until_closed()).close_code == code
        other.writer.write(text({"ping": {}}))
        assert json.loads((await other.frame()).payload) == {"pong": {}}
        await until(lambda: len(at.server.node.registry) == 1 and at.connections == 1)


async def test_GW29_a_message_as_large_as_allowed_is_read() -> None:
    async with online() as at:
        client = await at.open()
        cid = "x" * (4_096 - len('{"cid": "", "ping": {}}'))
        client.writer.write(text({"cid": cid, "ping": {}}))
        assert json.loads((await client.frame()).payload) == {"cid": cid, "pong": {}}


async def test_GW29_a_message_in_several_frames_is_read_as_one() -> None:
    async with online() as at:
        client = await at.open()
        pieces = [frame(TEXT, b"", final=False), frame(CONTINUATION, b'{"ci', final=False), frame(PING, b"between")]
        for piece in [*pieces, frame(CONTINUATION, b'd":"1","ping":{}}'), text({"cid": "2", "ping": {}})]:
            client.writer.write(piece)
            await client.writer.drain()
        answers = [found for found in [await client.frame() for _ in range(3)] if found.opcode == TEXT]
        assert [json.loads(found.payload)["cid"] for found in answers] == ["1", "2"]


async def test_GW30_logging_out_closes_the_sockets_of_the_sign_in() -> None:
    async with online() as at:
        client = await at.open()
        again = (await at.server.authenticate("device", {"id": "device-of-ada"})).json["token"]
        other = await at.connect()
        other.writer.write(handshake(f"/ws?token={again}"))
        await other.head()
        assert (await at.player.call("POST", "/v2/session/logout", body={"token": at.player.token})) == {}
        assert (await client.until_closed()).close_code == 1000
        other.writer.write(text({"ping": {}}))
        assert json.loads((await other.frame()).payload) == {"pong": {}}


async def test_GW31_a_socket_that_does_not_read_is_cut_off() -> None:
    """Planted fault: answers to a peer that never read them were kept without bound."""
    async with online() as at:
        greedy = await at.open()
        raw = greedy.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        greedy.writer.transport.pause_reading()  # type: ignore[attr-defined]
        many = text({"cid": "x" * 4_000, "ping": {}}) * 16

        async def flood() -> None:
            for _ in range(4_000):
                greedy.writer.write(many)
                await greedy.writer.drain()

        with pytest.raises(ConnectionError):
            await flood()
        await until(lambda: len(at.server.node.registry) == 0 and at.connections == 0)


async def test_GW20_stopping_tells_sockets_that_the_server_goes_away() -> None:
    async with online() as at:
        client = await at.open()
        stopping = asyncio.create_task(at.server.node.server.drain())
        at.server.node.registry.close_all(1001, "the server is stopping")  # type: ignore[arg-type]
        assert (await client.until_closed()).close_code == 1001
        await stopping


async def test_GW20_a_socket_that_is_not_closed_by_then_is_cut_off() -> None:
    async with online() as at:
        client = await at.open()
        object.__setattr__(at.server.node.server.limits, "drain_s", 0.0)
        await at.server.node.server.drain()
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await client.frame()
