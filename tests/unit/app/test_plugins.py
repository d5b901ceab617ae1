"""Third-party features: installed packages with routes, functions and tables of their own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from supergame.app.plugins import find_plugins
from supergame.db.migrate import DatabaseNewer
from supergame.db.port import Statement, collect
from supergame.testing import TestServer

CODE = """
from typing import Annotated

from supergame.app.plugins import Parts
from supergame.db.port import Statement, collect
from supergame.routing.auth import Auth
from supergame.routing.context import Context
from supergame.routing.http import Routes
from supergame.wire.message import Message, field

PUT = Statement("guestbook.put", "INSERT INTO guestbook_lines (title_id, line, written_at) VALUES (?, ?, ?)")
ALL = Statement("guestbook.all", "SELECT line FROM guestbook_lines WHERE title_id = ? ORDER BY written_at, line")


class Line(Message):
    text: Annotated[str, field(1)] = ""


class Lines(Message):
    lines: Annotated[list[str], field(1)] = []


def feature(parts: Parts) -> Routes:
    routes = Routes()

    @routes.post("/sg/v1/guestbook/write", auth=Auth.SESSION)
    async def write_guestbook(ctx: Context, request: Line) -> Line:
        await parts.db.write(collect, PUT, ctx.title_id, f"{ctx.username}: {request.text}", parts.clock.now())
        return request

    @routes.get("/sg/v1/guestbook", auth=Auth.NONE)
    async def read_guestbook(ctx: Context, request: Line) -> Lines:
        return Lines(lines=[row[0] for row in await parts.db.read(collect, ALL, ctx.title_id or "main")])

    return routes
"""
TABLE = """-- What visitors leave.
CREATE TABLE guestbook_lines (
  title_id TEXT NOT NULL,
  line TEXT NOT NULL,
  written_at BIGINT NOT NULL
);
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed packages, in which there is a guest book."""
    package, about = tmp_path / "guestbook_feature", tmp_path / "guestbook_feature-1.0.dist-info"
    (package / "migrations").mkdir(parents=True)
    about.mkdir()
    (package / "__init__.py").write_text(CODE)
    (package / "migrations" / "0001_guestbook.sql").write_text(TABLE)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: guestbook-feature\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[supergame.features]\nguestbook = guestbook_feature:feature\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    sys.modules.pop("guestbook_feature", None)


def test_without_any_there_are_none() -> None:
    assert list(find_plugins()) == []


def test_an_installed_feature_is_found(site: Path) -> None:
    (plugin,) = find_plugins()
    assert (plugin.name, [item.name for item in plugin.migrations]) == ("guestbook", ["guestbook"])


async def test_its_routes_are_served_its_table_is_there_and_its_endpoints_are_functions(site: Path) -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        assert await ada.call("POST", "/sg/v1/guestbook/write", body={"text": "hello"}) == {"text": "hello"}
        server.clock.advance(1)
        assert await ada.rpc("sg.guestbook.write", '{"text":"again"}') == '{"text":"again"}'
        assert (await server.request("GET", "/sg/v1/guestbook")).json == {"lines": ["ada: hello", "ada: again"]}
        assert (await server.request("POST", "/sg/v1/guestbook/write", body={"text": "x"})).status == 401
        described = (await server.request("GET", "/openapi.json")).json["paths"]
        assert {"/sg/v1/guestbook", "/sg/v1/guestbook/write"} <= described.keys()


async def test_a_function_of_its_that_needs_a_player_gets_none_from_the_http_key(site: Path) -> None:
    async with TestServer() as server:
        answer = await server.request("POST", "/v2/rpc/sg.guestbook.write", query={"http_key": "defaulthttpkey"}, body='{"text":"x"}')
        assert answer.status == 401


async def test_its_migrations_are_recorded_under_its_name_and_run_once(site: Path) -> None:
    applied = Statement("test.applied", "SELECT source, version FROM schema_migrations WHERE source <> 'supergame'")
    server = TestServer()
    async with server:
        await server.stop()
        await server.start()
        assert await server.node.db.read(collect, applied) == [("guestbook", 1)]


async def test_a_table_newer_than_the_feature_is_refused(site: Path) -> None:
    server = TestServer()
    await server.start()
    await server.stop()
    (site / "guestbook_feature" / "migrations" / "0001_guestbook.sql").unlink()
    with pytest.raises(DatabaseNewer, match="guestbook"):
        await server.start()
    server._folder.cleanup()
