"""`supergame up` as a process of its own, as operators and beginners meet it: started, stopped, misused."""

from __future__ import annotations

import asyncio
import json
import os
import re
import select
import signal
import socket
import ssl
import stat
import subprocess
import sys
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from supergame.testing.postgres import LocalPostgres
from tests.support.server import ServerProcess, _read_until

CERTIFICATE = Path(__file__).parents[1] / "unit" / "gateway" / "localhost.pem"  # key and certificate, good for 127.0.0.1
STUCK_S = 30.0  # a bound for a test that hangs, not a figure
HELD_CPU_MS_MAX = 50

Start = Callable[..., ServerProcess]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts servers, ends those that still run, and looks into all their logs."""
    started: list[ServerProcess] = []

    def start(*arguments: str, game: Path | None = None, data: str = "data") -> ServerProcess:
        server = ServerProcess.start(tmp_path / data, game, arguments)
        started.append(server)
        return server

    yield start
    for server in started:
        assert server.stop() == 0
        check_log(server.log)


def check_log(log: Path) -> None:
    """Nothing failed, and nothing worked on the event loop for long."""
    for line in log.read_text().splitlines():
        event = json.loads(line)
        assert event["level"] not in ("error", "critical"), line
        assert event["event"] != "loop held" or event["cpu_ms"] <= HELD_CPU_MS_MAX, line


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(STUCK_S)) as session:
        yield session
    for _ in range(3):
        await asyncio.sleep(0)  # aiohttp's connections end in the loop's next turns; it does not wait for them


async def test_the_first_start_prints_a_password_for_the_console_and_the_second_none(start: Start, http: aiohttp.ClientSession) -> None:
    server = start()
    (password,) = re.findall(r"first operator +admin, one-time password (\w{24})\n", server.banner)
    console = f"http://127.0.0.1:{server.console_port}/sg/v1/console"
    answer = await http.post(f"{console}/session", json={"name": "admin", "password": password}, headers={"X-CSRF": "1"})
    assert (answer.status, (await answer.json())["must_change_password"]) == (200, True)
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    assert (await http.get(f"{console}/operators", headers={"Cookie": cookie})).headers["X-Supergame-Error"] == "console.first_step_needed"
    server.stop()
    assert "one-time" not in start().banner


def basic(key: str) -> dict[str, str]:
    return {"authorization": "Basic " + b64encode(f"{key}:".encode()).decode()}


def game_file(folder: Path, title: str, code: str = "") -> Path:
    file = folder / f"{title}_game.py"
    file.write_text(f'from supergame.game import Context, Game\n\ngame = Game("{title}")\n\n{code}')
    return file


def keys_in(data: Path) -> dict[str, list[str]]:
    """Of each title, its server key and its HTTP key."""
    return json.loads((data / "keys.json").read_text())["titles"]  # type: ignore[no-any-return]


class Player:
    """Somebody who signs in over the network."""

    def __init__(self, http: aiohttp.ClientSession, base: str, tls: ssl.SSLContext | bool = True) -> None:
        self.http, self.base, self._tls = http, base, tls
        self.token = ""

    async def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        headers = headers or {"authorization": f"Bearer {self.token}"}
        async with self.http.request(method, self.base + path, json=body, headers=headers, ssl=self._tls) as answer:
            return answer.status, json.loads(await answer.read() or b"null")

    async def sign_in(self, key: str = "defaultkey") -> int:
        status, answer = await self.ask("POST", "/v2/account/authenticate/device?username=ada", {"id": "device-of-ada"}, basic(key))
        self.token = answer.get("token", "")
        return status

    async def user_id(self) -> str:
        return str((await self.ask("GET", "/v2/account"))[1]["user"]["id"])

    async def save(self, value: dict[str, Any]) -> int:
        objects = [{"collection": "save", "key": "k", "value": json.dumps(value)}]
        return (await self.ask("PUT", "/v2/storage", {"objects": objects}))[0]

    async def load(self) -> dict[str, Any]:
        wanted = [{"collection": "save", "key": "k", "user_id": await self.user_id()}]
        _, found = await self.ask("POST", "/v2/storage", {"object_ids": wanted})
        return json.loads(found["objects"][0]["value"])  # type: ignore[no-any-return]

    async def ping(self) -> Any:
        """What comes back over a socket."""
        async with self.http.ws_connect(f"{self.base}/ws?token={self.token}", ssl=self._tls) as ws:
            await ws.send_str('{"cid":"1","ping":{}}')
            return await ws.receive_json(timeout=STUCK_S)


async def check_a_round_trip(player: Player) -> None:
    """Sign in, keep an object, read it, speak over a socket."""
    assert await player.sign_in() == 200
    assert await player.save({"n": 1}) == 200
    assert await player.load() == {"n": 1}
    assert await player.ping() == {"cid": "1", "pong": {}}


def local(http: aiohttp.ClientSession, server: ServerProcess) -> Player:
    return Player(http, f"http://127.0.0.1:{server.port}")


# --- starting


async def test_a_ready_server_is_healthy_on_both_ports(start: Start, http: aiohttp.ClientSession) -> None:
    server = start()
    assert "supergame is up after" in server.banner
    for port in (server.port, server.console_port):
        async with http.get(f"http://127.0.0.1:{port}/healthcheck") as answer:
            assert (answer.status, await answer.read()) == (200, b"{}")


@pytest.mark.parametrize("loop", [[], ["--plain-asyncio"]], ids=["uvloop", "asyncio"])
async def test_players_are_served_on_either_event_loop(start: Start, http: aiohttp.ClientSession, loop: list[str]) -> None:
    await check_a_round_trip(local(http, start(*loop)))


async def test_a_second_start_finds_everybody_and_everything(start: Start, http: aiohttp.ClientSession) -> None:
    first = start()
    ada = local(http, first)
    await check_a_round_trip(ada)
    user_id, keys = await ada.user_id(), keys_in(first.log.parent)
    assert first.stop() == 0
    second = start()
    ada.base = f"http://127.0.0.1:{second.port}"
    assert await ada.load() == {"n": 1}, "the session outlives the restart"
    assert await ada.sign_in() == 200
    assert await ada.user_id() == user_id
    assert keys_in(second.log.parent) == keys


async def test_the_data_folder_is_its_owners_alone(start: Start, tmp_path: Path) -> None:
    start("--data", str(tmp_path / "fresh"))
    assert stat.S_IMODE((tmp_path / "fresh").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "fresh" / "keys.json").stat().st_mode) == 0o600


# --- stopping

SLOW = """
import asyncio


