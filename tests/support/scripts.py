"""The scripts of `web/e2e`, run by Node."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
NODE = ROOT / ".build" / "node" / "bin" / "node"
SCRIPT_WITHIN_S = 400.0  # a bound for a stuck browser, not a figure


def run_script(name: str, *arguments: str) -> list[str]:
    """The names of the checks that a script made. Its lines are shown when one of them does not hold."""
    assert NODE.exists(), "Node is missing: run `make web`"
    assert (WEB / "node_modules").is_dir(), "the web packages are missing: run `make web`"
    run = subprocess.run(
        [NODE, WEB / "e2e" / "src" / name, *arguments],
        cwd=WEB / "e2e",
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=SCRIPT_WITHIN_S,
        check=False,
    )
    assert run.returncode == 0, f"{name} ended with {run.returncode}\n{run.stdout}\n{run.stderr}"
    *lines, plan = run.stdout.splitlines()
    assert plan == f"1..{len(lines)}", f"{name} stopped half-way\n{run.stdout}\n{run.stderr}"
    return [line.partition(" - ")[2] for line in lines]
