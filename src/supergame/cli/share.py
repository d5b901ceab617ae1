"""`supergame share`: a link with which a teammate plays on, or looks into, the server that runs on this machine."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from supergame.app.config import Config
from supergame.base.clock import SystemClock, whole_seconds
from supergame.base.errors import InvalidArgument
from supergame.base.ids import Chance
from supergame.cli.guest import Guest, admission, dismiss, invite
from supergame.cli.relay import read_key
from supergame.cli.up import run_loop
from supergame.relay.agent import Agent, Door, RelayAddress
from supergame.relay.shares import LIFETIME_S_MAX, LINK_PATH, Share, digest_of
from supergame.routing.console import Role

RELAY: Final = "http://127.0.0.1:7380"
ROLES: Final = {"play": None, "viewer": Role.VIEWER, "editor": Role.OPERATOR}
"""What a link is for, and as whom the console lets its guests in."""
_DURATION = re.compile(r"(\d{1,6})([smhd])")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser("share", help="a link to what runs on this machine", description=__doc__)
    relay = os.environ.get("SUPERGAME_RELAY", RELAY)
    parser.add_argument("--role", choices=list(ROLES), default="play", help="play the game, view the console, or work in it")
    parser.add_argument("--for", dest="lifetime_s", type=duration_s, default="8h", metavar="TIME", help="30m, 8h, 7d (default: 8h)")
    parser.add_argument("--relay", default=relay, metavar="URL", help="default: $SUPERGAME_RELAY or %(default)s")
    parser.add_argument("--key-file", type=Path, metavar="FILE", help="holds the relay's key, if it has one")
    parser.add_argument("--ca-file", metavar="FILE", help="PEM certificates to trust besides the system's")
    parser.add_argument("--server", default="http://127.0.0.1:7350", metavar="URL", help="the game, or a page of it (default: %(default)s)")
    parser.add_argument("--console", default="http://127.0.0.1:7351", metavar="URL", help="where its console is (default: %(default)s)")
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="the server's data folder (default: ./data)")
    parser.add_argument("--database", default="sqlite", metavar="URL", help="sqlite (default) or postgresql://...")
    parser.set_defaults(run=run)


def duration_s(text: str) -> int:
    """Seconds in `30m`, `8h` or `7d`."""
    found = _DURATION.fullmatch(text)
    seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
    if not 0 < seconds <= LIFETIME_S_MAX:
        raise argparse.ArgumentTypeError("a time such as 30m, 8h or 7d, 30 days at most")
    return seconds


def run(options: argparse.Namespace) -> int:
    """Until the link ends or it is stopped by Ctrl+C, which ends the link."""
    run_loop(share(options), False)
    return 0


async def share(options: argparse.Namespace) -> None:
    relay, relay_key = RelayAddress.of(options.relay, options.ca_file), read_key(options.key_file)
    config, role = Config(data_dir=options.data, database=options.database), ROLES[options.role]
    guest = None if role is None else await invite(config, local(options.console), role)
    try:
        await _hold(options, relay, relay_key, guest)
    finally:
        if guest is not None:
            await dismiss(config, guest)


async def _hold(options: argparse.Namespace, relay: RelayAddress, relay_key: str, guest: Guest | None) -> None:
    secret = Chance().secret()
    ends_at_s = whole_seconds(SystemClock().now()) + options.lifetime_s
    where = local(options.server if guest is None else options.console)
    pass_on = {} if guest is None else {"admit": admission(guest, where)}
    page = urlsplit(options.server if guest is None else "")
    door = Door(Share(digest=digest_of(secret), expires_at_s=ends_at_s, landing=page.path or "/"), *where, **pass_on)
    key = f"#{page.fragment}" if page.fragment else ""  # browsers keep it when the relay leads them on, and send it nowhere
    link = f"{options.relay.rstrip('/')}{LINK_PATH}{secret}{key}"
    agent = Agent(
        relay, key, [door], lambda: _tell(link, options), lambda why: print(f"  {why}; trying again", file=sys.stderr, flush=True)
    )
    running, stopping = asyncio.create_task(agent.run()), asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    try:
        async with asyncio.timeout(options.lifetime_s):
            await stopping.wait()
    except TimeoutError:
        print("  the link has ended", flush=True)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def local(url: str) -> tuple[str, int]:
    """Host and port of a server's address. Raises InvalidArgument."""
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname or parts.port is None:
        raise InvalidArgument(f"{url!r} is no address of a server: it looks like http://127.0.0.1:7350.")
    return parts.hostname, parts.port


def _tell(link: str, options: argparse.Namespace) -> None:
    what = {"play": "plays", "viewer": "looks into the console", "editor": "works in the console"}[options.role]
    print(f"  whoever has this link {what}; Ctrl+C ends it:\n\n    {link}\n", flush=True)
