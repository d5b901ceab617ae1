"""A Super Game from end to end: two titles and a third, one account, a licence, a console that acts, a branch by link, a release."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.support.scripts import ROOT, run_script


def test_the_story_of_two_titles(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("supergame")
    checks = run_script("story.ts", str(program), str(ROOT / "examples" / "starhop"), str(tmp_path / "story"))
    assert "the operator sees them in both titles, suspends the licence, and Pip is swapped out live" in checks
    assert "the royalty statement adds up to the uses, and the books to zero" in checks
    assert len(checks) == 11
