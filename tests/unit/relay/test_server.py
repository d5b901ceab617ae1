"""The relay with an agent: who is let in, what is carried, and when it ends. Rules: docs/spec/relay.md."""

from __future__ import annotations

import asyncio
import socket
import struct

import msgspec
import pytest

from supergame.base.errors import InvalidArgument
from supergame.relay import tunnel as tunnels
from supergame.relay.heads import Head
from supergame.relay.shares import ShareInvalid, read_share
from supergame.relay.tunnel import WINDOW_BYTES, Stream
from tests.unit.relay.rig import SECRET, rig

LARGE = WINDOW_BYTES * 5


async def test_RLY3_a_link_sets_a_cookie_and_leads_to_the_server() -> None:
    async with rig() as one, one.agent(one.door()):
        answer = await one.ask(f"/p/{SECRET}", secret="")
        assert b"302 Found" in answer
        assert b"Location: /\r\n" in answer
        assert f"Set-Cookie: sg_share={SECRET}; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax\r\n".encode() in answer
        answer = await one.ask("/hello?x=1")
        assert answer.startswith(b"HTTP/1.1 200 OK")
        assert b"GET /hello?x=1 HTTP/1.1\r\n" in answer
        assert SECRET.encode() not in answer, "the server behind it never learns the secret"
        assert b"x-forwarded-for: 127.0.0.1" in answer


@pytest.mark.parametrize(
    "landing", ["//evil.example", "/\\evil.example", "http://evil.example", "/a\r\nSet-Cookie: x", "/a b", "", "/" + "x" * 300]
)
def test_RLY3_a_link_leads_nowhere_else(landing: str) -> None:
    share = msgspec.json.encode({"digest": "0" * 64, "expires_at_s": 100, "landing": landing})
    with pytest.raises(ShareInvalid):
        read_share(share, 50)
    assert read_share(msgspec.json.encode({"digest": "0" * 64, "expires_at_s": 100, "landing": "/t/starhop/?a=1"}), 50).landing


@pytest.mark.parametrize("secret", ["", "wrong", SECRET[:-1], SECRET + "s"])
async def test_RLY3_without_the_secret_nobody_comes_in(secret: str) -> None:
    async with rig() as one, one.agent(one.door()):
        assert (await one.ask("/hello", secret)).startswith(b"HTTP/1.1 404 ")
        assert (await one.ask(f"/p/{secret}", "")).startswith(b"HTTP/1.1 404 ")


async def test_programs_say_the_secret_in_a_header() -> None:
    async with rig() as one, one.agent(one.door()):
        answer = await one.ask("/v2/x", "", headers=f"X-Supergame-Share: {SECRET}\r\n")
        assert answer.startswith(b"HTTP/1.1 200 OK")
        assert SECRET.encode() not in answer


async def check_large_bodies() -> None:
    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        got = await reader.readexactly(LARGE)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + got[::-1])
        writer.close()

    async with rig(flood) as one, one.agent(one.door()):
        body = bytes(range(256)) * (LARGE // 256)
        answer = await asyncio.wait_for(one.ask("/", method="POST", body=body), 5)
        assert answer.partition(b"\r\n\r\n")[2] == body[::-1]


async def test_RLY4_bodies_larger_than_the_window_arrive_whole_both_ways() -> None:
    await check_large_bodies()


async def test_RLY4_a_planted_fault_is_caught_credit_that_is_never_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stream, "_give_credit", lambda self, size: None)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(check_large_bodies(), 0.5)


async def test_RLY4_a_guest_who_does_not_read_holds_up_nobody() -> None:
    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while b"/endless" in head:
                writer.write(b"x" * 65_536)
                await writer.drain()
        except OSError:
            pass
        writer.close()

    async with rig(endless) as one, one.agent(one.door()):
        reader, writer = await asyncio.open_connection("127.0.0.1", one.port, limit=1_024)
        writer.write(f"GET /endless HTTP/1.1\r\nHost: h\r\nCookie: sg_share={SECRET}\r\n\r\n".encode())
        await reader.readuntil(b"\r\n\r\n")  # and no more
        for _ in range(20):
            assert (await one.ask("/short")).startswith(b"HTTP/1.1 200 OK")
        writer.close()


