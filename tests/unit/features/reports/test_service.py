"""Reports and the moderators' queue over the whole server. Rules: docs/spec/reports.md."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from supergame.base.errors import PermissionDenied
from supergame.base.ids import TitleId, UserId
from supergame.base.limits import Limits
from supergame.features.chat.service import Sender
from supergame.features.reports.console import console_routes
from supergame.features.reports.model import (
    CLAIM_S,
    KEPT_S,
    DecisionInvalid,
    ReportChanged,
    ReportClaimed,
    ReportEntry,
    ReportInvalid,
    ReportNotFound,
    ReportPage,
)
from supergame.features.reports.service import Reports
from supergame.game import Game
from supergame.routing.console import Action
from supergame.testing import Answer, TestPlayer, TestServer, TestSocket
from tests.support.console import Desk
from tests.unit.features.chat.test_service import DIRECT, join, say

MAIN = TitleId("main")
NOBODY = "00000000-0000-4000-8000-000000000000"


def desk_of(server: TestServer, name: str = "olga") -> Desk:
    return Desk(console_routes(server.node.reports), name)


async def report(player: TestPlayer, **what: Any) -> Answer:
    return await player.request("POST", "/sg/v1/reports", body={"reason": "spam"} | what)


def code(answer: Answer) -> str:
    return answer.headers.get("X-Supergame-Error", "")


async def queue(desk: Desk, **query: Any) -> list[ReportEntry]:
    return (await desk.call("console_list_reports", title_id="main", **query)).reports


async def look(desk: Desk, entry: ReportEntry) -> ReportPage:
    return await desk.call("console_look_at_report", title_id="main", report_id=entry.id)


async def do(desk: Desk, what: str, entry: ReportEntry, reason: str = "", **more: Any) -> ReportEntry:
    """Claim, decide or undo."""
    return await desk.call(f"console_{what}_report", reason, title_id="main", report_id=entry.id, version=entry.version, **more)


@asynccontextmanager
async def shouting(lines: int = 1) -> AsyncIterator[tuple[TestServer, TestPlayer, TestPlayer, TestSocket, str]]:
    """Ada has said some things in the lobby, then the one that matters, then as many more; bob may report her."""
    async with TestServer() as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        socket = await ada.connect()
        await join(socket, "lobby")
        said = [(await say(socket, "2...lobby", n=number))["message_id"] for number in range(2 * lines + 1)]
        socket.take()
        yield server, ada, bob, socket, said[lines]


async def reported(server: TestServer, bob: TestPlayer, **what: Any) -> tuple[Desk, ReportEntry]:
    """The desk of a moderator, and the only report on it."""
    assert (await report(bob, **what)).status == 200
    desk = desk_of(server)
    (entry,) = await queue(desk)
    return desk, entry


async def test_REP1_what_is_no_report_is_refused() -> None:
    async with TestServer() as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        about_ada = {"kind": "player", "user_id": ada.user_id}
        assert (await report(bob, **about_ada)).json == {}
        wrong = [
            {"kind": "ghost"},
            {"reason": "boredom"},
            {"reason": ""},
            {"words": "x" * 501},
            {"words": "a\0b"},
            {"user_id": NOBODY},
            {"user_id": "ada"},
            {"user_id": bob.user_id},
        ]
        for change in wrong:
            assert code(await report(bob, **about_ada | change)) == "report.invalid", change
        assert code(await report(bob, kind="message", message_id=NOBODY)) == "chat.message_not_found"
        message = await server.node.chat.send_as_server(MAIN, "2...lobby", Sender("", ""), "{}", True)
        assert code(await report(bob, kind="message", message_id=message.message_id)) == "report.invalid"
        assert len(await queue(desk_of(server))) == 1


async def test_REP2_only_those_who_may_read_a_message_report_it_and_it_is_kept_as_it_was() -> None:
    async with TestServer() as server:
        ada, bob, eve = [await server.sign_in(name) for name in ("ada", "bob", "eve")]
        socket = await ada.connect()
        channel = (await join(socket, bob.user_id, DIRECT))["id"]
        said = (await say(socket, channel, text="rude"))["message_id"]
        assert code(await report(eve, kind="message", message_id=said)) == "chat.channel_invalid"
        assert (await report(bob, kind="message", message_id=said)).status == 200
        await socket.call({"channel_message_update": {"channel_id": channel, "message_id": said, "content": '{"text":"kind"}'}})
        (entry,) = await queue(desk_of(server))
        assert (entry.kind, entry.username, json.loads(entry.content), entry.channel_id) == ("message", "ada", {"text": "rude"}, channel)


async def test_REP3_reports_of_a_player_and_of_a_title_are_bounded() -> None:
    async with TestServer(limits=Limits(reports_per_hour=2, reports_open_max=3)) as server:
        bob, eve = await server.sign_in("bob"), await server.sign_in("eve")
        others = [await server.sign_in(f"other-{number}") for number in range(4)]
        answers = [await report(bob, kind="player", user_id=other.user_id) for other in others[:3]]
        assert [code(answer) for answer in answers] == ["", "", "report.too_many"]
        server.clock.advance(3_600)
        for player in (bob, eve):
            fresh = await server.sign_in("bob" if player is bob else "eve")
            answers = [await report(fresh, kind="player", user_id=other.user_id) for other in others[2:]]
            assert [code(answer) for answer in answers] == (["", "report.queue_full"])


async def test_REP4_one_subject_is_one_report_with_a_complaint_of_each() -> None:
    async with TestServer() as server:
        ada, bob, eve = [await server.sign_in(name) for name in ("ada", "bob", "eve")]
        about_ada = {"kind": "player", "user_id": ada.user_id}
        for player, reason, words in ((bob, "spam", "so much"), (eve, "hate", ""), (bob, "cheating", "again")):
            assert (await report(player, **about_ada, reason=reason, words=words)).status == 200
        await bob.rpc("sg.reports", json.dumps({"kind": "name", "user_id": ada.user_id, "reason": "spam"}))
        desk = desk_of(server)
        player, name = await queue(desk)
        assert (player.kind, player.reasons, name.kind, name.reasons) == ("player", {"hate": 1, "spam": 1}, "name", {"spam": 1})
        complaints = (await look(desk, player)).complaints
        assert {(one.reporter_id, one.words) for one in complaints} == {(bob.user_id, "so much"), (eve.user_id, "")}


async def test_REP5_the_queue_is_oldest_first_and_the_decided_are_newest_first() -> None:
    async with TestServer() as server:
        bob, desk = await server.sign_in("bob"), desk_of(server)
        for number in range(3):
            server.clock.advance(1)
            await report(bob, kind="player", user_id=(await server.sign_in(f"other-{number}")).user_id)
        page = await desk.call("console_list_reports", title_id="main", limit=2)
        rest = await desk.call("console_list_reports", title_id="main", limit=2, cursor=page.cursor)
        entries = page.reports + rest.reports
        assert ([entry.username for entry in entries], rest.cursor) == (["other-0", "other-1", "other-2"], "")
        for entry in entries[:2]:
            await do(desk, "decide", entry, decision="approve")
        assert [entry.username for entry in await queue(desk, decided=True)] == ["other-1", "other-0"]
        assert [entry.username for entry in await queue(desk)] == ["other-2"]
        with pytest.raises(ReportInvalid):
            await queue(desk, limit=101)


async def test_REP6_ten_lines_before_and_after_are_shown() -> None:
    async with shouting(lines=12) as (server, _ada, bob, socket, said):
        desk, entry = await reported(server, bob, kind="message", message_id=said)
        for is_gone in (False, True):
            page = await look(desk, entry)
            around = [[json.loads(message.content)["n"] for message in part] for part in (page.before, page.after)]
            assert around == [list(range(2, 12)), list(range(13, 23))], is_gone
            assert json.loads(page.report.content) == {"n": 12}
            if not is_gone:
                await socket.call({"channel_message_remove": {"channel_id": "2...lobby", "message_id": said}})


async def test_REP7_a_claim_keeps_others_away_for_a_while() -> None:
    async with shouting() as (server, ada, bob, _socket, _said):
        desk, entry = await reported(server, bob, kind="player", user_id=ada.user_id)
        other = desk_of(server, "oscar")
        claimed = await do(desk, "claim", entry)
        assert (claimed.claimed_by, claimed.version) == ("olga", 2)
        for what, seen in (("claim", entry), ("claim", claimed), ("decide", claimed)):
            with pytest.raises(ReportClaimed):
                await do(other, what, seen, **({"decision": "ban"} if what == "decide" else {}))
        server.clock.advance(CLAIM_S)
        (free,) = await queue(desk)
        assert free.claimed_by == ""
        taken = await do(other, "claim", free)
        with pytest.raises(ReportClaimed):
            await do(desk, "decide", claimed, decision="approve")
        assert (await do(other, "decide", taken, decision="approve")).decided_by == "oscar"


async def check_that_one_decides() -> None:
    async with shouting() as (server, ada, bob, _socket, _said):
        desk, entry = await reported(server, bob, kind="player", user_id=ada.user_id)
        desks = [desk, desk_of(server, "oscar"), desk_of(server, "orla")]
        outcomes = await asyncio.gather(
            *(do(one, "decide", entry, decision=decision) for one, decision in zip(desks, ("mute", "ban", "mute"), strict=True)),
            return_exceptions=True,
        )
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ReportChanged", "ReportChanged", "ReportEntry"]
        assert len(await server.node.sanctions.history(MAIN, UserId(ada.user_id))) == 1


async def test_REP8_of_several_moderators_one_decides() -> None:
    await check_that_one_decides()


async def test_REP8_a_planted_fault_is_caught_a_version_that_nobody_looks_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reports, "_open_in", lambda self, verdict: self._get_in(verdict.title_id, verdict.report_id))
    with pytest.raises(AssertionError):
        await check_that_one_decides()


async def test_REP9_a_decision_sent_again_has_no_second_effect() -> None:
    async with shouting() as (server, ada, bob, _socket, _said):
        desk, entry = await reported(server, bob, kind="player", user_id=ada.user_id)
        first = await do(desk, "decide", entry, "shouting", decision="mute", duration_s=60)
        assert await do(desk, "decide", entry, "shouting", decision="mute", duration_s=60) == first
        assert len(await server.node.sanctions.history(MAIN, UserId(ada.user_id))) == 1
        assert all(action.changes for action in desk.actions if action.reason)
        with pytest.raises(ReportChanged):
            await do(desk, "decide", entry, decision="ban")


async def test_REP10_and_REP11_a_message_is_removed_and_comes_back() -> None:
    async with shouting() as (server, ada, bob, socket, said):
        desk, entry = await reported(server, bob, kind="message", message_id=said)
        decided = await do(desk, "decide", entry, decision="remove")
        assert (socket.take()[0]["channel_message"]["code"], len((await history(ada))["messages"])) == (2, 2)
        undone = await do(desk, "undo", decided)
        assert (undone.state, undone.claimed_by, undone.decision) == ("open", "olga", "")
        assert await do(desk, "undo", decided) == undone
        assert json.loads(socket.take()[0]["channel_message"]["content"]) == {"n": 1}
        assert [json.loads(message["content"])["n"] for message in (await history(ada))["messages"]] == [0, 1, 2]


async def history(player: TestPlayer) -> Any:
    return await player.get("/v2/channel/2...lobby", limit=100)


async def test_REP10_and_REP11_a_name_is_taken_and_given_back() -> None:
    async with TestServer() as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        await ada.call("PUT", "/v2/account", body={"display_name": "Rude Word"})
        desk, entry = await reported(server, bob, kind="name", user_id=ada.user_id)
        decided = await do(desk, "decide", entry, decision="remove")
        user = (await ada.get("/v2/account"))["user"]
        assert (len(user["username"]), user["username"] != "ada", "display_name" in user) == (10, True, False)
        await do(desk, "undo", decided)
        user = (await ada.get("/v2/account"))["user"]
        assert (user["username"], user["display_name"]) == ("ada", "Rude Word")


@pytest.mark.parametrize("decision", ["mute", "ban"])
async def test_REP10_and_REP11_a_player_is_kept_out_and_let_in_again(decision: str) -> None:
    async with shouting() as (server, ada, bob, socket, _said):
        desk, entry = await reported(server, bob, kind="player", user_id=ada.user_id)
        decided = await do(desk, "decide", entry, decision=decision, duration_s=3_600)
        (sanction,) = await server.node.sanctions.history(MAIN, UserId(ada.user_id))
        assert (sanction.kind, sanction.reason, sanction.imposed_by) == (decision, "reported for spam", "olga")
        assert (socket.closed is not None) == (decision == "ban")
        undone = await do(desk, "undo", decided, "mistook them")
        (sanction,) = await server.node.sanctions.history(MAIN, UserId(ada.user_id))
        assert (sanction.in_force, sanction.lift_reason) == (False, "mistook them")
        again = await (await server.sign_in("ada")).connect()
        await join(again, "lobby")
        await say(again, "2...lobby")
        await do(desk, "decide", undone, decision="approve")


async def test_REP10_there_has_to_be_something_to_remove() -> None:
    async with shouting() as (server, ada, bob, socket, said):
        desk, entry = await reported(server, bob, kind="player", user_id=ada.user_id)
        for decision in ("remove", "forgive"):
            with pytest.raises(DecisionInvalid):
                await do(desk, "decide", entry, decision=decision)
        with pytest.raises(ReportNotFound):
            await desk.call("console_look_at_report", title_id="main", report_id=NOBODY)
        await do(desk, "decide", entry, decision="approve")
        desk, entry = await reported(server, bob, kind="message", message_id=said)
        await socket.call({"channel_message_remove": {"channel_id": "2...lobby", "message_id": said}})
        decided = await do(desk, "decide", entry, decision="remove")  # its sender was faster
        assert (await do(desk, "undo", decided)).state == "open"
        assert len((await history(ada))["messages"]) == 2


async def test_REP11_what_was_reported_anew_is_not_opened_twice() -> None:
    async with shouting() as (server, ada, bob, _socket, _said):
        desk, entry = await reported(server, bob, kind="player", user_id=ada.user_id)
        decided = await do(desk, "decide", entry, decision="mute")
        await report(bob, kind="player", user_id=ada.user_id)
        with pytest.raises(ReportChanged):
            await do(desk, "undo", decided)
        assert server.node.sanctions.mute_of(MAIN, UserId(ada.user_id)) is not None


async def test_REP12_a_decision_that_cannot_be_stored_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with shouting() as (server, ada, bob, _socket, _said):
        desk, entry = await reported(server, bob, kind="player", user_id=ada.user_id)
        monkeypatch.setattr("supergame.features.reports.store.ReportStore.change", _another_was_faster)
        with pytest.raises(ReportChanged):
            await do(desk, "decide", entry, decision="ban")
        assert await server.node.sanctions.history(MAIN, UserId(ada.user_id)) == []
        assert (await ada.request("GET", "/v2/account")).status == 200


def _another_was_faster(self: Any, report: Any) -> Any:
    yield from self.get(report.title_id, report.report_id)
    return None


async def test_REP13_a_decision_needs_the_right_to_do_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Action, "may", lambda self, permission: permission == "reports.write")
    async with shouting() as (server, ada, bob, _socket, _said):
        desk, entry = await reported(server, bob, kind="player", user_id=ada.user_id)
        for decision in ("remove", "mute", "ban"):
            with pytest.raises(PermissionDenied):
                await do(desk, "decide", entry, decision=decision)
        assert (await do(desk, "decide", entry, decision="approve")).decided_by == "olga"


async def test_REP14_reports_go_with_their_accounts() -> None:
    async with TestServer(Game("main")) as server:
        ada, bob, eve = [await server.sign_in(name) for name in ("ada", "bob", "eve")]
        socket = await eve.connect()
        channel = (await join(socket, bob.user_id, DIRECT))["id"]
        said = (await say(socket, channel, text="rude"))["message_id"]
        await report(bob, kind="message", message_id=said, words="bob's words")
        await report(bob, kind="player", user_id=ada.user_id)
        await ada.call("DELETE", "/v2/account")
        await server.settle()
        desk = desk_of(server)
        (entry,) = await queue(desk)
        assert (entry.user_id, entry.channel_id) == (eve.user_id, channel)
        await bob.call("DELETE", "/v2/account")
        await server.settle()
        (entry,) = await queue(desk)
        assert (entry.user_id, entry.channel_id, entry.reasons) == (eve.user_id, "", {})


async def test_REP14_decided_reports_are_forgotten_after_a_year() -> None:
    async with shouting() as (server, ada, bob, _socket, _said):
        desk, entry = await reported(server, bob, kind="player", user_id=ada.user_id)
        await do(desk, "decide", entry, decision="approve")
        server.clock.advance(KEPT_S - 1)
        await server.node.reports.forget_decided()
        assert len(await queue(desk, decided=True)) == 1
        server.clock.advance(1)
        await server.node.reports.forget_decided()
        assert await queue(desk, decided=True) == []
