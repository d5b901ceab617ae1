"""Which requests come from the console's own page (rules CON9 and CON10).

The console has a cookie, and a browser sends it along whoever asks. A page of another origin can therefore send requests, though not read
the answers; and a page of a name that was made to point at this machine (DNS rebinding) could read them too. Against the first stands the
header that only a page of our own may add, against the second the name that was called.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from supergame.console.model import CsrfMissing, OriginRefused

COOKIE = "sg_console"
COOKIE_PATH = "/sg/v1/console"
"""A game on the same host never sees it: cookies know paths, but no ports."""


def check_origin(headers: dict[str, str], names: frozenset[str]) -> None:
    """Raises OriginRefused unless an address, localhost or one of `names` was called, and by the page that it serves."""
    host = headers.get("host", "").lower()
    if not _is_ours(host, names):
        raise OriginRefused("The console does not answer to this name; say it with --console-name.")
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != host:
        raise OriginRefused
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise OriginRefused


def check_csrf(headers: dict[str, str]) -> None:
    """Raises CsrfMissing."""
    if headers.get("x-csrf") != "1":
        raise CsrfMissing


def session_secret(headers: dict[str, str]) -> str:
    """What the console's cookie holds; empty for none."""
    for part in headers.get("cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return value
    return ""


def cookie(secret: str, is_tls: bool) -> tuple[str, str]:
    """The header that keeps a session's secret in the browser; an empty secret takes it away. Scripts cannot read it."""
    ends = "" if secret else "; Max-Age=0"
    secure = "; Secure" if is_tls else ""
    return "Set-Cookie", f"{COOKIE}={secret}; Path={COOKIE_PATH}; HttpOnly; SameSite=Strict{secure}{ends}"


def _is_ours(host: str, names: frozenset[str]) -> bool:
    """Nobody can make an address or localhost point elsewhere; any other name has to be the operator's."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == "localhost" or name in names or _is_address(name)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
