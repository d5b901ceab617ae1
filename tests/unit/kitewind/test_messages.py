"""The plaza's codecs. Rules: docs/spec/plaza.md. The twin's tests are in web/packages/sim/tests."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitewind.messages import MAX_BATCH_TICKS, Inputs, Malformed, decode_emote, decode_inputs, encode_inputs
from kitewind.motor import ALL_KEYS
from tests.support import kitewind as vectors


def test_PLAZA18_the_shared_vectors_are_what_this_codec_says() -> None:
    shared = json.loads((vectors.DATA / "messages.json").read_text("utf-8"))
    assert shared == vectors.message_vectors()
    for vector in shared["inputs"]:
        assert decode_inputs(bytes.fromhex(vector["hex"])) == Inputs(vector["epoch"], vector["first"], bytes(vector["keys"]))


@given(
    epoch=st.integers(0, 255),
    first=st.integers(0, 2**32 - 1),
    keys=st.lists(st.integers(0, ALL_KEYS), min_size=1, max_size=MAX_BATCH_TICKS),
)
def test_PLAZA18_inputs_come_back_as_they_were(epoch: int, first: int, keys: list[int]) -> None:
    assert decode_inputs(encode_inputs(epoch, first, keys)) == Inputs(epoch, first, bytes(keys))


@given(st.binary(max_size=200))
def test_PLAZA17_any_bytes_are_inputs_or_malformed(data: bytes) -> None:
    try:
        inputs = decode_inputs(data)
    except Malformed:
        return
    assert 1 <= len(inputs.keys) <= MAX_BATCH_TICKS
    assert max(inputs.keys) <= ALL_KEYS


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(5),
        bytes(6),  # no runs
        encode_inputs(0, 0, [1])[:-1],
        encode_inputs(0, 0, [1]) + b"\0",
        encode_inputs(0, 0, [1] * 61),
        encode_inputs(0, 0, [16]),
        encode_inputs(0, 0, [1])[:-1] + b"\0",  # a run of nothing
    ],
    ids=range(8),
)
def test_PLAZA17_malformed_inputs_are_told_apart(data: bytes) -> None:
    with pytest.raises(Malformed):
        decode_inputs(data)


@pytest.mark.parametrize("data", [b"", b"\0\0", b"\4"], ids=range(3))
def test_PLAZA17_malformed_emotes_are_told_apart(data: bytes) -> None:
    with pytest.raises(Malformed):
        decode_emote(data)
