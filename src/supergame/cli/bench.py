"""`supergame bench api`: what does this machine hold?"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from supergame.base.errors import InvalidArgument
from supergame.cli.loadgen import machine, report
from supergame.cli.loadgen.fill import fill
from supergame.cli.loadgen.measure import Row, measure, prepared, sign_in_all
from supergame.cli.loadgen.operations import ECHO, OPERATIONS, Operation, Scene
from supergame.cli.loadgen.server import own_server
from supergame.cli.loadgen.target import target_of
from supergame.cli.up import fast_loop_factory

SECONDS_MAX = 30.0  # session tokens last a minute


def add(commands: Any) -> None:
    bench: argparse.ArgumentParser = commands.add_parser("bench", help="measure this machine", description=__doc__)
    parser: argparse.ArgumentParser = bench.add_subparsers(metavar="WHAT", required=True).add_parser(
        "api",
        help="requests per second over HTTP",
        description="Starts a server of its own on one core and asks it from another, without a pause, for what games ask for.",
    )
    names = ",".join(operation.name for operation in OPERATIONS)
    parser.add_argument("--json", action="store_true", help="a row of JSON for each operation")
    parser.add_argument("--seconds", type=float, default=4.0, metavar="S", help="measured time of each operation (default: %(default)s)")
    parser.add_argument("--connections", type=int, default=32, metavar="N", help="players that ask at once (default: %(default)s)")
    parser.add_argument("--accounts", type=int, default=100_000, metavar="N", help="accounts that exist (default: %(default)s)")
    parser.add_argument("--only", default=names, metavar="NAMES", help="some of %(default)s")
    parser.add_argument("--database", default="sqlite", metavar="URL", help="sqlite (default) or postgresql://... with an empty database")
    parser.add_argument(
        "--count-pid", type=int, action="append", default=[], metavar="PID", help="count this process as server, too: PostgreSQL's first"
    )
    parser.add_argument("--url", metavar="URL", help=f"measure the server at http://HOST:PORT; its game offers the function {ECHO}")
    parser.add_argument("--key", default="defaultkey", help="server key of the server at --url (default: %(default)s)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """0 when every row holds; 1 when one is void, or an answer was wrong."""
    operations = _chosen(options.only)
    if not 0 < options.seconds <= SECONDS_MAX or options.connections < 1 or options.accounts < 1:
        raise InvalidArgument(f"--seconds is at most {SECONDS_MAX:g}; --connections and --accounts are at least 1.")
    with asyncio.Runner(loop_factory=fast_loop_factory()) as runner:
        rows = runner.run(_measure_all(options, operations))
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


async def _measure_all(options: argparse.Namespace, operations: list[Operation]) -> list[Row]:
    cores = machine.two_cores() if options.url is None else machine.Cores(None, None)
    rows: list[Row] = []
    _tell(options, _conditions(options, cores))
    async with _stage(options, cores.server) as stage:
        scene = stage.scene
        _tell(options, report.HEAD)
        with machine.pinned(cores.generator):
            for operation in operations:
                scene = await prepared(operation, scene, options.connections, options.seconds)
                row = await measure(operation, scene, options.connections, options.seconds, stage.pids, cores.server)
                rows.append(row)
                print(msgspec.json.encode(row).decode() if options.json else report.line(row, operation, stage.goal), flush=True)
    _tell(options, report.LEGEND)
    return rows


@asynccontextmanager
async def _stage(options: argparse.Namespace, core: int | None) -> AsyncIterator[Stage]:
    if options.url is not None:
        target = target_of(options.url, options.key)
        _tell(options, f"  Signing up {options.accounts:,} accounts through the API ...")
        players = await sign_in_all(target, options.accounts, options.connections)
        yield Stage(Scene(target, options.accounts, players[:0]), options.count_pid, report.Goal("url"))
        return
    with tempfile.TemporaryDirectory(prefix="supergame-bench-") as folder:
        _tell(options, f"  Writing {options.accounts:,} accounts into a new database ...")
        await fill(Path(folder), options.database, options.accounts)
        async with own_server(Path(folder), options.database, core) as (target, pid):
            yield Stage(Scene(target, options.accounts, []), [pid, *options.count_pid], report.Goal(options.database))


def _conditions(options: argparse.Namespace, cores: machine.Cores) -> str:
    where = f"server on core {cores.server}, generator on core {cores.generator}"
    if cores.server is None:
        where = "server and generator are not pinned" + ("" if options.url else ": this system has one core, or gives no choice")
    database = options.database.partition(":")[0] if options.url is None else f"whatever {options.url} uses"
    load = f", load average {os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else ""
    return (
        f"\n  {machine.description()}{load}\n  {where}; {options.connections} connections, {options.seconds:g} s each; database: {database}"
    )


def _tell(options: argparse.Namespace, text: str) -> None:
    """What is no row: with --json it goes to standard error."""
    print(text, file=sys.stderr if options.json else sys.stdout, flush=True)
