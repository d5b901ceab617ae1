"""Previews that are written down, listed and ended. Rules: docs/spec/previews.md."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from supergame.base.clock import whole_seconds
from supergame.base.ids import TitleId
from supergame.features.previews import service
from supergame.features.previews.model import FOLDER, RECORD, Preview, PreviewNameInvalid, PreviewNotFound, name_of
from supergame.features.previews.service import Previews
from supergame.testing import FakeClock


def written(previews: Previews, clock: FakeClock, name: str = "big-jump", lifetime_s: int = 60) -> Preview:
    now_s = whole_seconds(clock.now())
    preview = Preview(
        name=name,
        title_id=TitleId("kitewind"),
        branch="feature/Big_Jump",
        commit="abc1234+",
        url="http://127.0.0.1:7400/#key=k",
        console_url="http://127.0.0.1:7401/",
        copied=["people"],
        started_at_s=now_s,
        ends_at_s=now_s + lifetime_s,
    )
    previews.folder_of(name).mkdir(parents=True)
    previews.write(preview)
    return preview


@pytest.mark.parametrize(
    ("branch", "name"), [("main", "main"), ("feature/Big_Jump", "feature-big-jump"), ("--x--", "x"), ("a" * 47 + "-b", "a" * 47)]
)
def test_PRV1_a_preview_is_called_as_its_branch(branch: str, name: str) -> None:
    assert name_of(branch) == name


@pytest.mark.parametrize("branch", ["", "---", "ä"])
def test_PRV1_a_branch_that_leaves_nothing_needs_a_name(branch: str) -> None:
    with pytest.raises(PreviewNameInvalid):
        name_of(branch)


async def test_PRV4_who_runs_is_listed_until_their_time_is_over(tmp_path: Path) -> None:
    clock = FakeClock()
    previews = Previews(tmp_path, clock)
    assert await previews.all() == []
    later, sooner = written(previews, clock, "later", 60), written(previews, clock, "a-sooner", 10)
    assert await previews.all() == [sooner, later]
    clock.advance(11)
    assert await previews.all() == [later]


async def test_PRV5_one_that_is_ended_is_not_listed_and_its_process_notices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "LOOK_EVERY_S", 0.001)
    clock = FakeClock()
    previews = Previews(tmp_path, clock)
    preview = written(previews, clock)
    waiting = asyncio.create_task(previews.ended("big-jump"))
    assert await previews.end("big-jump") == preview
    await asyncio.wait_for(waiting, 10)
    assert await previews.all() == []
    with pytest.raises(PreviewNotFound):
        await previews.end("big-jump")


async def test_PRV5_its_time_ends_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "LOOK_EVERY_S", 0.001)
    clock = FakeClock()
    previews = Previews(tmp_path, clock)
    written(previews, clock, lifetime_s=10)
    waiting = asyncio.create_task(previews.ended("big-jump"))
    clock.advance(10)
    await asyncio.wait_for(waiting, 10)


@pytest.mark.parametrize("name", ["..", "../x", "a/b", "", "A", ".hidden", "x" * 49])
async def test_PRV1_a_name_leads_to_no_other_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / RECORD).write_text("{}")
    with pytest.raises(PreviewNameInvalid):
        await Previews(tmp_path, FakeClock()).end(name)
    assert (tmp_path / RECORD).exists()


async def test_a_file_that_is_no_preview_is_passed_over(tmp_path: Path) -> None:
    for number, text in enumerate((b"", b"{}", b"\xff", b"[1]")):
        folder = tmp_path / FOLDER / f"p{number}"
        folder.mkdir(parents=True)
        (folder / RECORD).write_bytes(text)
    assert await Previews(tmp_path, FakeClock()).all() == []
