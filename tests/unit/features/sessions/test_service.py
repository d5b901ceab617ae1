"""Sessions over the whole server, without sockets. Rules: docs/spec/sessions.md."""

from __future__ import annotations

import base64
import hmac
import json
from typing import Any

import pytest

from supergame.features.sessions.model import GRACE_S, Revocations
from supergame.game import Game
from supergame.realtime.session import CloseCode
from supergame.testing import TestPlayer, TestServer
from supergame.wire import token


def claims_of(token: str) -> dict[str, Any]:
    return json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))


async def refresh(server: TestServer, token: str, title: int = 0, **body: Any):
    key = base64.b64encode(f"{server.node.keys[title].server_key}:".encode()).decode()
    headers = {"authorization": f"Basic {key}"}
    return await server.request("POST", "/v2/account/session/refresh", body={"token": token, **body}, headers=headers)


async def is_alive(player: TestPlayer) -> bool:
    return (await player.request("GET", "/v2/account")).status == 200


async def log_out(player: TestPlayer, token: str = "", refresh_token: str = "") -> int:
    answer = await player.request("POST", "/v2/session/logout", body={"token": token, "refresh_token": refresh_token})
    return answer.status


class Socket:
    """A session that notes how it was closed."""

    def __init__(self, server: TestServer, player: TestPlayer) -> None:
        claims = claims_of(player.token)
        self.session_id = server.new_id()
        self.title_id, self.user_id, self.token_id = server.node.keys[0].title_id, claims["uid"], claims["tid"]
        self.closed: list[CloseCode] = []
        server.node.registry.add(self)

    def send(self, frame: bytes) -> None: ...

    def close(self, code: CloseCode, reason: str) -> None:
        self.closed.append(code)


async def test_SES1_a_sign_in_gives_two_tokens_of_one_id() -> None:
    async with TestServer() as server:
        answer = await server.authenticate("device", {"id": "0123456789", "vars": {"build": "7"}}, username="ada")
        session, renewal = claims_of(answer.json["token"]), claims_of(answer.json["refresh_token"])
        assert session["tid"] == renewal["tid"]
        assert (session["usn"], session["vrs"]) == ("ada", {"build": "7"})
        assert session["exp"] - session["iat"] == 60
        assert renewal["exp"] - renewal["iat"] == 3600


async def test_SES1_an_expired_token_is_refused() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        server.clock.advance(59)
        assert await is_alive(ada)
        server.clock.advance(1)
        assert not await is_alive(ada)


async def check_titles_have_tokens_of_their_own() -> None:
    async with TestServer(Game("alpha"), Game("beta")) as server:
        await server.sign_in("ada", title=1)
        ada = await server.sign_in("ada", title=0)
        forged = ada.token.split(".")
        header = json.loads(base64.urlsafe_b64decode(forged[0] + "=="))
        forged[0] = base64.urlsafe_b64encode(json.dumps(header | {"kid": "beta"}).encode()).decode().rstrip("=")
        assert (await server.request("GET", "/v2/account", headers={"authorization": f"Bearer {'.'.join(forged)}"})).status == 401
        assert (await refresh(server, ada.refresh_token, title=1)).status == 401
        assert (await refresh(server, ada.refresh_token, title=0)).status == 200


async def test_SES2_a_token_of_one_title_is_worth_nothing_in_another() -> None:
    await check_titles_have_tokens_of_their_own()


async def test_SES2_a_planted_fault_is_caught_signatures_that_leave_out_the_title(monkeypatch: pytest.MonkeyPatch) -> None:
    signature, key = token.Signer.signature, hmac.new(b"one for all", digestmod="sha256")
    monkeypatch.setattr(token.Signer, "_keyed", property(lambda self: key, lambda self, own: None), raising=False)
    monkeypatch.setattr(token.Signer, "signature", lambda self, signed: signature(self, signed.partition(".")[2]))
    with pytest.raises(AssertionError):
        await check_titles_have_tokens_of_their_own()


async def test_SES3_the_two_kinds_of_token_do_not_stand_for_each_other() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        assert (await refresh(server, ada.token)).status == 401
        ada.token = ada.refresh_token
        assert not await is_alive(ada)


