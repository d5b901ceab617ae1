"""What a well-behaved peer gets. Rules: docs/spec/gateway.md."""

from __future__ import annotations

import gzip
import zlib

import pytest

from supergame.base.limits import Limits
from supergame.routing.http import Request, Response
from tests.unit.gateway.peer import Stage

GET = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"


def post(body: bytes, *headers: str) -> bytes:
    head = "\r\n".join(["POST /b HTTP/1.1", "Host: x", f"Content-Length: {len(body)}", *headers, "", ""])
    return head.encode("latin-1") + body


async def test_GW1_a_connection_stays_open_from_request_to_request() -> None:
    peer = Stage().peer()
    await peer.send(GET)
    await peer.send(post(b"hello"))
    first, second = peer.heard()
    assert (first.status, first.json["path"], "connection" in first.headers) == (200, "/a", False)
    assert (second.json["method"], second.json["body"]) == ("POST", "hello")
    assert not peer.has_ended


async def test_GW1_pipelined_requests_are_answered_one_at_a_time_in_order() -> None:
    stage = Stage()
    peer = stage.peer()
    await peer.send(b"GET /wait HTTP/1.1\r\n\r\n" + GET + b"GET /c HTTP/1.1\r\n\r\n")
    assert [request.path for request in stage.asked] == ["/wait"]
    stage.open.set()
    await peer.settle()
    assert [answer.json["path"] for answer in peer.heard()] == ["/wait", "/a", "/c"]


@pytest.mark.parametrize(
    "head",
    [
        "GET /a HTTP/1.1\r\nConnection: close",
        "GET /a HTTP/1.0",
        "GET /a HTTP/1.0\r\nConnection: keep-alive",  # it would wait for a header that HTTP/1.1 does not have
        "GET /a HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
    ],
)
async def test_GW2_the_last_request_of_a_connection_is_answered_and_closed(head: str) -> None:
    stage = Stage()
    peer = stage.peer()
    await peer.send(head.encode() + b"\r\n\r\n" + GET)
    assert [(answer.status, answer.headers["connection"]) for answer in peer.heard()] == [(200, "close")]
    assert (len(stage.asked), peer.transport.closed) == (1, True)


async def test_GW2_connect_is_no_tunnel() -> None:
    stage = Stage()
    peer = stage.peer()
    await peer.send(b"CONNECT example.com:443 HTTP/1.1\r\n\r\n" + GET)
    assert [request.path for request in stage.asked] == ["example.com:443"]  # no route has such a path
    assert peer.transport.closed


async def test_GW3_reading_pauses_while_the_queue_is_full_and_resumes_after() -> None:
    stage = Stage(Limits(requests_queued_max=3))
    peer = stage.peer()
    await peer.send(b"GET /wait HTTP/1.1\r\n\r\n", GET, GET)
    assert not peer.transport.paused
    await peer.send(GET)
    assert peer.transport.paused
    stage.open.set()
    await peer.settle()
    assert (peer.statuses(), peer.transport.paused) == ([200] * 4, False)


async def test_GW3_thousands_of_pipelined_requests_in_one_piece_is_parsed_as_it_is_answered() -> None:
    """Planted fault: parsing the whole piece at once made 4,000 requests of it, 14,000 of 256 KiB."""
    stage = Stage(Limits(requests_queued_max=3))
    peer = stage.peer()
    count = 4_000
    peer.protocol.data_received(b"GET /wait HTTP/1.1\r\n\r\n" + GET * count)
    assert len(peer.protocol._queue) < 4_096 / len(GET) + 3
    stage.open.set()
    while len(stage.asked) <= count:
        await peer.settle()
    await peer.settle()
    assert peer.statuses() == [200] * (count + 1)


async def test_GW3_what_arrives_while_paused_keeps_its_order() -> None:
    """TLS delivers what it has decrypted even after reading was paused."""
    stage = Stage(Limits(requests_queued_max=1))
    peer = stage.peer()
    await peer.send(b"GET /wait HTTP/1.1\r\n\r\n", *(f"GET /{n} HTTP/1.1\r\n\r\n".encode() for n in range(300)))
    stage.open.set()
    while len(stage.asked) < 301:
        await peer.settle()
    assert [request.path for request in stage.asked[1:]] == [f"/{n}" for n in range(300)]


async def test_GW4_a_head_request_gets_the_heading_of_get() -> None:
    peer = Stage().peer()
    await peer.send(b"HEAD /a HTTP/1.1\r\n\r\n" + GET)
    first, second = peer.heard("HEAD", "GET")
    assert (first.status, int(first.headers["content-length"]) > 0, first.body) == (200, True, b"")
    assert second.json["method"] == "GET"


async def test_GW5_a_body_that_waits_for_leave_gets_it() -> None:
    peer = Stage().peer()
    head, body = post(b"hello", "Expect: 100-continue").split(b"hello")
    await peer.send(head)
    assert peer.statuses() == [100]
    await peer.send(b"hello" + body)
    assert peer.heard()[1].json["body"] == "hello"


