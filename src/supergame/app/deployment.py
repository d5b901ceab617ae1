"""What a deployment serves: titles by name on the command line, or a file `supergame.toml`.

[up]                                   # options of `supergame up`; those on the command line come after them
port = 7350

[titles.kitewind]                      # the flagship

[titles.starhop]                       # a folder with game.py, beside this file
name = "Star Hop"

[titles.starhop.settings]              # of all its environments
single_match = true

[titles.starhop.environments.beta]     # beside live, which every title has: http://.../t/starhop@beta/
path = "../starhop-next"               # other code, if need be
settings = { is_open = false }
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

import kitewind
from supergame.base.errors import InvalidArgument
from supergame.base.titles import LIVE, is_environment, is_title
from supergame.features.titles.model import Settings

FILE_NAME = "supergame.toml"
FLAGSHIP = "kitewind"

Place = tuple[str, ...]
"""The names that lead to something in the file: titles, starhop, name."""

Option = bool | int | float | str | list[str]


_HEADER = re.compile(r"\s*\[([^\[\]]+)\]")
_KEY = re.compile(r"\s*([\w.\"'-]+)\s*=")


class DeploymentInvalid(InvalidArgument):
    """The deployment's file says something that is not understood."""

    code = "deployment.invalid"


@dataclass(frozen=True, slots=True)
class Served:
    """One title in one environment: where its code is, and what the file says of it."""

    file: Path
    environment: str = LIVE
    title: str = ""
    """What the game's id has to be; empty: whatever it is."""
    name: str = ""
    settings: Settings = field(default_factory=Settings)


@dataclass(frozen=True, slots=True)
class Deployment:
    titles: list[Served]
    options: dict[str, Option]
    """Of `supergame up`, by their names with underscores."""


class _Environment(msgspec.Struct, forbid_unknown_fields=True):
    path: str = ""
    settings: Settings = msgspec.field(default_factory=Settings)


class _Title(msgspec.Struct, forbid_unknown_fields=True):
    path: str = ""
    name: str = ""
    settings: Settings = msgspec.field(default_factory=Settings)
    environments: dict[str, _Environment] = {}


def find(names: list[Path], folder: Path) -> list[Served]:
    """The titles that a command line names; without a name, those of the folder's `supergame.toml`, or the flagship.

    Raises:
        DeploymentInvalid: the file is not understood.
    """
    file = file_of(names, folder)
    if file is not None:
        served = read(file).titles
        return served or [Served(resolve(Path(FLAGSHIP)))]
    return [Served(resolve(name)) for name in names or [Path(FLAGSHIP)]]


def file_of(names: list[Path], folder: Path) -> Path | None:
    """The file that describes the deployment: the one that is named, or the folder's when nothing is."""
    if not names:
        return folder / FILE_NAME if (folder / FILE_NAME).is_file() else None
    return names[0] if len(names) == 1 and names[0].suffix == ".toml" else None


def resolve(name: Path) -> Path:
    """The file of a game: a folder's `game.py`, the flagship's, or the file itself, whether it exists or not."""
    if (name / "game.py").is_file():
        return name / "game.py"
    if str(name) == FLAGSHIP:
        return Path(kitewind.__file__).with_name("game.py")
    return name


def read(file: Path, options: tuple[str, ...] | None = None) -> Deployment:
    """What the file says; only these `options` may be in it.

    Raises:
        DeploymentInvalid: with the line, and what is wrong there.
    """
    try:
        text = file.read_text("utf-8")
        told = tomllib.loads(text)
    except (OSError, ValueError) as error:  # TOMLDecodeError and UnicodeDecodeError are ValueErrors
        raise DeploymentInvalid(f"{file}: {error}") from None
    reader = _Reader(file, text)
    reader.check_names(told, (), ("up", "titles"))
    titles = reader.convert(told.get("titles", {}), dict[str, Any], ("titles",))
    up = reader.convert(told.get("up", {}), dict[str, Any], ("up",))
    if options is not None:
        reader.check_names(up, ("up",), options)
    up = {name: reader.convert(value, Option, ("up", name)) for name, value in up.items()}
    return Deployment([served for title in titles for served in reader.served(title, titles[title])], up)


class _Reader:
    """One file: what is in it, and where."""

    def __init__(self, file: Path, text: str) -> None:
        self._file, self._lines = file, text.splitlines()

    def served(self, title: str, told: Any) -> Iterator[Served]:
        """The title live, then in its other environments."""
        at = ("titles", title)
        if not is_title(title):
            raise self.wrong(at, f"{title!r} is no title id: lower-case letters, digits and hyphens, beginning with a letter")
        found: _Title = self.convert(told, _Title, at)
        for name, environment in ({LIVE: _Environment()} | found.environments).items():
            if not is_environment(name):
                raise self.wrong((*at, "environments", name), f"{name!r} is no name for an environment: like a title id, at most 32")
            path = self._path(environment.path or found.path or title)
            yield Served(path, name, title, found.name, environment.settings.over(found.settings))

    def _path(self, text: str) -> Path:
        if text == FLAGSHIP and not (self._file.parent / text).exists():
            return resolve(Path(text))
        return resolve(self._file.parent / text)

    def check_names(self, told: dict[str, Any], at: Place, known: tuple[str, ...]) -> None:
        for name in told:
            if name not in known:
                raise self.wrong((*at, name), f"{name!r} is not known here; known are {', '.join(known)}")

    def convert(self, told: Any, kind: Any, at: Place) -> Any:
        """`told` as a value of the type; the first thing that does not fit is told with its line."""
        self._check_fields(told, kind, at)
        try:
            return msgspec.convert(told, kind)
        except msgspec.ValidationError as error:
            what, _, where = str(error).partition(" - at `$")
            inner = tuple(re.findall(r"[\w-]+", where.rstrip("`")))
            raise self.wrong(at + inner, what) from None

    def _check_fields(self, told: Any, kind: Any, at: Place) -> None:
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(told, dict):
            fields = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
            self.check_names(told, at, tuple(fields))
            for name, inner in told.items():
                self._check_fields(inner, fields[name], (*at, name))
        elif getattr(kind, "__origin__", None) is dict and isinstance(told, dict):
            for name, inner in told.items():
                self._check_fields(inner, kind.__args__[1], (*at, name))

    def wrong(self, at: Place, what: str) -> DeploymentInvalid:
        return DeploymentInvalid(f"{self._file}, line {self._line(at)}: {'.'.join(at)}: {what}.")

    def _line(self, at: Place) -> int:
        """Where this is said; of what stands within a line, that line. tomllib does not tell lines."""
        best, line = 0, 1
        table: Place = ()
        for number, text in enumerate(self._lines, 1):
            header, key = _HEADER.match(text), _KEY.match(text)
            table = _names(header[1]) if header else table
            here = table + _names(key[1]) if key else table
            shared = min(len(here), len(at))
            if (header or key) and shared > best and here[:shared] == at[:shared]:
                best, line = shared, number
        return line


def _names(dotted: str) -> Place:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
