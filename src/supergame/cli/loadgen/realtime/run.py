"""A row of figures of a play, and how many players a core holds."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from supergame.cli.loadgen.machine import Meter, Used, spin_ms
from supergame.cli.loadgen.measure import GENERATOR_CPU_MAX, sign_in_all
from supergame.cli.loadgen.realtime.crowd import Crowd
from supergame.cli.loadgen.realtime.play import Play, Tally
from supergame.cli.loadgen.target import Target

ROOM_SIZE = 10
WARM_S = 1.0
SETTLE_S_MAX = 5.0  # for what is under way when all have stopped sending
SERVER_CPU_MAX = 0.8
RUNS_MAX = 7  # of a search

Make = Callable[[Crowd, random.Random], Play]


class Row(msgspec.Struct, omit_defaults=True):
    """What one run has shown. CPU in cores; None where it is not known, or there is no such thing.

    `players` is the number of sockets. `ops_s` are deliveries, counted where they arrive; latency runs from the moment when a message
    was due to that of its arrival, so a late generator counts against the server (`late_p99_ms`). `gap_p99_ms` is the time between two
    states of a match, `server_us` the server's CPU time for a delivery, `kib_per_socket` what its memory grew by.
    """

    name: str
    players: int
    ops_s: float
    p50_ms: float
    p99_ms: float
    server_cpu: float | None
    generator_cpu: float
    errors: int
    sent_s: float = 0.0
    gap_p99_ms: float | None = None
    late_p99_ms: float = 0.0
    server_us: float | None = None
    kib_per_socket: float | None = None
    other_cpu: float | None = None
    stolen: float | None = None
    spin_ms: float = 0.0
    holds: bool | None = None
    void: bool = False
    first_error: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """Something to measure. `holds` is the goal without its number of players."""

    name: str
    make: Make
    players: int
    nakama: str
    goal: str
    holds: Callable[[Row], bool]


async def measure(
    what: Measure, players: int, target: Target, seconds: float, pids: Sequence[int], core: int | None, chance: random.Random
) -> Row:
    """One run: sign in, open the sockets, warm up, measure, wait for what is under way, and count whether everything has come.

    Raises:
        ServerUnreachable, SocketRefused, AnswersWrong.
    """
    signed_in = await sign_in_all(target, players, connections=32)
    speed_ms, crowd = spin_ms(core), Crowd()
    try:
        crowd.open(target, [player.token for player in signed_in], ROOM_SIZE)
        play = what.make(crowd, chance)
        crowd.begin()
        tally, used = _played(play, seconds, pids)
    finally:
        crowd.close()
    row = _row(what.name, players, tally, used, play)
    row.spin_ms, row.holds = speed_ms, not row.void and not row.errors and what.holds(row)
    return row


def _played(play: Play, seconds: float, pids: Sequence[int]) -> tuple[Tally, Used]:
    gc.collect()
    gc.freeze()
    gc.disable()  # what a run leaves behind is little, and has no cycles
    try:
        play.start()
        drive(play, WARM_S)
        tally = play.tally = Tally()
        meter = Meter(pids)
        drive(play, seconds)
        used = meter.read()
        play.tally = Tally()
        settle(play)
    finally:
        gc.enable()
        gc.unfreeze()
    return tally, used


def drive(play: Play, seconds: float) -> None:
    """Send what is due and read what comes, for so long."""
    until = time.perf_counter() + seconds
    while (left := until - time.perf_counter()) > 0:
        play.pump(min(play.send_due(), left))


def settle(play: Play) -> None:
    """Send no more, wait for what is under way, and count what is missing."""
    play.is_stopping = True
    until = time.perf_counter() + SETTLE_S_MAX
    while not play.is_settled() and time.perf_counter() < until:
        play.pump(0.05)
    play.count_missing()


def _row(name: str, players: int, tally: Tally, used: Used, play: Play) -> Row:
    ops_s = tally.delivered / used.wall_s
    return Row(
        name=name,
        players=players,
        ops_s=round(ops_s, 1),
        p50_ms=tally.waits.percentile_ms(50),
        p99_ms=tally.waits.percentile_ms(99),
        server_cpu=_rounded(used.server),
        generator_cpu=round(used.generator, 3),
        errors=play.errors,
        sent_s=round(tally.sent / used.wall_s, 1),
        gap_p99_ms=tally.gaps.percentile_ms(99) if tally.gaps.count else None,
        late_p99_ms=tally.late.percentile_ms(99),
        server_us=None if used.server is None or not ops_s else round(used.server / ops_s * 1e6, 2),
        other_cpu=_rounded(used.others),
        stolen=_rounded(used.stolen),
        void=used.generator > GENERATOR_CPU_MAX,
        first_error=play.first_error,
    )


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 3)


class Search:
    """For the largest number of players that holds: up or down by a quarter until it lies between two, then halfway, to 4 %."""

    def __init__(self, first: int) -> None:
        self._next, self.held, self.failed = first, 0, 0

    def __iter__(self) -> Iterator[int]:
        """The numbers to try, each after `tried` has told of the one before."""
        for _ in range(RUNS_MAX):
            yield self._next
            if self.failed and self.failed - self.held <= max(ROOM_SIZE, self.failed // 25):
                return
            wanted = (self.held + self.failed) / 2 if self.held and self.failed else self.held * 1.25 or self.failed * 0.75
            self._next = max(1, round(wanted / ROOM_SIZE)) * ROOM_SIZE

    def tried(self, players: int, holds: bool) -> None:
        if holds:
            self.held = max(self.held, players)
        else:
            self.failed = min(self.failed or players, players)
