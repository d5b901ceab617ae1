"""`supergame preview my_game`: the branch that you work on, served for a while beside the deployment, with a copy of its data."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from supergame.app.config import Config
from supergame.app.copies import USUAL, copy_database, parts_of
from supergame.app.deployment import find
from supergame.app.games import load_games
from supergame.app.node import Node
from supergame.base.clock import SystemClock, whole_seconds
from supergame.base.errors import FailedPrecondition
from supergame.base.titles import LIVE
from supergame.cli import up
from supergame.cli.share import duration_s
from supergame.features.previews.model import Preview, name_of
from supergame.features.previews.service import Previews
from supergame.telemetry import logging


class PreviewRuns(FailedPrecondition):
    """A preview of this name runs already; end it, or choose another name with --name."""

    code = "preview.runs"


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser("preview", help="serve the current branch for a while", description=__doc__)
    parser.add_argument("titles", nargs="+", type=Path, metavar="TITLE", help="as for `up`")
    parser.add_argument("--name", help="what the preview is called (default: as the branch)")
    parser.add_argument("--for", dest="lifetime_s", type=duration_s, default="8h", metavar="TIME", help="30m, 8h, 7d (default: 8h)")
    parser.add_argument("--copy", default=",".join(USUAL), metavar="PARTS", help="all, none, or some of the data (default: %(default)s)")
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="the deployment's data folder (default: ./data)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s, this machine only)")
    parser.add_argument("--port", type=up.port, default=0, help="HTTP and WebSocket (default: any)")
    parser.add_argument("--console-port", type=up.port, default=0, help="the preview's own console (default: any)")
    parser.add_argument("--log-level", default="info", choices=["debug", "info", "warning", "error"])
    parser.add_argument("--plain-asyncio", action="store_true", help="do without uvloop (always so on Windows)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Until it ends: by its time, by Ctrl+C, or in the console of the deployment. Its data is removed then."""
    logging.configure(level=options.log_level)
    started, clock = time.perf_counter(), SystemClock()
    branch, commit = branch_of(options.titles[0])
    previews, name = Previews(options.data, clock), options.name or name_of(branch)
    folder, copied = previews.folder_of(name), parts_of(options.copy)
    if name in [one.name for one in asyncio.run(previews.all())]:
        raise PreviewRuns
    titles = [replace(title, environment=LIVE) for title in find(options.titles, Path.cwd())]
    games = load_games(titles)
    prepare(folder, options.data, copied)
    config = Config(
        data_dir=folder,
        host=options.host,
        port=options.port,
        console_port=options.console_port,
        titles=up.settings_of(games, titles),
        own_keys_only=True,
    )

    async def life(node: Node) -> None:
        started_at_s = whole_seconds(clock.now())
        preview = Preview(
            name=name,
            title_id=games[0].id,
            branch=branch,
            commit=commit,
            url=f"http://{config.host}:{node.port}/#key={node.keys[0].server_key}",
            console_url=f"http://{config.console_host}:{node.console_port}/",
            copied=copied,
            started_at_s=started_at_s,
            ends_at_s=started_at_s + options.lifetime_s,
        )
        previews.write(preview)
        print(f"    preview            {name}, of {branch} at {commit}\n", flush=True)
        await previews.ended(name)

    try:
        up.run_loop(up.serve(config, games, started, life=life), options.plain_asyncio)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def prepare(folder: Path, data_dir: Path, parts: list[str]) -> None:
    """A fresh data folder with a copy of what was chosen. Raises NothingToCopy."""
    shutil.rmtree(folder, ignore_errors=True)  # of one that was killed
    folder.mkdir(mode=0o700, parents=True)
    if parts:
        copy_database(data_dir / "supergame.db", folder / "supergame.db", parts)


def branch_of(game: Path) -> tuple[str, str]:
    """The branch and commit that a game's files are of; its folder's name and nothing without git."""
    folder = game if game.is_dir() else game.resolve().parent

    def git(*words: str) -> str:
        done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else ""

    try:
        branch, commit = git("rev-parse", "--abbrev-ref", "HEAD"), git("rev-parse", "--short", "HEAD")
        changed = "+" if git("status", "--porcelain", "--", ".") else ""
    except OSError:  # no git on this machine
        branch = commit = changed = ""
    return branch or folder.resolve().name, f"{commit}{changed}"
