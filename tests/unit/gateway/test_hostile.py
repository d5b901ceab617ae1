"""What a peer gets that breaks the rules of HTTP or sends too much. Rules: docs/spec/gateway.md."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest

from supergame.base.limits import Limits
from tests.unit.gateway.peer import Peer, Stage

GET = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"

AMBIGUOUS = {
    "length and chunks": b"POST / HTTP/1.1\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and length": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 33\r\n\r\n",
    "two equal lengths": b"POST / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
    "a list of lengths": b"POST / HTTP/1.1\r\nContent-Length: 0, 33\r\n\r\n",
    "a signed length": b"POST / HTTP/1.1\r\nContent-Length: +0\r\n\r\n",
    "a negative length": b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    "a hexadecimal length": b"POST / HTTP/1.1\r\nContent-Length: 0x0\r\n\r\n",
    "an empty length": b"POST / HTTP/1.1\r\nContent-Length:\r\n\r\n",
    "a length of 5,000 digits": b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n",
    "an unknown coding": b"POST / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a coding before chunks": b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "a coding after chunks": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "chunks twice": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks in HTTP/1.0": b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a tab in the coding's name": b"POST / HTTP/1.1\r\nTransfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n",
    "a space before the colon": b"POST / HTTP/1.1\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a control character before the coding": b"POST / HTTP/1.1\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "bare line feeds": b"GET / HTTP/1.1\nHost: x\n\n",
    "a bare line feed at the end": b"GET / HTTP/1.1\r\nHost: x\r\n\n",
    "a bare carriage return": b"GET / HTTP/1.1\r\nHost: x\rX-Y: z\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\nX-A: b\r\n c\r\n\r\n",
    "a folded first header": b"GET / HTTP/1.1\r\n X-A: b\r\n\r\n",
    "a NUL in a header": b"GET / HTTP/1.1\r\nX-A: b\x00c\r\n\r\n",
    "a header without a name": b"GET / HTTP/1.1\r\n: b\r\n\r\n",
    "a header without a colon": b"GET / HTTP/1.1\r\nnothing\r\n\r\n",
    "a header name beyond ASCII": b"GET / HTTP/1.1\r\nX-\xff: b\r\n\r\n",
    "a space in the target": b"GET /a b HTTP/1.1\r\n\r\n",
    "a target beyond ASCII": b"GET /\xc3\xa9 HTTP/1.1\r\n\r\n",
    "a target without a slash": b"GET a HTTP/1.1\r\n\r\n",
    "a space after the version": b"GET / HTTP/1.1 \r\n\r\n",
    "an unknown version": b"GET / HTTP/1.2\r\n\r\n",
    "an unknown method": b"BREW / HTTP/1.1\r\n\r\n",
    "a method in lower case": b"get / HTTP/1.1\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "a chunk without its end": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab0\r\n\r\n",
    "a chunk size with a bare line feed": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n",
    "a chunk size of 80 bits": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffffff\r\n",
    "a negative chunk size": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
    "a hexadecimal prefix": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
    "a space in a chunk size": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0 \r\n\r\n",
}


def was_refused(peer: Peer, status: int) -> bool:
    """With this one answer, after which the server ends its side."""
    (answer,) = peer.heard()
    body = json.loads(answer.body)
    return (answer.status, answer.headers["connection"], body.keys()) == (status, "close", {"code", "message"}) and peer.has_ended


@pytest.mark.parametrize("request_bytes", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
async def test_GW9_what_two_parsers_could_read_in_two_ways_is_refused_and_nothing_after_it_is_read(request_bytes: bytes) -> None:
    """Planted fault: llhttp's lenient flags, any of which lets one of these pass."""
    stage = Stage()
    peer = stage.peer()
    await peer.send(request_bytes + HIDDEN)
    await peer.send(HIDDEN)
    assert was_refused(peer, 400)
    assert stage.asked == []


