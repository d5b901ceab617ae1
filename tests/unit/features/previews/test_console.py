"""Previews in the console of the deployment beside which they run."""

from __future__ import annotations

from pathlib import Path

from supergame.features.previews.console import console_routes
from supergame.features.previews.service import Previews
from supergame.testing import FakeClock
from tests.support.console import Desk
from tests.unit.features.previews.test_service import written


async def test_PRV7_who_ends_one_is_named_with_what_was_ended(tmp_path: Path) -> None:
    clock = FakeClock()
    previews = Previews(tmp_path, clock)
    preview, desk = written(previews, clock), Desk(console_routes(previews))
    (shown,) = (await desk.call("list_previews")).previews
    assert (shown.name, shown.branch, shown.commit) == ("big-jump", "feature/Big_Jump", "abc1234+")
    assert (shown.url, shown.ends_at) == (preview.url, preview.ends_at_s * 1_000_000)
    await desk.call("end_preview", name="big-jump")
    (change,) = desk.actions[-1].changes
    assert (change.target, change.before, change.after) == ("previews/big-jump", shown, None)
    assert (await desk.call("list_previews")).previews == []
