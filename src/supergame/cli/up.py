"""`supergame up [TITLE ...]`: serve games, or what `supergame.toml` says, or Kitewind, from this process until SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import gc
import ipaddress
import signal
import socket
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Final

import segno

from supergame.app.build import build
from supergame.app.config import Config
from supergame.app.deployment import FILE_NAME, FLAGSHIP, Served, file_of, find, read
from supergame.app.games import load_games
from supergame.app.node import Node
from supergame.app.pages import has_page
from supergame.app.reload import Reloader
from supergame.base.errors import InvalidArgument
from supergame.base.ids import TitleId
from supergame.console.operators import Invited
from supergame.features.titles.model import Settings
from supergame.game import Game
from supergame.telemetry import logging

FLUSH_MS_MAX: Final = 1_000
PATHS: Final = ("data", "tls_cert", "tls_key")  # in the deployment's file they are seen from its folder


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser("up", help="serve games", description=__doc__)
    add_games(parser, "*")
    add_options(parser)
    parser.set_defaults(run=run)


def add_games(parser: argparse.ArgumentParser, nargs: str) -> None:
    parser.add_argument(
        "games",
        nargs=nargs,
        type=Path,
        metavar="TITLE",
        help=f"a folder with a game.py, a Python file, {FLAGSHIP}, or a {FILE_NAME} (`up` takes this folder's when nothing is named)",
    )


def add_options(parser: argparse.ArgumentParser) -> None:
    """What an operator decides; `dev` takes the same."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s, this machine only)")
    parser.add_argument("--port", type=port, default=7350, help="HTTP and WebSocket (default: %(default)s; 0: any)")
    parser.add_argument("--console-host", default="127.0.0.1", help="address of the operators' port (default: %(default)s)")
    parser.add_argument("--console-port", type=port, default=7351, help="console, metrics and health (default: %(default)s; 0: any)")
    parser.add_argument("--console-name", action="append", default=[], metavar="NAME", help="a name that the console answers to")
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="where everything is kept (default: ./data)")
    parser.add_argument("--database", default="sqlite", metavar="URL", help="sqlite (default) or postgresql://...")
    parser.add_argument("--content", default="", metavar="WHERE", help="the store of releases (default: content in the data folder)")
    parser.add_argument("--lan", action="store_true", help="let the local network play, with keys of your own")
    parser.add_argument("--tls-cert", type=Path, metavar="FILE", help="PEM certificate chain")
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="PEM private key")
    parser.add_argument(
        "--trusted-proxy",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="believe X-Forwarded-For of this address or network",
    )
    parser.add_argument(
        "--allow-origin", action="append", default=[], metavar="ORIGIN", help="origins of web pages that may call (default: all)"
    )
    parser.add_argument("--single-socket", action="store_true", help="a player's new socket closes the older ones")
    parser.add_argument("--single-match", action="store_true", help="a socket that joins a match leaves all others")
    parser.add_argument(
        "--flush-ms",
        type=_milliseconds,
        default=8.0,
        metavar="MS",
        help="how long messages to a busy socket wait for others to leave with (default: %(default)g; 0: not at all)",
    )
    parser.add_argument("--log-level", default="info", choices=["debug", "info", "warning", "error"])
    parser.add_argument("--plain-asyncio", action="store_true", help="do without uvloop (always so on Windows)")


def options_of_file(games: list[Path]) -> list[str]:
    """The options that the deployment's file has, as a command line would have them; none without a file.

    Raises:
        DeploymentInvalid: the file, or the name of an option, is not understood.
    """
    file = file_of(games, Path.cwd())
    if file is None:
        return []
    known = argparse.ArgumentParser(add_help=False)
    add_options(known)
    options = read(file, tuple(vars(known.parse_args([])))).options
    return [word for name, value in options.items() for word in _words(name, file.parent / str(value) if name in PATHS else value)]


def _words(name: str, value: object) -> list[str]:
    option = "--" + name.replace("_", "-")
    if isinstance(value, bool):
        return [option] if value else []
    return [f"{option}={item}" for item in (value if isinstance(value, list) else [value])]


def port(text: str) -> int:
    """Checked here, for uvloop takes 99999 to be 34463."""
    number = int(text)
    if not 0 <= number <= 65_535:
        raise argparse.ArgumentTypeError(f"{number} is no port: 0 to 65535")
    return number


def _milliseconds(text: str) -> float:
    number = float(text)
    if not 0 <= number <= FLUSH_MS_MAX:
        raise argparse.ArgumentTypeError(f"{text} is too long or too short to wait: 0 to {FLUSH_MS_MAX} milliseconds")
    return number


