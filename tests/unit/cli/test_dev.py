"""`supergame dev`: what it says of saves. Real processes: tests/e2e/test_dev.py."""

from __future__ import annotations

import pytest

from supergame.cli.dev import tell
from supergame.features.dev.model import Failure, Report


def test_a_good_save_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    tell(Report(3, ["arena.py", "rocks.py"], 12.4, 1.0))
    assert capsys.readouterr() == ("  reloaded: arena.py, rocks.py (12 ms)\n", "")


def test_a_failure_is_its_traceback_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    tell(Report(3, ["arena.py"], failure=Failure("Arena.loop failed", "arena.py", 7, "1 / 0", "the trace")))
    out, err = capsys.readouterr()
    assert (out, err) == ("", "\n  Arena.loop failed; the version before goes on.\n\nthe trace\n\n")
