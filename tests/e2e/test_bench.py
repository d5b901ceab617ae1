"""`supergame bench api` as a user runs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from supergame.cli.loadgen import bench_game
from supergame.cli.loadgen.operations import OPERATIONS
from tests.support.server import ServerProcess

NAMES = [operation.name for operation in OPERATIONS]
SMALL = ["--seconds", "0.3", "--accounts", "200", "--connections", "8"]


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "supergame.cli.main", "bench", "api", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_six_rows_with_figures_and_no_errors() -> None:
    done = bench("--json", *SMALL)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["name"] for row in rows] == NAMES
    for row in rows:
        assert row["errors"] == 0, row
        assert row["ops_s"] > 0
        assert 0 < row["p50_ms"] <= row["p99_ms"]
        assert row["void"] is False
        assert {"server_cpu", "generator_cpu", "server_us", "other_cpu", "stolen", "spin_ms"} <= row.keys()


def test_the_table_compares_with_nakama() -> None:
    done = bench(*SMALL, "--only", "rpc,account")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "x Nakama" in done.stdout
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [line[0] for line in lines if line and line[0] in NAMES] == ["rpc", "account"]


@pytest.fixture
def server(tmp_path: Path) -> ServerProcess:
    with ServerProcess.start(tmp_path / "data", Path(bench_game.__file__)) as server:
        yield server


def test_a_server_that_runs_already(server: ServerProcess) -> None:
    done = bench("--json", *SMALL, "--url", server.url, "--count-pid", str(server.pid))
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["name"], row["errors"]) for row in rows] == [(name, 0) for name in NAMES]


def test_wrong_answers_are_errors_and_a_status(server: ServerProcess) -> None:
    done = bench("--json", *SMALL, "--url", server.url, "--key", "no-key", "--only", "auth_new")
    assert done.returncode == 1
    assert "The server answered 401" in done.stderr


def test_nobody_at_the_address() -> None:
    done = bench("--url", "http://127.0.0.1:1", "--accounts", "1")
    assert done.returncode == 1
    assert "[bench.server_unreachable]" in done.stderr
