"""The data sets of `supergame bench content`: two releases of each, made anew from public packages, or from chance when offline.

A: the wheels of panda3d 1.10.14 and 1.10.15 for CPython 3.11, unpacked: an engine compiled anew.
B: 2,140 files of Debian's hedgewars-data in one flat pak, and the same after a day's work on it, of which some 1.0 MB is new.
C: the two states of B as a deflate zip.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from supergame.base.errors import Unavailable

SEED: Final = 7
FILES: Final = 2_140
EDITED, REAUTHORED, RENAMED, REMOVED, NEW_BYTES = 30, 4, 4, 2, 1_000_000
WHEELS: Final = ("panda3d==1.10.14", "panda3d==1.10.15")
WHEEL_OPTIONS: Final = ["--no-deps", "--only-binary=:all:", "--python-version=3.11", "--abi=cp311", "--platform=manylinux2014_x86_64"]
DEBIAN_PACKAGE: Final = "hedgewars-data"

Files = dict[str, bytes]


class DataSet(NamedTuple):
    """Two releases as folders."""

    name: str
    old: Path
    new: Path


class SetUnavailable(Unavailable):
    """The packages that the data sets are made from cannot be fetched here."""

    code = "bench.set_unavailable"


def rebuild(folder: Path) -> list[DataSet]:
    """Sets A, B and C in a folder; what is there already is taken as it is. Raises SetUnavailable."""
    makers: dict[str, Callable[[Path], None]] = {"A": _wheels, "B": _pak, "C": _zip}
    return [_make(folder, name, maker) for name, maker in makers.items()]


def synthetic(folder: Path, size: int = 3_000_000) -> list[DataSet]:
    """A small set from chance alone, for machines without a network: its figures compare with nothing but themselves."""

    def make(target: Path) -> None:
        chance = random.Random(SEED)
        files = {f"data/{number:03}.bin": _text(chance, size // 40) for number in range(40)}
        _pack(files, target / "old" / "game.pak")
        _pack(edited(files, chance, NEW_BYTES // 10), target / "new" / "game.pak")

    return [_make(folder, "synthetic", make)]


def _make(folder: Path, name: str, maker: Callable[[Path], None]) -> DataSet:
    target = folder / name
    if not target.exists():
        fresh = folder / f".{name}"
        shutil.rmtree(fresh, ignore_errors=True)
        for state in ("old", "new"):
            (fresh / state).mkdir(parents=True)
        maker(fresh)
        fresh.rename(target)
    return DataSet(name, target / "old", target / "new")


def _wheels(target: Path) -> None:
    for state, wheel in zip(("old", "new"), WHEELS, strict=True):
        downloads = target / f"{state}-wheel"
        _fetch([sys.executable, "-m", "pip", "download", "--quiet", *WHEEL_OPTIONS, "--dest", downloads, wheel], target)
        (found,) = downloads.glob("*.whl")
        with zipfile.ZipFile(found) as wheel_file:
            wheel_file.extractall(target / state)
        shutil.rmtree(downloads)


def _pak(target: Path) -> None:
    before = _hedgewars(target)
    _pack(before, target / "old" / "game.pak")
    _pack(edited(before, random.Random(SEED), NEW_BYTES), target / "new" / "game.pak")


def _zip(target: Path) -> None:
    before = _hedgewars(target)
    _deflate(before, target / "old" / "game.zip")
    _deflate(edited(before, random.Random(SEED), NEW_BYTES), target / "new" / "game.zip")


def _hedgewars(target: Path) -> Files:
    """2,140 files of the package by chance, under their paths."""
    root = target.parent / ".hedgewars"
    if not root.exists():
        _fetch(["apt-get", "download", DEBIAN_PACKAGE], target)
        (package,) = target.glob("*.deb")
        _fetch(["dpkg-deb", "-x", package, root], target)
        package.unlink()
    paths = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    chosen = sorted(random.Random(SEED).sample(paths, FILES))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in chosen}


def _fetch(command: list[str | Path], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        reason = (getattr(error, "stderr", None) or str(error)).strip().splitlines()[-1:]
        raise SetUnavailable(f"{command[0]} failed: {' '.join(reason)} (--synthetic measures without the network)") from None


def edited(files: Files, chance: random.Random, new_bytes: int) -> Files:
    """The next day: edits that change lengths, files made anew, renamed, removed and added."""
    after = dict(files)
    names = chance.sample(sorted(after), EDITED + REAUTHORED + RENAMED + REMOVED)
    for name in names[:EDITED]:
        after[name] = _with_edit(after[name], chance)
    rest = names[EDITED:]
    spent = 0
    for name in rest[:REAUTHORED]:
        after[name] = chance.randbytes(min(len(after[name]), new_bytes // 10))
        spent += len(after[name])
    for name in rest[REAUTHORED : REAUTHORED + RENAMED]:
        after[f"{name}.renamed"] = after.pop(name)
    for name in rest[REAUTHORED + RENAMED :]:
        del after[name]
    for number in range(4):
        after[f"new/{number}.bin"] = chance.randbytes((new_bytes - spent) // 4)
    return after


def _with_edit(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.randbytes(chance.randrange(1, 200)) + data[at + chance.randrange(100) :]


def _pack(files: Files, path: Path) -> None:
    """One file after the other: what many engines call a pak."""
    with path.open("wb") as out:
        for name in sorted(files):
            out.write(f"{name}\0{len(files[name])}\0".encode())
            out.write(files[name])


def _deflate(files: Files, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in sorted(files):
            out.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), files[name], zipfile.ZIP_DEFLATED)


def _text(chance: random.Random, size: int) -> bytes:
    """Compressible by about a half."""
    return bytes(chance.choices(b"0123456789abcdef", k=size))
