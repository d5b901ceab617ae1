"""`supergame bench content`: how many bytes, how much time and memory from one release to the next, beside xdelta3, casync and rsync."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from supergame.base.clock import SystemClock
from supergame.base.ids import Chance
from supergame.cli.bench_child import measured
from supergame.cli.bench_rivals import RIVALS, find_tools
from supergame.cli.bench_sets import DataSet, rebuild, synthetic
from supergame.content.install import damages, kept_seed
from supergame.content.objects import FolderStore
from supergame.content.publisher import Publisher
from supergame.content.report import megabytes
from supergame.content.signing import Keys

CHILD: Final = "from supergame.cli.bench_content import sync_once; sync_once()"
GOALS: Final = {"A": 8_000_000, "B": 1_200_000, "C": 1_700_000}
"""Bytes of an update at most."""


class Row(msgspec.Struct):
    """Sizes and memory in bytes, times of the processor in seconds."""

    set: str
    tool: str
    update_bytes: int
    publish_cpu_s: float = 0.0
    patch_cpu_s: float = 0.0
    patch_ram: int = 0
    requests: int = 0
    note: str = ""


class Run(NamedTuple):
    """One child that synced."""

    bytes: int
    requests: int
    cpu_s: float
    ram: int


def add(benches: Any) -> None:
    parser: argparse.ArgumentParser = benches.add_parser("content", help="updates of a release", description=__doc__)
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--sets", type=Path, metavar="DIR", help="keep the data sets and tools there, and take them from there")
    parser.add_argument("--synthetic", action="store_true", help="a small set from chance, without the network")
    parser.add_argument("--alone", action="store_true", help="without xdelta3, casync and rsync")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    with ExitStack() as stack:
        folder: Path = options.sets or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="supergame-bench-")))
        folder.mkdir(parents=True, exist_ok=True)
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="supergame-bench-", dir=folder)))
        sets = synthetic(scratch) if options.synthetic else rebuild(folder)
        tools = {} if options.synthetic or options.alone else find_tools(folder)
        rows = [row for item in sets for row in _measure(item, scratch / f"{item.name}-run", tools)]
    if options.json:
        print(json.dumps(msgspec.to_builtins(rows), indent=2))
    else:
        print("\n".join(table(rows)))
    return 0


def table(rows: Sequence[Row]) -> list[str]:
    told = [f"{'set':<10} {'tool':<16} {'update':>11} {'publish CPU':>12} {'patch CPU':>10} {'patch RAM':>10} {'requests':>9}  note"]
    for row in rows:
        times = f"{_seconds(row.publish_cpu_s):>12} {_seconds(row.patch_cpu_s):>10}"
        ram = megabytes(row.patch_ram).replace(".00", "") if row.patch_ram else "-"
        told.append(
            f"{row.set:<10} {row.tool:<16} {megabytes(row.update_bytes):>11} {times} {ram:>10} {row.requests or '-':>9}  {row.note}"
        )
    return told


def _seconds(value: float) -> str:
    return f"{value:.1f} s" if value else "-"


def _measure(item: DataSet, scratch: Path, tools: dict[str, Path]) -> list[Row]:
    scratch.mkdir()
    rows = _ours(item, scratch)
    for name, rival in RIVALS.items():
        if name in tools:
            size, cpu_s, ram = rival(tools[name], item, scratch / name)
            rows.append(Row(item.name, name, size, publish_cpu_s=cpu_s, patch_ram=ram, note="RAM of the making" if ram else ""))
    shutil.rmtree(scratch)
    return rows


def _ours(item: DataSet, scratch: Path) -> list[Row]:
    """An update by its delta, one by chunks alone, and a first installation."""
    desk = Publisher(FolderStore(scratch / "store"), Keys(scratch / "keys.json", Chance()), SystemClock(), "bench")
    first = _timed(lambda: desk.push(item.old, item.name.lower(), "live", "1"))
    install = _sync(scratch, item, "copy")
    shutil.copytree(scratch / "copy", scratch / "by-chunks", symlinks=True)
    forecast = desk.preview(item.new, item.name.lower(), "live", "2").update_size or 0
    second = _timed(lambda: desk.push(item.new, item.name.lower(), "live", "2"))
    update = _sync(scratch, item, "copy")
    _check(scratch / "copy", item.new)
    shutil.rmtree(scratch / "store" / "deltas", ignore_errors=True)
    chunks = _sync(scratch, item, "by-chunks")
    _check(scratch / "by-chunks", item.new)
    goal = f", goal {megabytes(GOALS[item.name])}" if item.name in GOALS else ""
    note = f"preview said {forecast / update.bytes - 1:+.2%}{goal}"
    return [
        Row(item.name, "supergame", update.bytes, second, update.cpu_s, update.ram, update.requests, note),
        Row(item.name, "without delta", chunks.bytes, 0.0, chunks.cpu_s, chunks.ram, chunks.requests),
        Row(item.name, "first time", install.bytes, first, install.cpu_s, install.ram, install.requests),
    ]


def _timed(work: Callable[[], Any]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _sync(scratch: Path, item: DataSet, copy: str) -> Run:
    """In a process of its own, for its memory."""
    channel = scratch / "store" / "channels" / item.name.lower() / "live"
    child = measured([sys.executable, "-c", CHILD, channel, scratch / copy])
    moved, requests = json.loads(child.said)
    return Run(moved, requests, child.cpu_s, child.ram)


def sync_once() -> None:
    """The child: sync a channel into a folder, and say bytes and requests."""
    from supergame.content.install import Installation
    from supergame.content.metered import Metered
    from supergame.content.remote import source_of

    source, title, name = source_of(sys.argv[1])
    metered = Metered(source)
    Installation(Path(sys.argv[2]), metered, SystemClock(), Chance()).sync(title, name)
    print(json.dumps([metered.bytes, metered.requests]))


def _check(copy: Path, expected: Path) -> None:
    """Byte for byte what was published."""
    seed = kept_seed(copy)
    assert seed is not None, "nothing is installed"
    assert damages(seed) == [], "a chunk is damaged"
    for file in expected.rglob("*"):
        installed = seed.folder / file.relative_to(expected)
        assert not file.is_file() or installed.read_bytes() == file.read_bytes(), f"{file} differs"
