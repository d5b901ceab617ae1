"""The pages of titles, `/t/<title id>/`: plain files from a title's folder `page`, as they are; no build step.

A page learns its title's server key from a line that is added to its head, `<meta name="server-key" content="...">`, so one page serves all
environments. Scripts are files of their own, for the policy runs nothing inline; `/sdk/supergame.js` signs in and connects.
"""

from __future__ import annotations

import asyncio
import html
import mimetypes
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from supergame.base.errors import InvalidArgument, NotFound
from supergame.base.ids import TitleId
from supergame.gateway.assets import PAGE_HEADERS, named
from supergame.routing.auth import Auth
from supergame.routing.context import Context
from supergame.routing.http import Request, Response, Routes

INDEX: Final = "index.html"
FILES_MAX: Final = 256
BYTES_MAX: Final = 32_000_000

Files = dict[str, Response]


class PageTooLarge(InvalidArgument):
    """The page of a title has at most 256 files and 32,000,000 bytes in all."""

    code = "title.page_too_large"


def routes(folders: Mapping[TitleId, Path], key_of: Callable[[TitleId], str], *, is_live: bool) -> Routes:
    """The pages of these titles.

    Args:
        folders: where each title's page is; what is in them now is served from memory.
        key_of: a title's server key, asked for at each request.
        is_live: read the files anew for each request, for whoever is changing them.

    Raises:
        PageTooLarge: a folder holds more than it may.
    """
    routes, loaded = Routes(), {title_id: load(folder) for title_id, folder in folders.items()}

    async def files_of(request: Request) -> tuple[TitleId, Files]:
        title_id = TitleId(request.values["title_id"])
        if title_id not in loaded:
            raise NotFound
        return title_id, await asyncio.to_thread(load, folders[title_id]) if is_live else loaded[title_id]

    @routes.get("/t/{title_id}", auth=Auth.NONE)
    async def title_without_slash(ctx: Context, request: Request) -> Response:
        """Or the page's own links would lead elsewhere."""
        title_id, _ = await files_of(request)
        return Response(308, b"", "text/plain", (("Location", f"/t/{title_id}/"),))

    @routes.get("/t/{title_id}/", auth=Auth.NONE)
    async def title_page(ctx: Context, request: Request) -> Response:
        title_id, files = await files_of(request)
        page = named(files, INDEX)
        return page._replace(body=with_key(page.body, key_of(title_id)))

    @routes.get("/t/{title_id}/{name}", auth=Auth.NONE)
    async def title_file(ctx: Context, request: Request) -> Response:
        _, files = await files_of(request)
        return named(files, request.values["name"])

    return routes


def with_key(page: bytes, server_key: str) -> bytes:
    """The page with its title's key in its head."""
    line = f'<meta name="server-key" content="{html.escape(server_key)}">'.encode()
    head = re.search(rb"<head\b[^>]*>", page, re.IGNORECASE) or re.search(rb"<!doctype[^>]*>", page, re.IGNORECASE)
    at = head.end() if head else 0
    return page[:at] + line + page[at:]


def load(folder: Path) -> Files:
    """The files that lie in a folder, ready to be sent. Raises PageTooLarge."""
    found = [file for file in sorted(folder.iterdir()) if file.is_file() and not file.name.startswith(".")] if folder.is_dir() else []
    if len(found) > FILES_MAX or sum(file.stat().st_size for file in found) > BYTES_MAX:
        raise PageTooLarge(f"The page in {folder} has more than {FILES_MAX} files or {BYTES_MAX:,} bytes.")
    return {file.name: _response(file) for file in found}


def _response(file: Path) -> Response:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    is_text = kind.startswith("text/") or kind.endswith(("javascript", "json"))
    return Response(200, file.read_bytes(), kind + ("; charset=utf-8" if is_text else ""), PAGE_HEADERS)
