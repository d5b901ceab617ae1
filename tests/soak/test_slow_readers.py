"""50 of 1,000 clients stop reading, over real sockets: the others' latency, the server's memory, and when they are gone (GW31).

A hundred matches of ten send snapshots of 16 KiB five times a second, so that every client is sent 110 kB/s. What a client does not read
fills the systems' buffers first, 130 KiB of its own and 66 KiB of the server's: at this rate for two seconds. The server has a
core and this process, which plays all clients, another. Run it on a machine with nothing else to do:

    make soak ARGS="tests/soak/test_slow_readers.py -s"
"""

from __future__ import annotations

import asyncio
import http.client
import json
import math
import os
import time
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
import uvloop

from supergame.base.limits import Limits
from supergame.gateway.socket import HELD_BYTES_MAX
from tests.games.snapshots import TICK_RATE_HZ
from tests.support.server import ServerProcess
from tests.unit.gateway.test_ws import PING, frame, handshake, text, until

CLIENTS, MATCH_SIZE, OFFENDERS = 1_000, 10, 50
WARM_UP_S, WINDOW_S, LOOK_EVERY_S, GONE_WITHIN_S = 3.0, 10.0, 0.25, 5.0
GAME = Path(__file__).parent.parent / "games" / "snapshots.py"
SLOWER_MAX, WHOLE_MIN = 1.10, 0.98
GROWTH_BYTES_MAX = OFFENDERS * (Limits().socket_unsent_bytes_max + 2 * HELD_BYTES_MAX)
SERVER_KEY, HTTP_KEY = "Basic " + b64encode(b"defaultkey:").decode(), "defaulthttpkey"
PONG, OP_CODE = 10, b'"op_code":"'


class Client(asyncio.Protocol):
    """A socket that notes how old the match data is that it reads: its op code is the time at which it was sent, in microseconds."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport
        self.latencies_us: list[int] | None = None
        self.in_match = asyncio.get_running_loop().create_future()
        self.ended_at = 0.0
        self._buffer = b""
        self._has_upgraded = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment] # uvloop's is no asyncio.Transport by name

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended_at = time.monotonic()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._has_upgraded:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            assert head.startswith(b"HTTP/1.1 101 "), head
            self._has_upgraded, self._buffer = True, rest
        at, held = 0, self._buffer
        while (end := end_of_frame(held, at)) is not None:
            self._hear(held[at:end])
            at = end
        self._buffer = held[at:]

    def _hear(self, framed: bytes) -> None:
        if framed[0] & 0x0F == PING:
            self.transport.write(frame(PONG, framed[2:]))
        at = framed.find(OP_CODE)
        if at >= 0:
            if self.latencies_us is not None:
                sent_us = int(framed[at + len(OP_CODE) : framed.index(b'"', at + len(OP_CODE))])
                self.latencies_us.append(now_us() - sent_us)
        elif not self.in_match.done() and b'"match":' in framed:
            self.in_match.set_result(None)


def end_of_frame(data: bytes, at: int) -> int | None:
    """Where a server's frame ends, if it is whole."""
    if len(data) < at + 2:
        return None
    size, head = data[at + 1], 2
    if size == 126:
        size, head = int.from_bytes(data[at + 2 : at + 4], "big"), 4
    end = at + head + size
    return end if end <= len(data) else None


def now_us() -> int:
    return time.monotonic_ns() // 1_000


