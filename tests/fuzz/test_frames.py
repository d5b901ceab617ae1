"""Damaged frames on players' sockets: whatever a client sends, only its own socket may close, and nothing fails inside.

The whole server in this process, with two witnesses in the match and the channel that the sender speaks in as well. A failure prints its
seed: run it again with FUZZ_SEED.
"""

from __future__ import annotations

import json
import random
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest

from supergame.base.errors import Internal
from supergame.game import Context, Game, Match, MatchMessage
from supergame.realtime.frame import JSON, PROTOBUF, Format
from supergame.routing import rt
from supergame.testing import TestPlayer, TestServer, TestSocket
from supergame.wire import codec_protobuf, codec_rt
from supergame.wire.rtapi import FROM_CLIENTS, MESSAGES
from tests.fuzz.target import RENEW_AFTER_S, SEED
from tests.unit.wire.test_codec_protobuf import mutated as mutated_bytes

AT_A_TIME = 64  # frames between two looks
MS_BETWEEN_LOOKS = 500
ODD = (None, True, -1, 0, 2**31, 2**63, 2**64, -1.5, 1e308, "", "\u0000", "\ud800", "9" * 30, "ä" * 300, [], {}, [[]], {"": {}}, [None] * 9)
KINDS = (  # what witnesses may see of the sender's doing
    {"match_data", "match_presence_event", "channel_message", "channel_presence_event", "status_presence_event", "notifications"}
    | {"stream_data", "stream_presence_event"}
)


def playground() -> Game:
    game = Game("main")

    @game.rpc("echo")
    async def echo(ctx: Context, payload: str) -> str:
        return payload

    @game.match("echo", tick_rate_hz=10)
    class Echo:
        def loop(self, match: Match, messages: list[MatchMessage]) -> None:
            for message in messages:
                match.send(message.op_code, message.data, sender=message.player)

    @game.rpc("create")
    async def create(ctx: Context, payload: str) -> str:
        return await ctx.matches.create("echo")

    return game


@dataclass
class World:
    """The sender, the witnesses and all that good frames speak of."""

    server: TestServer
    eve: TestPlayer
    witnesses: list[TestSocket]
    good: list[dict[str, Any]]
    renew_at: float = 0.0

    async def sender(self) -> TestSocket:
        """A socket of the sender, in everything that the witnesses are in."""
        if (now := self.server.clock.monotonic()) > self.renew_at:
            self.eve, self.renew_at = await self.server.sign_in("eve"), now + RENEW_AFTER_S
        socket = await self.eve.connect(status=True)
        for envelope in self.good[:3]:
            socket.post(envelope)
        return socket


async def make_world(server: TestServer) -> World:
    eve, ada, bob = [await server.sign_in(name) for name in ("eve", "ada", "bob")]
    match_id = await ada.rpc("create")
    witnesses = [await one.connect(status=True) for one in (ada, bob)]
    relayed = (await witnesses[0].call({"match_create": {"name": "lobby"}}))["match"]["match_id"]
    joins: list[dict[str, Any]] = [{"match_join": {"match_id": each}} for each in (match_id, relayed)]
    joins.append({"channel_join": {"target": "lobby", "type": 1}})
    for witness in witnesses:
        for join in joins:
            channel = (await witness.call(join)).get("channel")
        await witness.call({"status_follow": {"user_ids": [eve.user_id]}})
    assert channel is not None
    sent = await witnesses[0].call({"channel_message_send": {"channel_id": channel["id"], "content": "{}"}})
    return World(server, eve, witnesses, [*joins, *good_frames(match_id, relayed, sent["channel_message_ack"], ada.user_id)])


def good_frames(match_id: str, relayed: str, message: dict[str, Any], other: str) -> list[dict[str, Any]]:
    here = {"channel_id": message["channel_id"]}
    presence = {"user_id": other, "session_id": "s", "username": "ada"}
    data = {"op_code": "7", "data": "AQID", "presences": [presence], "reliable": True}
    right: dict[str, Any] = {
        "channel_join": {"target": other, "type": 2, "persistence": True, "hidden": False},
        "channel_leave": here,
        "channel_message_send": {**here, "content": '{"text":"hi"}'},
        "channel_message_update": {**here, "message_id": message["message_id"], "content": "{}"},
        "channel_message_remove": {**here, "message_id": message["message_id"]},
        "match_create": {"name": "lobby"},
        "match_join": {"match_id": relayed, "metadata": {"k": "v"}},
        "match_leave": {"match_id": relayed},
        "match_data_send": {"match_id": match_id, **data},
        "rpc": {"id": "echo", "payload": "{}"},
        "status_follow": {"user_ids": [other], "usernames": ["bob"]},
        "status_unfollow": {"user_ids": [other]},
        "status_update": {"status": "here"},
    }
    return [{name: right.get(name, {})} for name in sorted(FROM_CLIENTS)] + [{"match_data_send": {"match_id": relayed, **data}}]


