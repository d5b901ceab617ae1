"""Bans and mutes over the whole server, without real sockets. Rules: docs/spec/sanctions.md."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from supergame.base.ids import TitleId, UserId
from supergame.db.port import Statement
from supergame.features.sanctions import store
from supergame.features.sanctions.model import EVERYWHERE, Kind
from supergame.features.sanctions.service import Sanctions
from supergame.game import Context, Game
from supergame.testing import Answer, TestPlayer, TestServer, TestSocket
from tests.unit.features.chat.test_service import join, refusal, say

DAY_S = 86_400


def judging(title: str = "main") -> Game:
    """A game whose functions ban and mute whom they are told to."""
    game = Game(title)

    @game.rpc("ban")
    async def ban(ctx: Context, payload: str) -> None:
        await ctx.accounts.ban(**json.loads(payload))

    @game.rpc("unban")
    async def unban(ctx: Context, payload: str) -> None:
        await ctx.accounts.unban(payload)

    @game.rpc("mute")
    async def mute(ctx: Context, payload: str) -> None:
        await ctx.chat.mute(**json.loads(payload))

    @game.rpc("unmute")
    async def unmute(ctx: Context, payload: str) -> None:
        await ctx.chat.unmute(payload)

    return game


async def call(server: TestServer, name: str, user_id: str, **more: Any) -> Answer:
    """Call one of those functions as the game's own server."""
    payload = json.dumps({"user_id": user_id, **more}) if not name.startswith("un") else user_id
    return await server.request("POST", f"/v2/rpc/{name}", query={"http_key": "defaulthttpkey"}, body=payload)


async def done(server: TestServer, name: str, user_id: str, **more: Any) -> None:
    answer = await call(server, name, user_id, **more)
    assert answer.status == 200, answer.json


async def signs_in(server: TestServer, name: str, title: int = 0) -> Answer:
    return await server.authenticate("device", {"id": f"device-of-{name}"}, title=title, username=name)


def sanctions_of(server: TestServer) -> Sanctions:
    return server.node.sanctions


async def test_SAN1_a_ban_closes_one_title_or_all_of_them() -> None:
    async with TestServer(judging("alpha"), Game("beta"), Game("gamma")) as server:
        ada = await server.sign_in("ada")
        await server.sign_in("ada", title=1)
        await server.node.accounts.ban(TitleId("alpha"), UserId(ada.user_id), "spam")
        assert [(await signs_in(server, "ada", title)).status for title in (0, 1)] == [403, 200]
        await server.node.accounts.ban(EVERYWHERE, UserId(ada.user_id), "spam")
        assert [(await signs_in(server, "ada", title)).status for title in (0, 1, 2)] == [403, 403, 403]  # in gamma for the first time


async def check_that_time_lifts(name: str) -> None:
    async with TestServer(judging()) as server:
        ada = await server.sign_in("ada")
        await done(server, "ban", ada.user_id, duration_s=DAY_S)
        server.clock.advance(DAY_S - 1)
        assert (await signs_in(server, "ada")).status == 403
        server.clock.advance(1)
        assert (await signs_in(server, "ada")).status == 200


async def test_SAN2_a_ban_ends_by_the_clock() -> None:
    await check_that_time_lifts("ban")


async def test_SAN2_a_planted_fault_is_caught_a_duration_that_nobody_looks_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supergame.features.sanctions.service.end_of", lambda now, duration_s: 2**63 - 1)
    with pytest.raises(AssertionError):
        await check_that_time_lifts("ban")


async def test_SAN2_a_mute_ends_by_the_clock() -> None:
    async with TestServer(judging()) as server:
        player = await server.sign_in("ada")
        ada = await player.connect()
        await join(ada, "lobby")
        await done(server, "mute", player.user_id, duration_s=60)
        assert "may not speak" in (await refusal(ada, channel_message_send={"channel_id": "2...lobby", "content": "{}"}))["message"]
        server.clock.advance(60)
        await say(ada, "2...lobby")


