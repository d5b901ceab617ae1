"""Nakama's published JavaScript client against a server of our own, in Node and in Chromium, and the page at `/` as a person uses it.

The scripts lie in `web/e2e`; `make web` prepares what they need. A missing part is a failure: nothing is skipped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.scripts import run_script
from tests.support.server import ServerProcess

ROOT = Path(__file__).parents[2]
GAME = ROOT / "tests" / "games" / "clientrpc.py"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess.start(tmp_path_factory.mktemp("e2e"), GAME) as process:
        yield process


@pytest.fixture(scope="module")
def lan_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess.start(tmp_path_factory.mktemp("lan"), GAME, ["--lan"]) as process:
        yield process


def test_client_in_node(server: ServerProcess) -> None:
    assert "logout closes the socket" in run_script("node.ts", server.url)


def test_client_in_node_with_protobuf_sockets(server: ServerProcess) -> None:
    checks = run_script("node.ts", server.url, "--format", "protobuf")
    assert "sockets of both formats share a match" in checks


def test_client_in_chromium(server: ServerProcess) -> None:
    checks = run_script("chromium.ts", server.url)
    assert "no origin: the page's origin is null" in checks
    assert "own page: batch is all or nothing" in checks
    assert "own page, protobuf: sockets of both formats share a match" in checks


def test_page(server: ServerProcess) -> None:
    assert "works on plain http under another name, as in a home network" in run_script("page.ts", server.url)


def test_page_opened_by_the_printed_address_of_a_lan_server(lan_server: ServerProcess) -> None:
    assert "#key=" in lan_server.url
    run_script("page.ts", lan_server.url)


def test_client_with_the_keys_of_a_lan_server(lan_server: ServerProcess) -> None:
    keys = json.loads((lan_server.log.parent / "keys.json").read_text())
    _server_key, http_key = keys["titles"]["clientrpc"]
    run_script("node.ts", lan_server.url, "--http-key", http_key)
