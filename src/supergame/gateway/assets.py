"""The built web apps, from memory: each a folder with `index.html` and `assets/`.

The page at `/` is for people: whoever does not ask for HTML gets Nakama's empty answer there.
"""

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
CONSOLE_CSP = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
CONSOLE_HEADERS = (("Content-Security-Policy", CONSOLE_CSP), *PAGE_HEADERS[1:])
ASSET_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "public, max-age=31536000, immutable"),
    ("Vary", "Accept-Encoding"),
)  # names hold hashes
EMPTY = Response(200, b"", "text/plain; charset=utf-8")
MISSING = b"<!doctype html><title>supergame</title><p>The server runs. Its web pages were not built: run <code>make web</code>.</p>"


def routes(folder: Path) -> Routes:
    """Routes for what `folder` holds now: the page at `/`, the game at `/play`, what titles' pages import at `/sdk`.

    Nothing is read from the disk later.
    """
    routes = Routes()
    page, game = _document(folder / "page"), _document(folder / "game")
    sdks = {file.name: _load(file)._replace(headers=PAGE_HEADERS) for file in (folder / "sdk").glob("*")}

    @routes.get("/", auth=Auth.NONE)
    async def page_at_root(ctx: Context, request: Request) -> Response:
        return page if "text/html" in request.headers.get("accept", "") else EMPTY

    @routes.get("/play", auth=Auth.NONE)
    @routes.get("/play/", auth=Auth.NONE)
    async def game_page(ctx: Context, request: Request) -> Response:
        return game

    @routes.get("/sdk/{name}", auth=Auth.NONE)
    async def sdk(ctx: Context, request: Request) -> Response:
        """What the pages of titles import; its name stays, so browsers ask whether there is a newer one."""
        return named(sdks, request.values["name"])

    _add_assets(routes, "/assets/{name}", folder / "page")
    _add_assets(routes, "/play/assets/{name}", folder / "game")
    return routes


def console_routes(folder: Path) -> Routes:
    """The operators' page, at `/` of their port. It may load nothing from elsewhere and run nothing inline."""
    routes = Routes()
    page = _document(folder / "console")._replace(headers=CONSOLE_HEADERS)

    @routes.get("/", auth=Auth.NONE)
    async def console_page(ctx: Context, request: Request) -> Response:
        return page

    _add_assets(routes, "/assets/{name}", folder / "console")
    return routes


def _add_assets(routes: Routes, path: str, app: Path) -> None:
    found = {file.name: file for file in (app / "assets").glob("*") if file.is_file()}
    files = {name: _load(file) for name, file in found.items() if not name.endswith(".gz")}
    compressed = {name: _compressed(files[name], found[f"{name}.gz"]) for name in files if f"{name}.gz" in found}

    @routes.get(path, auth=Auth.NONE)
    async def asset(ctx: Context, request: Request) -> Response:
        name = request.values["name"]
        plain = named(files, name)
        takes_gzip = "gzip" in request.headers.get("accept-encoding", "")
        return compressed.get(name, plain) if takes_gzip else plain


def named(files: dict[str, Response], name: str) -> Response:
    """The file of this name. Raises NotFound."""
    if name not in files:
        raise NotFound
    return files[name]


def _document(app: Path) -> Response:
    file = app / "index.html"
    return Response(200, file.read_bytes() if file.is_file() else MISSING, "text/html; charset=utf-8", PAGE_HEADERS)


def _load(file: Path) -> Response:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    text = "; charset=utf-8" if kind.startswith("text/") else ""
    return Response(200, file.read_bytes(), kind + text, ASSET_HEADERS)


def _compressed(plain: Response, twin: Path) -> Response:
    return plain._replace(body=twin.read_bytes(), headers=(*plain.headers, ("Content-Encoding", "gzip")))
