"""What every script here is made of: a step that shows its time, and a stamp that lets the next run skip it.

Standard library only, because these scripts run before anything is installed. Nothing here knows Python packages or Node.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows; there only the guard against two runs at once is missing
    fcntl = None  # type: ignore[assignment]

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
LOG_TAIL_LINES = 30
DOT_EVERY_S = 5.0


class StepFailed(Exception):
    """A command of a step ended with an error; the message is all that the reader needs."""


@dataclass(frozen=True)
class Stamp:
    """A file inside the thing it vouches for: delete the thing, and the stamp is gone with it."""

    path: Path
    value: str

    def holds(self) -> bool:
        return self.path.is_file() and self.path.read_text(encoding="utf-8") == self.value

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)

    def write(self) -> None:
        self.path.write_text(self.value, encoding="utf-8")


def digest(files: Sequence[Path]) -> str:
    """One hash over names and contents. Not over times: a checkout touches every file and changes none."""
    total = hashlib.sha256()
    for file in files:
        content = hashlib.sha256(file.read_bytes()).digest()
        total.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + content)
    return total.hexdigest()


def run(label: str, command: Sequence[str | Path], *, cwd: Path = ROOT, env: Mapping[str, str] | None = None, hint: str = "") -> None:
    """Run one command as one line of progress; its own output goes to a log and is shown only when it fails.

    Raises:
        StepFailed: the command ended with an error. Carries the end of its output, the log's place and ``hint``.
    """
    log = BUILD / "log" / f"{label.replace(' ', '-')}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    print(f"  {label} ", end="", flush=True)
    with log.open("wb") as output:
        process = subprocess.Popen(list(command), cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        code = _wait(process)
    elapsed_s = time.monotonic() - started
    print(f" {elapsed_s:.1f} s" if code == 0 else f" failed after {elapsed_s:.1f} s", flush=True)
    if code != 0:
        raise StepFailed(_report(label, log, hint))


def _wait(process: subprocess.Popen[bytes]) -> int:
    """Wait, with a dot now and then: a silent minute looks like a hang."""
    try:
        while True:
            try:
                return process.wait(timeout=DOT_EVERY_S)
            except subprocess.TimeoutExpired:
                print(".", end="", flush=True)
    finally:
        if process.poll() is None:  # we were interrupted: leave no half-done installer behind
            process.terminate()
            process.wait()


def _report(label: str, log: Path, hint: str) -> str:
    tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_TAIL_LINES:]
    lines = [
        "",
        *(f"    | {line}" for line in tail),
        "",
        f"  Could not finish: {label}. All of its output: {log.relative_to(ROOT)}",
    ]
    return "\n".join([*lines, f"  {hint}"] if hint else lines)


@contextmanager
def alone() -> Iterator[None]:
    """Let one preparation run at a time: `make up` and `make test` in two terminals share one environment."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "lock").open("w") as handle:
        if fcntl is not None:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("  waiting for another preparation of this checkout", flush=True)
                fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def main(work: Callable[[], None]) -> None:
    """Run a script's work; expected trouble becomes a readable message and exit status 1, not a traceback."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this is where an older Python learns that it is too old
        found = ".".join(map(str, sys.version_info[:3]))
        sys.exit(f"supergame needs Python 3.11 or newer and this is {found}. Name another one: make PYTHON=python3.12 setup")
    try:
        work()
    except StepFailed as failure:
        sys.exit(str(failure))
    except KeyboardInterrupt:
        print("\n  interrupted", flush=True)
        os._exit(130)  # nothing to tidy up, and a traceback would bury the message
