"""CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supergame.wire import spreadsheet
from supergame.wire.spreadsheet import CELL_LETTERS_MAX, CsvMalformed, read_csv, write_csv

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x";"y")', "'=1", "=cmd|' /C calc'!A0"]
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(FORMULAS)


def shown(text: str) -> list[list[str]]:
    """What another program makes of it."""
    return list(csv.reader(io.StringIO(text, newline="")))


def check_that_nothing_runs() -> None:
    text = write_csv(["a", "b"], [[formula, "x"] for formula in FORMULAS])
    assert [row[0] for row in shown(text)[1:] if row[0].startswith(RUNS)] == []


def test_no_cell_is_taken_for_a_formula() -> None:
    check_that_nothing_runs()


def test_a_planted_fault_is_caught_cells_written_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "_guarded", lambda cell: cell)
    with pytest.raises(AssertionError):
        check_that_nothing_runs()


@settings(max_examples=50)
@given(st.lists(st.tuples(cells, cells), max_size=5))
def test_what_is_written_is_read_as_it_was(rows: list[tuple[str, str]]) -> None:
    read = read_csv(write_csv(["a", "b"], rows), ["b", "a"], 5)
    assert [(row["a"], row["b"]) for row in read] == rows


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\r\n1\r\n",
        "a,a,b\r\n1,2,3\r\n",
        "a,b\r\n1\r\n",
        "a,b\r\n1,2,3\r\n",
        'a,b\r\n"1,2\r\n',
        'a,b\r\n"1"x,2\r\n',
        "a,b\r\n" + "1,2\r\n" * 4,
        f"a,b\r\n1,{'x' * (CELL_LETTERS_MAX + 1)}\r\n",
    ],
)
def test_what_is_no_such_table_is_refused(text: str) -> None:
    with pytest.raises(CsvMalformed):
        read_csv(text, ["a", "b"], 3)


def test_other_columns_and_a_byte_order_mark_do_no_harm() -> None:
    assert read_csv("\ufeffb,more,a\r\n1,2,3\r\n", ["a", "b"], 3) == [{"a": "3", "b": "1"}]
