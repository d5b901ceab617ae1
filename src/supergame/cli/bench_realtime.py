"""`supergame bench relay | authoritative | chat | sockets`: players on real WebSockets."""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from supergame.base.errors import InvalidArgument
from supergame.cli.loadgen import machine, options
from supergame.cli.loadgen.realtime import report
from supergame.cli.loadgen.realtime.idle import allow_files, weigh
from supergame.cli.loadgen.realtime.measures import AUTHORITATIVE, CHAT, RELAY, SOCKET_KIB_MAX
from supergame.cli.loadgen.realtime.run import ROOM_SIZE, Measure, Row, Search, measure
from supergame.cli.loadgen.server import own_server
from supergame.cli.loadgen.target import Target, target_of
from supergame.cli.up import fast_loop_factory

SECONDS_MAX = 60.0
PLAYERS_MAX = 10_000
SOCKETS = 5_000
SEED = 1  # who sends when

Bench = Callable[[argparse.Namespace, "Stage"], Awaitable[list[Row]]]


@dataclass(frozen=True, slots=True)
class Stage:
    """What is measured, the processes behind it, and the core that they run on."""

    target: Target
    pids: list[int]
    core: int | None


def add(benches: Any) -> None:
    relay = _parser(benches, "relay", "players in relayed matches that a core holds", _relay)
    authoritative = _parser(benches, "authoritative", "players in matches with a handler in Python that a core holds", _authoritative)
    for parser in (relay, authoritative):
        parser.add_argument("--players", type=int, metavar="N", help="so many, instead of a search for the most that hold")
    chat = _parser(benches, "chat", "messages a second in 100 rooms of 10", _chat)
    names = ",".join(what.name for what in CHAT)
    chat.add_argument("--only", default=names, metavar="NAMES", help="some of %(default)s")
    chat.add_argument("--players", type=int, metavar="N", help=f"players in rooms of {ROOM_SIZE} (default: {CHAT[0].players})")
    sockets = _parser(benches, "sockets", "memory for a socket that does nothing", _sockets)
    sockets.add_argument("--sockets", dest="players", type=int, default=SOCKETS, metavar="N", help="how many (default: %(default)s)")


def _parser(benches: Any, name: str, help_text: str, bench: Bench) -> argparse.ArgumentParser:
    description = f"{help_text[0].upper()}{help_text[1:]}. Starts a server of its own on one core and plays from another."
    parser: argparse.ArgumentParser = benches.add_parser(name, help=help_text, description=description)
    options.add(parser, seconds=4.0)
    parser.set_defaults(run=lambda chosen: run(chosen, bench))
    return parser


def run(chosen: argparse.Namespace, bench: Bench) -> int:
    """0 when the figures are sound; 1 when a row is void or a message was lost (in a search: when no number of players holds)."""
    if not 0 < chosen.seconds <= SECONDS_MAX or not 1 <= (chosen.players or 1) <= PLAYERS_MAX:
        raise InvalidArgument(f"--seconds is at most {SECONDS_MAX:g}; there are 1 to {PLAYERS_MAX:,} players or sockets.")
    allow_files(chosen.players or 2_000)
    with asyncio.Runner(loop_factory=fast_loop_factory()) as runner:
        rows = runner.run(_on_stage(chosen, bench))
    return int(any(row.void or row.errors for row in rows) or not rows)


async def _on_stage(chosen: argparse.Namespace, bench: Bench) -> list[Row]:
    cores = options.cores(chosen)
    options.tell(chosen, options.conditions(chosen, cores, f"{chosen.seconds:g} s each"))
    async with _stage(chosen, cores.server) as stage:
        with machine.pinned(cores.generator):
            return await bench(chosen, stage)


@asynccontextmanager
async def _stage(chosen: argparse.Namespace, core: int | None) -> AsyncIterator[Stage]:
    if chosen.url is not None:
        yield Stage(target_of(chosen.url, chosen.key), chosen.count_pid, None)
        return
    with tempfile.TemporaryDirectory(prefix="supergame-bench-") as folder:
        async with own_server(Path(folder), chosen.database, core) as (target, pid):
            yield Stage(target, [pid, *chosen.count_pid], core)


async def _relay(chosen: argparse.Namespace, stage: Stage) -> list[Row]:
    return await _players(chosen, stage, RELAY)


async def _authoritative(chosen: argparse.Namespace, stage: Stage) -> list[Row]:
    return await _players(chosen, stage, AUTHORITATIVE)


async def _players(chosen: argparse.Namespace, stage: Stage, what: Measure) -> list[Row]:
    """One row for the players asked for; or those of a search, of which the rows that hold are returned."""
    options.tell(chosen, report.HEAD)
    if chosen.players:
        row = await _row(chosen, stage, what, chosen.players)
        options.tell(chosen, report.LEGEND)
        return [row]
    if not stage.pids:
        raise InvalidArgument("A search needs --count-pid, for it judges by the server's CPU; or give --players.")
    search, rows = Search(what.players), []
    for players in search:
        rows.append(await _row(chosen, stage, what, players))
        search.tried(players, rows[-1].holds is True)
    options.tell(chosen, f"\n  {search.held:,} players hold. Goal: {what.goal}. Nakama: {what.nakama}.")
    options.tell(chosen, report.LEGEND)
    return [row for row in rows if row.holds]


async def _chat(chosen: argparse.Namespace, stage: Stage) -> list[Row]:
    known = {what.name: what for what in CHAT}
    names = [name.strip() for name in chosen.only.split(",")]
    if not set(names) <= known.keys():
        raise InvalidArgument(f"--only takes some of {', '.join(known)}.")
    options.tell(chosen, report.HEAD)
    rows = [await _row(chosen, stage, known[name], chosen.players or known[name].players, known[name].goal) for name in names]
    options.tell(chosen, report.LEGEND)
    return rows


async def _row(chosen: argparse.Namespace, stage: Stage, what: Measure, players: int, goal: str = "") -> Row:
    row = await measure(what, players, stage.target, chosen.seconds, stage.pids, stage.core, random.Random(SEED))
    _show(chosen, row, report.line(row, goal))
    return row


async def _sockets(chosen: argparse.Namespace, stage: Stage) -> list[Row]:
    options.tell(chosen, report.IDLE_HEAD)
    row = await weigh(chosen.players, stage.target, chosen.seconds, stage.pids, stage.core)
    _show(chosen, row, report.idle_line(row, f"{SOCKET_KIB_MAX:g} KiB"))
    options.tell(chosen, report.IDLE_LEGEND)
    return [row]


def _show(chosen: argparse.Namespace, row: Row, line: str) -> None:
    print(msgspec.json.encode(row).decode() if chosen.json else line, flush=True)
