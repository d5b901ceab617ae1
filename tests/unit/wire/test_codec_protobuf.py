"""Protobuf from the structs says the same as JSON, also as Google reads that JSON. Bad bytes are malformed, nothing worse."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf import json_format
from hypothesis import given, settings
from hypothesis import strategies as st

from supergame.base.errors import MalformedBody
from supergame.wire import codec_protobuf, codec_rt, rtapi
from supergame.wire.api import Rpc
from supergame.wire.codec_json import JsonCodec
from supergame.wire.codec_protobuf import ProtobufCodec, decode_envelope, encode_envelope, record_class
from supergame.wire.message import Message
from supergame.wire.rtapi import FROM_CLIENTS, MESSAGES
from tests.support.messages import SUPPORTED, messages

ENVELOPE = codec_protobuf._envelope


def varint(number: int) -> bytes:
    return bytes((number,)) if number < 128 else bytes((number & 127 | 128,)) + varint(number >> 7)


def part(number: int, data: bytes) -> bytes:
    """A field with a length: a text, bytes or a message."""
    return varint(number << 3 | 2) + varint(len(data)) + data


# --- the same as JSON


@pytest.mark.parametrize("name", SUPPORTED)
@given(st.data())
@settings(max_examples=25, deadline=None, derandomize=True)
def test_round_trips_agree_with_json(name: str, data: st.DataObject) -> None:
    message = data.draw(messages(SUPPORTED[name].type))
    cid = data.draw(st.text(max_size=4))
    received = decode_envelope(encode_envelope(message, cid), MESSAGES)
    assert received == (cid, name, message)
    codec = JsonCodec(SUPPORTED[name].type)
    assert codec.decode(codec.encode(message)) == received.message


@pytest.mark.parametrize("name", SUPPORTED)
@given(st.data())
@settings(max_examples=10, deadline=None, derandomize=True)
def test_our_json_is_what_google_reads_into_our_protobuf(name: str, data: st.DataObject) -> None:
    message = data.draw(messages(SUPPORTED[name].type))
    read = json_format.Parse(codec_rt.encode_envelope(message, "7"), ENVELOPE(), descriptor_pool=codec_protobuf._pool)
    assert read == ENVELOPE.FromString(encode_envelope(message, "7"))


@given(st.data())
@settings(max_examples=25, deadline=None, derandomize=True)
def test_single_messages_need_no_envelope(data: st.DataObject) -> None:
    message = data.draw(messages(rtapi.MatchData))
    codec = ProtobufCodec(rtapi.MatchData)
    assert codec.decode(codec.encode(message)) == message


def test_the_envelope_has_every_message_under_its_number() -> None:
    described = ENVELOPE.DESCRIPTOR
    numbers = {field.name: field.number for field in described.fields}
    assert numbers == {"cid": 1} | {name: kind.number for name, kind in MESSAGES.items()}
    assert sorted(numbers.values()) == list(range(1, 52))
    assert {field.name for field in described.oneofs_by_name["message"].fields} == MESSAGES.keys()


@pytest.mark.parametrize("message", [rtapi.Match(label=""), rtapi.UserPresence(status=""), rtapi.ChannelJoin(persistence=False)])
def test_a_nullable_field_is_there_even_when_zero(message: Any) -> None:
    codec = ProtobufCodec(type(message))
    assert len(codec.encode(message)) == 2
    assert codec.decode(codec.encode(message)) == message


def test_a_message_without_contents_is_there_all_the_same() -> None:
    assert encode_envelope(rtapi.Pong(), "1") == part(1, b"1") + part(33, b"")
    assert encode_envelope(None, "1") == part(1, b"1")
    assert encode_envelope(rtapi.StreamData(stream=rtapi.StreamName())) == part(30, part(1, b""))


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (rtapi.Error(code=-1), b"\x08" + b"\xff" * 9 + b"\x01"),  # a negative int32 takes ten bytes
        (rtapi.Error(context={"k": "v"}), b"\x1a\x06\x0a\x01k\x12\x01v"),
        (rtapi.MatchDataSend(op_code=2**63 - 1, data=b"\x00"), b"\x10" + b"\xff" * 8 + b"\x7f\x1a\x01\x00"),
        (rtapi.StatusUpdate(status="hi"), b"\x0a\x04\x0a\x02hi"),
        (rtapi.StatusFollow(user_ids=["a", ""]), b"\x0a\x01a\x0a\x00"),
        (rtapi.ChannelMessageAck(create_time=datetime(1970, 1, 1, 0, 0, 1, 5, UTC)), b"\x2a\x05\x08\x01\x10\x88\x27"),
    ],
)
def test_bytes(message: Any, text: bytes) -> None:
    assert ProtobufCodec(type(message)).encode(message) == text


# --- what is unusual, and allowed


@pytest.mark.parametrize("extra", [part(4000, b"what"), varint(60 << 3) + b"\x01", b"\xfd\x03" + b"\0" * 4, b"\xf9\x03" + b"\0" * 8])
def test_unknown_fields_are_skipped(extra: bytes) -> None:
    assert decode_envelope(extra + part(32, extra) + extra) == ("", "ping", rtapi.Ping())


def test_of_several_messages_the_last_one_counts() -> None:
    assert decode_envelope(part(32, b"") + part(29, part(1, b"")) + part(33, b"")).name == "pong"
    assert decode_envelope(part(1, b"a") + part(33, b"") + part(1, b"b")).cid == "b"


def test_a_message_in_two_pieces_is_merged() -> None:
    pieces = part(26, part(1, b"a") + part(2, b"x")) + part(26, part(1, b"b"))
    assert decode_envelope(pieces).message == rtapi.StatusFollow(user_ids=["a", "b"], usernames=["x"])


@pytest.mark.parametrize("name", sorted(FROM_CLIENTS))
def test_every_message_of_clients_is_recognised(name: str) -> None:
    received = decode_envelope(part(1, b"7") + part(MESSAGES[name].number, b""))
    assert received == ("7", name, MESSAGES[name].type())


def test_the_contents_of_what_is_not_supported_yet_are_skipped() -> None:
    assert decode_envelope(part(36, part(1, b"party"))).name == "party_join"


def test_an_int32_is_cut_as_protobuf_cuts_it() -> None:
    assert decode_envelope(part(3, b"\x10" + varint(2**32 + 2))).message == rtapi.ChannelJoin(type=2)


# --- refused


@pytest.mark.parametrize("name", sorted(MESSAGES.keys() - FROM_CLIENTS))
def test_what_only_servers_send_is_refused(name: str) -> None:
    with pytest.raises(MalformedBody):
        decode_envelope(part(MESSAGES[name].number, b""))


DEEP = b""
for _ in range(1_300):
    DEEP = part(15, part(4, DEEP))[:4_096]
GROUPS = b"\x7b" * 2_000 + b"\x7c" * 2_000  # field 15 as a group within itself


@pytest.mark.parametrize(
    "data",
    [
        b"",
        part(1, b"7"),
        part(99, b""),
        b"\0",
        b"\x0a",
        b"\x0a\x02a",
        b'{"ping":{}}',
        part(1, b"\xff") + part(33, b""),
        part(32, b"\xff"),
        b"\x98\x02\x01",  # pong as a number
        part(24, part(1, b"\xed\xa0\x80")),  # half a surrogate pair
        part(24, b"\x0a" + b"\xff" * 9 + b"\x01"),  # a text of 2**64 - 1 bytes
        part(24, b"\x0a\xff\xff\xff\xff\x07"),  # of 2 GiB
        b"\x80" * 11,
        varint(2**32 << 3 | 2) + b"\0",
        DEEP,
        GROUPS,
        part(16, part(3, part(1, b"\xff"))),
    ],
)
def test_malformed_bytes_are_malformed(data: bytes) -> None:
    with pytest.raises(MalformedBody):
        decode_envelope(data)


@pytest.mark.parametrize("seconds", [2**62, 2**63 - 1, -(2**63), 253_402_300_800, -62_135_596_801])
def test_times_that_no_calendar_has_are_malformed(seconds: int) -> None:
    time = b"\x08" + varint(seconds % 2**64)
    with pytest.raises(MalformedBody):
        ProtobufCodec(MESSAGES["channel_message"].type).decode(part(7, time))


@pytest.mark.parametrize(
    "message",
    [rtapi.MatchDataSend(op_code=2**63), rtapi.Error(code=2**31), rtapi.Error(message="\ud800")],
)
def test_what_a_field_cannot_hold_is_not_sent(message: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        encode_envelope(message)


def test_a_field_without_a_number_is_a_mistake_of_ours() -> None:
    class Bare(Message):
        text: str = ""

    with pytest.raises(AssertionError, match=r"Bare\.text has no number"):
        record_class(Bare)


# --- hostile


@given(st.binary(max_size=64))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refuse(data)


def test_mutations_of_good_messages_are_read_or_refused() -> None:
    assert 0 < mutate(4_000, seed=20) < 4_000


@pytest.mark.fuzz
def test_a_million_mutations_are_read_or_refused() -> None:
    assert mutate(1_000_000, seed=21)


def read_or_refuse(data: bytes) -> bool:
    try:
        received = decode_envelope(data)
    except MalformedBody:
        return False
    assert received.name in FROM_CLIENTS
    if type(received.message) is not rtapi.Unsupported:
        assert decode_envelope(encode_envelope(received.message, received.cid)) == received
    return True


def mutate(count: int, seed: int) -> int:
    """How many of so many broken messages could still be read."""
    chance = random.Random(seed)
    someone = rtapi.UserPresence(user_id="u", session_id="s", username="näme", status="")
    good = [
        encode_envelope(message, "17")
        for message in (
            rtapi.ChannelJoin(target="room", type=1, hidden=True),
            rtapi.MatchDataSend(match_id="m.n", op_code=-5, data=b"\xff\0", presences=[someone, someone], reliable=True),
            rtapi.MatchJoin(token="t", metadata={"a": "b", "c": "d"}),
            rtapi.StatusUpdate(status="here"),
            Rpc(id="echo", payload='{"a":1}'),
        )
    ]
    return sum(read_or_refuse(mutated(chance, chance.choice(good))) for _ in range(count))


def mutated(chance: random.Random, data: bytes) -> bytes:
    text = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        match chance.randrange(4):
            case 0 if at < len(text):
                text[at] ^= 1 << chance.randrange(8)
            case 1:
                text[at:at] = chance.randbytes(chance.randint(1, 3))
            case 2:
                del text[at : at + chance.randint(1, 8)]
            case _:
                text[at:at] = text[chance.randrange(len(text) + 1) :][:16]
    return bytes(text)
