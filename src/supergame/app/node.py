"""One server process: start, drain, stop."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from supergame.app.config import Config
from supergame.app.keys import KeyRing
from supergame.base.errors import FailedPrecondition, InvalidArgument, ResourceExhausted, SupergameError, Unavailable
from supergame.console.operators import Operators
from supergame.console.router import ConsoleRouter
from supergame.db.port import Database
from supergame.features.accounts.service import Accounts
from supergame.features.chat.service import Chat
from supergame.features.config.service import LiveConfig
from supergame.features.ledger.service import Ledger
from supergame.features.licences.service import Licences
from supergame.features.matches.service import Matches
from supergame.features.privacy.service import Privacy
from supergame.features.releases.service import Releases
from supergame.features.reports.service import Reports
from supergame.features.royalties.service import Royalties
from supergame.features.sanctions.service import Sanctions
from supergame.features.sessions.service import Sessions
from supergame.features.storage.service import Storage
from supergame.features.titles.service import Titles
from supergame.features.wallets.service import Wallets
from supergame.gateway.server import HttpServer
from supergame.realtime.session import CloseCode, SessionRegistry
from supergame.realtime.tracker import Tracker
from supergame.routing.auth import Authenticator, TitleKeys
from supergame.routing.http import Router
from supergame.routing.rt import RtRouter
from supergame.runtime.outbox import Outbox
from supergame.runtime.pool import Pool
from supergame.runtime.ticker import Ticker
from supergame.runtime.watchdog import Watchdog
from supergame.telemetry.logging import logger

_log = logger("node")


class TlsInvalid(InvalidArgument):
    """The TLS certificate or its key cannot be used."""

    code = "node.tls_invalid"


class AddressUnavailable(FailedPrecondition):
    """The address to listen on is taken by another program, or not one of this machine."""

    code = "node.address_unavailable"


@dataclass(kw_only=True)
class Node:
    """Everything that `build` made, and its life: `serve`, then `stop`."""

    config: Config
    db: Database
    watchdog: Watchdog
    auth: Authenticator
    registry: SessionRegistry
    tracker: Tracker
    rt_router: RtRouter
    router: Router
    console_router: ConsoleRouter
    operators: Operators
    ticker: Ticker
    matches: Matches
    outbox: Outbox
    sessions: Sessions
    titles: Titles
    key_ring: KeyRing
    sanctions: Sanctions
    accounts: Accounts
    chat: Chat
    reports: Reports
    privacy: Privacy
    storage: Storage
    live_config: LiveConfig
    releases: Releases
    ledger: Ledger
    wallets: Wallets
    licences: Licences
    royalties: Royalties
    pools: list[Pool]
    server: HttpServer
    console_server: HttpServer
    jobs: list[Coroutine[Any, Any, None]]
    keys: list[TitleKeys]
    on_stopping: Callable[[], None] = lambda: None
    on_stopped: Callable[[], None] = lambda: None
    port: int = 0
    console_port: int = 0
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def serve(self) -> None:
        """Listen and run the jobs. Answers come from now on.

        Raises:
            AddressUnavailable: a port is taken.
            TlsInvalid: the certificate or its key cannot be read.
        """
        self.watchdog.start()
        try:
            await self._listen()
        except SupergameError:
            await self.stop()
            raise
        self._tasks = [asyncio.create_task(job) for job in self.jobs]
        self.jobs = []
        for task in self._tasks:
            task.add_done_callback(self._job_ended)

    async def _listen(self) -> None:
        config, tls = self.config, self._tls()
        try:
            self.port = await self.server.serve(config.host, config.port, tls)
            self.console_port = await self.console_server.serve(
                config.console_host, config.console_port, tls if config.has_console_tls else None
            )
        except (OSError, OverflowError) as error:  # ports beyond 65,535 overflow
            raise AddressUnavailable(f"Cannot listen on {config.host}, ports {config.port} and {config.console_port}: {error}") from None

    async def stop(self) -> None:
        """Drain: requests in flight finish, sockets are told, what was accepted is stored. Then end."""
        self.on_stopping()
        await self.matches.stop()
        self.registry.close_all(CloseCode.GOING_AWAY, "the server is stopping")
        await self.server.drain()
        await self.console_server.drain()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for job in self.jobs:
            job.close()
        with suppress(Unavailable, ResourceExhausted):  # what a database that is away has not taken is lost, as it is in a kill
            await self.royalties.flush()
        for pool in self.pools:
            pool.close()
        await self.db.close()
        self.watchdog.close()
        self.on_stopped()

    def _tls(self) -> ssl.SSLContext | None:
        if self.config.tls_cert is None:
            return None
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            tls.load_cert_chain(self.config.tls_cert, self.config.tls_key)
        except OSError as error:  # ssl.SSLError is one
            raise TlsInvalid(f"The TLS certificate {self.config.tls_cert} cannot be used with {self.config.tls_key}: {error}") from None
        return tls

    @staticmethod
    def _job_ended(task: asyncio.Task[None]) -> None:
        """Jobs run until cancelled; one that dies is a bug that must be seen."""
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.critical("a job of the node died", exc_info=error)
