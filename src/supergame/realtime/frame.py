"""A message on its way to sockets: encoded and framed at most once per format, however many receive it."""

from __future__ import annotations

from supergame.wire import websocket
from supergame.wire.codec_rt import encode_envelope
from supergame.wire.message import Message


class Frame:
    __slots__ = ("_cid", "_json", "_message")

    def __init__(self, message: Message | None, cid: str = "") -> None:
        self._message, self._cid = message, cid
        self._json: bytes | None = None

    @property
    def json(self) -> bytes:
        """Ready for the wire, header and all."""
        if self._json is None:
            self._json = websocket.frame(websocket.TEXT, encode_envelope(self._message, self._cid))
        return self._json
