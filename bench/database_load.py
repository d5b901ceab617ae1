"""What a database engine holds on this machine: `python bench/database_load.py sqlite|postgres|ADDRESS [callers]`.

Callers in a closed loop run the transactions of typical requests; `work_us` of computing around each stands for HTTP and JSON.
To share a core with the server, as one core does for both in `docs/decisions/0004-one-database-port.md`, start it by `taskset -c 0`.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from supergame.base.clock import WallMicros
from supergame.db.migrate import load, migrate
from supergame.db.port import Database, Statement, Tx, UniqueViolation
from supergame.db.postgres import Postgres
from supergame.db.sqlite import Sqlite

PEOPLE = 20_000
WORK_US = 70
SECONDS = 3.0
VALUE = '{"save": "' + "x" * 1000 + '"}'

_PERSON = Statement("load.person", "INSERT INTO persons (person_id, created_at) VALUES (?, ?)")
_DEVICE = Statement("load.device", "INSERT INTO person_devices (device_id, person_id, created_at) VALUES (?, ?, ?)")
_PROFILE = Statement(
    "load.profile",
    "INSERT INTO profiles (title_id, user_id, username, username_key, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
)
_PUT = Statement(
    "load.put",
    "INSERT INTO storage_objects (title_id, collection, user_id, object_key, value, version, permission_read, permission_write, "
    "created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (title_id, collection, user_id, object_key) "
    "DO UPDATE SET value = excluded.value, version = excluded.version, updated_at = excluded.updated_at "
    "WHERE storage_objects.permission_write >= ? RETURNING created_at, updated_at",
)
_REPLACE = Statement(
    "load.replace", "UPDATE storage_objects SET value = ? WHERE title_id = ? AND user_id = ? AND version = ? RETURNING object_key"
)
_GET = Statement(
    "load.get",
    "SELECT value, version, permission_read, permission_write, created_at, updated_at FROM storage_objects "
    "WHERE title_id = ? AND collection = ? AND user_id = ? AND object_key = ?",
)
_FIND = Statement(
    "load.find",
    "SELECT d.person_id, p.username, p.disabled_at FROM person_devices d "
    "LEFT JOIN profiles p ON p.title_id = ? AND p.user_id = d.person_id WHERE d.device_id = ?",
)
_ACCOUNT = Statement(
    "load.account",
    "SELECT p.user_id, p.username, p.display_name, p.metadata, p.created_at, h.email, d.device_id FROM profiles p "
    "JOIN persons h ON h.person_id = p.user_id LEFT JOIN person_devices d ON d.person_id = p.user_id "
    "WHERE p.title_id = ? AND p.user_id = ?",
)


class Refused(Exception):
    """The version is another."""


def sign_up(number: int, person: str) -> Tx[None]:
    name, device = f"name-{person}", f"device-{person}"
    yield _PERSON(person, number)
    yield _DEVICE(device, person, number)
    yield _PROFILE("title", person, name, name, number, number)


def put(person: str) -> Tx[None]:
    yield _PUT("title", "saves", person, "slot", VALUE, "version", 1, 1, 1, 1, 0)


def replace_stale(person: str) -> Tx[None]:
    rows = yield _REPLACE(VALUE, "title", person, "an older version")
    if not rows:
        raise Refused


def sign_up_taken(person: str) -> Tx[str]:
    try:
        yield _PERSON(person, 1)
    except UniqueViolation:
        return "taken"
    return "new"


def one(statement: Statement, *parameters: object) -> Tx[int]:
    rows = yield statement(*parameters)
    return len(rows)


async def fill(db: Database) -> None:
    people = [f"person-{number}" for number in range(PEOPLE)]
    for start in range(0, PEOPLE, 1000):
        await asyncio.gather(*(db.write(sign_up, 1, person) for person in people[start : start + 1000]))
        await asyncio.gather(*(db.write(put, person) for person in people[start : start + 1000]))


async def load_with(callers: int, request: Callable[[int], Awaitable[object]]) -> tuple[float, float]:
    """Requests per second, and the slowest hundredth in milliseconds."""
    numbers = iter(range(10**9))
    waits: list[float] = []
    end = time.perf_counter() + SECONDS

    async def caller() -> None:
        while (began := time.perf_counter()) < end:
            while time.perf_counter() - began < WORK_US / 1e6:
                pass
            await request(next(numbers))
            waits.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    return len(waits) / (time.perf_counter() - began), sorted(waits)[len(waits) * 99 // 100] * 1e3


async def measure(db: Database, callers: int) -> None:
    await migrate(db, load(), WallMicros(1))
    await fill(db)

    async def stale(number: int) -> None:
        with suppress(Refused):
            await db.write(replace_stale, f"person-{number * 7 % PEOPLE}")

    requests: dict[str, Callable[[int], Awaitable[object]]] = {
        "account": lambda number: db.read(one, _ACCOUNT, "title", f"person-{number * 7 % PEOPLE}"),
        "storage_read": lambda number: db.read(one, _GET, "title", "saves", f"person-{number * 7 % PEOPLE}", "slot"),
        "auth_existing": lambda number: db.read(one, _FIND, "title", f"device-person-{number * 7 % PEOPLE}"),
        "storage_write": lambda number: db.write(put, f"person-{number * 7 % PEOPLE}"),
        "storage_write_durable": lambda number: db.write_durable(put, f"person-{number * 7 % PEOPLE}"),
        "storage_write_stale": stale,
        "auth_new": lambda number: db.write(sign_up, number, f"new-{number}"),
        "auth_new_taken": lambda number: db.write(sign_up_taken, f"person-{number * 7 % PEOPLE}"),
    }
    for name, request in requests.items():
        rate, slow = await load_with(callers, request)
        sys.stdout.write(f"{name:22} {rate:8.0f}/s   p99 {slow:6.1f} ms\n")


async def main(address: str, callers: int) -> None:
    if address == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            db: Database = Sqlite(Path(folder) / "load.db")
            await measure(db, callers)
            await db.close()
        return
    db = await Postgres.open(address)
    await measure(db, callers)
    await db.close()


def run(address: str = "sqlite", callers: str = "32") -> None:
    import uvloop

    if address != "postgres":
        return uvloop.run(main(address, int(callers)))
    from supergame.testing.postgres import LocalPostgres

    with LocalPostgres() as server:
        return uvloop.run(main(server.create_database("load"), int(callers)))


if __name__ == "__main__":
    run(*sys.argv[1:])
