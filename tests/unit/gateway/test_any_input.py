"""Whatever arrives, in whatever pieces. Rule GW32 in docs/spec/gateway.md."""

from __future__ import annotations

import gzip
import random
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from supergame.base.limits import Limits
from tests.unit.gateway.peer import Peer, Stage

PACKED = gzip.compress(b'{"packed": true}')
STREAM = [
    b"GET /a?b=%20c HTTP/1.1\r\nHost: x\r\nAccept:\r\nX-A: 1\r\nX-A: 2\r\n\r\n",
    b"POST /b HTTP/1.1\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\nhello world",
    b"\r\nPUT /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nX-T: z\r\n\r\n",
    b"HEAD /d HTTP/1.1\r\n\r\n",
    b"POST /e HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: " + str(len(PACKED)).encode() + b"\r\n\r\n" + PACKED,
    b"DELETE http://x/f HTTP/1.1\r\nOrigin: null\r\n\r\n",
    b"GET /last HTTP/1.1\r\nConnection: close\r\n\r\n",
]
LIMITS = Limits(requests_queued_max=2)


async def told(chunks: list[bytes]) -> tuple[list[tuple[str, str, str, dict[str, str], bytes]], bytes]:
    """What the server understood and what it answered, but for leave to send bodies, which depends on timing."""
    stage = Stage(LIMITS)
    peer = stage.peer()
    for chunk in chunks:
        peer.protocol.data_received(chunk)
        await peer.settle()
    while not peer.has_ended:
        await peer.settle()
    asked = [(one.method, one.path, one.query, one.headers, one.body) for one in stage.asked]
    return asked, bytes(peer.transport.written).replace(b"HTTP/1.1 100 Continue\r\n\r\n", b"")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.sets(st.integers(1, sum(map(len, STREAM)) - 1)))
async def test_GW32_any_split_of_a_stream_is_understood_the_same(cuts: set[int]) -> None:
    whole = b"".join(STREAM)
    edges = [0, *sorted(cuts), len(whole)]
    pieces = [whole[begin:end] for begin, end in pairwise(edges)]
    assert await told(pieces) == await told(STREAM)


async def test_GW32_byte_by_byte() -> None:
    assert await told([bytes([byte]) for byte in b"".join(STREAM)]) == await told(STREAM)


PARTS = [
    b"\r\n",
    b"\n",
    b"\r",
    b"\x00",
    b"\xff",
    b" ",
    b":",
    b"Content-Length: 5\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"0\r\n\r\n",
    b"HTTP/1.1",
]


def mutated(chance: random.Random, data: bytes) -> bytes:
    """Some bytes changed, lost, doubled or put in, as a fuzzer does."""
    mutant = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(mutant) + 1)
        kind = chance.randrange(4)
        if kind == 0:
            mutant[at:at] = chance.choice(PARTS)
        elif kind == 1:
            del mutant[at : at + chance.randint(1, 9)]
        elif kind == 2:
            mutant[at : at + 1] = bytes([chance.randrange(256)])
        else:
            mutant[at:at] = mutant[at : at + chance.randint(1, 99)]
    return bytes(mutant)


async def is_over(peer: Peer) -> bool:
    """After all time has passed, with the peer silent."""
    for _ in range(40):
        if peer.has_ended:
            return True
        await peer.pass_time(100)
    return False


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
async def test_GW32_no_input_raises_or_leaves_a_connection_hanging(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(5):
        stage = Stage(LIMITS)
        peer = stage.peer()
        data = mutated(chance, b"".join(chance.choices(STREAM, k=3)))
        at = chance.randrange(len(data) + 1)
        await peer.send(data[:at], data[at:])
        for answer in peer.heard(*(request.method for request in stage.asked)):
            assert answer.status in (100, 200, 400, 405, 408, 413, 415, 431, 505), seed
        assert await is_over(peer), (seed, data)
