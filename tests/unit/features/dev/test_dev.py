"""Reports of saves, and who may read them. Rules: docs/spec/reload.md."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from supergame.features.dev.api import is_own_page
from supergame.features.dev.model import Failure
from supergame.features.dev.service import WAITING_MAX, Reports
from supergame.routing.http import Request
from supergame.testing import TestServer
from tests.support.live import LiveServer

FAILURE = Failure("Arena.loop failed", "arena.py", 3, "1 / 0", "trace")
OWN = {"host": "127.0.0.1:7350"}


async def test_REL10_a_page_hears_how_things_stand_and_what_comes_next() -> None:
    reports = Reports()
    assert (await reports.after(-1)).number == 0
    waiting = [asyncio.create_task(reports.after(0)) for _ in range(3)]
    await asyncio.sleep(0)
    reports.failed(["arena.py"], FAILURE)
    assert [(await one).failure for one in waiting] == [FAILURE] * 3
    reports.reloaded(["arena.py"], 12.0, 1.0)
    assert (await reports.after(1)).failure is None


async def test_REL10_nobody_waits_for_ever() -> None:
    reports = Reports()
    assert (await reports.after(0, wait_s=0.001)).number == 0
    waiting = [asyncio.create_task(reports.after(0)) for _ in range(WAITING_MAX)]
    await asyncio.sleep(0)
    assert (await reports.after(0)).number == 0
    reports.close()
    assert [(await one).number for one in waiting] == [0] * WAITING_MAX
    assert (await reports.after(0)).number == 0


ASKED: list[tuple[dict[str, str], str, bool]] = [
    ({}, "127.0.0.1", True),
    ({"host": "localhost:7350"}, "127.0.0.1", True),
    ({"host": "[::1]:7350", "origin": "http://[::1]:7350"}, "::1", True),
    ({"origin": "http://127.0.0.1:7350", "sec-fetch-site": "same-origin"}, "127.0.0.1", True),
    ({"sec-fetch-site": "none"}, "127.0.0.1", True),
    ({}, "192.0.2.7", False),
    ({}, "", False),
    ({"origin": "https://elsewhere.example"}, "127.0.0.1", False),
    ({"origin": "http://127.0.0.1:9999"}, "127.0.0.1", False),
    ({"origin": "null"}, "127.0.0.1", False),
    ({"sec-fetch-site": "cross-site"}, "127.0.0.1", False),
    ({"sec-fetch-site": "same-site"}, "127.0.0.1", False),
    ({"host": "rebound.example:7350"}, "127.0.0.1", False),
    ({"host": "127.0.0.1.example"}, "127.0.0.1", False),
    ({"host": ""}, "127.0.0.1", False),
]


@pytest.mark.parametrize(("headers", "address", "may"), ASKED)
def test_REL10_only_own_pages_on_this_machine_read_the_source(headers: dict[str, str], address: str, may: bool) -> None:
    assert is_own_page(Request("GET", "/sg/v1/dev/report", headers=OWN | headers, client_ip=address)) is may


async def report(server: TestServer, after: str = "-1", **headers: str) -> Any:
    return await server.request("GET", "/sg/v1/dev/report", query={"after": after}, headers=OWN | headers)


async def test_REL10_other_servers_do_not_have_it(tmp_path: Path) -> None:
    async with TestServer() as server:
        assert (await report(server)).status == 404
        assert "dev" not in (await server.request("GET", "/sg/v1/about")).json
    async with LiveServer(tmp_path) as server:
        assert (await server.request("GET", "/sg/v1/about")).json["dev"] is True
        assert (await report(server, origin="https://elsewhere.example")).status == 404
        answer = await report(server)
        assert (answer.status, answer.json["number"], answer.json["failure"]) == (200, 0, None)
        assert (await report(server, "soon")).status == 400
        await server.save("1 / 0")
        failure = json.loads((await report(server, "0")).body)["failure"]
        assert (failure["file"], failure["line"], failure["code"]) == ("arena.py", 1, "1 / 0")
