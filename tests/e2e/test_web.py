"""The web workspace's own checks: types, and the unit tests of the page's logic."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
COMMANDS = ROOT / ".build" / "node" / "bin"
BUILT = ROOT / "src" / "supergame" / "_web"
COMPRESSED_KB_MAX = 64.0
SPLASH_KB_MAX = 128.0  # fonts come besides, 17 kB each, and a system font shows until they are there


@pytest.mark.parametrize("task", ["check", "test"])
def test_npm_run(task: str) -> None:
    assert (COMMANDS / "npm").exists(), "Node is missing: run `make web`"
    path = os.pathsep.join([str(COMMANDS), os.environ["PATH"]])
    run = subprocess.run(
        ["npm", "run", task],
        cwd=WEB,
        env={**os.environ, "PATH": path, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=180.0,
        check=False,
    )
    assert run.returncode == 0, f"{run.stdout}\n{run.stderr}"


def test_the_lock_names_no_registry() -> None:
    lock = (WEB / "package-lock.json").read_text()
    assert re.findall(r'"resolved": "[^"]*:[^"]*"', lock) == []
    assert lock.count('"integrity": "sha512-') >= 50


@pytest.mark.parametrize("app", ["page", "game", "console"])
def test_the_built_apps_ask_no_other_host(app: str) -> None:
    page = (BUILT / app / "index.html").read_text()
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page), "an inline script would not run under the page's policy"
    for sheet in (BUILT / app / "assets").glob("*.css"):
        assert not re.search(r"url\(\s*['\"]?(?:https?:)?//|@import", sheet.read_text())


def test_the_page_stays_small() -> None:
    assert 0 < _compressed_kb((BUILT / "page" / "assets").glob("*")) <= COMPRESSED_KB_MAX


def test_the_splash_of_the_game_comes_without_the_engine() -> None:
    """What a browser fetches to show the splash; the engine, which is far bigger, is fetched behind it."""
    assets = BUILT / "game" / "assets"
    named = set(re.findall(r"/play/assets/([^\"]+)", (BUILT / "game" / "index.html").read_text()))
    at_once = [assets / name for name in named] + list(assets.glob("*.png"))
    (engine,) = assets.glob("phaser-view-*.js")
    assert engine not in at_once
    assert 0 < _compressed_kb(at_once) <= SPLASH_KB_MAX


def _compressed_kb(files: Iterable[Path]) -> float:
    return sum(len(gzip.compress(file.read_bytes())) for file in files) / 1024
