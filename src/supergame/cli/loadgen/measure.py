"""One operation, measured: a row of figures."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Sequence
from itertools import takewhile

import msgspec

from supergame.base.errors import Unavailable
from supergame.cli.loadgen.histogram import Histogram
from supergame.cli.loadgen.load import Load
from supergame.cli.loadgen.machine import Meter, Used, spin_ms
from supergame.cli.loadgen.operations import Operation, Player, Scene, device_id, player_of, sign_in
from supergame.cli.loadgen.target import Target

GENERATOR_CPU_MAX = 0.80  # beyond: the generator may have been what was measured
PLAYERS_MAX = 10_000
WARM_SHARE = 0.25  # of the measured time, before it
TOKEN_SPARE_S = 15  # tokens last at least so much longer than a run, of which preparing takes a part


class Row(msgspec.Struct):
    """One operation's figures.

    Attributes:
        server_us: CPU microseconds of the server for one answer.
        other_cpu, stolen: cores that other programs took, and that the hypervisor gave away.
        spin_ms: how fast the server's core was just before, see `machine.spin_ms`.
    """

    name: str
    ops_s: float
    p50_ms: float
    p99_ms: float
    errors: int
    server_cpu: float | None
    generator_cpu: float
    server_us: float | None
    other_cpu: float | None
    stolen: float | None
    spin_ms: float
    void: bool = False
    first_error: str = ""


class AnswersWrong(Unavailable):
    """The server refused what the measurement has to begin with."""

    code = "bench.answers_wrong"


class Tally:
    """Counts answers: the right ones with their latency, the others as errors."""

    def __init__(self, expects: bytes) -> None:
        self._expects = expects
        self.latencies, self.errors, self.first_error = Histogram(), 0, ""

    def take(self, seconds: float, status: int, body: bytes) -> None:
        if status == 200 and self._expects in body:
            self.latencies.add(seconds)
            return
        self.errors += 1
        self.first_error = self.first_error or f"{status or 'connection lost'} {body[:200].decode(errors='replace')}".strip()


async def measure(
    operation: Operation, scene: Scene, connections: int, seconds: float, pids: Sequence[int], core: int | None = None
) -> Row:
    """Answers per second while `connections` players ask without a pause, after a warm-up. `core` is where the server runs."""
    speed_ms = spin_ms(core)
    tally = Tally(operation.expects)
    load = Load(operation.requests(scene), lambda *answer: tally.take(*answer))
    await load.open(scene.target, connections)
    gc.collect()
    gc.freeze()  # tokens and requests are many, and stay
    load.start()
    await asyncio.wait([load.ended], timeout=seconds * WARM_SHARE)
    warm_up, tally = tally, Tally(operation.expects)
    meter = Meter(pids)
    await asyncio.wait([load.ended], timeout=seconds)
    measured, used = tally, meter.read()
    tally = Tally(operation.expects)
    await load.stop()
    gc.unfreeze()
    return _row(operation, measured, used, warm_up, speed_ms)


def _row(operation: Operation, tally: Tally, used: Used, warm_up: Tally, speed_ms: float) -> Row:
    ops_s = tally.latencies.count / used.wall_s
    return Row(
        name=operation.name,
        ops_s=round(ops_s, 1),
        p50_ms=tally.latencies.percentile_ms(50),
        p99_ms=tally.latencies.percentile_ms(99),
        errors=tally.errors + warm_up.errors,
        server_cpu=_rounded(used.server),
        generator_cpu=round(used.generator, 3),
        server_us=None if used.server is None or not ops_s else round(used.server / ops_s * 1e6, 1),
        other_cpu=_rounded(used.others),
        stolen=_rounded(used.stolen),
        spin_ms=speed_ms,
        void=used.generator > GENERATOR_CPU_MAX,
        first_error=warm_up.first_error or tally.first_error,
    )


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 3)


async def prepared(operation: Operation, scene: Scene, connections: int, seconds: float) -> Scene:
    """The scene with players whose tokens outlast the run, and with what the operation wants to find."""
    if not operation.needs_players:
        return scene
    lasting_s = time.time() + seconds * (1 + WARM_SHARE) + TOKEN_SPARE_S
    if not scene.players or min(player.expires_at_s for player in scene.players) < lasting_s:
        scene = Scene(scene.target, scene.accounts, await sign_in_all(scene.target, min(scene.accounts, PLAYERS_MAX), connections))
    if operation.prepare is not None:
        await ask_each(scene.target, list(operation.prepare(scene)), connections)
    return scene


async def sign_in_all(target: Target, accounts: int, connections: int) -> list[Player]:
    """The players of the first accounts; those that do not exist yet do so afterwards."""
    requests = [sign_in(target, device_id(number)) for number in range(accounts)]
    return [player_of(reply) for reply in await ask_each(target, requests, connections)]


async def ask_each(target: Target, requests: list[bytes], connections: int) -> list[bytes]:
    """The answers to all requests, in no particular order. Raises AnswersWrong when one is no success."""
    replies: list[bytes] = []
    refusals: list[str] = []

    def take(seconds: float, status: int, body: bytes) -> None:
        if status == 200:
            replies.append(body)
        else:
            refusals.append(f"{status or 'nothing'} {body[:200].decode(errors='replace')}".strip())

    load = Load(takewhile(lambda _: not refusals, requests), take)
    await load.open(target, min(connections, len(requests)))
    load.start()
    await load.ended
    if refusals:
        raise AnswersWrong(f"The server answered {refusals[0]}")
    return replies
