"""The built web pages, from memory. The page at `/` is for people: whoever does not ask for HTML gets Nakama's empty answer there."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from supergame.base.errors import NotFound
from supergame.routing.auth import Auth
from supergame.routing.context import Context
from supergame.routing.http import Request, Response, Routes

CSP = (
    "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE_HEADERS = (
    ("Content-Security-Policy", CSP),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-cache"),
)
ASSET_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "public, max-age=31536000, immutable"),
)  # names hold hashes
MISSING = b"<!doctype html><title>supergame</title><p>The server runs. Its web pages were not built: run <code>make web</code>.</p>"


def routes(folder: Path) -> Routes:
    """Routes for what `folder` holds now; nothing is read from the disk later."""
    routes = Routes()
    page_file = folder / "index.html"
    page = page_file.read_bytes() if page_file.is_file() else MISSING
    files = {file.name: _load(file) for file in (folder / "assets").glob("*") if file.is_file()}

    @routes.get("/", auth=Auth.NONE)
    async def page_at_root(ctx: Context, request: Request) -> Response:
        if "text/html" not in request.headers.get("accept", ""):
            return Response(200, b"", "text/plain; charset=utf-8")
        return Response(200, page, "text/html; charset=utf-8", PAGE_HEADERS)

    @routes.get("/assets/{name}", auth=Auth.NONE)
    async def asset(ctx: Context, request: Request) -> Response:
        if request.values["name"] not in files:
            raise NotFound
        return files[request.values["name"]]

    return routes


def _load(file: Path) -> Response:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    text = "; charset=utf-8" if kind.startswith("text/") else ""
    return Response(200, file.read_bytes(), kind + text, ASSET_HEADERS)