async def test_SAN3_the_banned_read_until_when_and_why() -> None:
    async with TestServer(judging()) as server:
        ada = await server.sign_in("ada")
        await done(server, "ban", ada.user_id, reason="selling accounts", duration_s=DAY_S)
        refused = await signs_in(server, "ada")
        assert (refused.status, refused.json["code"], refused.headers["X-Supergame-Error"]) == (403, 7, "account.banned")
        assert refused.json["message"].startswith("This account is banned until 20")
        assert refused.json["message"].endswith(" UTC: selling accounts")


async def test_SAN3_a_wrong_password_says_nothing_of_the_ban() -> None:
    async with TestServer(judging()) as server:
        account = {"email": "ada@example.com", "password": "correct horse"}
        token = (await server.authenticate("email", account)).json["token"]
        ada = (await TestPlayer(server, token, "").get("/v2/account"))["user"]["id"]
        await done(server, "ban", ada)
        assert (await server.authenticate("email", account | {"password": "wrong horse"})).status == 401
        assert (await server.authenticate("email", account)).status == 403


async def test_SAN4_a_ban_ends_tokens_and_sockets_and_tells_first() -> None:
    async with TestServer(judging()) as server:
        player = await server.sign_in("ada")
        ada = await player.connect()
        await done(server, "ban", player.user_id)
        assert [item["code"] for item in ada.take()[0]["notifications"]["notifications"]] == [-8]
        assert ada.closed is not None
        assert (await player.request("GET", "/v2/account")).status == 401


@asynccontextmanager
async def muted() -> AsyncIterator[tuple[TestSocket, TestSocket, str]]:
    """Ada, muted after she said something; bob beside her; and the id of what she said."""
    async with TestServer(judging()) as server:
        player, other = await server.sign_in("ada"), await server.sign_in("bob")
        ada, bob = await player.connect(), await other.connect()
        for socket in (ada, bob):
            await join(socket, "lobby")
        said = (await say(ada, "2...lobby", n=1))["message_id"]
        await done(server, "mute", player.user_id, reason="shouting")
        ada.take()
        yield ada, bob, said


async def check_muted() -> None:
    async with muted() as (ada, bob, said):
        spoken = {"channel_id": "2...lobby", "content": "{}"}
        for message in ({"channel_message_send": spoken}, {"channel_message_update": spoken | {"message_id": said}}):
            assert await refusal(ada, **message) == {"code": 3, "message": "You may not speak in chat: shouting"}
        await say(bob, "2...lobby", n=2)
        assert [json.loads(item["channel_message"]["content"]) for item in ada.take()] == [{"n": 2}]
        assert "error" not in await ada.call({"channel_message_remove": {"channel_id": "2...lobby", "message_id": said}})


async def test_SAN5_the_muted_hear_and_do_not_speak() -> None:
    await check_muted()


async def test_SAN5_a_planted_fault_is_caught_a_mute_that_nobody_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sanctions, "mute_of", lambda self, title_id, user_id: None)
    with pytest.raises((AssertionError, KeyError)):
        await check_muted()


async def test_SAN6_bans_and_mutes_outlive_a_restart() -> None:
    server = TestServer(judging())
    async with server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        await done(server, "ban", ada.user_id)
        await done(server, "mute", bob.user_id)
        await server.stop()
        await server.start()
        assert (await signs_in(server, "ada")).status == 403
        socket = await (await server.sign_in("bob")).connect()
        await join(socket, "lobby")
        assert "error" in await socket.call({"channel_message_send": {"channel_id": "2...lobby", "content": "{}"}})


async def test_SAN7_history_keeps_who_when_and_why() -> None:
    async with TestServer(judging()) as server:
        ada, main = UserId((await server.sign_in("ada")).user_id), TitleId("main")
        await server.node.accounts.ban(main, ada, "spam", "grace", 60)
        server.clock.advance(1)
        await server.node.accounts.ban(main, ada, "more spam", "joan", DAY_S)
        server.clock.advance(60)
        await server.node.accounts.unban(main, ada, "said sorry", "grace")
        newer, older = await sanctions_of(server).history(main, ada)
        assert (newer.kind, newer.reason, newer.imposed_by, newer.lifted_by, newer.lift_reason) == (
            "ban",
            "more spam",
            "joan",
            "grace",
            "said sorry",
        )
        assert (older.imposed_by, older.lifted_by, older.in_force) == ("grace", "", False)  # it was over by itself
        assert (await signs_in(server, "ada")).status == 200


