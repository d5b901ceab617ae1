"""Paths of strangers."""

from __future__ import annotations

import pytest

from supergame.content.model import PathUnsafe
from supergame.content.paths import check_path, check_tree

HOSTILE = [
    "", "/etc/passwd", "../x", "a/../../x", "a/..", ".", "./a", "a//b", "a/", "C:/x", "c:x", "\\\\host\\share", "a\\b", "a\0b", "a\nb",
    "a\x1b[2Jb", "CON", "con.txt", "a/NUL", "lpt1.tar.gz", "COM¹", "CONIN$", "aux .txt", "file.txt:stream", "a*", "a?", "a|b", "a<b", 'a"b',
    "dot.", "space ", "a./b", "zero\u200bwidth", "rtl\u202etxt", "\ud800", "x" * 256, "a/" * 600 + "b",
]  # fmt: skip


@pytest.mark.parametrize("path", HOSTILE, ids=ascii)
def test_CNT5_a_path_that_could_leave_the_folder_or_differ_between_systems_is_refused(path: str) -> None:
    with pytest.raises(PathUnsafe) as refused:
        check_path(path)
    assert refused.value.message.isprintable()


@pytest.mark.parametrize("path", ["a", "Data/Grüße/ねこ.png", "a.b.c", "-rf", "conference/auxiliary.txt", ".hidden", "a b/c"])
def test_CNT5_ordinary_paths_are_taken(path: str) -> None:
    check_path(path)


@pytest.mark.parametrize(
    "files",
    [["a", "a"], ["Readme", "README"], ["Data/x", "data/y"], ["straße", "strasse"], ["e\u0301", "\u00e9"], ["a", "a/b"], ["A", "a/b"]],
    ids=ascii,
)
def test_CNT5_two_paths_that_are_one_somewhere_are_refused(files: list[str]) -> None:
    with pytest.raises(PathUnsafe):
        check_tree(files, [])


@pytest.mark.parametrize(
    "links",
    [
        [("l", "/etc/passwd")], [("l", "..")], [("l", "../x")], [("d/l", "../../x")], [("l", "")], [("l", "missing")], [("l", "l")],
        [("a", "b"), ("b", "a")], [("up", "d"), ("l", "up/../../x")], [("up", "d"), ("l", "up/f")], [("d/f/l", "../f")], [("l", "d/./f")],
    ],
    ids=ascii,
)  # fmt: skip
def test_CNT5_links_that_lead_out_in_a_circle_or_nowhere_are_refused(links: list[tuple[str, str]]) -> None:
    with pytest.raises(PathUnsafe):
        check_tree(["d/f", "f"], links)


def test_CNT5_links_within_the_release_are_taken() -> None:
    check_tree(["lib/libx.so.1.2", "f"], [("lib/libx.so.1", "libx.so.1.2"), ("lib/libx.so", "libx.so.1"), ("x", "lib"), ("lib/up", "../f")])
