"""What all connections of a port share: limits, the router's dispatch, the count of connections, the clock that ends slow ones."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from math import inf
from typing import Protocol

from supergame.base.limits import Limits
from supergame.gateway.cors import Cors
from supergame.routing.http import Request, Response
from supergame.telemetry.metrics import Metrics

NEVER = inf
REAP_EVERY_S = 0.5

Dispatch = Callable[[Request], Awaitable[Response]]
Upgrade = Callable[[Request, asyncio.Transport, bytes, Callable[[], None]], Response | None]
"""Takes over the transport of a WebSocket request (with the bytes that came after it, and whom to tell when the connection has
ended), or returns the answer that refuses it."""


class Connection(Protocol):
    deadline: float

    def unsent_bytes(self) -> int:
        """What its peer has not taken yet."""
        ...

    def expire(self) -> None:
        """The deadline has passed."""
        ...

    def drain(self) -> None:
        """End after the request in flight, at once if there is none."""
        ...

    def abort(self) -> None: ...


class HttpServer:
    """One listening port. `serve`, then `drain`."""

    def __init__(
        self,
        protocol: Callable[[HttpServer], asyncio.Protocol],
        dispatch: Dispatch,
        upgrade: Upgrade | None,
        limits: Limits,
        metrics: Metrics,
        cors: Cors,
        trusted_proxies: tuple[str, ...] = (),
    ) -> None:
        self._protocol = protocol
        self.dispatch, self.upgrade, self.limits, self.cors = dispatch, upgrade, limits, cors
        self.loop = asyncio.get_running_loop()
        self.draining = False
        self.date_line = b""
        self._metrics = metrics
        self._trusted = [ipaddress.ip_network(proxy, strict=False) for proxy in trusted_proxies]
        self._connections: set[Connection] = set()
        self._by_address: Counter[str] = Counter()
        self._listener: asyncio.Server | None = None
        self._reaper: asyncio.Task[None] | None = None

    async def serve(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen; returns the port, which the system chooses when 0 is asked for."""
        self._tell_time()
        self._listener = await self.loop.create_server(lambda: self._protocol(self), host, port, ssl=tls, backlog=2048)
        self._reaper = asyncio.create_task(self._reap(), name="gateway reaper")
        return int(self._listener.sockets[0].getsockname()[1])

    async def drain(self) -> None:
        """Stop listening, let requests in flight finish for `drain_s`, then cut off what is left."""
        self.draining = True
        if self._listener is not None:
            self._listener.close()
        for connection in list(self._connections):
            connection.drain()
        deadline = self.loop.time() + self.limits.drain_s
        while self._connections and self.loop.time() < deadline:  # noqa: ASYNC110 - once in a process's life
            await asyncio.sleep(0.01)
        for connection in list(self._connections):
            connection.abort()
        if self._reaper is not None:
            self._reaper.cancel()

    def admit(self, connection: Connection, address: str) -> bool:
        """Count a new connection in, unless there are too many in all or from its address."""
        too_many = self._by_address[address] >= self.limits.connections_per_address_max and not self._is_trusted(address)
        if self.draining or too_many or len(self._connections) >= self.limits.connections_max:
            return False
        self._connections.add(connection)
        self._by_address[address] += 1
        self._metrics.connections.inc()
        return True

    def forget(self, connection: Connection, address: str) -> None:
        if connection not in self._connections:
            return
        self._connections.discard(connection)
        self._metrics.connections.dec()
        self._by_address[address] -= 1
        if self._by_address[address] <= 0:
            del self._by_address[address]

    def replace(self, connection: Connection, by: Connection) -> None:
        """Count another in its place."""
        self._connections.discard(connection)
        self._connections.add(by)

    def unsent_bytes(self) -> int:
        """What waits for all peers together."""
        return sum(connection.unsent_bytes() for connection in self._connections)

    def client_ip(self, peer: str, headers: dict[str, str]) -> str:
        """Who really calls: the nearest address in X-Forwarded-For that is no trusted proxy; only trusted proxies are believed at all."""
        if not self._trusted or not self._is_trusted(peer):
            return peer
        for hop in reversed(headers.get("x-forwarded-for", "").split(",")):
            address = _address(hop.strip())
            if address is None:
                return peer
            if not any(address in network for network in self._trusted):
                return str(address)
        return peer

    def _is_trusted(self, peer: str) -> bool:
        address = _address(peer)
        return address is not None and any(address in network for network in self._trusted)

    async def _reap(self) -> None:
        """One timer for all connections: deadlines are only attributes, so moving them costs nothing."""
        while True:
            await asyncio.sleep(REAP_EVERY_S)
            self._tell_time()
            now = self.loop.time()
            for connection in [connection for connection in self._connections if connection.deadline < now]:
                connection.expire()

    def _tell_time(self) -> None:
        self.date_line = f"Date: {formatdate(usegmt=True)}\r\n".encode()


class HandedOver:
    """What stays of a connection that has become a socket."""

    __slots__ = ("_peer", "_server", "_transport", "deadline")

    def __init__(self, server: HttpServer, transport: asyncio.Transport, peer: str) -> None:
        self._server, self._transport, self._peer = server, transport, peer
        self.deadline: float = NEVER

    def ended(self) -> None:
        """The socket is gone."""
        self._server.forget(self, self._peer)

    def unsent_bytes(self) -> int:
        return 0  # a socket has a bound of its own

    def expire(self) -> None: ...

    def drain(self) -> None:
        """Sockets are closed by whoever knows why."""

    def abort(self) -> None:
        self._transport.abort()


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
