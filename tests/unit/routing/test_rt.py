"""Realtime messages: what is understood is answered in order, what is not ends only its sender."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import pytest

from supergame.base.errors import InvalidArgument, Overloaded
from supergame.base.limits import DEFAULT_LIMITS
from supergame.realtime.frame import Frame
from supergame.realtime.session import CloseCode, Session
from supergame.routing.context import Context
from supergame.routing.hooks import Hooks
from supergame.routing.rt import SILENT, Call, Inbox, Messages, RtRouter
from supergame.wire.rtapi import Channel, ChannelJoin, ChannelLeave, MatchDataSend, Ping, Pong, StatusUpdate
from tests.unit.realtime.sockets import MAIN, Socket


async def unguarded(name: str, work: Coroutine[Any, Any, Any]) -> Any:
    return await work


class Player(Socket):
    """A socket and the router that it speaks to."""

    def __init__(self, messages: Messages, hooks: Hooks | None = None, queued_max: int = 128) -> None:
        super().__init__("ada")
        limits = replace(DEFAULT_LIMITS, socket_messages_queued_max=queued_max)
        self.router, self.inbox = RtRouter(hooks or Hooks(), unguarded, limits), Inbox()
        self.router.add(messages)

    def says(self, data: bytes) -> None:
        self.router.receive(self, Context(MAIN, self.user_id, self.username), self.inbox, data)

    async def done(self) -> None:
        if self.inbox.task is not None:
            await self.inbox.task


def pings() -> Messages:
    messages = Messages()
    messages.on("ping")(lambda call, request: Pong())
    return messages


@pytest.mark.parametrize(
    ("frame", "answer"),
    [(b'{"ping":{}}', {"pong": {}}), (b'{"cid":"7","ping":{}}', {"cid": "7", "pong": {}}), (b'{"cid":"","ping":{}}', {"pong": {}})],
)
def test_a_message_is_answered_with_its_cid(frame: bytes, answer: dict[str, Any]) -> None:
    player = Player(pings())
    player.says(frame)
    assert (player.sent, player.closed) == ([answer], [])


def test_a_pong_needs_no_answer() -> None:
    player = Player(pings())
    player.says(b'{"pong":{}}')
    assert (player.sent, player.closed) == ([], [])


@pytest.mark.parametrize(
    "frame", [b"", b"ping", b"[]", b"null", b'"ping"', b"{", b'{"cid":7,"ping":{}}', b'{"cid":null,"ping":{}}', b"\xff", b'{"\xff":1}']
)
def test_a_malformed_frame_ends_its_sender(frame: bytes) -> None:
    player = Player(pings())
    player.says(frame)
    assert (player.sent, player.closed) == ([], [CloseCode.NORMAL])


@pytest.mark.parametrize(
    "frame",
    [b"{}", b'{"cid":"1"}', b'{"ping":{},"pong":{}}', b'{"Ping":{}}', b'{"sg":{}}', b'{"channel":{}}', b'{"ping":{"unknown":1}}'],
)
def test_an_unrecognised_message_ends_its_sender(frame: bytes) -> None:
    player = Player(pings())
    player.says(frame)
    assert (player.sent, player.closed) == ([], [CloseCode.NORMAL])


@pytest.mark.parametrize(
    "frame", [b'{"a":' * 2_000, b"[" * 4_096, b'{"ping":' + b'{"a":' * 1_000 + b"1" + b"}" * 1_001, b'{"ping":' + b"9" * 4_000 + b"}"]
)
def test_bombs_do_no_harm(frame: bytes) -> None:
    player = Player(pings())
    player.says(frame)
    assert len(player.sent) + len(player.closed) == 1


def test_a_message_that_nobody_handles_yet_is_refused_and_the_socket_stays() -> None:
    player = Player(pings())
    player.says(b'{"cid":"1","party_create":{"max_size":4}}')
    assert player.closed == []
    assert player.sent[0]["cid"] == "1"
    assert "error" in player.sent[0]


async def check_replies_leave_before_their_effects() -> None:
    messages = Messages()

    @messages.on("channel_join")
    async def join(call: Call, request: ChannelJoin) -> Channel:
        call.after_reply(call.session.send, Frame(Pong()))
        return Channel(id=request.target)

    @messages.on("channel_leave")
    def leave(call: Call, request: ChannelLeave) -> None:
        call.after_reply(call.session.send, Frame(Pong()))

    player = Player(messages)
    player.says(b'{"cid":"1","channel_join":{"target":"lobby"}}')
    await player.done()
    player.says(b'{"cid":"2","channel_leave":{}}')
    assert player.sent == [{"cid": "1", "channel": {"id": "lobby"}}, {"pong": {}}, {"cid": "2"}, {"pong": {}}]


async def test_a_reply_leaves_before_what_it_causes() -> None:
    await check_replies_leave_before_their_effects()


async def test_a_planted_fault_is_caught_a_reordered_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Call, "after_reply", lambda self, action, *args: action(*args))
    with pytest.raises(AssertionError):
        await check_replies_leave_before_their_effects()


async def test_messages_of_a_session_are_handled_in_order_and_quick_ones_wait_for_slow_ones() -> None:
    gate, messages = asyncio.Event(), pings()

    @messages.on("channel_join")
    async def join(call: Call, request: ChannelJoin) -> Channel:
        await gate.wait()
        return Channel(id=request.target)

    player, other = Player(messages), Player(messages)
    player.says(b'{"cid":"1","channel_join":{"target":"a"}}')
    player.says(b'{"cid":"2","ping":{}}')
    other.says(b'{"cid":"3","ping":{}}')
    assert (player.sent, len(other.sent)) == ([], 1)
    gate.set()
    await player.done()
    assert [envelope["cid"] for envelope in player.sent] == ["1", "2"]


async def test_a_handler_that_must_wait_only_sometimes_keeps_the_order_and_is_told_its_errors() -> None:
    messages, gate = Messages(), asyncio.Event()

    async def wait(request: StatusUpdate) -> None:
        await gate.wait()
        if request.status == "bad":
            raise InvalidArgument("no")

    messages.on("status_update")(lambda call, request: wait(request) if request.status else None)
    player = Player(messages)
    for cid, status in (("1", ""), ("2", "slow"), ("3", ""), ("4", "bad"), ("5", "")):
        player.says(b'{"cid":"%s","status_update":{"status":"%s"}}' % (cid.encode(), status.encode()))
    assert [sent["cid"] for sent in player.sent] == ["1"], "what needs not wait does not, until something before it does"
    gate.set()
    await player.done()
    assert [sent["cid"] for sent in player.sent] == ["1", "2", "3", "4", "5"]
    assert ["error" in sent for sent in player.sent] == [False, False, False, True, False]


async def test_too_many_waiting_messages_end_their_sender() -> None:
    messages = Messages()

    @messages.on("channel_join")
    async def join(call: Call, request: ChannelJoin) -> None: ...

    player = Player(messages, queued_max=3)
    for _ in range(4):
        player.says(b'{"channel_join":{}}')
    assert player.closed == [CloseCode.POLICY]
    await player.done()


@pytest.mark.parametrize(("error", "code"), [(InvalidArgument("no"), 3), (Overloaded(), None), (ZeroDivisionError(), None)])
def test_errors_are_told_and_keep_the_socket(error: Exception, code: int | None) -> None:
    messages = Messages()

    @messages.on("status_update")
    def update(call: Call, request: StatusUpdate) -> None:
        call.after_reply(call.session.send, Frame(Pong()))
        raise error

    player = Player(messages)
    player.says(b'{"cid":"1","status_update":{}}')
    assert player.closed == []
    (refusal,) = player.sent  # and what was to follow the reply does not happen
    assert (refusal["cid"], refusal["error"].get("code")) == ("1", code)
    assert "division" not in refusal["error"]["message"]


def test_a_silent_handler_answers_nothing_and_a_bare_one_only_a_cid() -> None:
    messages = Messages()
    messages.on("match_data_send")(lambda call, request: SILENT)
    messages.on("status_update")(lambda call, request: None)
    player = Player(messages)
    player.says(b'{"cid":"1","match_data_send":{"op_code":1}}')
    player.says(b'{"status_update":{}}')
    player.says(b'{"cid":"2","status_update":{}}')
    assert player.sent == [{"cid": "2"}]
    assert MatchDataSend().op_code == 0


async def test_hooks_run_around_messages_and_may_refuse_them() -> None:
    hooks, seen = Hooks(), []

    async def before(ctx: Context, request: Any) -> Any:
        seen.append(("before", type(request)))
        return request if len(seen) < 3 else None

    async def after(ctx: Context, request: Any, reply: Any) -> None:
        seen.append(("after", type(reply)))

    hooks.add_before(MAIN, "ping", before)
    hooks.add_after(MAIN, "ping", after)
    player = Player(pings(), hooks)
    player.says(b'{"cid":"1","ping":{}}')
    await player.done()
    assert (player.sent, seen) == ([{"cid": "1", "pong": {}}], [("before", Ping), ("after", Pong)])
    player.says(b'{"cid":"2","ping":{}}')
    await player.done()
    assert (len(player.sent), player.closed) == (1, [CloseCode.NORMAL])


def test_features_greet_sockets_that_open() -> None:
    messages, greeted = Messages(), []

    @messages.opened
    def opened(session: Session, query: dict[str, list[str]]) -> None:
        greeted.append((session.user_id, query))

    player = Player(messages)
    player.router.opened(player, {"status": ["true"]})
    assert greeted == [("ada", {"status": ["true"]})]


def test_two_features_do_not_handle_one_message() -> None:
    player = Player(pings())
    with pytest.raises(AssertionError):
        player.router.add(pings())
