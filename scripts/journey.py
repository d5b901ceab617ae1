"""A newcomer's first minute in Kitewind, in a real browser; its pictures go to docs/images/journey.

    python3 scripts/journey.py

Starts a server of its own on a free port, with data of its own. Needs Chromium: /usr/bin/chromium, or what CHROMIUM names.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import environments
import steps

PICTURES = steps.ROOT / "docs" / "images" / "journey"
E2E = steps.ROOT / "web" / "e2e"
NODE = environments.NODE / "bin" / "node"
STOPS_WITHIN_S = 20.0


def journey() -> None:
    with _server() as url:
        run = subprocess.run([NODE, "src/journey.ts", url, PICTURES], cwd=E2E, env={**os.environ, "NO_COLOR": "1"}, check=False)
    if run.returncode != 0:
        raise steps.StepFailed("  The journey was not as it should be: see above.")


@contextmanager
def _server() -> Iterator[str]:
    supergame = environments.python_of(environments.RUNTIME).with_name("supergame")
    with tempfile.TemporaryDirectory() as data:
        command = [supergame, "up", "--port", "0", "--console-port", "0", "--data", Path(data) / "data", "--log-level", "error"]
        process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True)
        try:
            yield _address(process)
        finally:
            process.terminate()
            process.communicate(timeout=STOPS_WITHIN_S)


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"play and connect\s+(\S+)", line):
            return found[1]
    raise steps.StepFailed(f"  The server ended with {process.wait()} before it was up.")


if sys.argv[1:]:
    sys.exit(__doc__)
steps.main(journey)
