"""A million ledger operations with a hundred kills: nothing acknowledged is lost, nothing is granted twice, the sum is 0 (rule LED12).

The list of what was sent and acknowledged is kept here, outside of the process that is killed. After each kill what was under way is sent
again, as a client does that has had no answer.

    make soak ARGS="tests/soak/test_ledger.py -s"
"""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from supergame.base.clock import SystemClock, WallMicros
from supergame.base.ids import Chance
from supergame.db.migrate import load, migrate
from supergame.db.port import Statement, collect
from supergame.db.sqlite import Sqlite
from supergame.features.ledger.model import Posting
from supergame.features.ledger.service import Ledger
from tests.soak.ledger_victim import FAULTS
from tests.support.ledger import all_balances, balances_of

ROOT = Path(__file__).parents[2]
OPERATIONS, KILLS = 1_000_000, 100
FAULT_OPERATIONS, FAULT_KILLS = 20_000, 3
ALL = Statement("test.all", "SELECT transaction_id FROM ledger_transactions")


class Witness:
    """What was sent and told, by key. A key may be sent with several bodies: the first that is not refused takes it."""

    def __init__(self) -> None:
        self.sent: dict[str, list[Posting]] = {}
        self.told: dict[str, str] = {}
        self.operations = 0

    def hear(self, line: bytes) -> None:
        if line.startswith(b"send "):
            posting = msgspec.json.decode(line[5:], type=Posting)
            self.sent.setdefault(posting.key, []).append(posting)
            self.operations += len(posting.transfers)
        elif line.startswith(b"told ") and line.endswith(b"\n"):
            _, key, transaction_id = line.decode().split()
            assert self.told.setdefault(key, transaction_id) == transaction_id, f"{key} was granted twice"

    def unanswered(self) -> list[Posting]:
        """Sent and perhaps done: these, and some that were answered, are sent again."""
        last = list(self.sent.items())
        return [bodies[0] for key, bodies in last[-200:] if key not in self.told] + [bodies[0] for _, bodies in last[-20:]]


def run_and_kill(witness: Witness, file: Path, seed: int, operations: int, fault: str) -> None:
    """One life of the process, which ends in the middle of something."""
    again = b"".join(msgspec.json.encode(posting) + b"\n" for posting in witness.unanswered())
    command = [sys.executable, "-m", "tests.soak.ledger_victim", str(file), str(seed), fault]
    victim = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert victim.stdin is not None
    assert victim.stdout is not None
    victim.stdin.write(again)
    victim.stdin.close()
    until = witness.operations + operations
    try:
        for line in victim.stdout:
            witness.hear(line)
            if witness.operations >= until:
                break
    finally:
        victim.kill()
        rest = victim.stdout.readlines()
        victim.stdout.close()
        status = victim.wait()
    for line in rest:
        witness.hear(line)
    assert status < 0, "it ended by itself: see its error above"


async def check(witness: Witness, file: Path) -> None:
    db = Sqlite(file)
    ledger = Ledger(db, SystemClock(), Chance())
    assert await ledger.check() == []
    done = [await ledger.get(row[0]) for row in await db.read(collect, ALL)]
    by_key = {one.posting.key: one for one in done}
    assert len(by_key) == len(done)
    assert {key: transaction_id for key, transaction_id in witness.told.items() if by_key[key].id != transaction_id} == {}
    known = {key for key, posting in by_key.items() if not posting.posting.reverses}
    assert {key for key in known if by_key[key].posting not in witness.sent[key]} == set()
    assert await all_balances(ledger) == balances_of(done)
    await db.close()


async def play(folder: Path, operations: int, kills: int, fault: str = "") -> Witness:
    file, chance, witness = folder / "ledger.db", random.Random(6), Witness()
    db = Sqlite(file)
    await migrate(db, load(), WallMicros(1))
    await db.close()
    for seed in range(kills):
        run_and_kill(witness, file, seed, chance.randint(operations // kills, 5 * operations // (4 * kills)), fault)
    await check(witness, file)
    return witness


@pytest.mark.soak
async def test_a_million_operations_with_a_hundred_kills_lose_nothing_and_grant_nothing_twice(tmp_path: Path) -> None:
    witness = await play(tmp_path, OPERATIONS, KILLS)
    print(f"{witness.operations} operations, {KILLS} kills, {len(witness.sent)} keys sent, {len(witness.told)} acknowledged")
    assert witness.operations >= OPERATIONS


@pytest.mark.soak
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_planted_fault_is_caught(fault: str, tmp_path: Path) -> None:
    with pytest.raises((AssertionError, KeyError)):
        await play(tmp_path, FAULT_OPERATIONS, FAULT_KILLS, fault)
