"""Cross-origin answers for browsers (Fetch standard). Tokens travel in headers, never in cookies, so `*` gives nothing away."""

from __future__ import annotations

from supergame.routing.http import Response

ALLOWED_HEADERS = {
    name.lower(): name for name in ("Authorization", "Content-Type", "User-Agent", "Accept", "Accept-Language", "Idempotency-Key")
}
ALLOWED_METHODS = "GET, HEAD, POST, PUT, DELETE"
EXPOSED_HEADERS = "X-Supergame-Error, WWW-Authenticate"
PREFLIGHT_KEPT_S = 600


class Cors:
    """Which origins may read answers: all of them, or a list. The origin `null` (a page from a file) is one like any other."""

    def __init__(self, origins: tuple[str, ...] = ("*",)) -> None:
        self._any = "*" in origins
        self._origins = frozenset(origins)

    def lines(self, origin: str) -> bytes:
        """Header lines for an answer to a request from `origin`; none for an origin that is not allowed."""
        if self._any:
            return f"Access-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: {EXPOSED_HEADERS}\r\n".encode()
        if origin not in self._origins:
            return b"Vary: Origin\r\n"
        return f"Access-Control-Allow-Origin: {origin}\r\nVary: Origin\r\nAccess-Control-Expose-Headers: {EXPOSED_HEADERS}\r\n".encode()

    @staticmethod
    def preflight(headers: dict[str, str]) -> Response:
        """The answer to OPTIONS: the headers asked for, as far as they are allowed."""
        asked = (name.strip().lower() for name in headers.get("access-control-request-headers", "").split(","))
        allowed = [ALLOWED_HEADERS[name] for name in asked if name in ALLOWED_HEADERS]
        lines = [("Access-Control-Allow-Methods", ALLOWED_METHODS), ("Access-Control-Max-Age", str(PREFLIGHT_KEPT_S))]
        if allowed:
            lines.append(("Access-Control-Allow-Headers", ", ".join(allowed)))
        return Response(200, b"", "text/plain", tuple(lines))
