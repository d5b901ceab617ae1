"""The recorded exchanges with a real Nakama, played against a server of our own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.server import ServerProcess

HERE = Path(__file__).parent
SCENARIOS = sorted(file.stem for file in (HERE / "http").glob("*.json"))
GAME = HERE.parent / "games" / "clientrpc.py"


def replay(port: int, *extra: str, folder: str = "http") -> dict[str, list[str]]:
    """Differences by scenario; none where the server answered as Nakama did."""
    command = [sys.executable, str(HERE / "replay.py"), "check", str(HERE / folder), "--json", "--jobs", "8", "--port", str(port), *extra]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout, done.stderr
    return {item["name"].partition("/")[2]: item["diff"] for item in json.loads(done.stdout)["scenarios"]}


@pytest.fixture(scope="module")
def differences(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    with ServerProcess.start(tmp_path_factory.mktemp("conformance"), GAME) as server:
        return replay(server.port)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_answers_are_nakamas(differences: dict[str, list[str]], scenario: str) -> None:
    assert differences[scenario] == []


def test_a_planted_fault_is_caught_another_server_key(tmp_path: Path) -> None:
    with ServerProcess.start(tmp_path, GAME) as server:
        found = replay(server.port, "--only", "http/account-get", "--key", "wrong")
    assert found["account-get"]