async def test_a_websocket_goes_both_ways() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        assert b"connection: upgrade" in head
        writer.write(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
        while data := await reader.read(100):
            writer.write(data)
        writer.close()

    async with rig(echo) as one, one.agent(one.door()):
        reader, writer = await one.connect()
        writer.write(f"GET /ws HTTP/1.1\r\nCookie: sg_share={SECRET}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n".encode())
        await reader.readuntil(b"\r\n\r\n")
        for said in (b"one", b"two"):
            writer.write(said)
            assert await asyncio.wait_for(reader.readexactly(3), 5) == said
        writer.write_eof()
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()


async def test_RLY12_who_goes_without_a_word_is_not_waited_for() -> None:
    """A phone that loses its network: the connection is reset, in the middle of something."""
    arrived, gone = asyncio.Event(), asyncio.Event()

    async def patient(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        arrived.set()
        await reader.read()
        gone.set()
        writer.close()

    async with rig(patient) as one, one.agent(one.door()):
        _, writer = await one.connect()
        writer.write(f"GET /ws HTTP/1.1\r\nCookie: sg_share={SECRET}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n".encode())
        await arrived.wait()
        linger = struct.pack("ii", 1, 0)  # reset at close, with nothing more sent
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()
        await asyncio.wait_for(gone.wait(), 5)


# --- the end


async def check_that_a_share_ends(lifetime_s: float) -> None:
    """Also for who is in the middle of something."""
    arrived = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await reader.read()
        writer.close()

    async with rig(silent) as one:
        one.clock.advance(1 - lifetime_s)  # a share ends at a whole second; this much of it is left
        async with one.agent(one.door(one.share(lifetime_s=1))):
            asking = asyncio.create_task(one.ask("/"))
            await arrived.wait()
            assert await asyncio.wait_for(asking, 5) == b""
            assert (await one.ask("/")).startswith(b"HTTP/1.1 404 ")


async def test_RLY7_a_share_ends_at_its_time() -> None:
    await check_that_a_share_ends(0.2)


async def test_RLY7_a_planted_fault_is_caught_guests_who_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tunnels.Stream, "cut", lambda self: None)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(check_that_a_share_ends(0.2), 0.8)


async def test_RLY7_a_share_ends_with_its_agent() -> None:
    async with rig() as one:
        async with one.agent(one.door()):
            assert (await one.ask("/")).startswith(b"HTTP/1.1 200 ")
        await one.until_answered(404)


async def test_RLY8_an_agent_that_loses_the_relay_comes_back_with_the_same_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supergame.relay.agent.AGAIN_S", (0.01, 0.02))
    async with rig() as one, one.agent(one.door()) as agent:
        assert agent._tunnel is not None
        agent._tunnel._writer.transport.abort()
        await one.until_answered(200)
        assert one.lost


# --- bounds and refusals


async def test_RLY9_a_relay_with_a_key_wants_it() -> None:
    async with rig(key="k" * 20) as one:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(one.agent(one.door(), key="x" * 20).__aenter__(), 0.3)
        assert "401" in one.lost[0]
        async with one.agent(one.door(), key="k" * 20):
            assert (await one.ask("/")).startswith(b"HTTP/1.1 200 ")


async def test_RLY10_a_link_has_room_for_so_many_connections() -> None:
    release = asyncio.Event()

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await release.wait()
        writer.close()

    async with rig(slow) as one, one.agent(one.door(one.share(connections_max=1))):
        reader, writer = await one.connect()
        writer.write(f"GET / HTTP/1.1\r\nCookie: sg_share={SECRET}\r\n\r\n".encode())
        await reader.readuntil(b"\r\n\r\n")
        assert (await one.ask("/")).startswith(b"HTTP/1.1 503 ")
        release.set()
        assert await reader.read() == b""
        writer.close()
        await one.until_answered(200)


async def test_RLY11_a_door_refuses_what_its_share_does_not_allow() -> None:
    def only_get(head: Head) -> None:
        if head.method != "GET":
            raise InvalidArgument("This link is for looking.")

    async with rig() as one, one.agent(one.door(admit=only_get)):
        assert (await one.ask("/")).startswith(b"HTTP/1.1 200 ")
        refused = await one.ask("/", method="POST", body=b"x")
        assert refused.startswith(b"HTTP/1.1 403 ")
        assert b"This link is for looking." in refused


async def test_a_server_that_is_away_is_told_of() -> None:
    async with rig() as one:
        closed = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
        one.home = closed.sockets[0].getsockname()[1]
        closed.close()
        await closed.wait_closed()
        async with one.agent(one.door()):
            assert (await one.ask("/")).startswith(b"HTTP/1.1 502 ")


@pytest.mark.parametrize(
    "data", [b"hello\r\n\r\n", b"GET /" + b"x" * 20_000, b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/1.1\r\nA b\r\n\r\n"]
)
async def test_RLY6_what_is_no_request_is_answered_with_400(data: bytes) -> None:
    async with rig() as one:
        reader, writer = await one.connect()
        writer.write(data)
        writer.write_eof()
        assert (await asyncio.wait_for(reader.read(), 5)).startswith(b"HTTP/1.1 400 ")
        writer.close()


@pytest.mark.parametrize(
    "frames",
    [
        b"\x00" * 9,
        b"\x06\x00\x00\x00\x01\xff\xff\xff\xff",
        b"\x01\x00\x00\x00\x00\x00\x00\x00\x02{}",
        b"\x05\x00\x00\x00\x01\x00\x00\x00\x00",
    ],
)
async def test_RLY2_an_agent_that_sends_nonsense_harms_itself_alone(frames: bytes) -> None:
    async with rig() as one, one.agent(one.door()):
        reader, writer = await one.connect()
        writer.write(b"GET /sg/v1/relay/tunnel HTTP/1.1\r\nUpgrade: supergame-tunnel\r\nConnection: Upgrade\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        writer.write(frames)
        writer.write_eof()
        await asyncio.wait_for(reader.read(), 5)
        writer.close()
        assert (await one.ask("/")).startswith(b"HTTP/1.1 200 ")


async def test_health() -> None:
    async with rig() as one:
        assert (await one.ask("/healthcheck")).startswith(b"HTTP/1.1 200 ")
