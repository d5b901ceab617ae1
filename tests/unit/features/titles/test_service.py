"""Titles over the whole server: apart from each other, decided by operators, with keys that are replaced in peace."""

from __future__ import annotations

from base64 import b64encode

import pytest

from supergame.app.config import Config
from supergame.base.ids import TitleId
from supergame.features.titles.model import OVERLAP_S_MAX, Settings
from supergame.game import Game
from supergame.testing import Answer, Refusal, TestPlayer, TestServer

KITEWIND = TitleId("kitewind")


def two() -> TestServer:
    return TestServer(Game("kitewind", name="Kitewind"), Game("starhop").enter("beta"))


async def signed_in(server: TestServer, key: str) -> Answer:
    return await server.request("POST", "/v2/account/authenticate/device", body={"id": "device-of-ada"}, headers=basic(key))


def basic(key: str) -> dict[str, str]:
    return {"authorization": "Basic " + b64encode(f"{key}:".encode()).decode()}


async def test_TTL1_one_person_has_a_profile_in_each_title_and_a_token_of_one_is_refused_at_the_other() -> None:
    async with two() as server:
        kitewind, starhop = await server.sign_in("ada"), await server.sign_in("ada", title=1)
        assert kitewind.user_id == starhop.user_id
        await kitewind.call("PUT", "/v2/account", body={"username": "ada-the-kite"})
        assert (await starhop.get("/v2/account"))["user"]["username"] == "ada"
        _, body, signature = kitewind.token.split(".")
        mixed = f"{starhop.token.split('.')[0]}.{body}.{signature}"
        answer = await server.request("GET", "/v2/account", headers={"authorization": f"Bearer {mixed}"})
        assert (answer.status, answer.headers["X-Supergame-Error"]) == (401, "session.invalid_token")


async def test_TTL1_an_e_mail_address_finds_the_same_person_in_every_title() -> None:
    async with two() as server:
        address = {"email": "ada@example.org", "password": "correct horse"}
        first, second = [await server.authenticate("email", address, title=title) for title in (0, 1)]
        ada, again = [TestPlayer(server, answer.json["token"], "") for answer in (first, second)]
        assert (await ada.get("/v2/account"))["user"]["id"] == (await again.get("/v2/account"))["user"]["id"]
        assert (first.json["created"], second.json["created"]) == (True, True), "a profile was made in each"


async def test_TTL5_operators_see_the_titles_that_they_are_let_into_with_settings_and_pages() -> None:
    async with two() as server:
        everywhere, guest = await server.operator("viewer"), await server.operator("viewer", titles=["starhop"])
        kitewind, starhop = (await everywhere.get("/sg/v1/console/titles"))["titles"]
        assert (kitewind["title_id"], kitewind["environment"], kitewind["path"]) == ("kitewind", "live", "/t/kitewind/")
        assert kitewind["settings"] == {"is_open": True, "single_socket": False, "single_match": False}
        assert (starhop["title_id"], starhop["title"], starhop["environment"]) == ("starhop@beta", "starhop", "beta")
        assert (await guest.get("/sg/v1/console/titles"))["titles"] == [starhop]
        assert (await guest.request("GET", "/sg/v1/console/titles/kitewind")).status == 403
        assert (await everywhere.request("GET", "/sg/v1/console/titles/moonhop")).headers["X-Supergame-Error"] == "title.unknown"


async def check_that_a_closed_title_lets_nobody_in(server: TestServer) -> None:
    operator = await server.operator("operator")
    ada = await server.sign_in("ada")
    decided = await operator.act("PUT", "/sg/v1/console/titles/kitewind/settings", {"settings": {"is_open": False}})
    assert decided["settings"]["is_open"] is False
    with pytest.raises(Refusal) as refused:
        await server.sign_in("bob")
    assert refused.value.answer.headers["X-Supergame-Error"] == "title.closed"
    assert await ada.get("/v2/account"), "who is in stays in"
    renewed = await server.request("POST", "/v2/account/session/refresh", body={"token": ada.refresh_token}, headers=basic("defaultkey"))
    assert renewed.headers["X-Supergame-Error"] == "title.closed"
    assert await server.sign_in("bob", title=1), "other titles are open"
    await operator.act("PUT", "/sg/v1/console/titles/kitewind/settings", {"settings": {}})
    assert await server.sign_in("bob")


