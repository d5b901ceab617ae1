"""What crosses the network in the plaza: op codes and byte layouts, rules PLAZA1... of docs/spec/plaza.md.

The twin is web/packages/sim/src/messages.ts. Numbers are little-endian; texts are UTF-8 behind their length.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from kitewind.motor import ALL_KEYS, FIELDS, Body, Tuning, drawn_state
from kitewind.wares import WARES

WELCOME: Final = 1
SNAPSHOT: Final = 2
ENTERED: Final = 3
LEFT: Final = 4
EMOTED: Final = 5
COIN_TAKEN: Final = 6
COIN_BACK: Final = 7
COIN_THROWN: Final = 8
CORRECTION: Final = 9
LINE: Final = 10
KITE: Final = 11
COIN_GONE: Final = 12
PURSE: Final = 13
BOARD: Final = 14
RACE: Final = 15
FEATHERS: Final = 16
DRESSED: Final = 17
WARDROBE: Final = 18
TUNED: Final = 19
INPUTS: Final = 32
EMOTE: Final = 33
WEAR: Final = 34
RUN: Final = 35

EMOTES: Final = ("wave", "heart", "laugh", "kite")
RACES: Final = ("started", "ended", "finished")
KINDS: Final = ("player", "bot")
MAX_BATCH_TICKS: Final = 60
"""Of one message of inputs; a longer one is no message."""

_BODY: Final = struct.Struct(f"<{len(FIELDS)}i")
_TUNING: Final = struct.Struct(f"<{len(Tuning._fields)}H")
_WELCOME: Final = struct.Struct("<IBB")
_PERSON: Final = struct.Struct("<BBBii")
_MOVED: Final = struct.Struct("<BBii")
_COIN: Final = struct.Struct("<HiiB")
_THROWN: Final = struct.Struct("<Hii")
_TAKEN: Final = struct.Struct("<HBH")
_PURSE: Final = struct.Struct("<BH")
_RACE: Final = struct.Struct("<BBIB")
_CORRECTION: Final = struct.Struct("<BI")
_INPUTS: Final = struct.Struct("<BIB")


class Shown(NamedTuple):
    """A body as others see it."""

    number: int
    state: int
    x: int
    y: int


class Introduced(NamedTuple):
    """Somebody in the plaza, for those who do not know them yet. `user_id` is empty for bots."""

    shown: Shown
    kind: str
    user_id: str
    name: str
    look: str


class Coin(NamedTuple):
    """`x`, `y` are its centre. One that is not there has been taken and comes back."""

    id: int
    x: int
    y: int
    there: bool


class Inputs(NamedTuple):
    """The keys of the ticks from `first` on."""

    epoch: int
    first: int
    keys: bytes


class Malformed(ValueError):
    """These bytes are no such message."""


def shown(number: int, body: Body, is_away: bool) -> Shown:
    """The state has what is drawn in bits 0 to 2, the right-hand side in bit 3, and that nothing was heard for a while in bit 4."""
    return Shown(number, drawn_state(body) | (8 if body.facing > 0 else 0) | (16 if is_away else 0), body.x, body.y)


def welcome(
    tick: int,
    number: int,
    epoch: int,
    body: Body,
    tuning: Tuning,
    rows: Sequence[str],
    people: Sequence[Introduced],
    coins: Sequence[Coin],
) -> bytes:
    parts = [_WELCOME.pack(tick, number, epoch), _body(body), _TUNING.pack(*tuning), struct.pack("<H", len(rows))]
    parts += [_text(row) for row in rows]
    parts += [bytes([len(people)]), *map(entered, people)]
    parts += [struct.pack("<H", len(coins)), *(_COIN.pack(*coin) for coin in coins)]
    return b"".join(parts)


def snapshot(tick: int, moved: Sequence[Shown]) -> bytes:
    return struct.pack("<IB", tick, len(moved)) + b"".join(_MOVED.pack(*one) for one in moved)


def entered(person: Introduced) -> bytes:
    number, state, x, y = person.shown
    head = _PERSON.pack(number, KINDS.index(person.kind), state, x, y)
    return head + _text(person.user_id) + _text(person.name) + _text(person.look)


def left(number: int) -> bytes:
    return bytes([number])


def emoted(number: int, emote: int) -> bytes:
    return bytes([number, emote])


def coin_taken(coin_id: int, number: int, total: int) -> bytes:
    return _TAKEN.pack(coin_id, number, min(total, 65_535))


def coin_back(coin_id: int) -> bytes:
    return struct.pack("<H", coin_id)


coin_gone = coin_back


def purse(number: int, total: int) -> bytes:
    return _PURSE.pack(number, min(total, 65_535))


def board(times: Sequence[tuple[str, int]]) -> bytes:
    """Names and their times in milliseconds, the fastest first."""
    return bytes([len(times)]) + b"".join(struct.pack("<I", time_ms) + _text(name) for name, time_ms in times)


def race(number: int, what: str, time_ms: int = 0, place: int = 0) -> bytes:
    """`place` is that on the board of the day, 0 when the time is on none."""
    return _RACE.pack(number, RACES.index(what), time_ms, place)


def feathers(number: int, found: int) -> bytes:
    return bytes([number, found])


def dressed(number: int, look: str) -> bytes:
    return bytes([number]) + _text(look)


def wardrobe(wares: int) -> bytes:
    return bytes([wares])


def coin_thrown(coin: Coin) -> bytes:
    return _THROWN.pack(coin.id, coin.x, coin.y)


def correction(epoch: int, tick: int, body: Body) -> bytes:
    return _CORRECTION.pack(epoch, tick) + _body(body)


def tuned(first: int, tuning: Tuning) -> bytes:
    """From the tick `first` of the receiver's inputs on, this counts, in place of all that was told for that tick or later ones."""
    return struct.pack("<I", first) + _TUNING.pack(*tuning)


