"""An operator changes Kitewind while somebody plays it: the page's client, in Node, the console and the server, over real sockets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from supergame.cli.main import main
from tests.support.scripts import run_script
from tests.support.server import ServerProcess


def test_FEEL18_jumps_become_higher_in_an_open_game(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with ServerProcess.start(tmp_path) as server:
        main(["operator", "--data", str(tmp_path), "add", "olga"])
        password = re.search(r"with the password (\S+)", capsys.readouterr().out)
        assert password
        checks = run_script("tuning.ts", server.url, f"http://127.0.0.1:{server.console_port}", "olga", password[1])
        assert "Traceback" not in server.log.read_text()
    assert checks == ["jumps become higher in an open game, without a correction, and as they were again"]
