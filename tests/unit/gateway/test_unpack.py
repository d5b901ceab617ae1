"""Memory, which the answers of a whole server do not show. Rule GW12 in docs/spec/gateway.md."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest

from supergame.gateway.refused import Refused
from supergame.gateway.unpack import unpack


def test_GW12_a_bomb_takes_no_more_memory_than_the_limit() -> None:
    """Planted fault: unpacking first and counting afterwards."""
    bomb = gzip.compress(b"\0" * 20_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(Refused, match="too large"):
            unpack(bomb, "gzip", 100_000)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("body", "encoding"), [(b"as it is", "identity"), (b"", "gzip")])
def test_GW10_nothing_to_unpack(body: bytes, encoding: str) -> None:
    assert unpack(body, encoding, 100) == body
