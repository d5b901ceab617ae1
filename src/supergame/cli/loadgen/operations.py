"""What players ask for, each with what Nakama 3.40 with PostgreSQL 15 answered of it per second on one core, both on that core.

Those figures: 32 connections, the same requests, medians of 3 to 7 runs on a Xeon "Cascade Lake" at 2.5 GHz. See
docs/reference/performance.md.
"""

from __future__ import annotations

import random
import secrets
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec

from supergame.cli.loadgen.target import Target

VALUE_BYTES = 1_024
PAYLOAD_BYTES = 64
ECHO = "bench.echo"
COLLECTION, KEY = "bench", "save"


class Claims(msgspec.Struct):
    """What a session token says, as far as the bench looks at it."""

    uid: str
    exp: int


@dataclass(frozen=True, slots=True)
class Player:
    token: str
    user_id: str
    expires_at_s: int


@dataclass(frozen=True, slots=True)
class Scene:
    """A server, how many accounts it holds, and those that are signed in."""

    target: Target
    accounts: int
    players: list[Player]


@dataclass(frozen=True, slots=True)
class Operation:
    """`expects` is what a right answer holds; `prepare` are requests that have to be answered before it can be measured."""

    name: str
    nakama_ops_s: int
    goal: float
    expects: bytes
    requests: Callable[[Scene], Iterator[bytes]]
    needs_players: bool = True
    prepare: Callable[[Scene], Iterator[bytes]] | None = None


def device_id(number: int) -> str:
    """The device of an account that is there already."""
    return f"bench-{number:012d}"


def sign_in(target: Target, device: str) -> bytes:
    body = msgspec.json.encode({"id": device})
    return target.request("POST", "/v2/account/authenticate/device?create=true", target.basic, body)


def player_of(reply: bytes) -> Player:
    """The player whom a sign-in's answer lets in."""
    token: str = msgspec.json.decode(reply)["token"]
    claims = msgspec.json.decode(urlsafe_b64decode(token.split(".")[1] + "=="), type=Claims)
    return Player(token, claims.uid, claims.exp)


def sign_up_new(scene: Scene) -> Iterator[bytes]:
    """Devices that nobody has seen before."""
    run, number = secrets.token_hex(4), 0
    while True:
        yield sign_in(scene.target, f"bench-new-{run}-{number:012d}")
        number += 1


def sign_in_again(scene: Scene) -> Iterator[bytes]:
    while True:
        yield sign_in(scene.target, device_id(random.randrange(scene.accounts)))


def get_account(scene: Scene) -> Iterator[bytes]:
    return _anybody([scene.target.request("GET", "/v2/account", _bearer(player)) for player in scene.players])


def write_object(scene: Scene) -> Iterator[bytes]:
    return _anybody(list(write_each_object(scene)))


def write_each_object(scene: Scene) -> Iterator[bytes]:
    """One object for each player."""
    value = msgspec.json.encode({"v": "x" * (VALUE_BYTES - 8)}).decode()
    item = {"collection": COLLECTION, "key": KEY, "value": value, "permission_read": 1, "permission_write": 1}
    body = msgspec.json.encode({"objects": [item]})
    return (scene.target.request("PUT", "/v2/storage", _bearer(player), body) for player in scene.players)


def read_object(scene: Scene) -> Iterator[bytes]:
    def request(player: Player) -> bytes:
        wanted = {"collection": COLLECTION, "key": KEY, "user_id": player.user_id}
        return scene.target.request("POST", "/v2/storage", _bearer(player), msgspec.json.encode({"object_ids": [wanted]}))

    return _anybody([request(player) for player in scene.players])


def call_echo(scene: Scene) -> Iterator[bytes]:
    payload = msgspec.json.encode({"p": "x" * (PAYLOAD_BYTES - 8)}).decode()
    body = msgspec.json.encode(payload)
    return _anybody([scene.target.request("POST", f"/v2/rpc/{ECHO}", _bearer(player), body) for player in scene.players])


def _bearer(player: Player) -> str:
    return f"Bearer {player.token}"


def _anybody(requests: list[bytes]) -> Iterator[bytes]:
    """Without end, each time one of these by chance."""
    while True:
        yield random.choice(requests)


OPERATIONS = [
    Operation("auth_new", 960, 4, b'"created":true', sign_up_new, needs_players=False),
    Operation("auth_existing", 1_730, 4, b'"token":', sign_in_again, needs_players=False),
    Operation("account", 1_900, 4, b'"user":', get_account),
    Operation("storage_write", 1_010, 4, b'"version":', write_object),
    Operation("storage_read", 1_780, 4, b'"value":', read_object, prepare=write_each_object),
    Operation("rpc", 6_060, 2, b'"payload":', call_echo),
]
