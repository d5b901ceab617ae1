"""Two titles from one deployment, in processes of their own: the flagship, and a game made from a template and played in browsers.

The script lies in `web/e2e`; `make web` prepares what it needs.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from supergame.cli.new import create
from tests.support.scripts import run_script
from tests.support.server import ServerProcess


def test_two_titles_are_served_and_the_new_one_is_played_on_its_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    create("starhop", tmp_path, "arena")
    (tmp_path / "supergame.toml").write_text("[up]\nconsole_port = 0\n[titles.kitewind]\n[titles.starhop]\nname = 'Star Hop'\n")
    with ServerProcess.start(tmp_path / "data") as server:
        assert "serving Kitewind, Star Hop" in server.banner
        for title in ("kitewind", "starhop"):
            assert f"{server.url}t/{title}/" in server.banner
        assert run_script("title.ts", f"{server.url}t/starhop/") == ["two people see each other in the arena"]
        assert "Traceback" not in server.log.read_text()
