"""A node's life on real ports: it listens, drains and stops, or says why it cannot."""

from __future__ import annotations

import asyncio
import socket
from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from structlog.testing import capture_logs

from supergame.app.build import EngineMissing, build
from supergame.app.config import Config
from supergame.app.folder import DataFolderUnusable
from supergame.app.node import AddressUnavailable, Node, TlsInvalid
from supergame.game import Context, Game
from supergame.game.errors import GameInvalid

KEY = {"authorization": "Basic " + b64encode(b"defaultkey:").decode()}


def config(folder: Path, **options: object) -> Config:
    return Config(**{"data_dir": folder / "data", "port": 0, "console_port": 0, **options})  # type: ignore[arg-type]


class Slow:
    """A game whose function lasts until the test lets it end."""

    def __init__(self) -> None:
        self.game, self.entered, self.release = Game("main"), asyncio.Event(), asyncio.Event()

        @self.game.rpc("slow")
        async def slow(ctx: Context, payload: str) -> str:
            self.entered.set()
            await self.release.wait()
            return "done"


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def sign_in(http: aiohttp.ClientSession, node: Node) -> str:
    url = f"http://127.0.0.1:{node.port}/v2/account/authenticate/device"
    async with http.post(url, json={"id": "device-of-ada"}, headers=KEY) as answer:
        return str((await answer.json())["token"])


async def test_a_node_answers_on_both_ports_until_it_stops(tmp_path: Path, http: aiohttp.ClientSession) -> None:
    node = await build(config(tmp_path), [Game("main")])
    await node.serve()
    for port in (node.port, node.console_port):
        async with http.get(f"http://127.0.0.1:{port}/healthcheck") as answer:
            assert (answer.status, await answer.read()) == (200, b"{}")
    await node.stop()
    for port in (node.port, node.console_port):
        with pytest.raises(aiohttp.ClientConnectorError):
            await http.get(f"http://127.0.0.1:{port}/healthcheck")


async def test_stopping_lets_what_is_in_flight_finish_and_tells_the_sockets(tmp_path: Path, http: aiohttp.ClientSession) -> None:
    slow = Slow()
    node = await build(config(tmp_path), [slow.game])
    await node.serve()
    token = await sign_in(http, node)
    async with http.ws_connect(f"http://127.0.0.1:{node.port}/ws?token={token}") as ws:
        calling = asyncio.create_task(http.post(f"http://127.0.0.1:{node.port}/v2/rpc/slow", headers={"authorization": f"Bearer {token}"}))
        await slow.entered.wait()
        stopping = asyncio.create_task(node.stop())
        farewell = await ws.receive()
        assert (farewell.type, farewell.data) == (aiohttp.WSMsgType.CLOSE, 1001)
        assert not stopping.done()
        slow.release.set()
        async with await calling as answer:
            assert (answer.status, await answer.json()) == (200, {"payload": "done"})
            assert answer.headers["Connection"] == "close"
    await stopping


async def test_stopping_ends_the_jobs(tmp_path: Path) -> None:
    game = Game("main")

    @game.every(3_600)
    async def seldom(ctx: Context) -> None: ...

    node = await build(config(tmp_path), [game])
    jobs = len(node.jobs)
    await node.serve()
    tasks = list(node._tasks)
    await node.stop()
    assert len(tasks) == jobs > 1
    assert all(task.cancelled() for task in tasks)


async def test_a_job_that_dies_is_logged_as_critical(tmp_path: Path) -> None:
    async def die() -> None:
        raise ZeroDivisionError

    node = await build(config(tmp_path), [Game("main")])
    node.jobs.append(die())
    with capture_logs() as logs:
        await node.serve()
        await asyncio.wait([node._tasks[-1]])
        await asyncio.sleep(0)
    await node.stop()
    assert [(log["log_level"], log["event"]) for log in logs] == [("critical", "a job of the node died")]


@pytest.mark.parametrize("which", ["port", "console_port"])
async def test_a_taken_port_is_told_and_nothing_stays_open(tmp_path: Path, which: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        node = await build(config(tmp_path, **{which: port}), [Game("main")])
        with pytest.raises(AddressUnavailable, match=str(port)):
            await node.serve()
    assert node.server._listener is None or not node.server._listener.is_serving()
    assert node._tasks == []


async def test_an_address_of_somewhere_else_is_told(tmp_path: Path) -> None:
    node = await build(config(tmp_path, host="192.0.2.1"), [Game("main")])
    with pytest.raises(AddressUnavailable, match=r"192\.0\.2\.1"):
        await node.serve()


@pytest.mark.parametrize("text", [None, "", "no certificate"])
async def test_a_certificate_that_cannot_be_used_is_told_by_its_name(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "cert.pem"
    if text is not None:
        file.write_text(text)
    node = await build(config(tmp_path, tls_cert=file, tls_key=file), [Game("main")])
    with pytest.raises(TlsInvalid, match=r"cert\.pem"):
        await node.serve()


async def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, no folder")
    with pytest.raises(DataFolderUnusable, match="data"):
        await build(config(tmp_path), [Game("main")])


async def test_a_new_data_folder_is_its_owners_alone(tmp_path: Path) -> None:
    node = await build(config(tmp_path), [Game("main")])
    await node.stop()
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


async def test_a_start_that_fails_closes_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    game, closed = Game("main"), []

    @game.before("nonsense")
    async def hook(ctx: Context, request: object) -> None: ...

    from supergame.db.sqlite import Sqlite

    close = Sqlite.close

    async def note(self: Sqlite) -> None:
        closed.append(self)
        await close(self)

    monkeypatch.setattr(Sqlite, "close", note)
    with pytest.raises(GameInvalid):
        await build(config(tmp_path), [game])
    assert len(closed) == 1


async def test_a_missing_driver_is_told_with_its_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "supergame.db.postgres", None)
    with pytest.raises(EngineMissing, match="pip install"):
        await build(config(tmp_path, database="postgresql://127.0.0.1/game"), [Game("main")])
