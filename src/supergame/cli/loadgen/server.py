"""A server of the bench's own: the shipped program in a process of its own, with what it ships with."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from supergame.base.errors import Unavailable
from supergame.cli.loadgen import bench_game
from supergame.cli.loadgen.machine import pinned
from supergame.cli.loadgen.target import Target

READY_S_MAX = 60.0
_PORT = re.compile(rb"play and connect\s+http://127\.0\.0\.1:(\d+)/")


class ServerNotStarted(Unavailable):
    """The server to be measured did not start."""

    code = "bench.server_not_started"


@asynccontextmanager
async def own_server(data_dir: Path, database: str, core: int | None) -> AsyncIterator[tuple[Target, int]]:
    """`supergame up` on free ports of this machine: where it listens, and its process id.

    Raises:
        ServerNotStarted: with the end of what it wrote.
    """
    command = [sys.executable, "-m", "supergame.cli.main", "up", str(bench_game.__file__), "--data", str(data_dir)]
    command += ["--port", "0", "--console-port", "0", "--database", database]
    log = data_dir / "server.log"
    with log.open("wb") as errors, pinned(core):
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=errors)
    try:
        yield Target("127.0.0.1", await _port(process, log)), process.pid
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def _port(process: asyncio.subprocess.Process, log: Path) -> int:
    """The port that the server names once it is ready."""
    assert process.stdout is not None
    try:
        async with asyncio.timeout(READY_S_MAX):
            told = await process.stdout.readuntil(b"operators")
    except (TimeoutError, asyncio.IncompleteReadError):
        written = await asyncio.to_thread(log.read_text)
        raise ServerNotStarted(f"The server to be measured did not start:\n{written[-2000:]}") from None
    port = _PORT.search(told)
    assert port is not None, told
    return int(port[1])
