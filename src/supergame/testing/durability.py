"""Kill a process that writes, with its list of acknowledgements kept outside of it.

    with Victims("sqlite:/tmp/x/game.db") as victims:
        acknowledged = victims.run_and_kill(round=1, acknowledgements=200)

A child process is forked for each round from a helper that has everything imported, so 50 rounds take seconds. The victim prints a
line for every write that was acknowledged to it; lines reach the pipe whole and outlive it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path
from types import TracebackType

from supergame.db.port import Database, Rows, Statement, Tx, collect
from supergame.db.postgres import Postgres
from supergame.db.sqlite import Sqlite

CALLERS = 16
Written = set[tuple[int, int]]
"""Round and number of each write."""

_CREATE = (
    Statement("durability.lefts", "CREATE TABLE IF NOT EXISTS lefts (round BIGINT, id BIGINT, PRIMARY KEY (round, id))"),
    Statement("durability.rights", "CREATE TABLE IF NOT EXISTS rights (round BIGINT, id BIGINT, filler TEXT, PRIMARY KEY (round, id))"),
)
_LEFT = Statement("durability.left", "INSERT INTO lefts (round, id) VALUES (?, ?)")
_RIGHT = Statement("durability.right", "INSERT INTO rights (round, id, filler) VALUES (?, ?, ?) RETURNING id")
_LEFTS = Statement("durability.all_lefts", "SELECT round, id FROM lefts")
_RIGHTS = Statement("durability.all_rights", "SELECT round, id FROM rights")


async def open_database(address: str) -> Database:
    """`sqlite:FILE`, or the address of a PostgreSQL."""
    if address.startswith("sqlite:"):
        return Sqlite(Path(address.removeprefix("sqlite:")))
    return await Postgres.open(address)


async def create(address: str) -> None:
    db = await open_database(address)
    for statement in _CREATE:
        await db.write(collect, statement)
    await db.close()


async def stored(address: str) -> Written:
    """What is there. Fails on halves of transactions."""
    db = await open_database(address)
    lefts, rights = [_written(await db.read(collect, statement)) for statement in (_LEFTS, _RIGHTS)]
    await db.close()
    assert lefts == rights, f"half a transaction: {lefts ^ rights}"
    return lefts


def _written(rows: Rows) -> Written:
    return {(row[0], row[1]) for row in rows}


def write_both(round_: int, number: int) -> Tx[None]:
    yield _LEFT(round_, number)
    yield _RIGHT(round_, number, "x" * (number * 37 % 900))


class Victims:
    """Processes that write to a database until they are killed.

    Args:
        hasty: a planted fault: they report a write before it is acknowledged.
    """

    def __init__(self, address: str, *, hasty: bool = False) -> None:
        command = [sys.executable, "-m", "supergame.testing.durability", address, "hasty" if hasty else "honest"]
        self._helper = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        assert self._helper.stdin is not None
        assert self._helper.stdout is not None
        self._orders, self._lines = self._helper.stdin, self._helper.stdout

    def run_and_kill(self, round: int, acknowledgements: int) -> Written:
        """Let one write until it has reported so many, kill it, and return all that it reported in its life."""
        self._orders.write(f"{round}\n")
        pid = int(self._next("pid"))
        numbers = {int(self._next("ack")) for _ in range(acknowledgements)}
        os.kill(pid, signal.SIGKILL)
        while (line := self._lines.readline()) != f"ended {-signal.SIGKILL}\n":
            numbers.add(int(line.removeprefix("ack ")))
        return {(round, number) for number in numbers}

    def _next(self, kind: str) -> str:
        line = self._lines.readline()
        assert line.startswith(f"{kind} "), f"the victim said {line!r} instead of {kind}"
        return line.removeprefix(f"{kind} ")

    def __enter__(self) -> Victims:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._orders.close()
        self._helper.wait()
        self._lines.close()


async def _write_for_ever(address: str, round_: int, hasty: bool) -> None:
    db = await open_database(address)
    numbers = count()

    async def caller() -> None:
        while True:
            number = next(numbers)
            if hasty:
                _say(f"ack {number}")
            await (db.write_durable if number % 7 == 0 else db.write)(write_both, round_, number)
            if not hasty:
                _say(f"ack {number}")

    await asyncio.gather(*(caller() for _ in range(CALLERS)))


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def _serve(address: str, hasty: bool) -> None:
    for order in sys.stdin:
        child = os.fork()
        if child == 0:
            _say(f"pid {os.getpid()}")
            try:
                asyncio.run(_write_for_ever(address, int(order), hasty))
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        _say(f"ended {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    _serve(sys.argv[1], sys.argv[2] == "hasty")
