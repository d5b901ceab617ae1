"""`supergame up | new | bench`."""

from __future__ import annotations

import argparse
import sys

from supergame import __version__
from supergame.base.errors import SupergameError
from supergame.cli import bench, new, up


def main(arguments: list[str] | None = None) -> int:
    """The exit status of a command line: 0 well, 1 refused with a sentence on standard error, 2 not understood."""
    parser = argparse.ArgumentParser(prog="supergame", description="Build, host and operate online games.")
    parser.add_argument("--version", action="version", version=f"supergame {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in (up, new, bench):
        command.add(commands)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except SupergameError as error:
        print(f"supergame: {error.message} [{error.code}]", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
