"""What a socket costs that does nothing: memory of the server, and CPU to keep it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from supergame.base.errors import InvalidArgument
from supergame.cli.loadgen.machine import Meter, spin_ms, tree_resident_kib
from supergame.cli.loadgen.measure import GENERATOR_CPU_MAX, sign_in_all
from supergame.cli.loadgen.realtime.crowd import Crowd, SocketRefused
from supergame.cli.loadgen.realtime.measures import SOCKET_KIB_MAX
from supergame.cli.loadgen.realtime.play import Play
from supergame.cli.loadgen.realtime.run import Row, drive
from supergame.cli.loadgen.target import Target

FILES_BESIDES = 200


def allow_files(sockets: int) -> None:
    """Have the system allow as many open files as it will, for this process and the server it starts. Raises InvalidArgument."""
    try:
        import resource
    except ImportError:  # Windows has no such bound
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = sockets + FILES_BESIDES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        if hard != resource.RLIM_INFINITY and hard < wanted:
            raise InvalidArgument(f"This system allows {hard} open files: not enough for {sockets} sockets.")
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def weigh(sockets: int, target: Target, seconds: float, pids: Sequence[int], core: int | None) -> Row:
    """Open so many sockets, of a player each, and see what the server grows by; at the end each has to answer. `ops_s` are opened ones.

    Raises:
        ServerUnreachable, SocketRefused, AnswersWrong.
    """
    speed_ms = spin_ms(core)
    signed_in = await sign_in_all(target, sockets, connections=32)
    before_kib, crowd = tree_resident_kib(pids), Crowd()
    try:
        began = time.perf_counter()
        crowd.open(target, [player.token for player in signed_in], room_size=1)
        opened_s = sockets / (time.perf_counter() - began)
        crowd.begin()
        idle, meter = Play(crowd), Meter(pids)
        drive(idle, seconds)
        used, after_kib = meter.read(), tree_resident_kib(pids)
        _ask_all(idle)
    finally:
        crowd.close()
    kib = None if before_kib is None or after_kib is None else round((after_kib - before_kib) / sockets, 1)
    return Row(
        name="sockets",
        players=sockets,
        ops_s=round(opened_s, 1),
        p50_ms=0.0,
        p99_ms=0.0,
        server_cpu=None if used.server is None else round(used.server, 3),
        generator_cpu=round(used.generator, 3),
        errors=idle.errors,
        kib_per_socket=kib,
        other_cpu=None if used.others is None else round(used.others, 3),
        stolen=None if used.stolen is None else round(used.stolen, 3),
        spin_ms=speed_ms,
        holds=not idle.errors and kib is not None and kib <= SOCKET_KIB_MAX,
        void=used.generator > GENERATOR_CPU_MAX,
        first_error=idle.first_error,
    )


def _ask_all(idle: Play) -> None:
    """Whether they live. One that does not is an error."""
    for peer in idle.crowd.peers:
        if peer.sock.fileno() < 0:
            continue  # counted when it was lost
        peer.sock.setblocking(True)
        try:
            peer.call({"ping": {}})
        except SocketRefused as error:
            idle.fail(str(error))
