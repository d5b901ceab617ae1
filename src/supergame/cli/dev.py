"""`supergame dev my_game.py ...`: as `up`, and what you save runs at once, with the players where they are."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from supergame.app.deployment import find
from supergame.app.reload import Reloader
from supergame.base.clock import SystemClock
from supergame.cli import up
from supergame.features.dev.model import Report
from supergame.features.dev.service import Reports
from supergame.telemetry import logging


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser("dev", help="serve games while you change them", description=__doc__)
    up.add_games(parser, "+")
    up.add_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    logging.configure(level=options.log_level)
    started = time.perf_counter()
    titles = find(options.games, Path.cwd())
    reloader = Reloader.load(titles, Reports(tell), SystemClock())
    config = up.configure(options, up.settings_of(reloader.games, titles))
    up.run_loop(up.serve(config, reloader.games, started, reloader), options.plain_asyncio)
    return 0


def tell(report: Report) -> None:
    """On the terminal, in words."""
    failure = report.failure
    if failure is None:
        print(f"  reloaded: {', '.join(report.files)} ({report.took_ms:.0f} ms)", flush=True)
    else:
        print(f"\n  {failure.what}; the version before goes on.\n\n{failure.trace}\n", file=sys.stderr, flush=True)
