"""`supergame release` and `supergame sync` from one end to the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from supergame.cli.main import main
from tests.support.content import read_tree, some_bytes, write_tree

Say = Callable[..., str]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """Give a command in a folder of its own; what it prints."""
    monkeypatch.chdir(tmp_path)

    def say(*words: str, status: int = 0) -> str:
        assert main(list(words)) == status
        out = capsys.readouterr()
        return out.out + out.err

    return say


def test_a_release_goes_out_to_some_and_is_taken_back(say: Say, tmp_path: Path) -> None:
    one, two = {"game": b"one", "pak": some_bytes(1, 300_000)}, {"game": b"two", "pak": some_bytes(1, 300_000)}
    write_tree(tmp_path / "build", one)
    told = say("release", "push", "build", "--channel", "beta", "--version", "1.0")
    assert "1.0: 2 files, 0.30 MB installed" in told
    assert "supergame sync ADDRESS/content/channels/kitewind/beta FOLDER --root " in told
    say("release", "promote", "beta", "live")
    root = told.partition("--root ")[2].split()[0]
    say("sync", "data/content/channels/kitewind/live", "game", "--root", root)
    assert read_tree(tmp_path / "game" / "current") == one

    write_tree(tmp_path / "build", two)
    assert "  update              0.00 MB" in say("release", "preview", "build")
    assert not (tmp_path / "data" / "content" / "deltas").exists()
    say("release", "push", "build", "--version", "1.1")
    assert "everybody: 1.0, 10 %: 1.1" in say("release", "promote", "beta", "live", "--percent", "10", "--reason", "new island")
    assert "(paused)" in say("release", "pause")
    say("release", "resume")
    say("release", "promote", "beta", "live")
    assert "kitewind 1.1 is installed in game/current" in say("sync", "data/content/channels/kitewind/live", "game")
    assert read_tree(tmp_path / "game" / "current") == two
    assert "everybody: 1.0" in say("release", "rollback", "--reason", "crashes")
    say("sync", "data/content/channels/kitewind/live", "game", "--verify")
    assert read_tree(tmp_path / "game" / "current") == one
    listed = say("release", "list")
    assert "roll back, 1.0 (crashes)" in listed


def test_the_store_is_kept_in_order(say: Say, tmp_path: Path) -> None:
    write_tree(tmp_path / "build", {"game": b"one"})
    say("release", "push", "build")
    assert "clients 1.2 to any" in say("release", "clients", "beta", "--min", "1.2")
    assert "1 channels are signed anew" in say("release", "refresh")
    assert "A new key signs from now on" in say("release", "newkey")
    assert "0 objects are removed" in say("release", "sweep")
    assert "Every object is as it was published." in say("release", "check")
    (block,) = (tmp_path / "data" / "content" / "blocks").iterdir()
    block.write_bytes(b"damaged")
    assert f"damaged: blocks/{block.name}" in say("release", "check", status=1)


def test_a_title_has_to_be_named_when_the_store_has_several(say: Say, tmp_path: Path) -> None:
    write_tree(tmp_path / "build", {"game": b"one"})
    for title in ("racing", "boating"):
        say("release", "push", "build", "--title", title)
    assert "Say which title with --title: boating, racing." in say("release", "rollback", status=1)
    assert "[content.channel_unknown]" in say("release", "rollback", "nightly", "--title", "racing", status=1)
