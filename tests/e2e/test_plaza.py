"""The plaza of Kitewind in real browsers, against a server that was started without a game: that is Kitewind.

The script lies in `web/e2e`; `make web` prepares what it needs.
"""

from __future__ import annotations

from pathlib import Path

from tests.support.scripts import run_script
from tests.support.server import ServerProcess


def test_the_plaza_is_played_alone_together_and_on_a_phone(tmp_path: Path) -> None:
    # On the local network, by the printed address: the way that needs the most.
    with ServerProcess.start(tmp_path, extra_args=["--lan"]) as server:
        assert "#key=" in server.url
        checks = run_script("plaza.ts", server.url)
        assert "Traceback" not in server.log.read_text()
    assert "play, hold right: x grows as the motor says, to the unit" in checks
    assert "two meet: names, places to the unit, words, gestures, a farewell" in checks
