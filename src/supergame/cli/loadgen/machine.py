"""The machine under both ends: which cores they run on, and how much of them they use. Figures come from Linux's /proc;
elsewhere there are none of the server."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Cores:
    """Where server and generator run; None: wherever the system likes."""

    server: int | None
    generator: int | None


def two_cores() -> Cores:
    """One core for each, if there are two and the system lets us choose."""
    if not hasattr(os, "sched_setaffinity"):
        return Cores(None, None)
    allowed = sorted(os.sched_getaffinity(0))
    return Cores(allowed[0], allowed[1]) if len(allowed) > 1 else Cores(None, None)


@contextmanager
def pinned(core: int | None) -> Iterator[None]:
    """Run on this core, and so does what is started meanwhile."""
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def spin_ms(core: int | None) -> float:
    """Milliseconds for 200,000 turns of an idle loop on this core just now, the best of five: cores of shared hosts change speed."""
    took = []
    with pinned(core):
        for _ in range(5):
            began, total = time.perf_counter(), 0
            for number in range(200_000):
                total += number & 7
            took.append(time.perf_counter() - began)
    return round(min(took) * 1000, 2)


@dataclass(frozen=True, slots=True)
class Used:
    """Cores in use over some time: by the server with its database, by this process, by all others, and taken by the hypervisor."""

    wall_s: float
    server: float | None
    generator: float
    others: float | None
    stolen: float | None


class Meter:
    """Starts when it is made; `read` tells what was used since. `pids`: the server's processes, their children are counted too."""

    def __init__(self, pids: Sequence[int]) -> None:
        self._pids = pids
        self._began, self._generator = time.perf_counter(), time.process_time()
        self._server, self._machine = tree_cpu_s(pids), machine_cpu_s()

    def read(self) -> Used:
        wall_s = time.perf_counter() - self._began
        generator_s = time.process_time() - self._generator
        server_s = _since(self._server, tree_cpu_s(self._pids))
        busy_s, stolen_s = (_since(before, now) for before, now in zip(self._machine, machine_cpu_s(), strict=True))
        others_s = None if busy_s is None or server_s is None else busy_s - server_s - generator_s
        return Used(wall_s, _share(server_s, wall_s), generator_s / wall_s, _share(others_s, wall_s), _share(stolen_s, wall_s))


def _since(before: float | None, now: float | None) -> float | None:
    return None if before is None or now is None else now - before


def _share(seconds: float | None, wall_s: float) -> float | None:
    return None if seconds is None else max(0.0, seconds / wall_s)


def tree_cpu_s(pids: Sequence[int]) -> float | None:
    """CPU seconds of these processes and all below them, those that have ended included; None where it cannot be known."""
    found = _tree(pids)
    return sum(sum(map(int, fields[11:15])) for fields in found) / os.sysconf("SC_CLK_TCK") if found else None


def tree_resident_kib(pids: Sequence[int]) -> float | None:
    """Memory that these processes and all below them have resident; None where it cannot be known."""
    found = _tree(pids)
    return sum(int(fields[21]) for fields in found) * os.sysconf("SC_PAGE_SIZE") / 1024 if found else None


def _tree(pids: Sequence[int]) -> list[list[str]]:
    """What /proc tells of these processes and all below them."""
    if not pids or not PROC.is_dir():
        return []
    told = {int(entry.name): fields for entry in PROC.iterdir() if entry.name.isdigit() and (fields := _stat(entry))}
    counted = {pid for pid in pids if pid in told}
    while more := {pid for pid, fields in told.items() if int(fields[1]) in counted} - counted:
        counted |= more
    return [told[pid] for pid in counted]


def _stat(process: Path) -> list[str]:
    """The fields behind the program's name; none when the process has just ended."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def machine_cpu_s() -> tuple[float | None, float | None]:
    """CPU seconds of everything on this machine, and those that its hypervisor gave to others."""
    try:
        with (PROC / "stat").open() as file:
            user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, file.readline().split()[1:9])
    except (OSError, ValueError):
        return None, None
    tick = os.sysconf("SC_CLK_TCK")
    return (user + nice + system + irq + softirq) / tick, steal / tick


def description() -> str:
    """Processor, cores, Python: what figures have to be read with."""
    return f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.release()}"


def _processor() -> str:
    try:
        lines = (PROC / "cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