async def test_SAN7_of_several_mutes_one_can_be_lifted() -> None:
    async with TestServer(judging()) as server:
        ada, main, sanctions = UserId((await server.sign_in("ada")).user_id), TitleId("main"), sanctions_of(server)
        short = await sanctions.mute(main, ada, "short", "grace", 60)
        long = await sanctions.mute(main, ada, "long", "grace", 120)
        lifted = await server.node.db.write(sanctions.lift_in, long.sanction_id, "", "grace")
        assert lifted is not None
        sanctions.apply(lifted)
        assert sanctions.mute_of(main, ada) == short
        assert await server.node.db.write(sanctions.lift_in, long.sanction_id, "", "grace") is None


async def test_SAN8_what_is_out_of_bounds_is_refused() -> None:
    async with TestServer(judging()) as server:
        ada = await server.sign_in("ada")
        for more in ({"duration_s": -1}, {"duration_s": 10 * 365 * DAY_S + 1}, {"reason": "x" * 501}, {"reason": "a\0b"}):
            for name in ("ban", "mute"):
                assert (await call(server, name, ada.user_id, **more)).headers["X-Supergame-Error"] == "sanction.invalid"
        assert (await signs_in(server, "ada")).status == 200


async def test_nobody_of_that_id_is_neither_banned_nor_muted() -> None:
    async with TestServer(judging()) as server:
        for name in ("ban", "mute"):
            refused = await call(server, name, "00000000-0000-4000-8000-000000000000")
            assert refused.headers["X-Supergame-Error"] == "account.not_found"


async def test_SAN9_notes_are_signed_and_listed_newest_first() -> None:
    async with TestServer() as server:
        ada, main, sanctions = UserId((await server.sign_in("ada")).user_id), TitleId("main"), sanctions_of(server)
        for text, by in (("asked for a refund", "grace"), ("got it", "joan")):
            await sanctions.write_note(main, ada, text, by)
            server.clock.advance(1)
        page, cursor = await sanctions.notes(main, ada, 1, "")
        rest, end = await sanctions.notes(main, ada, 1, cursor)
        assert [(note.text, note.written_by) for note in page + rest] == [("got it", "joan"), ("asked for a refund", "grace")]
        assert end == ""
        about_notes = [one for one in vars(store).values() if isinstance(one, Statement) and "player_notes" in one.sql]
        assert {one.sql.split()[0] for one in about_notes} == {"INSERT", "SELECT", "DELETE"}
        assert [one.name for one in about_notes if one.sql.startswith("DELETE")] == ["sanctions.erase_notes"]


async def test_SAN10_sanctions_and_notes_go_with_the_account() -> None:
    async with TestServer(judging("alpha"), Game("beta")) as server:
        player = await server.sign_in("ada")
        await server.sign_in("ada", title=1)
        ada, alpha, beta, sanctions = UserId(player.user_id), TitleId("alpha"), TitleId("beta"), sanctions_of(server)
        for title in (alpha, beta):
            await sanctions.mute(title, ada, "", "grace", 0)
            await sanctions.write_note(title, ada, "a note", "grace")
        await server.node.accounts.ban(EVERYWHERE, ada)
        await server.node.accounts.delete(alpha, ada)
        assert [one.title_id for one in await sanctions.history(alpha, ada)] == [EVERYWHERE]
        assert (await sanctions.notes(alpha, ada, 10, ""))[0] == []
        assert sanctions.mute_of(alpha, ada) is None
        assert {one.kind for one in await sanctions.history(beta, ada)} == {Kind.BAN, Kind.MUTE}
        await server.node.accounts.delete(beta, ada)
        assert await sanctions.history(beta, ada) == []
