"""What a relay reads of a request, and writes for the next server."""

from __future__ import annotations

import asyncio

import pytest

from supergame.relay.heads import HEAD_BYTES_MAX, Head, HeadInvalid, parse, read_head

GET = b"GET /a/b?c=1 HTTP/1.1\r\nHost: relay.example\r\nCookie: sg_share=s3cret; theme=dark\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n"
UPGRADE = b"GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"


def test_the_parts_of_a_head() -> None:
    head = parse(GET)
    assert (head.method, head.target, head.path) == ("GET", "/a/b?c=1", "/a/b")
    assert (head.get(b"host"), head.cookie("sg_share"), head.cookie("none"), head.is_upgrade) == ("relay.example", "s3cret", "", False)


def test_RLY5_one_request_a_connection_and_no_invented_addresses() -> None:
    packed = parse(GET).pack("10.0.0.9", "https").decode()
    assert "connection: close" in packed
    assert "6.6.6.6" not in packed
    assert "x-forwarded-for: 10.0.0.9\r\nx-forwarded-proto: https\r\n\r\n" in packed
    assert "connection: upgrade" in parse(UPGRADE).pack("10.0.0.9", "http").decode()


def test_cookies_are_changed_one_by_one() -> None:
    head = parse(GET)
    head.set_cookie("sg_share", "")
    assert head.get(b"cookie") == "theme=dark"
    head.set_cookie("sg_console", "x")
    assert head.get(b"cookie") == "theme=dark; sg_console=x"
    head.set_cookie("theme", "")
    head.set_cookie("sg_console", "")
    assert head.get(b"cookie") == ""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"hello\r\n\r\n",
        b"GET / HTTP/2.0\r\n\r\n",
        b"GET http://elsewhere/ HTTP/1.1\r\n\r\n",
        b"CONNECT elsewhere:443 HTTP/1.1\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : h\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    ],
)
def test_RLY6_what_is_no_request_is_refused(data: bytes) -> None:
    with pytest.raises(HeadInvalid):
        parse(data)


async def test_RLY6_a_head_is_bounded() -> None:
    reader = asyncio.StreamReader(limit=HEAD_BYTES_MAX)
    reader.feed_data(b"GET / HTTP/1.1\r\nX: " + b"x" * HEAD_BYTES_MAX + b"\r\n\r\n")
    with pytest.raises(HeadInvalid):
        await read_head(reader)
    reader = asyncio.StreamReader(limit=HEAD_BYTES_MAX)
    reader.feed_data(GET + b"body")
    assert (await read_head(reader)).method == "GET"
    assert await reader.read(10) == b"body"


def test_a_head_survives_its_packing() -> None:
    again = parse(parse(GET).pack("1.2.3.4", "http"))
    assert isinstance(again, Head)
    assert (again.target, again.cookie("theme")) == ("/a/b?c=1", "dark")
