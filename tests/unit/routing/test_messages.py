"""The 50 messages of Nakama's socket, each in both formats against the whole server: none is unknown, none is left without an answer."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from supergame.realtime.frame import JSON, PROTOBUF, Format
from supergame.routing.rt import BAD_INPUT, FUNCTION_NOT_FOUND, MATCH_NOT_FOUND, RUNTIME_EXCEPTION
from supergame.testing import TestServer
from supergame.wire.codec_protobuf import encode_envelope
from supergame.wire.rtapi import FROM_CLIENTS, MESSAGES, Unsupported
from tests.unit.wire.test_codec_protobuf import part

NOBODY = "00000000-0000-4000-8000-000000000001"

ANSWERS: dict[str, tuple[dict[str, Any], Any]] = {
    "channel_join": ({"target": "lobby", "type": 1}, "channel"),
    "channel_leave": ({"channel_id": "nonsense"}, BAD_INPUT),
    "channel_message_send": ({"channel_id": "2...lobby", "content": "{}"}, BAD_INPUT),
    "channel_message_update": ({"channel_id": "2...lobby", "message_id": NOBODY, "content": "{}"}, BAD_INPUT),
    "channel_message_remove": ({"channel_id": "2...lobby", "message_id": NOBODY}, BAD_INPUT),
    "match_create": ({"name": "lobby"}, "match"),
    "match_data_send": ({"match_id": f"{NOBODY}."}, None),
    "match_join": ({"match_id": f"{NOBODY}."}, MATCH_NOT_FOUND),
    "match_leave": ({"match_id": f"{NOBODY}."}, "cid"),
    "rpc": ({"id": "missing"}, FUNCTION_NOT_FOUND),
    "status_follow": ({"user_ids": [NOBODY]}, "status"),
    "status_unfollow": ({"user_ids": [NOBODY]}, "cid"),
    "status_update": ({"status": "here"}, "cid"),
    "ping": ({}, "pong"),
    "pong": ({}, None),
}
"""What somebody who is in nothing gets for each: a reply of this name, the bare cid, an error of this code, or nothing."""

NOT_YET = {name for name in FROM_CLIENTS if MESSAGES[name].type is Unsupported}
BY_BOTH = pytest.mark.parametrize("form", [JSON, PROTOBUF], ids=["json", "protobuf"])


class Answer(NamedTuple):
    """What came back with the cid, and whether the socket has closed."""

    kind: Any
    message: str = ""
    has_closed: bool = False


async def answers(form: Format, sent: dict[str, bytes]) -> dict[str, Answer]:
    """To each of these messages, on a socket of its own."""
    found = {}
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        for name, data in sent.items():
            socket = await ada.connect()
            server.node.rt_router.receive(socket, socket._ctx, socket._inbox, data, form)
            if socket._inbox.task is not None:
                await socket._inbox.task
            found[name] = answer_of([message for message in socket.log if message.get("cid") == "7"], socket.closed is not None)
            socket.close()
    return found


def answer_of(messages: list[dict[str, Any]], has_closed: bool) -> Answer:
    if not messages:
        return Answer(None, has_closed=has_closed)
    (message,) = messages
    if "error" in message:
        error = message["error"]
        return Answer(error.get("code", RUNTIME_EXCEPTION), error["message"], has_closed)
    return Answer(next((name for name in message if name != "cid"), "cid"), has_closed=has_closed)


def written(form: Format, name: str, body: dict[str, Any]) -> bytes:
    as_json = json.dumps({"cid": "7", name: body}).encode()
    if form is JSON:
        return as_json
    if MESSAGES[name].type is Unsupported:
        return empty(form, name)
    return encode_envelope(JSON.decode(as_json).message, "7")


def empty(form: Format, name: str) -> bytes:
    return json.dumps({"cid": "7", name: {}}).encode() if form is JSON else part(1, b"7") + part(MESSAGES[name].number, b"")


def test_the_messages_are_nakamas() -> None:
    """Source: nakama-common, rtapi/realtime.proto, and the dispatch of Nakama's server/pipeline.go."""
    assert sorted(kind.number for kind in MESSAGES.values()) == list(range(2, 52))
    assert len(FROM_CLIENTS) == 29
    assert ANSWERS.keys() | NOT_YET == FROM_CLIENTS
    assert ANSWERS.keys().isdisjoint(NOT_YET), "a feature that has landed is answered by it"


@BY_BOTH
async def test_messages_of_features_are_answered_by_them(form: Format) -> None:
    found = await answers(form, {name: written(form, name, body) for name, (body, _) in ANSWERS.items()})
    assert {name: (answer.kind, answer.has_closed) for name, answer in found.items()} == {
        name: (expected, False) for name, (_, expected) in ANSWERS.items()
    }


@BY_BOTH
async def test_messages_whose_feature_has_not_landed_are_refused_and_the_socket_stays(form: Format) -> None:
    found = await answers(form, {name: written(form, name, {}) for name in NOT_YET})
    assert found == dict.fromkeys(NOT_YET, Answer(RUNTIME_EXCEPTION, "This server does not offer this yet."))


@BY_BOTH
async def test_messages_that_only_servers_send_end_their_sender(form: Format) -> None:
    names = MESSAGES.keys() - FROM_CLIENTS
    found = await answers(form, {name: empty(form, name) for name in names})
    assert found == dict.fromkeys(names, Answer(None, has_closed=True))
