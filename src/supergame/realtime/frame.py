"""A message on its way to sockets: encoded and framed at most once per format, however many receive it."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import NamedTuple

from supergame.wire import codec_rt, websocket
from supergame.wire.codec_rt import Received
from supergame.wire.message import Message


class Frame:
    """`json` and `protobuf` are what goes over the wire, header and all; made when they are asked for the first time."""

    __slots__ = ("_cid", "_message", "json", "protobuf")

    json: bytes
    protobuf: bytes

    def __init__(self, message: Message | None, cid: str = "") -> None:
        self._message, self._cid = message, cid

    def __getattr__(self, name: str) -> bytes:
        if name == "json":
            self.json = made = websocket.frame(websocket.TEXT, codec_rt.encode_envelope(self._message, self._cid))
        elif name == "protobuf":
            from supergame.wire import codec_protobuf

            self.protobuf = made = websocket.frame(websocket.BINARY, codec_protobuf.encode_envelope(self._message, self._cid))
        else:
            raise AttributeError(name)
        return made


class Format(NamedTuple):
    """How a socket writes its messages, for its whole life. Sockets of both formats meet in one stream."""

    is_text: bool
    decode: Callable[[bytes], Received]
    bytes_of: Callable[[Frame], bytes]


def _decode_protobuf(data: bytes) -> Received:
    from supergame.wire import codec_protobuf  # here and above: who has only JSON sockets never loads it

    return codec_protobuf.decode_envelope(data)


JSON = Format(True, codec_rt.decode_envelope, attrgetter("json"))
PROTOBUF = Format(False, _decode_protobuf, attrgetter("protobuf"))
