"""`supergame new NAME`: a starter game that runs, and its test."""

from __future__ import annotations

import argparse
import re
from importlib import resources
from pathlib import Path
from typing import Any

from supergame.base.errors import InvalidArgument

TEMPLATE = resources.files("supergame.cli") / "template"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")


class NameTaken(InvalidArgument):
    """There is a folder of this name already."""

    code = "new.name_taken"


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser("new", help="write a starter game", description=__doc__)
    parser.add_argument("name", help="lower-case letters, digits and hyphens; becomes a folder and the title's id")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    folder = create(options.name, Path.cwd())
    print(f"{folder.name} is ready:\n\n    cd {folder.name}\n    supergame up game.py\n    pytest\n")
    return 0


def create(name: str, parent: Path) -> Path:
    """The new game's folder.

    Raises:
        InvalidArgument: no good name.
        NameTaken: it exists.
    """
    if not _NAME.fullmatch(name):
        raise InvalidArgument(f"{name!r} is no name for a game: lower-case letters, digits and hyphens, beginning with a letter.")
    folder = parent / name
    if folder.exists():
        raise NameTaken
    folder.mkdir()
    for template in TEMPLATE.iterdir():
        text = template.read_text().replace("NAME", name)
        (folder / template.name.removesuffix(".txt")).write_text(text)
    return folder