def wait(folder: str) -> str:
    with open(folder + "/entered", "w") as told:
        told.write("entered\\n")
    with open(folder + "/release") as awaited:
        return awaited.readline().strip()


@game.rpc("slow")
async def slow(ctx: Context, folder: str) -> str:
    return await asyncio.to_thread(wait, folder)
"""


class Pipe:
    """A named pipe, by which the test and the server's game wait for each other."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self._file = os.open(path, os.O_RDWR)

    async def read(self) -> bytes:
        ready, _, _ = await asyncio.to_thread(select.select, [self._file], [], [], STUCK_S)
        assert ready, "nothing was written"
        return os.read(self._file, 100)

    def write(self, line: bytes) -> None:
        os.write(self._file, line)

    def close(self) -> None:
        os.close(self._file)


@pytest.fixture
def pipes(tmp_path: Path) -> Iterator[tuple[Pipe, Pipe]]:
    made = Pipe(tmp_path / "entered"), Pipe(tmp_path / "release")
    yield made
    for pipe in made:
        pipe.close()


async def test_sigterm_lets_a_slow_request_finish_and_tells_the_sockets(
    start: Start, http: aiohttp.ClientSession, tmp_path: Path, pipes: tuple[Pipe, Pipe]
) -> None:
    entered, release = pipes
    server = start(game=game_file(tmp_path, "slow", SLOW))
    ada = local(http, server)
    await ada.sign_in()
    async with http.ws_connect(f"{ada.base}/ws?token={ada.token}") as ws:
        call = asyncio.create_task(ada.ask("POST", "/v2/rpc/slow", str(tmp_path)))
        assert await entered.read() == b"entered\n"
        os.kill(server.pid, signal.SIGTERM)
        farewell = await ws.receive(timeout=STUCK_S)
        assert (farewell.type, farewell.data) == (aiohttp.WSMsgType.CLOSE, 1001)
    assert "requests in flight finish first" in await asyncio.to_thread(_read_until, server._process, "first.", server.log)
    with pytest.raises(aiohttp.ClientConnectorError):
        await http.get(f"{ada.base}/healthcheck")
    assert not call.done()
    release.write(b"done\n")
    assert await call == (200, {"payload": "done"})
    assert server.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_an_idle_server_ends_at_once_and_well(start: Start, number: signal.Signals) -> None:
    server = start()
    os.kill(server.pid, number)
    assert server._process.wait(STUCK_S) == 0


