"""Keys: drawn at the first start, kept in the data folder, readable by its owner only.

On loopback the well-known keys of Nakama's clients work, so that a first game needs no set-up. On any other address they do not:
forged sessions from public default keys are the classic hole of game servers. The signing secret is never a default.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from supergame.base.errors import FailedPrecondition
from supergame.base.ids import Chance, TitleId
from supergame.routing.auth import TitleKeys

FILE_NAME = "keys.json"


class KeysExposed(FailedPrecondition):
    """The file of keys can be read by others; take that right away (chmod 600) and change the keys."""

    code = "keys.exposed"


class KeysInvalid(FailedPrecondition):
    """The file of keys is damaged; bring back a copy, or remove it: then all keys change, and everybody signs in anew."""

    code = "keys.invalid"


class Keys(msgspec.Struct):
    """What the file holds. `titles` maps a title to its server key and HTTP key."""

    session_secret: str
    titles: dict[str, tuple[str, str]] = {}


def load_keys(data_dir: Path, titles: list[TitleId], chance: Chance) -> Keys:
    """The deployment's keys, drawn now as far as they are missing.

    Raises:
        KeysExposed: others may read the file.
        KeysInvalid: it is not what was written.
    """
    file = data_dir / FILE_NAME
    keys = _read(file) if file.exists() else Keys(chance.secret())
    missing = [title for title in titles if title not in keys.titles]
    for title in missing:
        keys.titles[title] = (chance.secret(), chance.secret())
    if missing or not file.exists():
        _write(file, keys)
    return keys


def title_keys(keys: Keys, titles: list[TitleId], well_known: bool) -> list[TitleKeys]:
    """Keys by title; with `well_known`, Nakama's defaults for the first title and `<default>-<title>` for the others."""
    if not well_known:
        return [TitleKeys(title, *keys.titles[title]) for title in titles]
    suffixes = [""] + [f"-{title}" for title in titles[1:]]
    return [TitleKeys(title, f"defaultkey{end}", f"defaulthttpkey{end}") for title, end in zip(titles, suffixes, strict=True)]


def _read(file: Path) -> Keys:
    if os.name == "posix" and file.stat().st_mode & 0o077:
        raise KeysExposed
    try:
        return msgspec.json.decode(file.read_bytes(), type=Keys)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise KeysInvalid from None


def _write(file: Path, keys: Keys) -> None:
    """Atomically, and never readable by others, not even for a moment."""
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(msgspec.json.encode(keys))
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
