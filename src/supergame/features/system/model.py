"""What a server tells of itself."""

from __future__ import annotations

from typing import Annotated

from supergame.wire.message import Int32, Message, field


class Title(Message):
    id: Annotated[str, field(1)] = ""
    name: Annotated[str, field(2)] = ""


class About(Message):
    """The answer of `/sg/v1/about`.

    `secure_keys` tells that the server key is not the well-known default, `dev` that `/sg/v1/dev/report` tells of saves.
    """

    name: Annotated[str, field(1)] = ""
    version: Annotated[str, field(2)] = ""
    engine: Annotated[str, field(3)] = ""
    titles: Annotated[list[Title], field(4)] = []
    rpcs: Annotated[list[str], field(5)] = []
    uptime_s: Annotated[Int32, field(6)] = 0
    secure_keys: Annotated[bool, field(7)] = False
    dev: Annotated[bool, field(8)] = False
