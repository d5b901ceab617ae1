"""Where the load goes, and requests in the form in which they travel."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import urlsplit

from supergame.base.errors import InvalidArgument


@dataclass(frozen=True, slots=True)
class Target:
    """A server that speaks Nakama's protocol."""

    host: str
    port: int
    key: str = "defaultkey"

    @property
    def basic(self) -> str:
        """The server key as clients show it."""
        return "Basic " + b64encode(f"{self.key}:".encode()).decode()

    def request(self, method: str, path: str, authorization: str, body: bytes = b"") -> bytes:
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nAuthorization: {authorization}\r\n"
        return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def target_of(url: str, key: str) -> Target:
    """Raises InvalidArgument for anything but `http://HOST[:PORT]`."""
    try:
        parts = urlsplit(url)
        port = parts.port or 80
    except ValueError:
        raise InvalidArgument(f"{url!r} is no address.") from None
    if parts.scheme != "http" or not parts.hostname or parts.path not in ("", "/"):
        raise InvalidArgument(f"{url!r} is no address to measure: http://HOST:PORT, without TLS.")
    return Target(parts.hostname, port, key)
