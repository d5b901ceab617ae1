"""The load generator: what it counts, what it refuses, and that it does not measure itself."""

import asyncio
import os
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from supergame.base.errors import InvalidArgument
from supergame.cli.loadgen import bench_game, machine, report
from supergame.cli.loadgen.fill import fill
from supergame.cli.loadgen.histogram import Histogram
from supergame.cli.loadgen.load import ServerUnreachable, content_length
from supergame.cli.loadgen.measure import AnswersWrong, Row, Tally, ask_each, measure
from supergame.cli.loadgen.operations import OPERATIONS, Operation, Scene, device_id, player_of, sign_in
from supergame.cli.loadgen.target import Target, target_of
from supergame.cli.main import main
from supergame.testing import TestServer

ANSWER = b'HTTP/1.1 200 OK\r\nDate: today\r\nContent-Length: 11\r\n\r\n{"right":1}'


@asynccontextmanager
async def answering(*parts: bytes, delay_s: float = 0.0) -> AsyncIterator[Target]:
    """A server that answers each request with these parts, a moment apart; without any it hangs up."""
    served: list[asyncio.Task[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(asyncio.current_task())
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while await reader.readuntil(b"\r\n\r\n") and parts:
                for part in parts:
                    writer.write(part)
                    await asyncio.sleep(delay_s)
        writer.close()
        await writer.wait_closed()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listener:
        yield Target("127.0.0.1", listener.sockets[0].getsockname()[1])
        await asyncio.gather(*served)


def asking(requests: Iterator[bytes]) -> Operation:
    return Operation("test", 1_000, 4, b'"right"', lambda scene: requests)


def endless(request: bytes) -> Iterator[bytes]:
    while True:
        yield request


REQUEST = Target("127.0.0.1", 1).request("GET", "/", "none")


async def test_right_answers_are_counted_and_timed() -> None:
    async with answering(ANSWER, delay_s=0.002) as target:
        row = await measure(asking(endless(REQUEST)), Scene(target, 1, []), connections=2, seconds=0.2, pids=[])
    assert row.errors == 0
    assert 0 < row.ops_s < 1_000  # two players, two milliseconds each
    assert row.p50_ms >= 2
    assert row.server_cpu is None  # nobody said which process it is


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (ANSWER.replace(b"right", b"wrong"), '200 {"wrong":1}'),
        (ANSWER.replace(b"200 OK", b"500 No"), '500 {"right":1}'),
    ],
)
async def test_wrong_answers_are_errors(answer: bytes, told: str) -> None:
    async with answering(answer) as target:
        row = await measure(asking(endless(REQUEST)), Scene(target, 1, []), connections=2, seconds=0.1, pids=[])
    assert row.errors > 0
    assert row.ops_s == 0
    assert row.first_error == told


async def test_a_lost_connection_is_an_error() -> None:
    async with answering() as target:
        row = await measure(asking(endless(REQUEST)), Scene(target, 1, []), connections=2, seconds=0.1, pids=[])
    assert (row.ops_s, row.errors, row.first_error) == (0, 2, "connection lost")


async def test_an_answer_in_pieces_is_one_answer() -> None:
    async with answering(ANSWER[:9], ANSWER[9:60], ANSWER[60:], delay_s=0.001) as target:
        assert await ask_each(target, [REQUEST] * 5, connections=2) == [b'{"right":1}'] * 5


async def test_preparing_ends_at_the_first_refusal() -> None:
    async with answering(ANSWER.replace(b"200", b"403")) as target:
        with pytest.raises(AnswersWrong, match="403"):
            await ask_each(target, [REQUEST] * 1_000, connections=2)


async def test_nobody_there() -> None:
    with pytest.raises(ServerUnreachable):
        await ask_each(Target("127.0.0.1", 1), [REQUEST], connections=1)