def line(number: int, text: str) -> bytes:
    return bytes([number]) + _text(text)


def kite(number: int) -> bytes:
    return bytes([number])


def encode_inputs(epoch: int, first: int, keys: Iterable[int]) -> bytes:
    """As clients send them; here for tests."""
    runs: list[list[int]] = []
    for key in keys:
        if runs and runs[-1][0] == key:
            runs[-1][1] += 1
        else:
            runs.append([key, 1])
    return _INPUTS.pack(epoch, first, len(runs)) + b"".join(map(bytes, runs))


def decode_inputs(data: bytes) -> Inputs:
    """Raises Malformed for what is cut off or too long, for runs of nothing, and for keys that do not exist."""
    if len(data) < _INPUTS.size:
        raise Malformed
    epoch, first, count = _INPUTS.unpack_from(data)
    keys, ticks = data[_INPUTS.size :: 2], data[_INPUTS.size + 1 :: 2]
    if len(keys) != count or len(ticks) != count or not 1 <= sum(ticks) <= MAX_BATCH_TICKS or 0 in ticks or max(keys) > ALL_KEYS:
        raise Malformed
    return Inputs(epoch, first, b"".join(bytes([key]) * times for key, times in zip(keys, ticks, strict=True)))


def decode_emote(data: bytes) -> int:
    """Raises Malformed."""
    if len(data) != 1 or data[0] >= len(EMOTES):
        raise Malformed
    return data[0]


def decode_wear(data: bytes) -> int:
    """The number of a ware. Raises Malformed."""
    if len(data) != 1 or data[0] >= len(WARES):
        raise Malformed
    return data[0]


def decode_run(data: bytes) -> bool:
    """Whether a race is to begin; False gives it up. Raises Malformed."""
    if len(data) != 1 or data[0] > 1:
        raise Malformed
    return data[0] == 1


def _body(body: Body) -> bytes:
    return _BODY.pack(*(getattr(body, name) for name in FIELDS))


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<H", len(data)) + data
