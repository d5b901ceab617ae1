"""The built web apps: which file answers which path, and under what policy."""

from __future__ import annotations

import gzip
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from supergame.base.ids import TitleId
from supergame.base.limits import Limits
from supergame.gateway import assets
from supergame.routing.auth import Authenticator, TitleKeys
from supergame.routing.hooks import Hooks
from supergame.routing.http import Request, Response, Router
from supergame.telemetry.metrics import Metrics

HTML = {"accept": "text/html,*/*"}


async def unguarded(name: str, work: Coroutine[Any, Any, Any]) -> Any:
    return await work


async def get(folder: Path, path: str, headers: dict[str, str] | None = None) -> Response:
    auth = Authenticator([TitleKeys(TitleId("main"), "server", "http")], None)  # type: ignore[arg-type]
    router = Router(auth, Hooks(), Metrics(), unguarded, Limits())
    router.add(assets.routes(folder))
    return await router.dispatch(Request("GET", path, "", headers or {}, b""))


@pytest.fixture
def built(tmp_path: Path) -> Path:
    for app in ("page", "game"):
        (tmp_path / app / "assets").mkdir(parents=True)
        (tmp_path / app / "index.html").write_text(f"<title>{app}</title>")
        (tmp_path / app / "assets" / f"{app}-x1.js").write_text(f"// {app}")
    return tmp_path


@pytest.mark.parametrize(("path", "app"), [("/", "page"), ("/play", "game"), ("/play/", "game")])
async def test_each_app_has_its_address_and_the_strict_policy(built: Path, path: str, app: str) -> None:
    response = await get(built, path, HTML)
    assert response.body == f"<title>{app}</title>".encode()
    assert dict(response.headers)["Content-Security-Policy"] == assets.CSP
    assert "script" not in assets.CSP, "scripts follow default-src: this server's own files, nothing else"
    assert dict(response.headers)["Cache-Control"] == "no-cache"


async def test_whoever_does_not_ask_for_html_at_the_root_gets_an_empty_answer(built: Path) -> None:
    response = await get(built, "/")
    assert (response.status, response.body) == (200, b"")


async def test_assets_are_kept_by_the_browser_and_served_only_to_their_own_app(built: Path) -> None:
    found = await get(built, "/play/assets/game-x1.js")
    assert (found.status, found.body) == (200, b"// game")
    assert "immutable" in dict(found.headers)["Cache-Control"]
    assert (await get(built, "/assets/page-x1.js")).body == b"// page"
    assert (await get(built, "/assets/game-x1.js")).status == 404
    assert (await get(built, "/play/assets/index.html")).status == 404


async def test_whoever_takes_gzip_gets_the_compressed_twin_and_nobody_else(built: Path) -> None:
    assets_of_game = built / "game" / "assets"
    (assets_of_game / "game-x1.js.gz").write_bytes(gzip.compress(b"// game"))
    squeezed = await get(built, "/play/assets/game-x1.js", {"accept-encoding": "br, gzip"})
    assert gzip.decompress(squeezed.body) == b"// game"
    assert dict(squeezed.headers)["Content-Encoding"] == "gzip"
    assert squeezed.content_type.startswith("text/javascript")
    plain = await get(built, "/play/assets/game-x1.js", {"accept-encoding": "identity"})
    assert (plain.body, "Content-Encoding" in dict(plain.headers)) == (b"// game", False)
    assert (dict(plain.headers)["Vary"], dict(squeezed.headers)["Vary"]) == ("Accept-Encoding", "Accept-Encoding")
    assert (await get(built, "/play/assets/game-x1.js.gz")).status == 404


async def test_apps_that_were_not_built_say_how_to_build_them(tmp_path: Path) -> None:
    for path in ("/", "/play"):
        assert b"make web" in (await get(tmp_path, path, HTML)).body