@pytest.mark.parametrize("version", ["0.9", "2.0"])
async def test_GW26_other_versions_are_refused(version: str) -> None:
    peer = Stage().peer()
    await peer.send(f"GET / HTTP/{version}\r\n\r\n".encode())
    assert was_refused(peer, 505)


async def test_GW26_a_line_without_a_version_is_refused() -> None:
    peer = Stage().peer()
    await peer.send(b"GET /\r\n\r\n")
    assert was_refused(peer, 505)


@pytest.mark.parametrize(
    ("encoding", "body", "status"),
    [
        ("br", b"anything", 415),
        ("gzip, gzip", gzip.compress(gzip.compress(b"{}")), 415),
        ("gzip", b"not packed", 400),
        ("gzip", gzip.compress(b"{}")[:-1], 400),
        ("gzip", gzip.compress(b'{"a": 1}' * 1_000)[:40], 400),
        ("gzip", gzip.compress(b"{}") + b"more", 400),
        ("gzip", gzip.compress(b"{}") + gzip.compress(b"{}"), 400),
        ("deflate", zlib.compress(b"{}")[:-1], 400),
    ],
)
async def test_GW10_damaged_bodies_are_refused(encoding: str, body: bytes, status: int) -> None:
    """Planted fault: a body that was cut off passed as the part that had arrived."""
    stage = Stage()
    peer = stage.peer()
    await peer.send(f"POST / HTTP/1.1\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    assert was_refused(peer, status)
    assert stage.asked == []


async def test_GW12_a_bomb_is_unpacked_no_further_than_the_limit() -> None:
    """60 KB that would become 60 MB; 256 KiB would become a quarter of a gigabyte."""
    bomb = gzip.compress(b"\0" * 60_000_000, compresslevel=9)
    assert len(bomb) < Limits().body_bytes_max
    peer = Stage().peer()
    await peer.send(f"POST / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode() + bomb)
    assert was_refused(peer, 413)


async def test_GW12_a_gigabyte_that_is_only_declared_is_refused_at_once() -> None:
    peer = Stage().peer()
    await peer.send(b"POST / HTTP/1.1\r\nContent-Length: 1000000000\r\n\r\n")
    assert was_refused(peer, 413)


@pytest.mark.parametrize(("size", "status"), [(100, 200), (101, 413)])
async def test_GW12_the_bound_of_a_body_is_exact(size: int, status: int) -> None:
    stage = Stage(Limits(body_bytes_max=100))
    by_length, by_chunks, packed = stage.peer(), stage.peer(), stage.peer()
    body = b"x" * size
    await by_length.send(f"POST / HTTP/1.1\r\nContent-Length: {size}\r\n\r\n".encode() + body)
    await by_chunks.send(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n" + body[:64] + b"\r\n")
    await by_chunks.send(f"{size - 64:x}\r\n".encode() + body[64:] + b"\r\n0\r\n\r\n")
    small = gzip.compress(body)
    await packed.send(f"POST / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: {len(small)}\r\n\r\n".encode() + small)
    assert [peer.statuses() for peer in (by_length, by_chunks, packed)] == [[status]] * 3


@pytest.mark.parametrize(
    "flood",
    [b"1\r\nx\r\n" * 200, b"1;" + b"e" * 1_000, b"0\r\nX-Trailer: " + b"t" * 1_000, b"0\r\n" + b"X: y\r\n" * 200],
    ids=["tiny chunks", "endless extension", "endless trailer", "many trailers"],
)
async def test_GW12_what_surrounds_a_body_has_a_bound_as_well(flood: bytes) -> None:
    """Planted fault: the parser collected an endless trailer, gigabytes of it, before anybody counted."""
    stage = Stage(Limits(body_bytes_max=4_000, head_bytes_max=4_000))
    peer = stage.peer()
    await peer.send(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    sent = 0
    while not peer.has_ended and sent < 50_000:
        await peer.send(flood)
        flood, sent = flood[-2:] * (len(flood) // 2) if flood[-1] in b"et" else flood, sent + len(flood)
    assert peer.statuses() in ([413], [431], [400])
    assert sent <= 2 * 4_000 + 4_000 + 4_096


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 20_000,
        b"GET / HTTP/1.1\r\nX-A: " + b"b" * 20_000,
        b"GET / HTTP/1.1\r\n" + b"b" * 20_000,
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 10_000,
        b"\r\n" * 10_000,
    ],
    ids=["target", "value", "name", "10,000 headers", "empty lines"],
)
@pytest.mark.parametrize("chunk", [100, 1_000_000])
async def test_GW11_a_head_without_end_is_refused(head: bytes, chunk: int) -> None:
    stage = Stage()
    peer = stage.peer()
    for start in range(0, len(head), chunk):
        await peer.send(head[start : start + chunk])
    assert was_refused(peer, 431)
    assert peer.protocol._received <= Limits().head_bytes_max + 4_096


@pytest.mark.parametrize(("filler", "status"), [(64, 200), (65, 431)])
async def test_GW11_the_bound_of_headers_is_exact(filler: int, status: int) -> None:
    peer = Stage().peer()
    await peer.send(b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * filler + b"\r\n")
    assert peer.statuses() == [status]


@pytest.mark.parametrize(("size", "status"), [(1_000, 200), (1_001, 431)])
async def test_GW11_the_bound_of_a_head_is_exact(size: int, status: int) -> None:
    """Counted are target, names and values, and four bytes for each header line."""
    peer = Stage(Limits(head_bytes_max=1_000)).peer()
    await peer.send(b"GET /ab HTTP/1.1\r\nX: " + b"y" * (size - 3 - 1 - 4) + b"\r\n\r\n")
    assert peer.statuses() == [status]


async def test_GW17_a_refusal_does_not_overtake_the_answers_before_it() -> None:
    """Planted fault: a bad request used to cost those that waited before it their answers."""
    stage = Stage()
    peer = stage.peer()
    await peer.send(b"GET /wait HTTP/1.1\r\n\r\n" + GET + b"NONSENSE\r\n\r\n" + GET)
    assert (peer.statuses(), peer.has_ended) == ([], False)
    stage.open.set()
    await peer.settle()
    assert (peer.statuses(), peer.has_ended, len(stage.asked)) == ([200, 200, 400], True, 2)
    assert "connection" not in peer.heard()[1].headers


async def test_GW18_a_refused_peer_that_still_sends_is_listened_to_for_two_seconds() -> None:
    """Closed at once, its system would answer the rest of its body with a reset, and drop ours."""
    stage = Stage()
    patient, endless = stage.peer(), stage.peer()
    for peer in (patient, endless):
        await peer.send(b"POST / HTTP/1.1\r\nContent-Length: 1000000000\r\n\r\n")
        assert (peer.transport.half_closed, peer.transport.closed) == (True, False)
        await peer.send(b"x" * 1_000_000)
    patient.end_sending()
    await endless.pass_time(2.1)
    assert (patient.transport.closed, patient.transport.aborted, endless.transport.aborted) == (True, False, True)
    assert stage.asked == []


async def test_GW18_over_tls_a_refused_peer_is_closed() -> None:
    peer = Stage().peer(tls=True)
    await peer.send(b"NONSENSE\r\n\r\n")
    assert peer.transport.closed
    await peer.send(GET)
    assert peer.statuses() == [400]


async def test_GW18_after_the_peer_has_ended_its_side_there_is_nothing_to_listen_to() -> None:
    stage = Stage()
    peer = stage.peer()
    await peer.send(b"GET /wait HTTP/1.1\r\n\r\nNONSENSE\r\n\r\n")
    assert peer.end_sending() is True
    stage.open.set()
    await peer.settle()
    assert (peer.statuses(), peer.transport.closed) == ([200, 400], True)
