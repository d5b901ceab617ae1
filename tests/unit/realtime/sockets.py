"""Sessions for tests of what lies below the features: they keep what they are sent."""

from __future__ import annotations

import json
from typing import Any

from supergame.base.ids import TitleId, TokenId, UserId
from supergame.realtime.frame import Frame
from supergame.realtime.session import CloseCode
from supergame.testing.socket import _payload

MAIN = TitleId("main")


class Socket:
    def __init__(self, name: str, title: TitleId = MAIN) -> None:
        self.session_id, self.title_id, self.user_id = f"session-of-{name}", title, UserId(name)
        self.username, self.token_id = name, TokenId(f"token-of-{name}")
        self.frames: list[Frame] = []
        self.sent: list[Any] = []
        self.closed: list[CloseCode] = []

    def send(self, frame: Frame) -> None:
        self.frames.append(frame)
        self.sent.append(json.loads(_payload(frame.json)))

    def close(self, code: CloseCode, reason: str) -> None:
        self.closed.append(code)
