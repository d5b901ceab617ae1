"""The pages of titles: plain files of a folder, each title with its key, under the strict policy."""

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from supergame.app.pages import has_page, page_folder
from supergame.base.ids import TitleId
from supergame.base.limits import Limits
from supergame.game import Game
from supergame.gateway import assets, title_pages
from supergame.gateway.title_pages import PageTooLarge, with_key
from supergame.routing.auth import Authenticator, TitleKeys
from supergame.routing.hooks import Hooks
from supergame.routing.http import Request, Response, Router
from supergame.telemetry.metrics import Metrics

BETA = TitleId("starhop@beta")


async def unguarded(name: str, work: Coroutine[Any, Any, Any]) -> Any:
    return await work


def served(folder: Path, is_live: bool = False) -> Router:
    auth = Authenticator([TitleKeys(BETA, "server", "http")], None)  # type: ignore[arg-type]
    router = Router(auth, Hooks(), Metrics(), unguarded, Limits())
    router.add(title_pages.routes({BETA: folder}, lambda title_id: f'<key of "{title_id}">', is_live=is_live))
    return router


async def get(router: Router, path: str) -> Response:
    return await router.dispatch(Request("GET", path))


@pytest.fixture
def page(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text("<!doctype html><head lang=en><title>Star Hop</title>")
    (tmp_path / "play.js").write_text("// play")
    (tmp_path / ".secret").write_text("no")
    (tmp_path / "folder").mkdir()
    return tmp_path


async def test_TTL8_a_title_has_its_page_with_its_key_under_the_strict_policy(page: Path) -> None:
    router = served(page)
    found = await get(router, "/t/starhop@beta/")
    key = b"&lt;key of &quot;starhop@beta&quot;&gt;"
    assert found.body == b'<!doctype html><head lang=en><meta name="server-key" content="' + key + b'"><title>Star Hop</title>'
    assert dict(found.headers)["Content-Security-Policy"] == assets.CSP
    script = await get(router, "/t/starhop@beta/play.js")
    assert (script.body, script.content_type) == (b"// play", "text/javascript; charset=utf-8")
    assert dict(script.headers)["Cache-Control"] == "no-cache"


async def test_TTL8_an_address_without_its_slash_leads_to_the_page(page: Path) -> None:
    found = await get(served(page), "/t/starhop@beta")
    assert (found.status, dict(found.headers)["Location"]) == (308, "/t/starhop@beta/")


@pytest.mark.parametrize("path", ["/t/starhop/", "/t/starhop", "/t/x/play.js", "/t/starhop@beta/.secret", "/t/starhop@beta/folder"])
async def test_TTL8_nothing_else_is_served(page: Path, path: str) -> None:
    (page.parent / "outside.js").write_text("no")
    for bad in (path, "/t/starhop@beta/../outside.js", "/t/starhop@beta/..%2foutside.js", "/t/starhop@beta//play.js"):
        assert (await get(served(page), bad)).status == 404


async def test_TTL8_a_page_that_is_being_changed_is_read_anew(page: Path) -> None:
    still, live = served(page), served(page, is_live=True)
    (page / "play.js").write_text("// better")
    assert [(await get(router, "/t/starhop@beta/play.js")).body for router in (still, live)] == [b"// play", b"// better"]


async def test_TTL8_a_page_has_bounds(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(title_pages, "FILES_MAX", 1)
    with pytest.raises(PageTooLarge):
        served(page)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (b"<title>x</title>", b'<meta name="server-key" content="k"><title>x</title>'),
        (b"<!DOCTYPE html><title>x</title>", b'<!DOCTYPE html><meta name="server-key" content="k"><title>x</title>'),
    ],
)
def test_a_page_without_a_head_gets_the_key_where_its_head_would_be(text: bytes, result: bytes) -> None:
    assert with_key(text, "k") == result


def test_a_title_without_a_page_of_its_own_shows_a_built_one(tmp_path: Path) -> None:
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "index.html").touch()
    own, other, flagship = Game("starhop"), Game("moonhop"), Game("kitewind").enter("beta")
    own.folder = tmp_path
    assert [page_folder(game, Path("web")) for game in (own, other, flagship)] == [tmp_path / "page", Path("web/page"), Path("web/game")]
    assert [has_page(game) for game in (own, other, flagship)] == [True, False, False]