# --- keys and addresses


async def test_beyond_loopback_only_own_keys_count(start: Start, http: aiohttp.ClientSession) -> None:
    server = start("--host", "0.0.0.0")
    (server_key, http_key) = keys_in(server.log.parent)["kitewind"]
    ada = local(http, server)
    assert await ada.sign_in("defaultkey") == 401
    assert await ada.sign_in(server_key) == 200
    for key, status in (("defaulthttpkey", 401), (server_key, 401), (http_key, 200)):
        async with http.get(f"{ada.base}/v2/rpc/sg.about?http_key={key}") as answer:
            assert answer.status == status


async def test_the_banner_for_the_network_has_an_address_with_the_servers_own_key(start: Start, http: aiohttp.ClientSession) -> None:
    server = start("--lan")
    key = keys_in(server.log.parent)["kitewind"][0]
    assert server.url.endswith(f":{server.port}/#key={key}")
    assert "Scan it with a phone" in server.banner + _read_until(server._process, "Scan it with a phone", server.log)
    address = server.url.partition("#")[0].rstrip("/")
    assert await Player(http, address).sign_in(key) == 200
    assert await Player(http, address).sign_in("defaultkey") == 401


async def test_two_games_at_once_have_keys_and_functions_of_their_own(start: Start, http: aiohttp.ClientSession, tmp_path: Path) -> None:
    hello = '@game.rpc("hello_{0}")\nasync def hello(ctx: Context, payload: str) -> str:\n    return ctx.title_id\n'
    games = [str(game_file(tmp_path, title, hello.format(title))) for title in ("alpha", "beta")]
    server = start("--host", "0.0.0.0", *games)
    keys = keys_in(server.log.parent)
    assert len({key for pair in keys.values() for key in pair}) == 4
    for title, other in (("alpha", "beta"), ("beta", "alpha")):
        ada = local(http, server)
        assert await ada.sign_in(keys[title][0]) == 200
        assert await ada.ask("POST", f"/v2/rpc/hello_{title}", "") == (200, {"payload": title})
        assert (await ada.ask("POST", f"/v2/rpc/hello_{other}", ""))[0] == 404


async def test_tls_serves_requests_and_sockets(start: Start, http: aiohttp.ClientSession) -> None:
    server = start("--tls-cert", str(CERTIFICATE), "--tls-key", str(CERTIFICATE))
    assert server.url == f"https://127.0.0.1:{server.port}/"
    await check_a_round_trip(Player(http, server.url.rstrip("/"), ssl.create_default_context(cafile=CERTIFICATE)))


async def test_tls_refuses_old_versions_of_it(start: Start) -> None:
    server = start("--tls-cert", str(CERTIFICATE), "--tls-key", str(CERTIFICATE))
    ancient = ssl.create_default_context(cafile=CERTIFICATE)
    with pytest.warns(DeprecationWarning, match="deprecated"):
        ancient.minimum_version = ancient.maximum_version = ssl.TLSVersion.TLSv1_1
    ancient.set_ciphers("DEFAULT:@SECLEVEL=0")
    with socket.create_connection(("127.0.0.1", server.port)) as connection, pytest.raises((ssl.SSLError, OSError)):
        ancient.wrap_socket(connection, server_hostname="localhost")


# --- PostgreSQL


