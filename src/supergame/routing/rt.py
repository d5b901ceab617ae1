"""Realtime messages: one JSON object a frame, an optional `cid` and exactly one message.

Application pings are answered. Every other message is unrecognised until its feature lands, and ends the session as in Nakama.
"""

from __future__ import annotations

import msgspec

from supergame.realtime.session import CloseCode, Session

_ENVELOPE = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Envelopes:
    """Reads what players send and answers it."""

    def receive(self, session: Session, frame: bytes) -> None:
        """Handle one frame; what cannot be understood closes only its sender."""
        try:
            envelope = _ENVELOPE.decode(frame)
            cid = msgspec.json.decode(envelope.pop("cid"), type=str) if "cid" in envelope else ""
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            session.close(CloseCode.NORMAL, "malformed message")
            return
        if envelope.keys() == {"ping"}:
            session.send(msgspec.json.encode({"cid": cid, "pong": {}} if cid else {"pong": {}}))
        elif envelope.keys() != {"pong"}:
            session.close(CloseCode.NORMAL, "unrecognised message")
