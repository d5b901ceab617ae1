"""A message on its way to sockets: encoded and framed at most once per format, however many receive it."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import NamedTuple

from supergame.wire import codec_rt, websocket
from supergame.wire.codec_rt import Received
from supergame.wire.message import Message


class Frame:
    __slots__ = ("_cid", "_json", "_message", "_protobuf")

    def __init__(self, message: Message | None, cid: str = "") -> None:
        self._message, self._cid = message, cid
        self._json: bytes | None = None
        self._protobuf: bytes | None = None

    @property
    def json(self) -> bytes:
        """Ready for the wire, header and all."""
        if self._json is None:
            self._json = websocket.frame(websocket.TEXT, codec_rt.encode_envelope(self._message, self._cid))
        return self._json

    @property
    def protobuf(self) -> bytes:
        """The same as a binary frame."""
        if self._protobuf is None:
            from supergame.wire import codec_protobuf

            self._protobuf = websocket.frame(websocket.BINARY, codec_protobuf.encode_envelope(self._message, self._cid))
        return self._protobuf


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
