"""Cut points are for ever."""

from __future__ import annotations

import hashlib
import random

import pytest

from supergame.content import chunker
from supergame.content.chunker import CHUNK_BYTES_MAX, MIN_BYTES, cut, cut_slowly
from tests.support.content import some_bytes

SIZES = [0, 1, MIN_BYTES, MIN_BYTES + 1, 65_535, 65_537, CHUNK_BYTES_MAX, CHUNK_BYTES_MAX + 1, 700_001]


def differences(one: chunker.Cut, other: chunker.Cut) -> list[int]:
    """Sizes of inputs that two chunkers cut differently."""
    inputs = [some_bytes(size, size) for size in SIZES] + [bytes(300_000)]
    return [len(data) for data in inputs if one(memoryview(data)) != other(memoryview(data))]


def test_CNT1_the_compiled_chunker_and_the_one_in_python_cut_alike() -> None:
    assert cut is not cut_slowly, "the tests' environment has the compiled one"
    assert differences(cut, cut_slowly) == []


def test_CNT1_cut_points_are_those_of_the_first_version() -> None:
    lengths = cut(memoryview(some_bytes(1, 3_000_000)))
    assert sum(lengths) == 3_000_000
    assert hashlib.sha256(repr(lengths).encode()).hexdigest()[:16] == "dbd3acaa29606fbb"


def test_a_planted_fault_is_caught_a_wrong_cut_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunker, "_MASK_BEFORE", chunker._MASK_AFTER)
    assert differences(cut, cut_slowly) != []


def test_CNT1_chunks_have_their_sizes() -> None:
    *lengths, last = cut(memoryview(some_bytes(2, 5_000_000)))
    assert all(MIN_BYTES <= length <= CHUNK_BYTES_MAX for length in lengths)
    assert 0 < last <= CHUNK_BYTES_MAX
    assert 50_000 < 5_000_000 / len(lengths) < 110_000


def test_CNT2_an_insertion_changes_only_chunks_near_it() -> None:
    before = some_bytes(3, 4_000_000)
    chance = random.Random(4)
    for _ in range(5):
        at = chance.randrange(len(before))
        after = before[:at] + b"news" + before[at:]
        assert len(chunks(after) - chunks(before)) <= 4


def chunks(data: bytes) -> set[bytes]:
    found, at = set(), 0
    for length in cut(memoryview(data)):
        found.add(data[at : at + length])
        at += length
    return found