@pytest.mark.parametrize("line", ["POST /b HTTP/1.1\r\nContent-Length: 999999999", "POST /b HTTP/1.0\r\nContent-Length: 5"])
async def test_GW5_no_leave_for_what_is_refused_anyway_or_for_old_peers(line: str) -> None:
    peer = Stage().peer()
    await peer.send(line.encode() + b"\r\nExpect: 100-continue\r\n\r\n")
    assert 100 not in peer.statuses()


async def test_GW5_leave_does_not_overtake_an_answer() -> None:
    stage = Stage()
    peer = stage.peer()
    await peer.send(b"GET /wait HTTP/1.1\r\n\r\n", b"POST /b HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
    assert peer.statuses() == []
    stage.open.set()
    await peer.send(b"hello")
    assert peer.statuses() == [200, 200]


async def test_GW6_chunks_are_joined_extensions_and_trailers_dropped() -> None:
    stage = Stage()
    peer = stage.peer()
    chunks = b"5;ext=1\r\nhello\r\n7\r\n, world\r\n0\r\nX-Check: 1\r\nAuthorization: Bearer planted\r\n\r\n"
    await peer.send(b"POST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + GET)
    assert [answer.status for answer in peer.heard()] == [200, 200]
    assert stage.asked[0].body == b"hello, world"
    assert stage.asked[0].headers == {"transfer-encoding": "chunked"}  # a trailer cannot add credentials afterwards


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("/a/b?c=%20d", "/a/b", "c=%20d"),
        ("http://example.com/a?b=c", "/a", "b=c"),
        ("http://example.com", "/", ""),
        ("/%E2%98%83/%2e", "/\N{SNOWMAN}/.", ""),
        ("/%zz/%ff", "/%zz/\N{REPLACEMENT CHARACTER}", ""),
        ("/a?b#c", "/a", "b"),
        ("/a??b", "/a", "?b"),
        ("//evil.example/a", "//evil.example/a", ""),
        ("*", "*", ""),
    ],
)
async def test_GW7_targets(target: str, path: str, query: str) -> None:
    stage = Stage()
    await stage.peer().send(f"OPTIONS {target} HTTP/1.1\r\n\r\n".encode())
    assert [(request.path, request.query) for request in stage.asked] == [(path, query)]


async def test_GW8_header_names_have_no_case_and_repeated_ones_are_joined() -> None:
    stage = Stage()
    await stage.peer().send(b"GET / HTTP/1.1\r\nX-A: 1\r\nACCEPT:\r\nx-a:  2 \t\r\n\r\n")
    assert stage.asked[0].headers == {"x-a": "1, 2", "accept": ""}


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("GZIP", gzip.compress)])
async def test_GW10_packed_bodies_are_unpacked(encoding: str, pack) -> None:  # type: ignore[no-untyped-def]
    stage = Stage()
    await stage.peer().send(post(pack(b'{"a": 1}' * 1_000), f"Content-Encoding: {encoding}"))
    assert stage.asked[0].body == b'{"a": 1}' * 1_000


async def test_GW25_no_text_of_an_answer_can_add_a_line_to_its_head() -> None:
    async def dispatch(request: Request) -> Response:
        return Response(401, b"{}", headers=(("WWW-Authenticate", "no\r\nSet-Cookie: a=b\r\n\r\n<html>\N{SNOWMAN}\x00"),))

    peer = Stage(dispatch=dispatch).peer()
    await peer.send(GET)
    (answer,) = peer.heard()
    assert answer.headers["www-authenticate"] == "no??Set-Cookie: a=b????<html>??"
    assert "set-cookie" not in answer.headers


async def test_GW25_every_answer_carries_type_length_and_date() -> None:
    peer = Stage().peer()
    await peer.send(GET)
    (answer,) = peer.heard()
    assert {"content-type", "content-length", "date"} <= answer.headers.keys()


async def test_GW19_a_peer_that_ends_its_side_still_gets_its_answers() -> None:
    stage = Stage()
    peer = stage.peer()
    await peer.send(b"GET /wait HTTP/1.1\r\n\r\n" + GET)
    assert peer.end_sending() is True
    stage.open.set()
    await peer.settle()
    assert [(answer.status, answer.headers.get("connection")) for answer in peer.heard()] == [(200, None), (200, "close")]
    assert peer.transport.closed


async def test_GW19_a_peer_that_ends_its_side_idle_or_over_tls_is_closed() -> None:
    stage = Stage()
    assert stage.peer().end_sending() is False
    peer = stage.peer(tls=True)
    await peer.send(b"GET /wait HTTP/1.1\r\n\r\n")
    assert peer.end_sending() is False


async def test_GW19_the_work_for_a_peer_that_went_away_is_cancelled() -> None:
    stage = Stage()
    peer = stage.peer()
    await peer.send(b"GET /wait HTTP/1.1\r\n\r\n" + GET)
    await peer.go_away()
    assert (stage.cancelled, len(stage.asked), peer.statuses()) == (["/wait"], 1, [])
