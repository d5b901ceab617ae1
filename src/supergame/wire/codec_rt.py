"""The socket's JSON: an envelope is an object with an optional `cid` and exactly one message, under its name."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from supergame.base.errors import MalformedBody
from supergame.wire.codec_json import JsonCodec
from supergame.wire.message import Message
from supergame.wire.rtapi import FROM_CLIENTS, MESSAGES, Unsupported

_ENVELOPE = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TEXT = msgspec.json.Decoder(str)
_READERS: dict[str, Any] = {
    name: JsonCodec(MESSAGES[name].type, refuse_unknown=MESSAGES[name].type is not Unsupported) for name in FROM_CLIENTS
}
_HEADS = {kind.type: f'"{name}":'.encode() for name, kind in MESSAGES.items() if kind.type is not Unsupported}
_WRITERS: dict[type[Message], Any] = {kind: JsonCodec(kind) for kind in _HEADS}
_CIDS = msgspec.json.Encoder()


class Received(NamedTuple):
    cid: str
    name: str
    message: Any


def decode_envelope(data: bytes) -> Received:
    """What a client sent.

    Raises:
        MalformedBody: not JSON, no message or several, an unknown one, one that only servers send, or a field out of form.
    """
    try:
        parts = _ENVELOPE.decode(data)
        cid = _TEXT.decode(parts.pop("cid")) if "cid" in parts else ""
        ((name, body),) = parts.items()
        return Received(cid, name, _READERS[name].decode(body))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, ValueError, KeyError):
        raise MalformedBody from None


def encode_envelope(message: Message | None, cid: str = "") -> bytes:
    """An envelope as a client reads it; without a message, the bare acknowledgement of `cid`."""
    head = b'{"cid":' + _CIDS.encode(cid) if cid else b"{"
    if message is None:
        return head + b"}"
    kind = type(message)
    comma = b"," if cid else b""
    body: bytes = _WRITERS[kind].encode(message)
    return b"".join((head, comma, _HEADS[kind], body, b"}"))
