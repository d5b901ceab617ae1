"""Players as operators see them. Rules: docs/spec/accounts.md."""

from __future__ import annotations

from typing import Any

import pytest

from supergame.base.errors import MalformedCursor
from supergame.base.limits import Limits
from supergame.features.accounts.console import Player, console_routes
from supergame.features.accounts.model import AccountNotFound, PageInvalid
from supergame.features.sanctions.model import SanctionNotFound
from supergame.game import Game
from supergame.routing.console import Action, Role
from supergame.testing import TestServer
from tests.support.console import Desk

NOBODY = "00000000-0000-4000-8000-000000000000"


def desk_of(server: TestServer) -> Desk:
    return Desk(console_routes(server.node.accounts, server.node.sanctions, Limits()))


async def names(desk: Desk, **query: Any) -> list[str]:
    found = await desk.call("console_list_players", title_id="main", **query)
    return [player.username for player in found.players]


async def test_ACC13_players_are_found_by_any_identity_and_by_the_beginning_of_a_name() -> None:
    async with TestServer(Game("main"), Game("beta")) as server:
        ada, _ = await server.sign_in("Ada"), await server.sign_in("adam")
        await server.sign_in("bob")
        await server.sign_in("stranger", title=1)
        await ada.call("POST", "/v2/account/link/custom", body={"id": "custom-1"})
        await ada.call("POST", "/v2/account/link/email", body={"email": "ada@example.com", "password": "correct horse"})
        desk = desk_of(server)
        for text in (ada.user_id, "device-of-Ada", "custom-1", "ADA@example.com", "Ada\u2060"):
            assert (await names(desk, text=text))[:1] == (["Ada"] if "\u2060" not in text else []), text
        assert await names(desk, text="AD") == ["Ada", "adam"]
        assert await names(desk, text="ad", limit=1) == ["Ada"]
        for text in ("stranger", "%", "_", "' OR 1", "a\0b"):
            assert await names(desk, text=text) == []


async def test_ACC13_without_a_text_the_newest_come_first() -> None:
    async with TestServer() as server:
        for name in ("first", "second", "third"):
            await server.sign_in(name)
            server.clock.advance(1)
        desk, seen, cursor = desk_of(server), [], ""
        while True:
            page = await desk.call("console_list_players", title_id="main", limit=2, cursor=cursor)
            seen += [player.username for player in page.players]
            cursor = page.cursor
            if not cursor:
                break
        assert seen == ["third", "second", "first"]
        for limit in (0, 101):
            with pytest.raises(PageInvalid):
                await names(desk, limit=limit)
        with pytest.raises(MalformedCursor):
            await names(desk, cursor="nonsense")


async def test_ACC13_who_has_a_socket_open_is_listed_as_online() -> None:
    """Planted fault: ask who appears online instead; this socket does not."""
    async with TestServer(Game("main")) as server:
        ada = await server.sign_in("ada")
        await server.sign_in("bo")
        socket, desk = await ada.connect(), desk_of(server)

        async def online(**query: Any) -> list[str]:
            listed = await desk.call("console_list_players", title_id="main", **query)
            return [player.username for player in listed.players if player.online]

        assert (await online(), await online(text="ada"), await online(text="bo")) == (["ada"], ["ada"], [])
        socket.close()
        assert await online() == []


async def test_ACC14_a_players_page_has_what_the_title_knows_of_them() -> None:
    async with TestServer(Game("main"), Game("beta"), Game("gamma")) as server:
        ada = await server.sign_in("ada")
        for title in (1, 2):
            await server.sign_in("ada", title=title)
        socket = await ada.connect()
        desk = desk_of(server)
        await desk.call("console_ban_player", "spam", title_id="beta", user_id=ada.user_id)
        page: Player = await desk.call("console_get_player", title_id="main", user_id=ada.user_id)
        assert (page.account.user.username, [device.id for device in page.account.devices]) == ("ada", ["device-of-ada"])
        assert ([one.session_id for one in page.sockets], page.titles, page.sanctions) == ([socket.session_id], ["beta", "gamma"], [])
        beta: Player = await desk.call("console_get_player", title_id="beta", user_id=ada.user_id)
        assert ([one.reason for one in beta.sanctions], beta.account.disable_time is not None) == (["spam"], True)
        for nobody in (NOBODY, "nonsense"):
            with pytest.raises(AccountNotFound):
                await desk.call("console_get_player", title_id="main", user_id=nobody)


async def test_ACC14_other_titles_are_shown_as_far_as_the_operator_sees_them() -> None:
    async with TestServer(Game("main"), Game("beta"), Game("gamma")) as server:
        ada = await server.sign_in("ada")
        for title in (1, 2):
            await server.sign_in("ada", title=title)
        routes = console_routes(server.node.accounts, server.node.sanctions, Limits())
        (look,) = [route for route in routes if route.name == "console_get_player"]
        limited = Action("olga", "id", Role.SUPPORT, titles=frozenset({"main", "gamma"}))
        page = await look.handler(limited, look.request_type(title_id="main", user_id=ada.user_id))
        assert page.titles == ["gamma"]


async def test_ACC15_support_bans_over_the_operators_port_and_a_viewer_does_not() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        path = f"/sg/v1/console/titles/main/players/{ada.user_id}"
        support, viewer = await server.operator("support", name="sam"), await server.operator("viewer", name="vera")
        assert (await viewer.request("POST", f"{path}/ban", body={}, reason="spam")).status == 403
        assert (await viewer.get(path))["account"]["user"]["username"] == "ada"
        assert (await support.act("POST", f"{path}/ban", {"duration_s": 60}, reason="r\u00fcde"))["imposed_by"] == "sam"
        refused = await server.authenticate("device", {"id": "device-of-ada"})
        assert refused.json["message"].endswith(": r\u00fcde")
        assert (await support.request("DELETE", path.replace("titles/main/players", "persons"), reason="x")).status == 403


async def test_ACC15_acts_are_signed_and_say_what_they_changed() -> None:
    async with TestServer(Game("main"), Game("beta")) as server:
        ada = await server.sign_in("ada")
        await ada.connect()
        desk, who = desk_of(server), {"title_id": "main", "user_id": ada.user_id}
        await desk.call("console_sign_out_player", **who)
        assert (await ada.request("GET", "/v2/account")).status == 401
        banned = await desk.call("console_ban_player", "spam", duration_s=60, **who)
        assert (banned.imposed_by, banned.reason, banned.in_force) == ("olga", "spam", True)
        await desk.call("console_unban_player", "said sorry", **who)
        await desk.call("console_ban_person", "fraud", user_id=ada.user_id)
        assert (await server.authenticate("device", {"id": "device-of-ada"}, title=1)).status == 403
        await desk.call("console_unban_person", "was not them", user_id=ada.user_id)
        assert (await server.authenticate("device", {"id": "device-of-ada"})).status == 200
        await desk.call("console_write_note", note_text="asked for a refund", **who)
        notes = await desk.call("console_list_notes", **who)
        assert [(note.text, note.written_by) for note in notes.notes] == [("asked for a refund", "olga")]
        changed = [change.target.rpartition("/")[0] for action in desk.actions for change in action.changes]
        assert changed == [f"players/{ada.user_id}"] * 5 + [f"players/{ada.user_id}/notes"]
        with pytest.raises(SanctionNotFound):
            await desk.call("console_unban_player", "twice", **who)
