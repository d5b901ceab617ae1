"""The data folder is its owner's alone, and one process's at a time."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from supergame.app.folder import DataFolderInUse, DataFolderUnusable, take_folder


def test_a_new_folder_is_closed_to_others(tmp_path: Path) -> None:
    with take_folder(tmp_path / "deep" / "data"):
        assert stat.S_IMODE((tmp_path / "deep" / "data").stat().st_mode) == 0o700


def test_a_folder_serves_one_at_a_time(tmp_path: Path) -> None:
    with take_folder(tmp_path), pytest.raises(DataFolderInUse):
        take_folder(tmp_path)
    take_folder(tmp_path).close()


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(DataFolderUnusable, match="data"):
        take_folder(tmp_path / "data")
