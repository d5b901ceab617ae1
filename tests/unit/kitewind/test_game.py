"""The function that finds a plaza, and its chat. Rules: docs/spec/plaza.md."""

from __future__ import annotations

import codecs
import json

import pytest

from kitewind.game import MAX_SAID_CHARS, game, mild
from supergame.testing import TestServer

RUDE = codecs.decode("fuvg", "rot13")


async def test_PLAZA1_all_are_led_to_one_plaza_while_there_is_room() -> None:
    async with TestServer(game) as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        first = json.loads(await ada.rpc("kitewind.plaza"))
        assert first == json.loads(await bob.rpc("kitewind.plaza"))
        assert first["channel"] == "plaza-" + first["match_id"].partition(".")[0]


async def test_PLAZA1_the_fullest_plaza_comes_first() -> None:
    async with TestServer(game) as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        empty = json.loads(await ada.rpc("kitewind.plaza"))["match_id"]
        other = server.node.matches.create("kitewind", "plaza", {})
        socket = await ada.connect()
        await socket.call({"match_join": {"match_id": other}})
        assert json.loads(await bob.rpc("kitewind.plaza"))["match_id"] == other != empty


async def test_PLAZA4_what_is_said_in_a_plaza_is_mild() -> None:
    async with TestServer(game) as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        room = json.loads(await ada.rpc("kitewind.plaza"))["channel"]
        speaker, listener = await ada.connect(), await bob.connect()
        join = {"channel_join": {"target": room, "type": 1, "persistence": False}}
        channel = (await speaker.call(join))["channel"]["id"]
        await listener.call(join)
        listener.take()
        said = {"text": f"oh {RUDE}"}
        assert "channel_message_ack" in await speaker.call({"channel_message_send": {"channel_id": channel, "content": json.dumps(said)}})
        heard = (await listener.next())["channel_message"]
        assert json.loads(heard["content"]) == {"text": "oh ****"}


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"text": 3}', '"text"', "{"])
def test_PLAZA4_what_is_no_line_stays_as_it_is(content: str) -> None:
    assert mild(content) == content


def test_PLAZA4_a_line_has_its_bound() -> None:
    assert json.loads(mild(json.dumps({"text": "x" * 1_000})))["text"] == "x" * MAX_SAID_CHARS
