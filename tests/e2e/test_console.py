"""The operators' console in a real browser, against a real server with people in it. The script lies in `web/e2e`."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.support.scripts import NODE, WEB, run_script
from tests.support.server import ServerProcess


def test_every_screen_of_the_console_and_its_main_action(tmp_path: Path) -> None:
    with ServerProcess.start(tmp_path) as server:
        password = re.search(r"one-time password\s+(\S+)", server.banner)
        assert password, server.banner
        console = f"http://127.0.0.1:{server.console_port}/"
        checks = run_script("console.ts", server.url, console, password[1])
        assert "Traceback" not in server.log.read_text()
        _knows_its_server(console)
    assert "players: found by name, noted about, banned for a time with a reason, and let in again" in checks
    assert "wallets: given and taken with a reason, never below zero, each entry with what it left" in checks
    assert "matches: what goes through one is seen as it comes, by op code, opened as JSON, at 390 px too" in checks
    assert "390 px, dark, German: every screen fits and passes axe" in checks


def _knows_its_server(console: str) -> None:
    """The types by which the page calls its server are those that the server tells of itself."""
    command = [NODE, WEB / "apps" / "console" / "generate.ts", console, "--check"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60.0, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
