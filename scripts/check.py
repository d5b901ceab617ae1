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

UNIT = steps.ROOT / "tests" / "unit"
FOLDERS = [*(folder for folder in UNIT.iterdir() if folder.name != "features"), *(UNIT / "features").iterdir()]
UNIT_TESTS = sorted(str(folder.relative_to(steps.ROOT)) for folder in FOLDERS if folder.is_dir() and any(folder.rglob("test_*.py")))
GROUPS = 4
PYTEST = ["python", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
CHECKS = {  # the slow ones first, so that the quick ones fill the gaps
    **{f"pytest, {number + 1} of {GROUPS}": [*PYTEST, *UNIT_TESTS[number::GROUPS]] for number in range(GROUPS)},
    "pytest, layers": [*PYTEST, "tests/test_architecture.py"],
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