def run(options: argparse.Namespace) -> int:
    logging.configure(level=options.log_level)
    started = time.perf_counter()
    titles = find(options.games, Path.cwd())
    games = load_games(titles)
    config = configure(options, settings_of(games, titles))
    run_loop(serve(config, games, started), options.plain_asyncio)
    return 0


def settings_of(games: list[Game], titles: list[Served]) -> dict[TitleId, Settings]:
    return {game.id: title.settings for game, title in zip(games, titles, strict=True)}


def run_loop(work: Coroutine[Any, Any, None], plain_asyncio: bool) -> None:
    with asyncio.Runner(loop_factory=None if plain_asyncio else fast_loop_factory()) as runner:
        runner.run(work)


def configure(options: argparse.Namespace, titles: dict[TitleId, Settings] | None = None) -> Config:
    """The configuration that a command line asks for, with what the deployment's file says of titles."""
    if bool(options.tls_cert) != bool(options.tls_key):
        raise InvalidArgument("TLS needs both --tls-cert and --tls-key.")
    for proxy in options.trusted_proxy:
        _check_network(proxy)
    host = "0.0.0.0" if options.lan and options.host == "127.0.0.1" else options.host
    return Config(
        data_dir=options.data,
        host=host,
        port=options.port,
        console_host=options.console_host,
        console_port=options.console_port,
        console_names=tuple(name.lower() for name in options.console_name),
        database=options.database,
        content=options.content,
        tls_cert=options.tls_cert,
        tls_key=options.tls_key,
        trusted_proxies=tuple(options.trusted_proxy),
        allowed_origins=tuple(options.allow_origin) or ("*",),
        flush_ms=options.flush_ms,
        single_socket=options.single_socket,
        single_match=options.single_match,
        titles=titles or {},
    )


def _check_network(text: str) -> None:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise InvalidArgument(f"--trusted-proxy {text} is no address and no network such as 10.0.0.0/8.") from None


def fast_loop_factory() -> Any:
    """uvloop where there is one; None means asyncio's own loop."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def serve(
    config: Config,
    games: list[Game],
    started: float,
    reloader: Reloader | None = None,
    life: Callable[[Node], Coroutine[Any, Any, None]] | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, or until `life` of the node that serves is over; then drain."""
    stopping = asyncio.Event()
    _on_signals(stopping)
    node = await build(config, games, reloader=reloader)
    _settle_memory()
    await node.serve()
    first = await node.operators.first()
    _announce(node, games, time.perf_counter() - started, first)
    ends = [asyncio.create_task(work) for work in ([stopping.wait()] if life is None else [stopping.wait(), life(node)])]
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    for end in ends:
        end.cancel()
    print("\nStopping: requests in flight finish first.", flush=True)
    await node.stop()


def _settle_memory() -> None:
    """What was made at the start stays: the collector need not look at it again, and looks less often at the rest.

    Unfrozen, a full collection held the loop for 20 ms under load.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


def _on_signals(stopping: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, stopping.set)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stopping.set))


def _announce(node: Node, games: list[Game], took_s: float, first: Invited | None) -> None:
    config = node.config
    scheme = "https" if config.tls_cert else "http"
    lan = config.host in ("0.0.0.0", "::")
    url = f"{scheme}://{_lan_address() if lan else config.host}:{node.port}/"
    if not config.has_well_known_keys:
        url += f"#key={node.keys[0].server_key}"
    print(f"\n  supergame is up after {took_s:.1f} s, serving {', '.join(game.name for game in games)}\n")
    print(f"    play and connect   {url}")
    for game in games:
        if len(games) > 1 or has_page(game):
            print(f"    {game.id:<18} {url.partition('#')[0]}t/{game.id}/")
    print(f"    API                {scheme}://{_shown(config.host)}:{node.port}/openapi.json")
    print(f"    operators          {'https' if config.has_console_tls else 'http'}://{_shown(config.console_host)}:{node.console_port}/")
    if not config.is_console_loopback and not config.has_console_tls:
        print("                       (others can reach it and nothing hides passwords on the way: add --tls-cert and --tls-key)")
    if first is not None:
        print(f"    first operator     {first.operator.name}, one-time password {first.one_time_password}")
        print(f"                       (shown this once; `supergame operator reset {first.operator.name}` gives another)")
    print(f"    data               {config.data_dir.resolve()}\n")
    if lan:
        segno.make(url, micro=False).terminal(out=sys.stdout, compact=True)
        print("  Scan it with a phone in the same network. The key in it is this server's own.\n")
    sys.stdout.flush()


def _shown(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::") else host


def _lan_address() -> str:
    """This machine's address in the local network. Choosing a route sends nothing; the address is reserved for documentation."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"
