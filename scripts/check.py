"""The checks of `make check`, side by side: a line each, and the whole output of those that fail."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import environments
import steps

UNIT_TESTS = sorted(str(folder.relative_to(steps.ROOT)) for folder in (steps.ROOT / "tests" / "unit").iterdir() if folder.is_dir())
PYTEST = ["python", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
CHECKS = {  # the slow ones first, so that the quick ones fill the gaps
    "pytest, half": [*PYTEST, *UNIT_TESTS[::2]],
    "pytest, rest": [*PYTEST, *UNIT_TESTS[1::2], "tests/test_architecture.py"],
    "mypy": ["mypy"],
    "lint-imports": ["lint-imports"],
    "ruff check": ["ruff", "check"],
    "ruff format": ["ruff", "format", "--check"],
}


def check() -> None:
    failures = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for done in as_completed([pool.submit(_run, name) for name in CHECKS]):
            name, result, elapsed_s = done.result()
            print(f"  {'ok    ' if result.returncode == 0 else 'FAILED'} {name:<14} {elapsed_s:5.1f} s", flush=True)
            if result.returncode != 0:
                failures.append(f"\n--- {name} ---\n{result.stdout}")
    if failures:
        raise steps.StepFailed("".join(failures))


def _run(name: str) -> tuple[str, subprocess.CompletedProcess[str], float]:
    program, *arguments = CHECKS[name]
    command: list[str | Path] = [environments.RUNTIME / environments.BIN / program, *arguments]
    started = time.monotonic()
    result = subprocess.run(command, cwd=steps.ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return name, result, time.monotonic() - started


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    steps.main(check)
