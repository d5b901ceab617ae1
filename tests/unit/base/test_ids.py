"""Ids and where chance comes from."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from itertools import count, cycle

import pytest

from supergame.base.clock import SECOND_US, WallMicros
from supergame.base.ids import LETTERS, RANDOM_BYTES, SYSTEM_USER, Chance, SystemRandom, is_uuid


def seeded(seed: int = 1) -> Chance:
    return Chance(random.Random(seed).randbytes)


def test_uuid4_has_the_version_and_variant_of_the_rfc() -> None:
    made = {seeded(seed).uuid4() for seed in range(200)}
    assert len(made) == 200
    assert all(uuid.UUID(text).version == 4 and uuid.UUID(text).variant == uuid.RFC_4122 for text in made)
    assert all(is_uuid(text) for text in made)


def test_uuid7_carries_the_milliseconds_and_sorts_by_them() -> None:
    chance, start = seeded(), 1_767_225_600 * SECOND_US
    times = [WallMicros(start + step * 1_000) for step in range(200)]
    made = [chance.uuid7(at) for at in times]
    assert made == sorted(made)
    assert [uuid.UUID(text).int >> 80 for text in made] == [at // 1_000 for at in times]
    assert {(uuid.UUID(text).version, uuid.UUID(text).variant) for text in made} == {(7, uuid.RFC_4122)}


def test_equal_seeds_draw_equal_ids_and_the_systems_own_source_does_not() -> None:
    assert [seeded(3).uuid4(), seeded(3).secret(), seeded(3).letters(9)] == [seeded(3).uuid4(), seeded(3).secret(), seeded(3).letters(9)]
    assert Chance().uuid4() != Chance().uuid4()


def test_letters_are_drawn_evenly() -> None:
    drawn = Counter(seeded().letters(52_000))
    assert set(drawn) == set(LETTERS)
    assert min(drawn.values()) > 850
    assert max(drawn.values()) < 1_150


def test_letters_leave_out_bytes_that_would_favour_the_first() -> None:
    source = cycle([255, 208, 0, 51, 52])
    assert Chance(lambda count: bytes(next(source) for _ in range(count))).letters(6) == "aZaaZa"


def test_a_secret_has_256_bits() -> None:
    assert len(bytes.fromhex(seeded().secret())) == 32


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0" * 36,
        "00000000-0000-0000-0000-00000000000",
        "00000000-0000-0000-0000-0000000000000",
        "A0000000-0000-0000-0000-000000000000",
        "00000000_0000_0000_0000_000000000000",
        "{0000000-0000-0000-0000-000000000000",
        "00000000-0000-0000-0000-00000000000\n",
        "０0000000-0000-0000-0000-00000000000",
    ],
)
def test_other_spellings_are_no_uuids(text: str) -> None:
    assert not is_uuid(text)


def test_the_systems_owner_is_a_uuid() -> None:
    assert is_uuid(SYSTEM_USER)


def test_no_random_byte_is_given_out_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    source = count()
    monkeypatch.setattr("os.urandom", lambda wanted: b"".join(next(source).to_bytes(4, "big") for _ in range(wanted // 4)))
    system = SystemRandom()
    words = [system(4) for _ in range(3 * RANDOM_BYTES // 4)] + [system(2 * RANDOM_BYTES)]
    given = b"".join(words)
    assert len({given[at : at + 4] for at in range(0, len(given), 4)}) == len(given) // 4