async def test_SES4_a_refresh_keeps_the_sign_in_and_its_variables() -> None:
    async with TestServer() as server:
        first = (await server.authenticate("device", {"id": "0123456789", "vars": {"a": "1"}})).json
        kept = (await refresh(server, first["refresh_token"])).json
        changed = (await refresh(server, kept["refresh_token"], vars={"b": "2"})).json
        assert claims_of(kept["token"])["tid"] == claims_of(first["token"])["tid"]
        assert claims_of(kept["token"])["vrs"] == {"a": "1"}
        assert claims_of(changed["token"])["vrs"] == claims_of(changed["refresh_token"])["vrs"] == {"b": "2"}


async def test_SES5_a_rotated_token_works_within_its_grace() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        await refresh(server, ada.refresh_token)
        server.clock.advance(GRACE_S)
        assert (await refresh(server, ada.refresh_token)).status == 200


async def test_SES5_a_rotated_token_used_later_ends_the_sign_in() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        thief = (await refresh(server, ada.refresh_token)).json
        server.clock.advance(GRACE_S + 1)
        answer = await refresh(server, ada.refresh_token)
        assert (answer.status, answer.headers["X-Supergame-Error"]) == (401, "session.refresh_token_reused")
        assert (await refresh(server, thief["refresh_token"])).status == 401
        ada.token = thief["token"]
        assert not await is_alive(ada)


async def test_SES5_the_grandparent_of_a_token_has_no_grace() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        second = (await refresh(server, ada.refresh_token)).json
        await refresh(server, second["refresh_token"])
        assert (await refresh(server, ada.refresh_token)).status == 401


async def check_log_out_ends_one_sign_in() -> None:
    async with TestServer() as server:
        ada, elsewhere = await server.sign_in("ada"), await server.sign_in("ada")
        socket, other_socket = Socket(server, ada), Socket(server, elsewhere)
        assert await log_out(ada, ada.token) == 200
        assert not await is_alive(ada)
        assert (await refresh(server, ada.refresh_token)).status == 401
        assert socket.closed == [CloseCode.NORMAL]
        assert await is_alive(elsewhere)
        assert (await refresh(server, elsewhere.refresh_token)).status == 200
        assert other_socket.closed == []


async def test_SES6_log_out_ends_tokens_and_sockets_of_one_sign_in() -> None:
    await check_log_out_ends_one_sign_in()


async def test_SES6_a_planted_fault_is_caught_nobody_looks_at_revocations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Revocations, "covers", lambda self, title_id, claims: False)
    with pytest.raises(AssertionError):
        await check_log_out_ends_one_sign_in()


async def test_SES7_log_out_everywhere_counts_in_the_same_second_and_lets_one_back_in() -> None:
    async with TestServer() as server:
        ada, elsewhere = await server.sign_in("ada"), await server.sign_in("ada")
        socket = Socket(server, elsewhere)
        assert await log_out(ada) == 200
        assert not await is_alive(ada)
        assert not await is_alive(elsewhere)
        assert socket.closed == [CloseCode.NORMAL]
        back = await server.sign_in("ada")
        assert await is_alive(back)
        assert (await refresh(server, back.refresh_token)).status == 200


async def test_SES8_what_was_revoked_stays_revoked_after_a_restart() -> None:
    server = TestServer()
    async with server:
        ada, elsewhere, bob = await server.sign_in("ada"), await server.sign_in("ada"), await server.sign_in("bob")
        await log_out(ada, ada.token)
        await log_out(bob)
        await server.stop()
        await server.start()
        assert not await is_alive(ada)
        assert not await is_alive(bob)
        assert await is_alive(elsewhere)


async def test_SES8_revocations_are_forgotten_when_their_tokens_have_expired() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        await log_out(ada, ada.token)
        server.clock.advance(3602)
        sessions = server.node.sessions
        await sessions.forget_expired()
        assert not sessions._revocations._sign_ins


@pytest.mark.parametrize("field", ["token", "refresh_token"])
async def test_SES9_nobody_logs_out_somebody_else(field: str) -> None:
    async with TestServer() as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        assert await log_out(bob, **{field: getattr(ada, field)}) == 400
        assert await log_out(bob, **{field: "garbage"}) == 400
        assert await is_alive(ada)
        assert await is_alive(bob)
