"""`supergame bench content`: its data sets, and a whole small run."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from supergame.cli.bench_content import GOALS, Row, table
from supergame.cli.bench_sets import EDITED, NEW_BYTES, REAUTHORED, RENAMED, edited
from supergame.cli.main import main
from tests.support.content import some_bytes


def test_a_day_of_edits_is_the_same_every_time_and_brings_a_megabyte() -> None:
    files = {f"{number:03}": some_bytes(number, 3_000) for number in range(100)}
    after = edited(files, random.Random(7), NEW_BYTES)
    assert after == edited(files, random.Random(7), NEW_BYTES)
    changed = [name for name in files if name in after and after[name] != files[name]]
    assert len(changed) == EDITED + REAUTHORED
    assert len([name for name in after if name.endswith(".renamed")]) == RENAMED
    assert sum(len(data) for name, data in after.items() if name.startswith("new/")) == pytest.approx(NEW_BYTES, rel=0.02)


def test_a_small_run_needs_no_network_and_beats_chunks_alone(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["bench", "content", "--synthetic", "--json", "--sets", str(tmp_path)]) == 0
    ours, chunks, first = json.loads(capsys.readouterr().out)
    assert (ours["tool"], chunks["tool"], first["tool"]) == ("supergame", "without delta", "first time")
    assert ours["update_bytes"] < 130_000 < chunks["update_bytes"] < first["update_bytes"]
    assert ours["requests"] == 2
    assert 0 < ours["patch_ram"] < 256 << 20


def test_the_table_has_a_line_for_each_tool() -> None:
    lines = table([Row("A", "supergame", 7_020_884, 4.9, 0.8, 100_000_000, 2, "goal"), Row("A", "casync", 39_100_000)])
    assert "7.02 MB" in lines[1]
    assert "casync" in lines[2]
    assert set(GOALS) == {"A", "B", "C"}
