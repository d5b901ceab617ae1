"""Frames: one message to sockets of both formats, encoded once for each."""

from __future__ import annotations

import json
import subprocess
import sys
from types import ModuleType
from typing import Any

import pytest

from supergame.base.ids import TitleId, TokenId, UserId
from supergame.realtime.frame import JSON, PROTOBUF, Format, Frame
from supergame.realtime.router import MessageRouter
from supergame.realtime.session import CloseCode
from supergame.realtime.stream import Mode, Presence, Stream
from supergame.realtime.tracker import Tracker
from supergame.wire import codec_protobuf, codec_rt, rtapi
from supergame.wire.message import Message
from supergame.wire.rtapi import MESSAGES

MAIN = TitleId("main")
MATCH = Stream(MAIN, Mode.MATCH_RELAYED, "m1")


class Socket:
    title_id, token_id = MAIN, TokenId("t")

    def __init__(self, name: str, form: Format) -> None:
        self.session_id, self.user_id, self.username, self.form = f"s-{name}", UserId(f"u-{name}"), name, form
        self.sent: list[bytes] = []

    def send(self, frame: Frame) -> None:
        self.sent.append(self.form.bytes_of(frame))

    def close(self, code: CloseCode, reason: str) -> None:
        raise AssertionError(reason)


def test_a_match_of_both_formats_tells_both_the_same() -> None:
    tracker = Tracker()
    sockets = [Socket("ada", JSON), Socket("bob", PROTOBUF), Socket("eve", PROTOBUF), Socket("dan", JSON)]
    for socket in sockets:
        tracker.track(MATCH, Presence(socket))
    sender = Presence(sockets[1]).shown()
    message = rtapi.MatchData(match_id="m1.", presence=sender, op_code=2**53 + 1, data=b"\0\xff", reliable=True)
    MessageRouter(tracker).to_stream(MATCH, message, without=sockets[1])

    ada, bob, eve, dan = (socket.sent for socket in sockets)
    assert bob == []
    assert ada == dan
    assert (ada[0][0], eve[0][0]) == (0x81, 0x82)
    assert eve[0][1] == len(eve[0]) - 2
    assert codec_protobuf.decode_envelope(eve[0][2:], MESSAGES).message == message
    assert json.loads(ada[0][4:])["match_data"] == {
        "match_id": "m1.",
        "presence": {"user_id": "u-bob", "session_id": "s-bob", "username": "bob"},
        "op_code": str(2**53 + 1),
        "data": "AP8=",
        "reliable": True,
    }


def test_a_message_to_many_is_encoded_once_for_each_format(monkeypatch: pytest.MonkeyPatch) -> None:
    encoded: list[ModuleType] = []
    for codec in (codec_rt, codec_protobuf):

        def counted(message: Message | None, cid: str, codec: Any = codec, encode: Any = codec.encode_envelope) -> Any:
            encoded.append(codec)
            return encode(message, cid)

        monkeypatch.setattr(codec, "encode_envelope", counted)
    tracker = Tracker()
    for number in range(20):
        tracker.track(MATCH, Presence(Socket(str(number), (JSON, PROTOBUF)[number % 2])))
    MessageRouter(tracker).to_stream(MATCH, rtapi.StreamData(data="x" * 70_000))
    assert encoded == [codec_rt, codec_protobuf]


@pytest.mark.parametrize("form", [JSON, PROTOBUF])
def test_an_acknowledgement_has_nothing_but_its_cid(form: Format) -> None:
    assert form.bytes_of(Frame(None, "7"))[2:] == (b'{"cid":"7"}' if form is JSON else b"\x0a\x017")


def test_who_has_only_json_sockets_never_loads_protobuf() -> None:

    code = "import sys, supergame.app.build; sys.exit(any(name.startswith('google.protobuf') for name in sys.modules))"
    subprocess.run([sys.executable, "-c", code], check=True)
