"""`supergame relay`: a meeting point on a machine that others can reach, for links made with `supergame share`."""

from __future__ import annotations

import argparse
import asyncio
import signal
import ssl
from pathlib import Path
from typing import Any

from supergame.app.node import AddressUnavailable, TlsInvalid
from supergame.base.clock import SystemClock
from supergame.base.errors import FailedPrecondition
from supergame.cli.up import run_loop
from supergame.relay.server import Relay
from supergame.telemetry import logging


class KeyNeeded(FailedPrecondition):
    """A relay that others can reach asks agents for a key; put one into a file and name it with --key-file."""

    code = "relay.key_needed"


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser("relay", help="let others share through this machine", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s, this machine only)")
    parser.add_argument("--port", type=int, default=7380, help="for guests and agents (default: %(default)s; 0: any)")
    parser.add_argument("--key-file", type=Path, metavar="FILE", help="holds the key that agents have to know")
    parser.add_argument("--tls-cert", type=Path, metavar="FILE", help="PEM certificate chain")
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="PEM private key")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    logging.configure(level="info")
    key = read_key(options.key_file)
    if not key and options.host not in ("127.0.0.1", "::1", "localhost"):
        raise KeyNeeded
    run_loop(serve(options.host, options.port, key, tls_context(options.tls_cert, options.tls_key)), False)
    return 0


def read_key(file: Path | None) -> str:
    """The key in a file; empty without one. Raises KeyNeeded when it cannot be read or is short."""
    if file is None:
        return ""
    try:
        key = file.read_text().strip()
    except OSError as error:
        raise KeyNeeded(f"The relay's key cannot be read: {error}") from None
    if len(key) < 16:
        raise KeyNeeded("A relay's key has 16 letters or more.")
    return key


def tls_context(cert: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """Raises TlsInvalid."""
    if cert is None:
        return None
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        tls.load_cert_chain(cert, key)
    except OSError as error:
        raise TlsInvalid(f"The TLS certificate {cert} cannot be used with {key}: {error}") from None
    return tls


async def serve(host: str, port: int, key: str, tls: ssl.SSLContext | None) -> None:
    relay, stopping = Relay(SystemClock(), key), asyncio.Event()
    try:
        got = await relay.serve(host, port, tls)
    except (OSError, OverflowError) as error:
        raise AddressUnavailable(f"Cannot listen on {host}, port {port}: {error}") from None
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    print(f"  relay              {'http' if tls is None else 'https'}://{host}:{got}/", flush=True)
    await stopping.wait()
    await relay.stop()
