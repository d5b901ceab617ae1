"""`supergame up` as a process of its own, for tests from outside."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

READY_WITHIN_S = 60.0  # a bound for a stuck start, not a figure
_URL = re.compile(r"play and connect\s+(\S+)")
_CONSOLE = re.compile(r"operators\s+http://[^:/]+:(\d+)/")


class ServerProcess:
    """A server on free loopback ports. Its standard error goes to `log`, where tests look for what must not be there."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path, prefix: str) -> None:
        self._process, self.log = process, log
        self.banner = prefix
        url = _URL.search(prefix)
        console = _CONSOLE.search(prefix)
        assert url, prefix
        assert console, prefix
        self.url = url[1]
        self.port = int(self.url.partition("#")[0].rstrip("/").rpartition(":")[2])
        self.console_port = int(console[1])

    @classmethod
    def start(
        cls,
        data_dir: Path,
        game: Path | None = None,
        extra_args: Sequence[str] = (),
        port: int = 0,
        cpu: int | None = None,
        command_name: str = "up",
    ) -> ServerProcess:
        """Start it and wait until it has said where it listens, which it does when it is ready."""
        data_dir.mkdir(parents=True, exist_ok=True)
        log = data_dir / "stderr.log"
        command = [sys.executable, "-m", "supergame.cli.main", command_name, *([str(game)] if game else []), "--port", str(port)]
        command += ["--console-port", "0", "--data", str(data_dir), *extra_args]
        pin = None if cpu is None else (lambda: os.sched_setaffinity(0, {cpu}))
        with log.open("ab") as errors:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, preexec_fn=pin)
        return cls(process, log, _read_until(process, "  data  ", log))

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        """As if the machine had taken it away: SIGKILL."""
        self._process.kill()
        self._end()

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        return self._end()

    def _end(self) -> int:
        status = self._process.wait(READY_WITHIN_S)
        if self._process.stdout is not None:
            self._process.stdout.close()
        return status

    def __enter__(self) -> ServerProcess:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def _read_until(process: subprocess.Popen[bytes], mark: str, log: Path) -> str:
    """What the process has written up to the line with the mark; its log is shown when it dies before."""
    assert process.stdout is not None
    text, deadline = b"", time.monotonic() + READY_WITHIN_S
    while mark.encode() not in text:
        ready, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
        chunk = os.read(process.stdout.fileno(), 65536) if ready else b""
        if not chunk:
            process.kill()
            raise AssertionError(f"the server did not start:\n{text.decode()}\n{log.read_text()}")
        text += chunk
    return text.decode()
