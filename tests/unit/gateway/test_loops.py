"""The same on real sockets, under uvloop and under asyncio's own loop, with and without TLS."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from supergame.base.limits import Limits
from supergame.cli.up import fast_loop_factory
from supergame.gateway.cors import Cors
from supergame.gateway.http import HttpProtocol
from supergame.gateway.server import HttpServer
from supergame.routing.http import Request, Response
from supergame.telemetry.metrics import Metrics
from tests.unit.gateway.peer import Heard, parse_answers
from tests.unit.gateway.test_ws import Client, handshake, online, text

Run = Callable[[Coroutine[Any, Any, None]], None]
Connect = Callable[[], Awaitable[Client]]
LARGE = b"x" * 2_000_000


@pytest.fixture(params=[None, fast_loop_factory()], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    with asyncio.Runner(loop_factory=request.param) as runner:
        yield runner.run


@asynccontextmanager
async def serving(limits: Limits | None = None, tls: tuple[ssl.SSLContext, ssl.SSLContext] | None = None) -> AsyncIterator[Connect]:
    async def dispatch(request: Request) -> Response:
        return Response(200, LARGE if request.path == "/large" else request.body)

    server = HttpServer(HttpProtocol, dispatch, None, limits or Limits(drain_s=1.0), Metrics(), Cors())
    port = await server.serve("127.0.0.1", 0, tls[0] if tls else None)
    clients: list[Client] = []

    async def connect() -> Client:
        options: dict[str, Any] = {"ssl": tls[1], "server_hostname": "localhost"} if tls else {}
        clients.append(Client(*await asyncio.open_connection("127.0.0.1", port, **options)))
        return clients[-1]

    try:
        yield connect
    finally:
        for client in clients:
            client.writer.close()
        await server.drain()


async def answers(client: Client, data: bytes) -> list[Heard]:
    """All that comes back until the server closes."""
    client.writer.write(data)
    async with asyncio.timeout(10):
        return parse_answers(await client.reader.read())


def test_GW1_requests_are_answered_on_both_loops(run: Run) -> None:
    async def body() -> None:
        async with serving() as connect:
            post = b"POST / HTTP/1.1\r\nContent-Length: 200000\r\n\r\n" + b"y" * 200_000
            last = b"GET /large HTTP/1.1\r\nConnection: close\r\n\r\n"
            found = await answers(await connect(), post + post + b"GET /large HTTP/1.1\r\n\r\n" + last)
            assert [len(answer.body) for answer in found] == [200_000, 200_000, len(LARGE), len(LARGE)]

    run(body())


def test_GW18_a_peer_with_a_large_body_on_its_way_reads_why_it_was_refused_on_both_loops(run: Run) -> None:
    """Planted fault: closed at once, the connection was reset, and the answer lost."""

    async def body() -> None:
        async with serving() as connect:
            client = await connect()
            client.writer.write(b"POST / HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n" + LARGE)
            await client.writer.drain()
            async with asyncio.timeout(10):
                (answer,) = parse_answers(await client.reader.read())
            assert answer.status == 413

    run(body())


def test_GW19_a_peer_that_ended_its_side_gets_its_answers_on_both_loops(run: Run) -> None:
    async def body() -> None:
        async with serving() as connect:
            client = await connect()
            client.writer.write(b"GET /large HTTP/1.1\r\n\r\n" * 2)
            client.writer.write_eof()
            async with asyncio.timeout(10):
                assert [len(answer.body) for answer in parse_answers(await client.reader.read())] == [len(LARGE)] * 2

    run(body())


def test_GW13_the_servers_own_timer_ends_a_slow_head_on_both_loops(run: Run) -> None:
    async def body() -> None:
        async with serving(Limits(head_deadline_s=0.01)) as connect:
            (answer,) = await answers(await connect(), b"GET / HT")
            assert answer.status == 408

    run(body())


def test_GW27_a_socket_opens_on_both_loops(run: Run) -> None:
    async def body() -> None:
        async with online() as at:
            client = await at.connect()
            client.writer.write(handshake(f"/ws?token={at.player.token}") + text({"ping": {}}))
            assert (await client.head()).startswith("HTTP/1.1 101 ")
            assert (await client.frame()).payload == b'{"pong":{}}'
            assert at.connections == 1

    run(body())


def test_GW1_tls_on_both_loops(run: Run, certificate: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    async def body() -> None:
        async with serving(tls=certificate) as connect:
            (answer,) = await answers(await connect(), b"GET /large HTTP/1.1\r\nConnection: close\r\n\r\n")
            assert len(answer.body) == len(LARGE)
            (refused,) = await answers(await connect(), b"NONSENSE\r\n\r\n")
            assert refused.status == 400

    run(body())


@pytest.fixture(scope="module")
def certificate() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Contexts of a server and of a client that trusts it."""
    file = Path(__file__).parent / "localhost.pem"
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))
