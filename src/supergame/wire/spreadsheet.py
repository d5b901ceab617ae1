"""Tables as CSV that a spreadsheet shows and never runs.

Programs such as Excel take a cell that begins with `=`, `+`, `-`, `@`, a tab or a line end for a formula, which may call other programs
or send data away. Such a cell is written with an apostrophe before it, and so is one that begins with an apostrophe; reading takes one
away again, so every text comes back as it was.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from supergame.base.errors import InvalidArgument

GUARD: Final = "'"
GUARDED: Final = ("=", "+", "-", "@", "\t", "\r", "\n", GUARD)
CELL_LETTERS_MAX: Final = 131_072
"""Of a cell that is read: the bound of Python's reader."""


class CsvMalformed(InvalidArgument):
    """This is no CSV with the expected columns."""

    code = "csv.malformed"


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with a line of titles. All cells are quoted (RFC 4180), so that nothing in one makes another."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_guarded(cell) for cell in row] for row in rows)
    return text.getvalue()


def read_csv(text: str, columns: Sequence[str], rows_max: int) -> list[dict[str, str]]:
    """The rows of a table that has these columns, in any order, and perhaps others, which are left out.

    Raises:
        CsvMalformed: not CSV, a column is missing, a row has too few or too many cells, or there are too many rows.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        titles = next(reader, [])
        missing = [name for name in columns if titles.count(name) != 1]
        if missing:
            raise CsvMalformed(f"The first line has to name each of these columns once: {', '.join(columns)}.")
        places = [(name, titles.index(name)) for name in columns]
        rows: list[dict[str, str]] = []
        for cells in reader:
            if len(cells) != len(titles):
                raise CsvMalformed(f"Line {reader.line_num} has {len(cells)} cells, the first line has {len(titles)}.")
            if len(rows) == rows_max:
                raise CsvMalformed(f"There are more than {rows_max} rows.")
            rows.append({name: _unguarded(cells[place]) for name, place in places})
    except csv.Error as error:
        raise CsvMalformed(f"Line {reader.line_num} is no CSV: {error}.") from None
    return rows


def _guarded(cell: str) -> str:
    return GUARD + cell if cell.startswith(GUARDED) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith(GUARD) else cell
