"""The web workspace's own checks: types, and the unit tests of the page's logic."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
COMMANDS = ROOT / ".build" / "node" / "bin"
COMPRESSED_KB_MAX = 64.0


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


def test_the_built_page_asks_no_other_host() -> None:
    built = ROOT / "src" / "supergame" / "_web"
    page = (built / "index.html").read_text()
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page), "an inline script would not run under the page's policy"
    for sheet in (built / "assets").glob("*.css"):
        assert not re.search(r"url\(\s*['\"]?(?:https?:)?//|@import", sheet.read_text())


def test_the_page_stays_small() -> None:
    files = (ROOT / "src" / "supergame" / "_web" / "assets").glob("*")
    compressed_kb = sum(len(gzip.compress(file.read_bytes())) for file in files) / 1024
    assert 0 < compressed_kb <= COMPRESSED_KB_MAX
