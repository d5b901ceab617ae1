"""`supergame bench api`: requests per second over HTTP."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from supergame.base.errors import InvalidArgument
from supergame.cli.loadgen import machine, options, report
from supergame.cli.loadgen.fill import fill
from supergame.cli.loadgen.measure import Row, measure, prepared, sign_in_all
from supergame.cli.loadgen.operations import OPERATIONS, Operation, Scene
from supergame.cli.loadgen.server import own_server
from supergame.cli.loadgen.target import target_of
from supergame.cli.up import fast_loop_factory

SECONDS_MAX = 30.0  # session tokens last a minute


def add(benches: Any) -> None:
    parser: argparse.ArgumentParser = benches.add_parser(
        "api",
        help="requests per second over HTTP",
        description="Starts a server of its own on one core and asks it from another, without a pause, for what games ask for.",
    )
    names = ",".join(operation.name for operation in OPERATIONS)
    options.add(parser, seconds=4.0)
    parser.add_argument("--connections", type=int, default=32, metavar="N", help="players that ask at once (default: %(default)s)")
    parser.add_argument("--accounts", type=int, default=100_000, metavar="N", help="accounts that exist (default: %(default)s)")
    parser.add_argument("--only", default=names, metavar="NAMES", help="some of %(default)s")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """0 when every row holds; 1 when one is void, or an answer was wrong."""
    operations = _chosen(chosen.only)
    if not 0 < chosen.seconds <= SECONDS_MAX or chosen.connections < 1 or chosen.accounts < 1:
        raise InvalidArgument(f"--seconds is at most {SECONDS_MAX:g}; --connections and --accounts are at least 1.")
    with asyncio.Runner(loop_factory=fast_loop_factory()) as runner:
        rows = runner.run(_measure_all(chosen, operations))
    return int(any(row.void or row.errors for row in rows))


def _chosen(names: str) -> list[Operation]:
    known = {operation.name: operation for operation in OPERATIONS}
    try:
        return [known[name.strip()] for name in names.split(",")]
    except KeyError as error:
        raise InvalidArgument(f"There is no operation {error}; there are {', '.join(known)}.") from None


@dataclass(frozen=True, slots=True)
class Stage:
    """What is measured: a scene, and the processes behind it."""

    scene: Scene
    pids: list[int]
    goal: report.Goal


async def _measure_all(chosen: argparse.Namespace, operations: list[Operation]) -> list[Row]:
    cores = options.cores(chosen)
    rows: list[Row] = []
    options.tell(chosen, options.conditions(chosen, cores, f"{chosen.connections} connections, {chosen.seconds:g} s each"))
    async with _stage(chosen, cores.server) as stage:
        scene = stage.scene
        options.tell(chosen, report.HEAD)
        with machine.pinned(cores.generator):
            for operation in operations:
                scene = await prepared(operation, scene, chosen.connections, chosen.seconds)
                row = await measure(operation, scene, chosen.connections, chosen.seconds, stage.pids, cores.server)
                rows.append(row)
                print(msgspec.json.encode(row).decode() if chosen.json else report.line(row, operation, stage.goal), flush=True)
    options.tell(chosen, report.LEGEND)
    return rows


@asynccontextmanager
async def _stage(chosen: argparse.Namespace, core: int | None) -> AsyncIterator[Stage]:
    if chosen.url is not None:
        target = target_of(chosen.url, chosen.key)
        options.tell(chosen, f"  Signing up {chosen.accounts:,} accounts through the API ...")
        players = await sign_in_all(target, chosen.accounts, chosen.connections)
        yield Stage(Scene(target, chosen.accounts, players[:0]), chosen.count_pid, report.Goal("url"))
        return
    with tempfile.TemporaryDirectory(prefix="supergame-bench-") as folder:
        options.tell(chosen, f"  Writing {chosen.accounts:,} accounts into a new database ...")
        await fill(Path(folder), chosen.database, chosen.accounts)
        async with own_server(Path(folder), chosen.database, core) as (target, pid):
            yield Stage(Scene(target, chosen.accounts, []), [pid, *chosen.count_pid], report.Goal(chosen.database))
