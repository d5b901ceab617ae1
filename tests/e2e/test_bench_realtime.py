"""`supergame bench relay | authoritative | chat | sockets` as a user runs it: what is delivered, not how fast."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from supergame.cli.loadgen import bench_game
from supergame.cli.loadgen.realtime.measures import CHAT
from tests.support.server import ServerProcess

SMALL = ["--seconds", "0.5", "--players", "20"]


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "supergame.cli.main", "bench", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def rows_of(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(row.get("errors") == 0 and not row.get("first_error") for row in rows), done.stdout + done.stderr
    return rows


@pytest.mark.parametrize("name", ["relay", "authoritative"])
def test_every_player_gets_what_the_others_send(name: str) -> None:
    done = bench(name, "--json", *SMALL)
    assert done.returncode == 0, done.stdout + done.stderr
    (row,) = rows_of(done)
    assert (row["name"], row["players"]) == (name, 20)
    assert row["ops_s"] > 0
    assert 0 < row["p50_ms"] <= row["p99_ms"]
    assert ("gap_p99_ms" in row) is (name == "authoritative")
    assert {"server_cpu", "generator_cpu", "server_us", "holds"} <= row.keys()


def test_chat_in_three_ways() -> None:
    done = bench("chat", "--json", *SMALL)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = rows_of(done)
    assert [row["name"] for row in rows] == [what.name for what in CHAT]
    assert all(row["ops_s"] > 0 for row in rows)


def test_idle_sockets_are_weighed_and_live() -> None:
    done = bench("sockets", "--json", "--seconds", "0.2", "--sockets", "50")
    assert done.returncode == 0, done.stdout + done.stderr
    (row,) = rows_of(done)
    assert row["kib_per_socket"] > 0


def test_the_table_of_a_server_that_runs_already(tmp_path: Path) -> None:
    with ServerProcess.start(tmp_path / "data", Path(bench_game.__file__)) as server:
        done = bench("authoritative", *SMALL, "--url", server.url, "--count-pid", str(server.pid))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "p99 ms" in done.stdout
    assert any(line.split()[:2] == ["authoritative", "20"] for line in done.stdout.splitlines())


def test_a_game_without_the_function_cannot_be_measured(tmp_path: Path) -> None:
    game = tmp_path / "other.py"
    game.write_text('from supergame.game import Game\n\ngame = Game("other")\n')
    with ServerProcess.start(tmp_path / "data", game) as server:
        done = bench("authoritative", *SMALL, "--url", server.url)
    assert done.returncode == 1
    assert "[bench.socket_refused]" in done.stderr
