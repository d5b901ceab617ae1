"""xdelta3, casync and rsync of Debian, for `supergame bench content`: what each would send for the same update."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from supergame.cli.bench_child import Measured, measured
from supergame.cli.bench_sets import DataSet

PACKAGES: Final = ("xdelta3", "casync", "rsync", "libfuse2")
Rival = Callable[[Path, DataSet, Path], tuple[int, float, int]]
"""Takes a tool, a set and a scratch folder; gives bytes, seconds of the processor and peak memory of the making."""


def find_tools(folder: Path) -> dict[str, Path]:
    """The tools that are installed; those that are not, from their packages, unpacked beside the sets. None of them is a must."""
    unpacked = folder / ".tools"
    if not all(shutil.which(name) for name in RIVALS) and not unpacked.exists() and shutil.which("apt-get"):
        unpacked.mkdir()
        for package in PACKAGES:
            subprocess.run(["apt-get", "download", package], cwd=unpacked, check=False, capture_output=True)
        for file in unpacked.glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", file, unpacked], check=False, capture_output=True)
    found = {name: shutil.which(name) or shutil.which(name, path=str(unpacked / "usr" / "bin")) for name in RIVALS}
    return {name: Path(path) for name, path in found.items() if path}


def _run(tool: Path, *arguments: str | Path) -> Measured:
    """With the libraries that lie beside it."""
    root = tool.parents[2]
    libraries = [str(folder) for folder in root.glob("lib/*-linux-gnu")] if root != Path("/") else []
    environment = os.environ | ({"LD_LIBRARY_PATH": ":".join(libraries)} if libraries else {})
    return measured([tool, *arguments], environment)


def _xdelta3(tool: Path, item: DataSet, scratch: Path) -> tuple[int, float, int]:
    """The whole release as one file, with a window over all of it."""
    scratch.mkdir()
    old, new = (_as_one_file(folder, scratch / folder.name) for folder in (item.old, item.new))
    window = 1 << (old.stat().st_size - 1).bit_length()
    _, cpu_s, ram = _run(tool, "-e", "-9", "-f", "-B", str(window), "-s", old, new, scratch / "patch")
    return (scratch / "patch").stat().st_size, cpu_s, ram


def _as_one_file(folder: Path, name: Path) -> Path:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if len(files) == 1:
        return files[0]
    target = name.with_suffix(".tar")
    with tarfile.open(target, "w") as tar:
        for file in files:
            tar.add(file, file.relative_to(folder).as_posix())
    return target


def _casync(tool: Path, item: DataSet, scratch: Path) -> tuple[int, float, int]:
    """The chunks that the new release adds to the store, and its index."""
    scratch.mkdir()
    store = scratch / "store"
    _run(tool, "make", f"--store={store}", scratch / "old.caidx", item.old)
    before = _size_of(store)
    _, cpu_s, ram = _run(tool, "make", f"--store={store}", scratch / "new.caidx", item.new)
    return _size_of(store) - before + (scratch / "new.caidx").stat().st_size, cpu_s, ram


def _size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _rsync(tool: Path, item: DataSet, scratch: Path) -> tuple[int, float, int]:
    """What goes over the wire, both ways, compressed with zstd."""
    shutil.copytree(item.old, scratch)
    options = ["-rl", "--checksum", "--no-whole-file", "--delete", "--compress", "--compress-choice=zstd", "--stats"]
    said, cpu_s, ram = _run(tool, *options, f"{item.new}/", f"{scratch}/")
    moved = [int(number.replace(",", "")) for number in re.findall(r"Total bytes (?:sent|received): ([\d,]+)", said)]
    assert len(moved) == 2, said
    return sum(moved), cpu_s, ram


RIVALS: Final[dict[str, Rival]] = {"xdelta3": _xdelta3, "casync": _casync, "rsync": _rsync}
