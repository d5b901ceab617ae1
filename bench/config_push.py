"""How long a changed config value takes to 1,000 sockets: `python bench/config_push.py [SOCKETS] [CHANGES]`.

A server of its own on one core, this on another. Each change goes through the console, by turns for everybody and for half of the players;
the time runs from the moment before the operator's request is sent until the notification has been read, for each socket that it concerns.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from supergame.cli.loadgen.machine import pinned, two_cores
from supergame.cli.loadgen.realtime.crowd import Crowd, Peer
from supergame.cli.loadgen.target import Target

GAME: Final = """
from supergame.game import Game

game = Game("bench")
speed = game.config.number("speed", 1.0, min=0.0, max=1_000_000, for_clients=True)
"""
GOAL_MS: Final = 500
WITHIN_S: Final = 10.0
KEY: Final = "/sg/v1/console/titles/bench/config/speed"
_PORTS = re.compile(r"play and connect\s+http://127\.0\.0\.1:(\d+)/.*operators\s+http://127\.0\.0\.1:(\d+)/", re.DOTALL)
_PASSWORD = re.compile(r"one-time password\s+(\S+)")


class Server(NamedTuple):
    port: int
    console_port: int
    password: str


@contextlib.contextmanager
def serving(folder: Path, core: int | None) -> Iterator[Server]:
    (folder / "bench.py").write_text(GAME)
    command = [sys.executable, "-m", "supergame.cli.main", "up", str(folder / "bench.py"), "--data", str(folder / "data")]
    command += ["--port", "0", "--console-port", "0"]
    with (folder / "server.log").open("wb") as log, pinned(core):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        if password := _PASSWORD.search(line):
            break
    try:
        ports = _PORTS.search(told)
        assert ports, f"the server did not start:\n{told}\n{(folder / 'server.log').read_text()[-2000:]}"
        assert password
        yield Server(int(ports[1]), int(ports[2]), password[1])
    finally:
        process.terminate()
        process.communicate()


class Desk:
    """An operator, over one connection."""

    def __init__(self, server: Server) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.console_port)
        self._cookie = ""
        self.call("POST", "/sg/v1/console/session", {"name": "admin", "password": server.password})
        self.call("PUT", "/sg/v1/console/session/password", {"password": server.password, "new_password": "a password for the bench"})

    def send(self, method: str, path: str, body: dict[str, Any]) -> None:
        headers = {"X-CSRF": "1", "X-Reason": "bench", "Cookie": self._cookie}
        self._connection.request(method, path, json.dumps(body), headers)

    def answer(self) -> Any:
        with self._connection.getresponse() as answer:
            text = answer.read()
            assert answer.status == 200, text
            self._cookie = (answer.getheader("Set-Cookie") or self._cookie).partition(";")[0]
            return json.loads(text)

    def call(self, method: str, path: str, body: dict[str, Any]) -> Any:
        self.send(method, path, body)
        return self.answer()


class Arrivals:
    """When each socket heard of the last change."""

    kind, look_every = b'"notifications":', 1

    def __init__(self) -> None:
        self.at: dict[int, float] = {}
        self.lost_sockets = 0

    def delivered(self, peer: Peer, buffer: bytearray, start: int, stop: int) -> None:
        assert b"-101" in buffer[start:stop]
        self.at.setdefault(peer.number, time.perf_counter())

    def other(self, peer: Peer, envelope: bytes) -> None: ...

    def lost(self, peer: Peer, why: str) -> None:
        self.lost_sockets += 1


def sign_in(port: int, count: int) -> list[str]:
    """Session tokens of so many players."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    basic = {"Authorization": "Basic " + b64encode(b"defaultkey:").decode()}
    tokens = []
    for number in range(count):
        connection.request("POST", "/v2/account/authenticate/device", json.dumps({"id": f"bench-device-{number}"}), basic)
        tokens.append(json.loads(connection.getresponse().read())["token"])
    return tokens


def change(desk: Desk, crowd: Crowd, number: int, sockets: int) -> tuple[list[float], int]:
    """Milliseconds to each socket that heard, and how many should have but did not."""
    everybody = {"value": str(number)}
    overrides = [{"value": str(-number % 1_000_000), "percent": 50}, everybody] if number % 2 else [everybody]
    arrivals = Arrivals()
    began = time.perf_counter()
    desk.send("PUT", KEY, {"version": str(number), "overrides": overrides})
    while len(arrivals.at) < sockets and time.perf_counter() - began < WITHIN_S:
        crowd.pump(arrivals, 0.05)
    desk.answer()
    return [(at - began) * 1_000 for at in arrivals.at.values()], sockets - len(arrivals.at)


def main(sockets: int = 1_000, changes: int = 20) -> int:
    cores = two_cores()
    with (
        tempfile.TemporaryDirectory(prefix="supergame-bench-") as folder,
        serving(Path(folder), cores.server) as server,
        pinned(cores.generator),
    ):
        crowd, desk = Crowd(), Desk(server)
        crowd.open(Target("127.0.0.1", server.port), sign_in(server.port, sockets), 10)
        for peer in crowd.peers:
            peer.call({"rpc": {"id": "sg.config"}})
        crowd.begin()
        results = [change(desk, crowd, number, sockets) for number in range(changes)]
        crowd.close()
    took, missing = sorted(ms for found, _ in results for ms in found), sum(count for _, count in results)
    p99 = took[len(took) * 99 // 100]
    print(f"{changes} changes to {sockets} sockets: {len(took)} notifications, {missing} missing")
    print(f"p50 {statistics.median(took):.1f} ms, p99 {p99:.1f} ms, max {took[-1]:.1f} ms (goal: p99 <= {GOAL_MS} ms)")
    return 0 if not missing and p99 <= GOAL_MS else 1


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in sys.argv[1:])))