async def test_TTL6_a_closed_title_lets_nobody_in_until_it_is_opened() -> None:
    async with two() as server:
        await check_that_a_closed_title_lets_nobody_in(server)


async def test_a_planted_fault_is_caught_a_closed_door_that_does_not_lock() -> None:
    async with two() as server:
        server.node.auth._check_open = lambda title_id: None
        with pytest.raises(pytest.fail.Exception):
            await check_that_a_closed_title_lets_nobody_in(server)


async def test_TTL6_what_operators_decide_goes_before_the_file_and_the_options_and_lasts() -> None:
    server = TestServer(Game("kitewind"), single_socket=True)
    server._config = Config(**{**config_of(server), "titles": {KITEWIND: Settings(single_match=True, single_socket=False)}})
    async with server:
        titles = server.node.titles
        assert titles.settings(KITEWIND) == Settings(is_open=True, single_match=True, single_socket=False)
        assert titles.settings(TitleId("other")) == Settings(is_open=True, single_socket=True, single_match=False)
        operator = await server.operator("operator")
        await operator.act("PUT", "/sg/v1/console/titles/kitewind/settings", {"settings": {"single_socket": True}})
        await server.stop()
        await server.start()
        assert server.node.titles.settings(KITEWIND) == Settings(is_open=True, single_match=True, single_socket=True)


def config_of(server: TestServer) -> dict[str, object]:
    return {name: getattr(server._config, name) for name in ("data_dir", "port", "console_port", "limits", "database", "single_socket")}


async def check_that_old_keys_end(server: TestServer) -> None:
    operator = await server.operator("operator")
    path = "/sg/v1/console/titles/kitewind/keys"
    old = (await operator.get(path))["server_key"]
    shown = await operator.act("POST", path, {"overlap_s": 60})
    new = shown["server_key"]
    assert [item["server_key"] for item in shown["replaced"]] == [old]
    assert [(await signed_in(server, key)).status for key in (old, new)] == [200, 200]
    server.advance(61)
    await server.node.titles.forget_replaced_keys()
    assert [(await signed_in(server, key)).status for key in (old, new)] == [401, 200]


async def test_TTL7_replaced_keys_go_on_for_the_overlap_and_end_then() -> None:
    async with two() as server:
        await check_that_old_keys_end(server)


async def test_a_planted_fault_is_caught_keys_that_never_end() -> None:
    async with two() as server:
        auth, first = server.node.auth, server.node.titles.keys(KITEWIND)[0]
        server.node.key_ring._listeners[:] = [lambda titles: auth.accept({*titles, first})]
        with pytest.raises(AssertionError):
            await check_that_old_keys_end(server)


async def test_TTL7_without_an_overlap_old_keys_end_at_once_and_new_ones_outlive_a_restart() -> None:
    async with two() as server:
        operator = await server.operator("operator")
        path = "/sg/v1/console/titles/kitewind/keys"
        old = (await operator.get(path))["server_key"]
        new = (await operator.act("POST", path, {"overlap_s": 0}))["server_key"]
        assert [(await signed_in(server, key)).status for key in (old, new)] == [401, 200]
        for overlap_s in (-1, OVERLAP_S_MAX + 1):
            answer = await operator.request("POST", path, body={"overlap_s": overlap_s}, reason="a test")
            assert answer.headers["X-Supergame-Error"] == "title.overlap_invalid"
        await server.stop()
        await server.start()
        assert [(await signed_in(server, key)).status for key in (old, new, "defaultkey")] == [401, 200, 200]


async def test_TTL7_no_more_than_eight_replaced_keys_of_a_title_go_on() -> None:
    async with two() as server:
        first = server.node.titles.keys(KITEWIND)[0].server_key
        for _ in range(9):
            await server.node.titles.replace_keys(KITEWIND, 60)
        assert len(server.node.titles.keys(KITEWIND)[1]) == 8
        assert (await signed_in(server, first)).status == 401
        assert server.node.titles.keys(TitleId("starhop@beta"))[1] == []
