"""`supergame bench api`: what does this machine hold?"""

from __future__ import annotations

import argparse
from typing import Any


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser("bench", help="measure this machine", description=__doc__)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    return 0
