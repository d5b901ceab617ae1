"""The recorded sockets of a real Nakama, played against a server of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.test_http import GAME, HERE, replay
from tests.support.server import ServerProcess

SCENARIOS = sorted(file.stem for file in (HERE / "socket").glob("*.json"))


@pytest.fixture(scope="module")
def differences(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    with ServerProcess.start(tmp_path_factory.mktemp("conformance"), GAME) as server:
        return replay(server.port, folder="socket")


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_messages_are_nakamas(differences: dict[str, list[str]], scenario: str) -> None:
    assert differences[scenario] == []


LOSING_A_PRESENCE = """
from supergame.realtime.tracker import Tracker

Tracker.untrack_session = lambda self, session: None
"""


def test_a_planted_fault_is_caught_a_socket_that_never_leaves(tmp_path: Path) -> None:
    game = tmp_path / "faulty.py"
    game.write_text(GAME.read_text() + LOSING_A_PRESENCE)
    with ServerProcess.start(tmp_path, game) as server:
        found = replay(server.port, "--only", "socket/chat-disconnect", folder="socket")
    assert found["chat-disconnect"]
