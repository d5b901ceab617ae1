"""The head of an HTTP request, as far as a relay and an agent look at it: where it goes, and what has to be changed on the way.

Every connection carries one request, or one WebSocket: `Connection: close` is written into each head. So whoever looks at the head has
looked at everything that is asked for.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Final

import httptools

from supergame.base.errors import InvalidArgument

HEAD_BYTES_MAX: Final = 16_384
HEAD_WITHIN_S: Final = 10.0
_CHANGED: Final = {b"connection", b"keep-alive", b"proxy-connection", b"x-forwarded-for", b"x-forwarded-proto", b"forwarded"}
"""Headers of the way that a request has come; a guest's own are dropped."""


class HeadInvalid(InvalidArgument):
    """What came is no HTTP/1.1 request, or its head is too large."""

    code = "relay.head_invalid"


@dataclass
class Head:
    """A request line and its headers; names in lower case."""

    method: str = ""
    target: str = ""
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def is_upgrade(self) -> bool:
        return bool(self.get(b"upgrade"))

    def get(self, name: bytes) -> str:
        """The first header of that name; empty without one."""
        return next((value.decode("latin-1") for key, value in self.headers if key == name), "")

    def cookie(self, name: str) -> str:
        return next((value for key, value in self._cookies() if key == name), "")

    def replace(self, name: bytes, value: str) -> None:
        """Set a header, or with an empty value take it out."""
        self.headers = [(key, kept) for key, kept in self.headers if key != name]
        if value:
            self.headers.append((name, value.encode("latin-1")))

    def set_cookie(self, name: str, value: str) -> None:
        """Set one cookie, or with an empty value take it out; the others stay."""
        kept = [f"{key}={old}" for key, old in self._cookies() if key != name]
        self.replace(b"cookie", "; ".join([*kept, f"{name}={value}"] if value else kept))

    def pack(self, came_from: str, proto: str) -> bytes:
        """The head for the next server, of a request from `came_from`."""
        headers = [(key, value) for key, value in self.headers if key not in _CHANGED]
        headers.append((b"connection", b"upgrade" if self.is_upgrade else b"close"))
        headers += [(b"x-forwarded-for", came_from.encode()), (b"x-forwarded-proto", proto.encode())]
        lines = [f"{self.method} {self.target} HTTP/1.1".encode(), *(key + b": " + value for key, value in headers)]
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def _cookies(self) -> list[tuple[str, str]]:
        parts = [part.strip().partition("=") for part in self.get(b"cookie").split(";")]
        return [(key, value) for key, _, value in parts if key]

    # --- told by httptools

    def on_url(self, url: bytes) -> None:
        self.target += url.decode("ascii")

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))


def parse(data: bytes) -> Head:
    """The head that `data` is, to its empty line. Raises HeadInvalid."""
    head = Head()
    parser = httptools.HttpRequestParser(head)
    try:
        parser.feed_data(data)
    except httptools.HttpParserUpgrade:
        pass
    except (httptools.HttpParserError, UnicodeDecodeError):
        raise HeadInvalid from None
    head.method = parser.get_method().decode()
    if not head.target.startswith("/") or parser.get_http_version() not in ("1.0", "1.1"):
        raise HeadInvalid
    return head


async def read_head(reader: asyncio.StreamReader) -> Head:
    """The next request's head; its body is still to be read.

    Raises:
        HeadInvalid: too large, too slow, or no HTTP.
    """
    try:
        async with asyncio.timeout(HEAD_WITHIN_S):
            return parse(await reader.readuntil(b"\r\n\r\n"))
    except (asyncio.LimitOverrunError, asyncio.IncompleteReadError, TimeoutError, OSError):
        raise HeadInvalid from None
