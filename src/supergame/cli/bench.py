"""`supergame bench`: what does this machine hold?"""

from __future__ import annotations

import argparse
from typing import Any

from supergame.cli import bench_api, bench_content, bench_realtime


def add(commands: Any) -> None:
    bench: argparse.ArgumentParser = commands.add_parser("bench", help="measure this machine", description=__doc__)
    benches = bench.add_subparsers(metavar="WHAT", required=True)
    bench_api.add(benches)
    bench_realtime.add(benches)
    bench_content.add(benches)