def mutated(chance: random.Random, envelope: dict[str, Any]) -> bytes:
    """A frame with a value of another kind, or with damaged bytes, or both; sometimes none of it."""
    message = json.loads(json.dumps({"cid": "1", **envelope}))
    for _ in range(chance.randrange(3)):
        damage(chance, message)
    data = json.dumps(message).encode()
    return mutated_bytes(chance, data) if chance.random() < 0.4 else data


def damage(chance: random.Random, message: dict[str, Any]) -> None:
    """Something within it is lost, doubled under another name, or replaced."""
    place: Any = message
    while chance.random() < 0.7:
        inner = [value for value in (place.values() if isinstance(place, dict) else place) if isinstance(value, dict | list) and value]
        if not inner:
            break
        place = chance.choice(inner)
    key = chance.choice(list(place)) if isinstance(place, dict) else chance.randrange(len(place))
    kind = chance.randrange(4)
    if kind == 0:
        place[key] = deepcopy(chance.choice(ODD))
    elif kind == 1 and isinstance(place, dict):
        place[chance.choice([*MESSAGES, "cid", "unknown", "matchId", "opCode"])] = deepcopy(place[key])
    elif kind == 2:
        place[key] = [deepcopy(place[key]) for _ in range(chance.randrange(4))]
    elif len(place) > 1:
        del place[key]


def frames(chance: random.Random, good: list[dict[str, Any]], form: Format, count: int) -> list[bytes]:
    if form is JSON:
        return [mutated(chance, chance.choice(good)) for _ in range(count)]
    messages = [codec_rt.decode_envelope(json.dumps({"cid": "1", **envelope}).encode()) for envelope in good]
    encoded = [codec_protobuf.encode_envelope(one.message, one.cid) for one in messages if type(one.message) in codec_protobuf._writers]
    return [mutated_bytes(chance, chance.choice(encoded)) for _ in range(count)]


async def bombard(monkeypatch: pytest.MonkeyPatch, form: Format, count: int) -> tuple[int, int]:
    """How many frames were answered or taken in silence, and how many closed their sender."""
    chance, failures, closed = random.Random(SEED), [], 0
    monkeypatch.setattr(rt._log, "error", lambda *args, **told: failures.append((args, told)), raising=False)
    async with TestServer(playground()) as server:
        world = await make_world(server)
        socket = await world.sender()
        for done in range(0, count, AT_A_TIME):
            for data in frames(chance, world.good, form, min(AT_A_TIME, count - done)):
                server.node.rt_router.receive(socket, socket._ctx, socket._inbox, data, form)
                if socket._inbox.task is not None:
                    await socket._inbox.task
                if socket.closed is not None:
                    closed += 1
                    socket = await world.sender()
            server.advance(MS_BETWEEN_LOOKS / 1_000)  # matches tick, and rates recover
            await look(world, socket)
            assert failures == [], f"FUZZ_SEED={SEED}, frame {done}"
    return count - closed, closed


async def look(world: World, socket: TestSocket) -> None:
    """The witnesses are as they were, and heard nothing but what a game may say."""
    assert all(Internal.sentence() != message.get("error", {}).get("message") for message in socket.log), f"FUZZ_SEED={SEED}"
    for witness in world.witnesses:
        assert witness.closed is None
        assert await witness.call({"ping": {}}) == {"pong": {}}
        assert {next(iter(message)) for message in witness.take()} <= KINDS
        witness.log.clear()


@pytest.mark.parametrize("form", [JSON, PROTOBUF], ids=["json", "protobuf"])
async def test_damaged_frames_close_only_their_sender(monkeypatch: pytest.MonkeyPatch, form: Format) -> None:
    taken, closed = await bombard(monkeypatch, form, 20_000 if form is JSON else 5_000)
    assert min(taken, closed) > (taken + closed) // 50, "both ends of the scale are reached"


async def test_a_planted_fault_is_caught_a_close_that_takes_others_along(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = TestSocket.close

    def careless(self: TestSocket, *args: Any) -> None:
        honest(self, *args)
        self._node.registry.close_all(1000, "")  # type: ignore[arg-type]

    monkeypatch.setattr(TestSocket, "close", careless)
    with pytest.raises(AssertionError):
        await bombard(monkeypatch, JSON, 1_000)


async def test_a_planted_fault_is_caught_a_handler_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supergame.features.matches.service.parse_match_id", lambda text: text.index("."))
    with pytest.raises(AssertionError, match="FUZZ_SEED"):
        await bombard(monkeypatch, JSON, 2_000)


@pytest.mark.fuzz
@pytest.mark.parametrize("form", [JSON, PROTOBUF], ids=["json", "protobuf"])
async def test_a_million_damaged_frames_close_only_their_sender(monkeypatch: pytest.MonkeyPatch, form: Format) -> None:
    taken, closed = await bombard(monkeypatch, form, 1_000_000)
    assert min(taken, closed) > 10_000
