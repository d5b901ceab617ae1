"""Frames of a tunnel, in whatever pieces they come. Rules: docs/spec/relay.md."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supergame.relay.frames import PAYLOAD_BYTES_MAX, Frame, FrameInvalid, FrameParser, Kind, pack

frames = st.builds(Frame, st.sampled_from(Kind), st.integers(0, 2**32 - 1), st.binary(max_size=200))


@given(st.lists(frames, max_size=8), st.integers(1, 40))
def test_RLY1_frames_arrive_as_they_were_sent(sent: list[Frame], piece: int) -> None:
    data, parser, got = b"".join(map(pack, sent)), FrameParser(), []
    for start in range(0, len(data), piece):
        got += list(parser.feed(data[start : start + piece]))
    assert got == sent


@pytest.mark.parametrize(
    "head", [struct.pack("!BII", 0, 1, 0), struct.pack("!BII", 99, 1, 0), struct.pack("!BII", 6, 1, PAYLOAD_BYTES_MAX + 1)]
)
def test_RLY2_what_is_no_frame_is_refused_before_its_payload_comes(head: bytes) -> None:
    with pytest.raises(FrameInvalid):
        list(FrameParser().feed(head))