async def test_postgres_keeps_players_across_restarts(start: Start, http: aiohttp.ClientSession) -> None:
    with LocalPostgres() as postgres:
        database = ("--database", postgres.create_database("game"))
        first = start(*database)
        ada = local(http, first)
        await check_a_round_trip(ada)
        assert (await ada.ask("GET", "/sg/v1/about"))[1]["engine"] == "postgres"
        assert first.stop() == 0
        second = start(*database)
        ada.base = f"http://127.0.0.1:{second.port}"
        assert await ada.sign_in() == 200
        assert await ada.load() == {"n": 1}
        assert second.stop() == 0


# --- what the log says

GREEDY = """
import time


@game.rpc("greedy")
async def greedy(ctx: Context, payload: str) -> None:
    began = time.thread_time()
    while time.thread_time() - began < 0.1:
        pass
"""


async def test_a_function_that_holds_the_loop_is_named_in_the_log(http: aiohttp.ClientSession, tmp_path: Path) -> None:
    with ServerProcess.start(tmp_path / "data", game_file(tmp_path, "greedy", GREEDY)) as server:
        ada = local(http, server)
        await ada.sign_in()
        assert (await ada.ask("POST", "/v2/rpc/greedy", ""))[0] == 200
    with pytest.raises(AssertionError, match="rpc_func"):
        check_log(server.log)


# --- starts that fail

NO_SUCH_ENDPOINT = "from supergame.game import Game\ngame = Game('x')\n@game.before('nonsense')\nasync def f(ctx, request): ...\n"


def fail_to_start(tmp_path: Path, *arguments: str) -> str:
    """What a start that cannot succeed writes."""
    command = [sys.executable, "-m", "supergame.cli.main", "up", "--data", str(tmp_path / "failing"), "--console-port", "0", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=STUCK_S, check=False)
    assert (done.returncode, done.stdout) == (1, ""), done
    return done.stderr


@pytest.mark.parametrize("loop", [[], ["--plain-asyncio"]], ids=["uvloop", "asyncio"])
def test_a_taken_port_is_one_clear_sentence(start: Start, tmp_path: Path, loop: list[str]) -> None:
    port = str(start().port)
    (line,) = fail_to_start(tmp_path, "--port", port, *loop).splitlines()
    assert line.startswith(f"supergame: Cannot listen on 127.0.0.1, ports {port}")
    assert line.endswith("[node.address_unavailable]")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def broken(:\n", ["my_game.py", "line 1", "SyntaxError"]),
        ("import no_such_module\n", ["my_game.py", "line 1", "No module named 'no_such_module'"]),
        (NO_SUCH_ENDPOINT, ["'nonsense'", "get_users"]),
        ("", ['write game = Game("my-game")']),
    ],
    ids=["syntax", "import", "hook", "empty"],
)
def test_a_game_with_a_mistake_is_told_where_it_is(tmp_path: Path, code: str, said: list[str]) -> None:
    file = tmp_path / "my_game.py"
    file.write_text(code)
    message = fail_to_start(tmp_path, str(file), "--port", "0")
    assert [words for words in said if words not in message] == []
    assert message.endswith("[game.invalid]\n")
    assert "importlib" not in message


def test_keys_that_others_can_read_stop_the_start(start: Start, tmp_path: Path) -> None:
    server = start(data="failing")
    assert server.stop() == 0
    (tmp_path / "failing" / "keys.json").chmod(0o644)
    (line,) = fail_to_start(tmp_path, "--port", "0").splitlines()
    assert line.endswith("[keys.exposed]")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--tls-cert", "missing.pem", "--tls-key", "missing.pem"], "node.tls_invalid"),
        (["--tls-cert", "missing.pem"], "invalid_argument"),
        (["--trusted-proxy", "everyone"], "invalid_argument"),
        (["--host", "192.0.2.1"], "node.address_unavailable"),
        (["--database", "postgresql://nobody:nothing@127.0.0.1:1/none"], "db.unavailable"),
        (["missing_game.py"], "game.invalid"),
    ],
)
def test_other_mistakes_are_one_sentence_too(tmp_path: Path, arguments: list[str], code: str) -> None:
    (line,) = fail_to_start(tmp_path, "--port", "0", *arguments).splitlines()
    assert line.endswith(f"[{code}]")