def ask(port: int, path: str, body: object, authorization: str = "") -> dict[str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", path, json.dumps(body), {"Authorization": authorization} if authorization else {})
    answer: dict[str, str] = json.loads(connection.getresponse().read())
    connection.close()
    return answer


async def connect(port: int, number: int, match_id: str) -> Client:
    """A new player, in the match."""
    token = ask(port, "/v2/account/authenticate/device", {"id": f"device-of-client-{number}"}, SERVER_KEY)["token"]
    _, client = await asyncio.get_running_loop().create_connection(Client, "127.0.0.1", port)
    client.transport.write(handshake(f"/ws?token={token}") + text({"cid": "1", "match_join": {"match_id": match_id}}))
    await client.in_match
    return client


async def fill(port: int) -> list[Client]:
    clients: list[Client] = []
    for _ in range(CLIENTS // MATCH_SIZE):
        match_id = ask(port, f"/v2/rpc/create?http_key={HTTP_KEY}", "")["payload"]
        clients += [await connect(port, len(clients) + number, match_id) for number in range(MATCH_SIZE)]
    return clients


def memory_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/status").read_text().partition("VmRSS:")[2].split()[0]) * 1_024


async def window(clients: list[Client], look: Callable[[], None]) -> list[int]:
    """The sorted latencies of a while, in microseconds; meanwhile somebody looks, in a thread, at what else happens."""
    latencies: list[int] = []
    for client in clients:
        client.latencies_us = latencies
    end = time.monotonic() + WINDOW_S
    while time.monotonic() < end:
        await asyncio.to_thread(look)
        await asyncio.sleep(LOOK_EVERY_S)
    for client in clients:
        client.latencies_us = None
    return sorted(latencies)


def p99_ms(latencies_us: list[int]) -> float:
    return latencies_us[len(latencies_us) * 99 // 100] / 1_000


async def play(server: ServerProcess) -> None:
    clients = await fill(server.port)
    try:
        await stop_some(server, clients)
    finally:
        for client in clients:
            client.transport.abort()
        await until(lambda: all(client.ended_at for client in clients))


async def stop_some(server: ServerProcess, clients: list[Client]) -> None:
    offenders = clients[1 :: CLIENTS // OFFENDERS]
    others = [client for client in clients if client not in offenders]
    await asyncio.sleep(WARM_UP_S)
    memory_max, open_at = 0, {}

    def look() -> None:
        nonlocal memory_max
        memory_max = max(memory_max, memory_bytes(server.pid))
        open_at[time.monotonic()] = sessions(server)

    before = await window(others, look)
    memory_before = memory_max
    stopped_at = time.monotonic()
    for offender in offenders:
        offender.transport.pause_reading()
    during = await window(others, look)
    gone_after_s = min((at for at, count in open_at.items() if count == CLIENTS - OFFENDERS), default=math.inf) - stopped_at
    growth_mb = (memory_max - memory_before) / 2**20
    print(f"\n  {len(clients)} clients, {len(offenders)} stop reading; deliveries measured: {len(before)} before, {len(during)} during")
    print(f"  p99 of the others: {p99_ms(before):.1f} ms before, {p99_ms(during):.1f} ms during")
    print(f"  offenders gone after {gone_after_s:.1f} s; memory grew by {growth_mb:.1f} MiB, cap {GROWTH_BYTES_MAX / 2**20:.1f} MiB")
    wanted = len(others) * TICK_RATE_HZ * WINDOW_S
    assert len(before) >= WHOLE_MIN * wanted, "void: this machine is too busy to serve 1,000 clients even without slow readers"
    assert gone_after_s <= GONE_WITHIN_S
    assert memory_max - memory_before <= GROWTH_BYTES_MAX
    assert not any(client.ended_at for client in others)
    assert p99_ms(during) <= SLOWER_MAX * p99_ms(before)


def sessions(server: ServerProcess) -> int:
    """How many sockets are open, by the server's own count."""
    connection = http.client.HTTPConnection("127.0.0.1", server.console_port)
    connection.request("GET", "/metrics")
    metrics = connection.getresponse().read().decode()
    connection.close()
    return int(float(metrics.partition("\nsupergame_sessions ")[2].split()[0]))


@pytest.mark.soak
def test_GW31_50_of_1000_stop_reading(tmp_path: Path) -> None:
    cores = sorted(os.sched_getaffinity(0))
    with ServerProcess.start(tmp_path, GAME, cpu=cores[0]) as server:
        os.sched_setaffinity(0, {cores[-1]})
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(play(server))
        finally:
            os.sched_setaffinity(0, set(cores))
