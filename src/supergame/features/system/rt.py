"""Application pings: a sign of life that clients time themselves."""

from __future__ import annotations

from supergame.routing.rt import Call, Messages
from supergame.wire.rtapi import Ping, Pong


def messages() -> Messages:
    messages = Messages()

    @messages.on("ping")
    def ping(call: Call, request: Ping) -> Pong:
        return Pong()

    return messages
