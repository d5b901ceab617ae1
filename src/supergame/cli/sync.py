"""`supergame sync CHANNEL DIR`: bring a folder to the release of a channel; run it again after whatever stopped it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from supergame.base.clock import SystemClock
from supergame.base.ids import Chance
from supergame.content.install import Installation
from supergame.content.metered import Metered
from supergame.content.remote import source_of
from supergame.content.report import megabytes


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser("sync", help="install a release, or update to it", description=__doc__)
    parser.add_argument("channel", help="its address: https://HOST/content/channels/TITLE/CHANNEL, or a folder with the same names")
    parser.add_argument("folder", type=Path, metavar="DIR", help="where to install; start what lies in DIR/current")
    parser.add_argument("--root", default="", metavar="KEY", help="the publisher's root key (default: trust the first one seen)")
    parser.add_argument("--player", default="", metavar="ID", help="whom rollouts are decided by (default: this copy)")
    parser.add_argument("--verify", action="store_true", help="compare every byte, and heal what is damaged")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    source, title, name = source_of(options.channel)
    metered = Metered(source)
    installation = Installation(options.folder, metered, SystemClock(), Chance(), options.root)
    synced = installation.sync(title, name, verify=options.verify, who=options.player)
    done = "is up to date" if synced.was_current else "is installed"
    print(f"{title} {synced.release.version} {done} in {options.folder / 'current'}")
    print(f"  {megabytes(metered.bytes)} in {metered.requests} requests")
    return 0
