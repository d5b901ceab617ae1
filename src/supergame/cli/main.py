"""`supergame up | dev | new | operator | release | sync | preview | relay | share | bench`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from supergame import __version__
from supergame.base.errors import SupergameError
from supergame.cli import bench, dev, new, operator, preview, relay, release, share, sync, up


def main(arguments: list[str] | None = None) -> int:
    """The exit status of a command line: 0 well, 1 refused with a sentence on standard error, 2 not understood."""
    parser = argparse.ArgumentParser(prog="supergame", description="Build, host and operate online games.")
    parser.add_argument("--version", action="version", version=f"supergame {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in (up, dev, new, operator, release, sync, preview, relay, share, bench):
        command.add(commands)
    words = sys.argv[1:] if arguments is None else arguments
    try:
        options = _parse(parser, words)
        if hasattr(options, "games"):  # the deployment's file may hold options, over which the command line's go
            options = _parse(parser, [words[0], *up.options_of_file(options.games), *words[1:]])
        return int(options.run(options))
    except SupergameError as error:
        print(f"supergame: {error.message} [{error.code}]", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parse(parser: argparse.ArgumentParser, words: list[str]) -> argparse.Namespace:
    options, rest = parser.parse_known_args(words)
    _take_late_files(parser, options, rest)
    return options


def _take_late_files(parser: argparse.ArgumentParser, options: argparse.Namespace, rest: list[str]) -> None:
    """Games may also stand behind options, `up a.py --port 0 b.py`, which argparse leaves over."""
    if rest and (not hasattr(options, "games") or any(word.startswith("-") for word in rest)):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if rest:
        options.games += [Path(word) for word in rest]


if __name__ == "__main__":
    sys.exit(main())
