"""The PostgreSQL that tests use: as shipped, for nobody else, and gone afterwards."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from supergame.testing import postgres
from supergame.testing.postgres import LocalPostgres


async def test_settings_are_postgresqls_own_and_a_password_is_asked_for(postgres_server: LocalPostgres) -> None:
    db = await asyncpg.connect(postgres_server.dsn)
    settings = {name: await db.fetchval("SELECT current_setting($1)", name) for name in ("fsync", "full_page_writes", "listen_addresses")}
    rules = await db.fetch("SELECT DISTINCT auth_method FROM pg_hba_file_rules")
    await db.close()
    assert settings == {"fsync": "on", "full_page_writes": "on", "listen_addresses": "127.0.0.1"}
    assert [rule["auth_method"] for rule in rules] == ["scram-sha-256"]
    assert os.stat(f"/proc/{postgres_server.pid}").st_uid != 0


def test_nothing_is_left_behind() -> None:
    with LocalPostgres() as server:
        folder, port = server._folder, server.port
        assert folder.exists()
    assert not folder.exists()
    assert not is_open(port)


def test_a_killed_run_leaves_no_server() -> None:
    script = (
        "import os, signal\n"
        "from supergame.testing.postgres import LocalPostgres\n"
        "server = LocalPostgres(); server.start()\n"
        "print(server.pid, server.port, server._folder, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    pid, port, folder = done.stdout.split()
    wait = subprocess.run(["tail", f"--pid={pid}", "-f", "/dev/null"], check=False, timeout=60)
    assert wait.returncode == 0
    assert not is_open(int(port))
    subprocess.run(["rm", "-r", folder], check=True)


def test_programs_out_of_reach_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_reachable", lambda path: False)
    copied = postgres._programs(18, tmp_path, {"user": 65534})
    assert copied.is_relative_to(tmp_path)
    for program in ("postgres", "psql", "initdb"):  # two of them look for a library beside the package
        done = subprocess.run([copied / program, "--version"], capture_output=True, text=True, check=True)
        assert " 18." in done.stdout
        assert (copied / program).stat().st_mode & 0o005 == 0o005


def test_what_went_wrong_is_told() -> None:
    with pytest.raises(RuntimeError, match="no_such_setting"), LocalPostgres(settings={"no_such_setting": "1"}):
        pass


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
