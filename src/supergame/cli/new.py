"""`supergame new NAME`: a game that runs, with its page and its test."""

from __future__ import annotations

import argparse
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from supergame.base.errors import InvalidArgument
from supergame.base.titles import is_title

TEMPLATES: Final = resources.files("supergame.cli") / "templates"
COMMON: Final = "common"
KINDS: Final = {
    "arena": "gather stars faster than the others, in real time",
    "cards": "take turns until a hand is empty",
    "platformer": "run, jump and race to the flag",
    "starter": "two functions, and no page",
}


class NameTaken(InvalidArgument):
    """There is a folder of this name already."""

    code = "new.name_taken"


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser("new", help="write a starter game", description=__doc__)
    parser.add_argument("name", help="lower-case letters, digits and hyphens; becomes a folder and the title's id")
    told = "; ".join(f"{kind}: {what}" for kind, what in KINDS.items())
    parser.add_argument("--template", choices=KINDS, default="arena", help=f"what to begin with (default: %(default)s). {told}")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    folder = create(options.name, Path.cwd(), options.template)
    print(f"{folder.name} is ready:\n\n    cd {folder.name}\n    supergame up .\n    pytest\n")
    return 0


def create(name: str, parent: Path, template: str) -> Path:
    """The new game's folder.

    Raises:
        InvalidArgument: no good name.
        NameTaken: it exists.
    """
    if not is_title(name):
        raise InvalidArgument(f"{name!r} is no name for a game: lower-case letters, digits and hyphens, beginning with a letter.")
    folder = parent / name
    if folder.exists():
        raise NameTaken
    folder.mkdir()
    for kind in (COMMON, template):
        _write(TEMPLATES / kind, folder, name)
    return folder


def _write(template: Traversable, folder: Path, name: str) -> None:
    for item in template.iterdir():
        target = folder / item.name.removesuffix(".txt")
        if item.is_dir():
            target.mkdir()
            _write(item, target, name)
        else:
            target.write_text(item.read_text("utf-8").replace("NAME", name), "utf-8")
