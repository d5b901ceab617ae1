"""What all benches can be told, and what they tell of the conditions."""

from __future__ import annotations

import argparse
import os
import sys

from supergame.cli.loadgen import machine


def add(parser: argparse.ArgumentParser, seconds: float) -> None:
    parser.add_argument("--json", action="store_true", help="a row of JSON for each line of the table")
    parser.add_argument("--seconds", type=float, default=seconds, metavar="S", help="measured time of each row (default: %(default)s)")
    parser.add_argument("--database", default="sqlite", metavar="URL", help="sqlite (default) or postgresql://... with an empty database")
    parser.add_argument(
        "--count-pid", type=int, action="append", default=[], metavar="PID", help="count this process as server, too: PostgreSQL's first"
    )
    parser.add_argument("--url", metavar="URL", help="measure the server at http://HOST:PORT; its game offers the functions bench.*")
    parser.add_argument("--key", default="defaultkey", help="server key of the server at --url (default: %(default)s)")


def cores(chosen: argparse.Namespace) -> machine.Cores:
    """Where a server of our own runs, and where the generator. A server that runs already stays where it is."""
    return machine.two_cores() if chosen.url is None else machine.Cores(None, None)


def conditions(chosen: argparse.Namespace, cores: machine.Cores, load: str) -> str:
    """What figures have to be read with."""
    where = f"server on core {cores.server}, generator on core {cores.generator}"
    if cores.server is None:
        where = "server and generator are not pinned" + ("" if chosen.url else ": this system has one core, or gives no choice")
    database = chosen.database.partition(":")[0] if chosen.url is None else f"whatever {chosen.url} uses"
    average = f", load average {os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else ""
    return f"\n  {machine.description()}{average}\n  {where}; {load}; database: {database}"


def tell(chosen: argparse.Namespace, text: str) -> None:
    """What is no row: with --json it goes to standard error."""
    print(text, file=sys.stderr if chosen.json else sys.stdout, flush=True)
