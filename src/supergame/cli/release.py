"""`supergame release push | preview | promote | rollback | ...`: builds of a game on their way to players."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from supergame.base.clock import SystemClock, as_datetime
from supergame.base.errors import InvalidArgument
from supergame.base.ids import Chance
from supergame.content import collect, report
from supergame.content.channels import Channel
from supergame.content.publisher import Publisher
from supergame.content.reader import read_manifest
from supergame.content.remote import store_at
from supergame.content.signing import Keys, latest_keyset

FIRST_TITLE: Final = "kitewind"
"""What `supergame up` serves without a file."""
STEPS_SHOWN: Final = 5

Run = Callable[[Publisher, argparse.Namespace], int]


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser("release", help="publish builds of a game", description=__doc__)
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    push = _action(actions, "push", _push, "publish a folder to a channel")
    preview = _action(actions, "preview", _preview, "what a push would cost, and why; nothing is kept")
    for action in (push, preview):
        action.add_argument("folder", type=Path)
        action.add_argument("--channel", default="beta", help="default: %(default)s")
        action.add_argument("--version", help="what players see (default: the channel's next number)")
    push.add_argument("--percent", type=float, default=100.0, help="of the players (default: all)")
    promote = _action(actions, "promote", _promote, "give a channel's newest release to the players of another")
    promote.add_argument("source")
    promote.add_argument("target")
    promote.add_argument("--percent", type=float, default=100.0, help="of the target's players (default: all)")
    rollback = _action(actions, "rollback", _roll_back, "end a rollout, or go back to the release before")
    rollback.add_argument("--to", default="", metavar="VERSION", help="a certain one of the channel's earlier releases")
    pause = _action(actions, "pause", _pause, "nobody else gets the release that is being rolled out")
    resume = _action(actions, "resume", _resume, "let a rollout go on")
    clients = _action(actions, "clients", _clients, "which versions of the client may play")
    clients.add_argument("--min", default="", metavar="VERSION")
    clients.add_argument("--max", default="", metavar="VERSION")
    for action in (rollback, pause, resume, clients):
        action.add_argument("channel", nargs="?", default="live", help="default: %(default)s")
    for action in (promote, rollback, pause, resume, clients):
        action.add_argument("--reason", default="", help="for the channel's history")
    _action(actions, "list", _list, "channels, what they point at, and their last changes")
    _action(actions, "refresh", _refresh, "sign all channels anew; they expire after 90 days")
    _action(actions, "newkey", _new_key, "replace the signing key")
    _action(actions, "sweep", _sweep, "remove what no channel reaches any more")
    _action(actions, "check", _check, "compare every object of the store with its name")


def _action(actions: Any, name: str, run: Run, words: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=words, description=words)
    parser.add_argument("--title", default="", help="the game (default: the store's only one)")
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="the deployment's folder (default: ./data)")
    parser.add_argument("--store", default="", metavar="WHERE", help="a folder or bucket (default: content in the data folder)")
    parser.add_argument("--keys", type=Path, default=None, metavar="FILE", help="default: release-keys.json in the data folder")
    parser.set_defaults(run=lambda options: run(_publisher(options), options))
    return parser


def _publisher(options: argparse.Namespace) -> Publisher:
    store = store_at(options.store or str(options.data / "content"))
    keys = Keys(options.keys or options.data / "release-keys.json", Chance())
    return Publisher(store, keys, SystemClock(), getpass.getuser())


def _title(publisher: Publisher, options: argparse.Namespace) -> str:
    if options.title:
        return str(options.title)
    titles = {channel.title for channel in publisher.all()} or {FIRST_TITLE}
    if len(titles) > 1:
        raise InvalidArgument(f"Say which title with --title: {', '.join(sorted(titles))}.")
    return titles.pop()


def _push(publisher: Publisher, options: argparse.Namespace) -> int:
    title, before = _title(publisher, options), _before(publisher, options)
    made = publisher.push(options.folder, title, options.channel, options.version or _next(before), percent=options.percent)
    print("\n".join(report.lines(made, _old(publisher, before))))
    print(f"\n  {title}/{options.channel} points at it, for {options.percent:g} % of its players.")
    _print_address(publisher, options, title)
    return 0


def _print_address(publisher: Publisher, options: argparse.Namespace, title: str) -> None:
    keyset = latest_keyset(publisher.store)
    assert keyset is not None, "a push has signed"
    address = f"ADDRESS/content/channels/{title}/{options.channel}"
    print(f"  Players follow it with\n\n    supergame sync {address} FOLDER --root {keyset.roots[0]}\n")


def _preview(publisher: Publisher, options: argparse.Namespace) -> int:
    before = _before(publisher, options)
    made = publisher.preview(options.folder, _title(publisher, options), options.channel, options.version or _next(before))
    print("\n".join(report.lines(made, _old(publisher, before))))
    return 0


def _before(publisher: Publisher, options: argparse.Namespace) -> Channel | None:
    title = _title(publisher, options)
    return next((channel for channel in publisher.all(title) if channel.name == options.channel), None)


def _next(before: Channel | None) -> str:
    return str(before.serial + 1 if before else 1)


def _old(publisher: Publisher, before: Channel | None) -> Any:
    release = before.current if before else None
    return None if release is None else read_manifest(publisher.store, release.manifest, release.manifest_size)


def _promote(publisher: Publisher, options: argparse.Namespace) -> int:
    title = _title(publisher, options)
    return _tell(publisher.promote(title, options.source, options.target, percent=options.percent, reason=options.reason))


def _roll_back(publisher: Publisher, options: argparse.Namespace) -> int:
    return _tell(publisher.roll_back(_title(publisher, options), options.channel, version=options.to, reason=options.reason))


def _pause(publisher: Publisher, options: argparse.Namespace) -> int:
    return _tell(publisher.pause(_title(publisher, options), options.channel, reason=options.reason))


def _resume(publisher: Publisher, options: argparse.Namespace) -> int:
    return _tell(publisher.pause(_title(publisher, options), options.channel, False, reason=options.reason))


def _clients(publisher: Publisher, options: argparse.Namespace) -> int:
    title = _title(publisher, options)
    return _tell(publisher.set_clients(title, options.channel, options.min, options.max, reason=options.reason))


def _list(publisher: Publisher, options: argparse.Namespace) -> int:
    for channel in publisher.all(options.title):
        _tell(channel)
        for step in channel.steps[:STEPS_SHOWN]:
            reason = f" ({step.reason})" if step.reason else ""
            print(f"    {as_datetime(step.at):%Y-%m-%d %H:%M}  {step.by}: {step.action}, {step.version}{reason}")
    return 0


def _refresh(publisher: Publisher, options: argparse.Namespace) -> int:
    print(f"{len(publisher.refresh())} channels are signed anew.")
    return 0


def _new_key(publisher: Publisher, options: argparse.Namespace) -> int:
    print(f"A new key signs from now on; {len(publisher.replace_key())} channels are signed with it.")
    return 0


def _sweep(publisher: Publisher, options: argparse.Namespace) -> int:
    swept = collect.sweep(publisher.store, options.data / "content-marks.json", SystemClock())
    print(f"{len(swept.removed)} objects are removed; {swept.waiting} are marked and go in a day or later.")
    return 0


def _check(publisher: Publisher, options: argparse.Namespace) -> int:
    damaged = collect.check_store(publisher.store)
    print("\n".join(f"damaged: {name}" for name in damaged) or "Every object is as it was published.")
    return 1 if damaged else 0


def _tell(channel: Channel) -> int:
    parts = [f"everybody: {channel.current.version}" if channel.current else "no release for everybody"]
    if channel.rollout:
        parts.append(f"{channel.percent:g} %: {channel.rollout.version}" + (" (paused)" if channel.is_paused else ""))
    if channel.client_min or channel.client_max:
        parts.append(f"clients {channel.client_min or 'any'} to {channel.client_max or 'any'}")
    print(f"{channel.title}/{channel.name}  {', '.join(parts)}")
    return 0