async def test_a_generator_that_is_busy_voids_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: a generator that works a millisecond for each request measures itself.

    The meter's wall clock is the process's own, so that neighbours on this machine cannot take time from it.
    """
    monkeypatch.setattr(machine, "time", SimpleNamespace(perf_counter=time.process_time, process_time=time.process_time))

    def slow() -> Iterator[bytes]:
        while True:
            began = time.process_time()
            while time.process_time() - began < 0.001:
                pass
            yield REQUEST

    async with answering(ANSWER) as target:
        row = await measure(asking(slow()), Scene(target, 1, []), connections=4, seconds=0.2, pids=[os.getpid()])
    assert row.generator_cpu > 0.8
    assert row.void


async def test_a_generator_that_waits_does_not() -> None:
    async with answering(ANSWER, delay_s=0.01) as target:
        row = await measure(asking(endless(REQUEST)), Scene(target, 1, []), connections=1, seconds=0.2, pids=[])
    assert not row.void


def test_void_is_shown_and_is_the_exit_status(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    row = Row("rpc", 15_000.0, 1.0, 2.0, 0, 1.0, 0.9, 66.0, 0.0, 0.0, 10.0, void=True)

    async def measured(*_: object) -> Row:
        return row

    monkeypatch.setattr("supergame.cli.bench_api.measure", measured)
    command = ["bench", "api", "--json", "--only", "auth_new", "--accounts", "1", "--seconds", "0.1"]
    assert main(command) == 1
    assert msgspec.json.decode(capsys.readouterr().out, type=Row) == row
    row = msgspec.structs.replace(row, void=False)
    assert main(command) == 0


async def test_filled_accounts_are_those_of_sign_ups(tmp_path: Path) -> None:
    """Everything but ids, names and times is equal, and a second fill adds only what is missing."""
    await fill(tmp_path, "sqlite", 3)
    await fill(tmp_path, "sqlite", 5)
    server = TestServer(bench_game.game)
    server._config = replace(server._config, data_dir=tmp_path)
    async with server:
        accounts = []
        for number, created in ((4, None), (5, True)):
            answer = await server.authenticate("device", {"id": device_id(number)})
            assert answer.json.get("created") is created
            account = (await server.request("GET", "/v2/account", headers={"authorization": f"Bearer {answer.json['token']}"})).json
            varying = {name: len(account["user"].pop(name)) for name in ("id", "username", "create_time", "update_time")}
            accounts.append((account["user"], account["wallet"], varying, account["devices"] == [{"id": device_id(number)}]))
        assert accounts[0] == accounts[1]


def test_histogram_percentiles() -> None:
    histogram = Histogram()
    for milliseconds in range(1, 101):
        histogram.add(milliseconds / 1000 - 1e-5)
    assert (histogram.percentile_ms(50), histogram.percentile_ms(99)) == (50.0, 99.0)
    histogram.add(1_000.0)
    assert histogram.percentile_ms(100) == pytest.approx(10_000, abs=1)
    assert Histogram().percentile_ms(50) == 0


def test_a_tally_keeps_the_first_error() -> None:
    tally = Tally(b"x")
    tally.take(0.0, 0, b"")
    tally.take(0.0, 500, b"later")
    assert (tally.errors, tally.first_error) == (2, "connection lost")


def test_heads_in_either_case() -> None:
    assert content_length(b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\n") == 7
    assert content_length(b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\nA: b\r\n") == 12
    assert content_length(b"HTTP/1.1 204 No Content\r\n") == 0


@pytest.mark.parametrize("url", ["https://127.0.0.1:1", "127.0.0.1:7350", "http://", "http://a:b", "http://a/path"])
def test_addresses_that_cannot_be_measured(url: str) -> None:
    with pytest.raises(InvalidArgument):
        target_of(url, "key")


@pytest.mark.parametrize("arguments", [["--only", "nothing"], ["--seconds", "0"], ["--seconds", "31"], ["--accounts", "0"]])
def test_options_that_make_no_sense(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "api", *arguments]) == 1
    assert "[invalid_argument]" in capsys.readouterr().err


def test_a_player_is_read_from_the_token() -> None:
    claims = urlsafe_b64encode(b'{"uid":"u","exp":7,"usn":"n"}').decode().rstrip("=")
    player = player_of(msgspec.json.encode({"token": f"h.{claims}.s"}))
    assert (player.user_id, player.expires_at_s) == ("u", 7)


def test_requests_are_whole() -> None:
    head, _, body = sign_in(Target("h", 1, "k"), "device").partition(b"\r\n\r\n")
    assert content_length(head + b"\r\n") == len(body)
    assert b"Authorization: Basic azo=\r\n" in head


def test_goals_are_two_times_on_postgresql_and_none_for_strangers() -> None:
    rpc, account = OPERATIONS[-1], OPERATIONS[2]
    assert [report.Goal("sqlite").times(operation) for operation in (rpc, account)] == [2, 4]
    assert [report.Goal("postgresql://x").times(operation) for operation in (rpc, account)] == [2, 2]
    assert report.Goal("url").times(rpc) is None
    row = Row("account", 7_600.0, 1.0, 2.0, 0, None, 0.1, None, None, None, 10.0)
    assert report.line(row, account, report.Goal("sqlite")).endswith("4.0x   4x ok")
    assert report.line(msgspec.structs.replace(row, ops_s=7_000.0), account, report.Goal("sqlite")).endswith("3.7x   4x short")


def test_own_cpu_is_counted() -> None:
    before = machine.tree_cpu_s([os.getpid()])
    began = time.process_time()
    while time.process_time() - began < 0.05:
        pass
    after = machine.tree_cpu_s([os.getpid()])
    assert before is not None
    assert after is not None
    assert after - before >= 0.03


def test_processes_that_are_gone_cannot_be_counted() -> None:
    assert machine.tree_cpu_s([2**22 + 1]) is None
