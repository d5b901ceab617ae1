"""All rows of a table that belong together, in pages: for exports, which must neither hold a reader for long nor all rows in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from supergame.db.port import Database, Row, Statement, collect

PAGE: Final = 200


async def walk(db: Database, statement: Statement, fixed: tuple[object, ...], start: tuple[object, ...]) -> AsyncIterator[Row]:
    """Each row in turn.

    Args:
        statement: takes `fixed`, a position and a number of rows, `... AND (a, b) > (?, ?) ORDER BY a, b LIMIT ?`. The position's
            columns are the first ones of each row.
        start: the position before all others, which also says how many columns it has.
    """
    after = start
    while rows := await db.read(collect, statement, *fixed, *after, PAGE):
        for row in rows:
            yield row
        after = rows[-1][: len(start)]
