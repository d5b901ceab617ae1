"""Accounts over the whole server, without sockets. Rules: docs/spec/accounts.md."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from supergame.base.limits import Limits
from supergame.features.accounts.model import AccountDeleted
from supergame.features.accounts.store import AccountStore
from supergame.game import Game
from supergame.testing import Answer, TestPlayer, TestServer

DEVICE = {"id": "device-0123456789"}
EMAIL = {"email": "ada@example.com", "password": "correct horse"}


def code(answer: Answer) -> str:
    return answer.headers.get("X-Supergame-Error", "")


def bytes_on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("*.db*"))


async def profile(player: TestPlayer) -> dict[str, Any]:
    return await player.get("/v2/account")


@pytest.mark.parametrize(("provider", "account"), [("device", DEVICE), ("custom", {"id": "custom-1"}), ("email", EMAIL)])
async def test_ACC1_the_first_sign_in_makes_the_account(provider: str, account: dict[str, str]) -> None:
    async with TestServer() as server:
        refused = await server.authenticate(provider, account, create="false")
        made, found = await server.authenticate(provider, account), await server.authenticate(provider, account, create="false")
        assert (refused.status, code(refused)) == (404, "account.not_found")
        assert made.json["created"] is True
        assert "created" not in found.json


async def test_ACC2_a_made_up_user_name_has_ten_letters() -> None:
    async with TestServer() as server:
        token = (await server.authenticate("device", DEVICE)).json["token"]
        account = await TestPlayer(server, token, "").get("/v2/account")
        assert re.fullmatch("[A-Za-z]{10}", account["user"]["username"])


@pytest.mark.parametrize("twin", ["ADA", "Ada", "\uff41\uff44\uff41", "aDa"])
async def test_ACC2_names_that_read_alike_are_one(twin: str) -> None:
    async with TestServer() as server:
        await server.sign_in("ada")
        answer = await server.authenticate("device", DEVICE, username=twin)
        assert (answer.status, code(answer)) == (409, "account.username_taken")


async def test_ACC2_a_refused_name_leaves_no_half_an_account() -> None:
    async with TestServer() as server:
        await server.sign_in("ada")
        await server.authenticate("device", DEVICE, username="ada")
        assert (await server.authenticate("device", DEVICE, create="false")).status == 404


@pytest.mark.parametrize(
    ("provider", "account", "query"),
    [
        ("device", {"id": "x" * 9}, {}),
        ("device", {"id": "x" * 129}, {}),
        ("device", {"id": "has a space in it"}, {}),
        ("device", {"id": "control\u0007character"}, {}),
        ("device", {"id": "invisible\u200bcharacter"}, {}),
        ("custom", {"id": "x" * 5}, {}),
        ("email", {"email": "nonsense-address", "password": "password1"}, {}),
        ("email", {"email": "a@b.cd", "password": "password1"}, {}),
        ("email", {"email": "ada@example.com", "password": "1234567"}, {}),
        ("email", {"email": "ada@example.com", "password": "x" * 1025}, {}),
        ("device", DEVICE, {"username": "x" * 129}),
        ("device", DEVICE, {"username": "new\nline"}),
    ],
)
async def test_ACC3_what_is_out_of_bounds_is_refused(provider: str, account: dict[str, str], query: dict[str, str]) -> None:
    async with TestServer() as server:
        assert (await server.authenticate(provider, account, **query)).status == 400


async def test_ACC4_a_wrong_password_is_refused_and_no_password_is_stored() -> None:
    async with TestServer() as server:
        await server.authenticate("email", EMAIL)
        wrong = await server.authenticate("email", EMAIL | {"password": "wrong horse"})
        by_name = await server.authenticate("email", {"password": "correct horse"}, username="nobody-of-this-name")
        assert (wrong.status, code(wrong)) == (401, "account.wrong_password")
        assert by_name.status == 404
        kept = bytes_on_disk(Path(server._folder.name))
        assert b"$argon2id$" in kept
        assert b"correct horse" not in kept


async def test_ACC4_a_user_name_signs_in_in_place_of_the_address() -> None:
    async with TestServer() as server:
        await server.authenticate("email", EMAIL, username="ada")
        assert (await server.authenticate("email", {"password": "correct horse"}, username="ada")).status == 200


async def test_ACC5_guessing_at_one_account_is_stopped_for_a_minute() -> None:
    async with TestServer() as server:
        await server.authenticate("email", EMAIL)
        for _ in range(10):
            assert (await server.authenticate("email", EMAIL | {"password": "wrong horse"})).status == 401
        stopped = await server.authenticate("email", EMAIL)
        assert (stopped.status, code(stopped)) == (429, "account.too_many_attempts")
        server.clock.advance(60)
        assert (await server.authenticate("email", EMAIL)).status == 200


async def test_ACC5_guesses_of_one_moment_count_before_any_is_looked_at() -> None:
    """Planted fault: failures counted when the hash is known. Then all twenty would be looked at."""
    async with TestServer() as server:
        await server.authenticate("email", EMAIL)
        guesses = [server.authenticate("email", EMAIL | {"password": f"wrong horse {number}"}) for number in range(20)]
        statuses = [answer.status for answer in await asyncio.gather(*guesses)]
        assert (statuses.count(401), statuses.count(429)) == (10, 10)


async def test_ACC5_right_passwords_of_one_address_do_not_count() -> None:
    async with TestServer(limits=Limits(signin_failures_per_address=3)) as server:
        for _ in range(5):
            assert (await server.authenticate("email", EMAIL)).status == 200


async def test_ACC5_guesses_by_address_and_by_name_count_together_in_all_titles() -> None:
    async with TestServer(Game("alpha"), Game("beta")) as server:
        for title in (0, 1):
            await server.authenticate("email", EMAIL, title=title, username="ada")
        for number in range(10):
            wrong = {"password": "wrong horse"} | ({"email": EMAIL["email"]} if number % 2 else {})
            assert (await server.authenticate("email", wrong, title=number % 3 % 2, username="ada")).status == 401
        assert (await server.authenticate("email", EMAIL, title=0)).status == 429
        assert (await server.authenticate("email", {"password": EMAIL["password"]}, title=1, username="ada")).status == 429


async def test_ACC5_guessing_from_one_address_is_stopped_whatever_the_account() -> None:
    async with TestServer(limits=Limits(signin_failures_per_address=5)) as server:
        for number in range(6):
            await server.authenticate("email", {"email": f"user{number}@example.com", "password": "password1"})
        for number in range(5):
            await server.authenticate("email", {"email": f"user{number}@example.com", "password": "wrong one"})
        assert (await server.authenticate("email", {"email": "user5@example.com", "password": "password1"})).status == 429


async def test_ACC6_one_person_has_a_profile_in_each_title() -> None:
    async with TestServer(Game("alpha"), Game("beta")) as server:
        await server.authenticate("email", EMAIL, title=0, username="ada")
        second = await server.authenticate("email", EMAIL, title=1, username="countess")
        wrong = await server.authenticate("email", EMAIL | {"password": "wrong horse"}, title=1)
        first = await server.authenticate("email", EMAIL, title=0)
        here, there = TestPlayer(server, first.json["token"], ""), TestPlayer(server, second.json["token"], "")
        assert second.json["created"] is True
        assert wrong.status == 401
        assert (await profile(here))["user"]["id"] == (await profile(there))["user"]["id"]
        assert (await profile(here))["user"]["username"] == "ada"
        assert (await profile(there))["user"]["username"] == "countess"


async def test_ACC7_an_identity_leads_to_one_person() -> None:
    async with TestServer() as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        for kind, body in [("custom", {"id": "custom-1"}), ("device", DEVICE), ("email", EMAIL)]:
            await ada.call("POST", f"/v2/account/link/{kind}", body=body)
            await ada.call("POST", f"/v2/account/link/{kind}", body=body)
            refused = await bob.request("POST", f"/v2/account/link/{kind}", body=body)
            assert (refused.status, code(refused)) == (409, "account.identity_taken")
        linked = await profile(ada)
        assert (linked["custom_id"], linked["email"], len(linked["devices"])) == ("custom-1", "ada@example.com", 2)


async def check_last_identity_stays() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        refused = await ada.request("POST", "/v2/account/unlink/device", body={"id": "device-of-ada"})
        assert (refused.status, code(refused)) == (403, "account.last_identity")
        await ada.call("POST", "/v2/account/link/custom", body={"id": "custom-1"})
        await ada.call("POST", "/v2/account/unlink/device", body={"id": "device-of-ada"})
        assert (await ada.request("POST", "/v2/account/unlink/custom", body={"id": "custom-1"})).status == 403
        assert (await server.authenticate("custom", {"id": "custom-1"}, create="false")).status == 200


async def test_ACC8_the_last_identity_cannot_be_unlinked() -> None:
    await check_last_identity_stays()


async def test_ACC8_a_planted_fault_is_caught_unlinking_without_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    def unlink(self: AccountStore, user_id: str, kind: str, key: str):
        from supergame.features.accounts import store

        yield store._DELETE_DEVICE(key, user_id)

    monkeypatch.setattr(AccountStore, "unlink", unlink)
    with pytest.raises(AssertionError):
        await check_last_identity_stays()


async def test_ACC8_an_account_has_a_bound_of_devices() -> None:
    async with TestServer(limits=Limits(devices_per_account_max=2)) as server:
        ada = await server.sign_in("ada")
        await ada.call("POST", "/v2/account/link/device", body={"id": "second-device"})
        refused = await ada.request("POST", "/v2/account/link/device", body={"id": "third-device"})
        assert (refused.status, code(refused)) == (400, "account.too_many_devices")


async def test_ACC9_an_update_changes_what_is_given() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        await ada.call("PUT", "/v2/account", body={"displayName": "Ada L.", "location": "London"})
        server.clock.advance(5)
        await ada.call("PUT", "/v2/account", body={"location": ""})
        user = (await profile(ada))["user"]
        assert (user["display_name"], "location" in user) == ("Ada L.", False)
        assert user["update_time"] > user["create_time"]


@pytest.mark.parametrize("body", [{}, {"username": ""}, {"display_name": "x" * 256}, {"lang_tag": "x" * 19}, {"location": "a\0b"}])
async def test_ACC9_an_update_out_of_bounds_is_refused(body: dict[str, str]) -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        assert (await ada.request("PUT", "/v2/account", body=body)).status == 400


async def test_ACC10_a_ban_closes_one_title_at_once() -> None:
    alpha = Game("alpha")

    @alpha.rpc("ban")
    async def ban(ctx: Any, payload: str) -> None:
        await ctx.accounts.ban(payload)

    @alpha.rpc("unban")
    async def unban(ctx: Any, payload: str) -> None:
        await ctx.accounts.unban(payload)

    async with TestServer(alpha, Game("beta")) as server:
        mallory, elsewhere, ada = await server.sign_in("m"), await server.sign_in("m", title=1), await server.sign_in("ada")
        await ada.rpc("ban", mallory.user_id)
        refused = await server.authenticate("device", {"id": "device-of-m"})
        assert (await mallory.request("GET", "/v2/account")).status == 401
        assert (refused.status, code(refused)) == (403, "account.banned")
        assert (await elsewhere.request("GET", "/v2/account")).status == 200
        await ada.rpc("unban", mallory.user_id)
        assert (await server.authenticate("device", {"id": "device-of-m"})).status == 200


async def test_ACC11_deleting_frees_the_identity_and_ends_the_sessions() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        await ada.call("DELETE", "/v2/account")
        assert (await ada.request("GET", "/v2/account")).status == 401
        assert (await server.authenticate("device", {"id": "device-of-ada"}, create="false")).status == 404
        again = await server.sign_in("ada")
        assert again.user_id != ada.user_id


async def test_ACC11_the_person_stays_while_another_title_has_a_profile() -> None:
    async with TestServer(Game("alpha"), Game("beta")) as server:
        ada, elsewhere = await server.sign_in("ada"), await server.sign_in("ada", title=1)
        await ada.call("DELETE", "/v2/account")
        assert (await profile(elsewhere))["user"]["id"] == ada.user_id
        assert (await server.sign_in("ada")).user_id == ada.user_id


async def test_ACC11_the_fact_of_a_deletion_outlives_a_restart() -> None:
    server, heard = TestServer(), []

    async def receiver(fact: AccountDeleted) -> None:
        heard.append(fact)

    async with server:
        ada = await server.sign_in("ada")
        await ada.call("DELETE", "/v2/account")
        await server.stop()
        await server.start()
        server.node.outbox.subscribe(AccountDeleted, receiver)
        await server.settle()
        await server.settle()
    assert heard == [AccountDeleted("main", ada.user_id)]


async def test_ACC12_two_at_the_same_moment_share_one_account() -> None:
    async with TestServer() as server:
        answers = await asyncio.gather(*(server.authenticate("device", DEVICE) for _ in range(8)))
        players = [TestPlayer(server, answer.json["token"], "") for answer in answers]
        assert {answer.status for answer in answers} == {200}
        assert len({(await profile(player))["user"]["id"] for player in players}) == 1


async def test_users_are_found_by_id_and_by_name_each_once() -> None:
    async with TestServer() as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        found = await ada.get("/v2/user", ids=[ada.user_id, bob.user_id], usernames=["BOB", "nobody"])
        assert sorted(user["username"] for user in found["users"]) == ["ada", "bob"]
        assert await ada.get("/v2/user") == {}


async def test_users_are_asked_for_in_bounds() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        assert (await ada.request("GET", "/v2/user", query={"usernames": ["x"] * 101})).status == 400
        assert (await ada.request("GET", "/v2/user", query={"ids": "nonsense"})).status == 400


async def test_providers_that_are_not_configured_say_so() -> None:
    async with TestServer() as server:
        assert code(await server.authenticate("steam", {"token": "x"})) == "account.provider_not_configured"
        assert code(await server.authenticate("google", {})) == "account.provider_token_missing"
