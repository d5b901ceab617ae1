"""The Python environments: `.venv` to run and test in, and one of their own for tools that must never get into it.

Everything is installed from lock files, by hash, from wheels only: nothing is compiled, and no package's code runs while it is
installed. A second run finds the stamps and does nothing.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from steps import BUILD, ROOT, Stamp, digest, run

RUNTIME = ROOT / ".venv"
NODE = BUILD / "node"
BIN = "Scripts" if os.name == "nt" else "bin"
OFFLINE_HINT = "The first set-up downloads packages: is the network, or your package mirror, within reach?"


def python_of(environment: Path) -> Path:
    return environment / BIN / ("python.exe" if os.name == "nt" else "python")


def runtime() -> None:
    """`.venv` with the locked runtime and this checkout installed editable, so that `.venv/bin/supergame` exists."""
    _create(RUNTIME, "python environment")
    _install(RUNTIME, "requirements.lock", "runtime packages")
    _install_checkout()


def test() -> None:
    """The runtime and the tools of `make check` and `make test`, in the same `.venv` (docs/decisions/0001 tells why)."""
    runtime()
    _install(RUNTIME, "requirements-test.lock", "test packages")


def node() -> None:
    """Node.js in an environment of its own: it builds the web assets and is not needed to run them."""
    _create(NODE, "node environment")
    _install(NODE, "requirements-node.lock", "node")


def _create(environment: Path, label: str) -> None:
    """Make an empty environment, anew if the checkout was moved or Python changed: its scripts hold absolute paths."""
    stamp = Stamp(environment / ".made-for", f"{ROOT} {sys.version_info.major}.{sys.version_info.minor}")
    if stamp.holds() and python_of(environment).exists():
        return
    hint = "On Debian and Ubuntu: apt-get install python3-venv"
    run(label, [sys.executable, "-m", "venv", "--clear", environment], hint=hint)
    stamp.write()


def _install(environment: Path, lock: str, label: str) -> None:
    stamp = Stamp(environment / f".{lock}", digest([ROOT / lock]))
    if stamp.holds():
        return
    options = ["--require-hashes", "--only-binary", ":all:", "--no-deps"]  # the lock names every dependency
    run(label, [*_pip(environment), "install", *options, "-r", ROOT / lock], hint=OFFLINE_HINT)
    stamp.write()


def _install_checkout() -> None:
    """Needs no network: the build backend is in the lock, so pip need not fetch one to build in isolation."""
    stamp = Stamp(RUNTIME / ".checkout", digest([ROOT / "pyproject.toml"]))
    if stamp.holds() and any((RUNTIME / BIN).glob("supergame*")):
        return
    run("supergame itself", [*_pip(RUNTIME), "install", "--no-build-isolation", "--no-deps", "--editable", ROOT])
    stamp.write()


def _pip(environment: Path) -> list[str | Path]:
    return [python_of(environment), "-m", "pip", "--disable-pip-version-check", "--no-input"]
