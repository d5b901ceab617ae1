"""The same promise seen from outside: what `supergame up` answered with 200 is there after kill -9."""

from __future__ import annotations

import asyncio
import base64
import json
import random
import sqlite3
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.support.server import ServerProcess

KILLS = 50
CALLERS = 8
SERVER_KEY = "Basic " + base64.b64encode(b"defaultkey:").decode()


class Caller:
    """One kept-alive connection, and no more HTTP than this needs."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def call(self, method: str, path: str, authorization: str, body: Any) -> tuple[int, Any]:
        """Raises OSError or EOFError when the server has gone."""
        content = json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {authorization}\r\nContent-Length: {len(content)}\r\n\r\n"
        self._writer.write(head.encode() + content)
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        length = next(int(line.partition(":")[2]) for line in lines if line.lower().startswith("content-length:"))
        return int(lines[0].split()[1]), json.loads(await self._reader.readexactly(length))

    async def close(self) -> None:
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()


async def write_until_killed(server: ServerProcess, round_: int, answers: int, acknowledged: set[str]) -> None:
    """Sign up and save until so many answers have come, then kill the server."""
    left = count(answers, -1)

    def note(key: str) -> None:
        acknowledged.add(key)
        if next(left) == 0:
            server.kill()

    async def play(number: int) -> None:
        caller = Caller(*await asyncio.open_connection("127.0.0.1", server.port))
        with suppress(OSError, EOFError):
            for turn in count():
                device = f"device-{round_:03}-{number}-{turn}"
                status, session = await caller.call("POST", "/v2/account/authenticate/device?create=true", SERVER_KEY, {"id": device})
                assert status == 200, session
                note(device)
                for slot in range(5):
                    key = f"save-{round_:03}-{number}-{turn}-{slot}"
                    objects = [{"collection": "saves", "key": key, "value": json.dumps({"turn": turn})}]
                    status, ack = await caller.call("PUT", "/v2/storage", f"Bearer {session['token']}", {"objects": objects})
                    assert status == 200, ack
                    note(key)
        await caller.close()

    await asyncio.gather(*(play(number) for number in range(CALLERS)))


def stored(file: Path) -> set[str]:
    db = sqlite3.connect(file)
    assert db.execute("PRAGMA quick_check").fetchall() == [("ok",)]
    rows = db.execute("SELECT object_key FROM storage_objects UNION ALL SELECT device_id FROM person_devices").fetchall()
    db.close()
    return {row[0] for row in rows}


@pytest.mark.long
async def test_nothing_answered_with_200_is_lost_in_50_kills(tmp_path: Path) -> None:
    chance = random.Random(6)
    acknowledged: set[str] = set()
    for round_ in range(KILLS):
        server = ServerProcess.start(tmp_path)  # on what the killed one left
        await write_until_killed(server, round_, chance.randint(1, 300), acknowledged)
    lost = acknowledged - stored(tmp_path / "supergame.db")
    assert not lost, f"seed 6: {len(lost)} of {len(acknowledged)}"
    assert len(acknowledged) > KILLS * 75
