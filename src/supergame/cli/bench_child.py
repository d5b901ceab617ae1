"""A measured child of `supergame bench content`: what it said, its processor time, its peak memory."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

LOOK_EVERY_S: Final = 0.01
_PEAK: Final = re.compile(r"VmHWM:\s+(\d+) kB")


class Measured(NamedTuple):
    """Seconds, and bytes; the memory is 0 where the system does not tell."""

    said: str
    cpu_s: float
    ram: int


def measured(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> Measured:
    """Run a command to its end, which has to be a good one.

    The peak is read again and again from the running child: what the system tells at its end counts our own memory, too, which the child
    had for the moment before it became another program.
    """
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen([str(word) for word in command], env=environment, stdout=out, stderr=subprocess.STDOUT)
        ram, ended = 0, 0
        while not ended:
            ram = max(ram, _peak_of(child.pid))
            ended, status, usage = os.wait4(child.pid, os.WNOHANG)
            if not ended:
                time.sleep(LOOK_EVERY_S)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read().decode(errors="replace")
    assert child.returncode == 0, f"{command[0]} failed: {said}"
    return Measured(said, usage.ru_utime + usage.ru_stime, ram)


def _peak_of(pid: int) -> int:
    try:
        found = _PEAK.search(Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0
