"""Objects as files: what the console exports and brings in, as JSON or CSV."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

import msgspec

from supergame.base.ids import UserId
from supergame.features.storage.model import READ_OWNER, WRITE_OWNER, ObjectId, ObjectInvalid, Write
from supergame.wire.api import StorageObject
from supergame.wire.spreadsheet import read_csv, write_csv

COLUMNS: Final = ("collection", "key", "user_id", "value", "version", "permission_read", "permission_write")


class Format(StrEnum):
    JSON = "json"
    CSV = "csv"


class Line(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One object. An empty version overwrites, any other only replaces that one."""

    collection: str
    key: str
    user_id: str
    value: str
    version: str = ""
    permission_read: int = READ_OWNER
    permission_write: int = WRITE_OWNER


_LINES: Final = msgspec.json.Decoder(list[Line])


def write_file(objects: Iterable[StorageObject], form: Format) -> str:
    lines = [Line(**{name: getattr(item, name) for name in COLUMNS}) for item in objects]
    if form is Format.CSV:
        return write_csv(COLUMNS, ([str(getattr(line, name)) for name in COLUMNS] for line in lines))
    return msgspec.json.format(msgspec.json.encode(lines), indent=1).decode()


def read_file(text: str, form: Format, rows_max: int) -> list[Write]:
    """What a file asks to be written. Raises ObjectInvalid, CsvMalformed; values and bounds are checked when they are written."""
    try:
        lines = _LINES.decode(text) if form is Format.JSON else _from_table(read_csv(text, COLUMNS, rows_max))
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise ObjectInvalid(f"The file is malformed: {error}.") from None
    return [_write(line) for line in lines]


def _from_table(rows: list[dict[str, str]]) -> list[Line]:
    return msgspec.convert(rows, list[Line], strict=False)


def _write(line: Line) -> Write:
    identity = ObjectId(line.collection, line.key, UserId(line.user_id))
    return Write(identity, line.value, line.version, line.permission_read, line.permission_write)
