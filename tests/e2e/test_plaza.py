"""The plaza of Kitewind in real browsers, against a server that was started without a game: that is Kitewind.

The script lies in `web/e2e`; `make web` prepares what it needs.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from supergame.features.feedback.png import size_of
from tests.support.scripts import run_script
from tests.support.server import ServerProcess


def feedback(data: Path) -> tuple[str, bytes]:
    """What a player has told the makers, and the picture with it."""
    with closing(sqlite3.connect(data / "supergame.db")) as database:
        (row,) = database.execute("SELECT text, png FROM feedback JOIN feedback_screenshots USING (title_id, feedback_id)").fetchall()
    return row[0], row[1]


def test_the_plaza_is_played_alone_together_and_on_a_phone(tmp_path: Path) -> None:
    # On the local network, by the printed address: the way that needs the most.
    with ServerProcess.start(tmp_path, extra_args=["--lan"]) as server:
        assert "#key=" in server.url
        checks = run_script("plaza.ts", server.url)
        told, screenshot = feedback(tmp_path)
        assert "Traceback" not in server.log.read_text()
    assert told == "It is windy up here."
    width, height = size_of(screenshot)
    assert width * height > 50_000, "a whole frame of the game"
    assert "play, hold right: x grows as the motor says, to the unit" in checks
    assert "two meet: names, places to the unit, words, gestures, a farewell" in checks
