"""Somebody else's character in a game: by licence, counted, and swapped out live. Rules: docs/spec/licences.md."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from supergame.features.royalties.model import month_of
from supergame.game import Context, Game, LicenceChange, Match, MatchMessage, Player
from supergame.testing import TestOperator, TestPlayer, TestServer, TestSocket

PIP, OWN_HERO = "kitewind/pip", "comet"


def starhop() -> Game:
    """A game whose players are Pip where that is allowed, and else its own hero."""
    game = Game("starhop")

    @game.match("dock")
    class Dock:
        heroes: dict[str, str] = {}

        def join(self, match: Match, players: list[Player]) -> None:
            for player in players:
                self.heroes[player.username] = "pip" if match.ctx.licences.use_now(PIP, player).allowed else OWN_HERO
            self.tell(match)

        def licence_changed(self, match: Match, change: LicenceChange) -> None:
            if change.asset != PIP:
                return
            self.heroes = {name: "pip" if change.allowed else OWN_HERO for name in self.heroes}
            self.tell(match)
            if "breaker" in self.heroes:
                raise RuntimeError("asked to fail")

        def tell(self, match: Match) -> None:
            match.send(1, json.dumps(self.heroes))

        def loop(self, match: Match, messages: list[MatchMessage]) -> None: ...

    @game.rpc("create")
    async def create(ctx: Context, payload: str) -> str:
        return await ctx.matches.create("dock")

    @game.rpc("buy")
    async def buy(ctx: Context, payload: str) -> str:
        return str(await ctx.licences.sale(PIP, 499, "EUR", payload))

    @game.rpc("use")
    async def use(ctx: Context, payload: str) -> str:
        answer = await ctx.licences.use(PIP, ctx.user_id, region=payload)
        assert ctx.licences.look(PIP).allowed == answer.allowed
        return answer.reason

    return game


class Stage:
    """The server with an operator, and Pip under an active licence."""

    def __init__(self, server: TestServer, operator: TestOperator) -> None:
        self.server, self.operator = server, operator
        self.licence_id = ""

    async def post(self, path: str, **body: Any) -> Any:
        return await self.operator.act("POST", f"/sg/v1/console/{path}", body)

    async def license_pip(self, **terms: Any) -> None:
        await self.post("owners", id="kitewind-studio", name="Kitewind Studio")
        await self.post("owners", id="ada", name="Ada")
        await self.post("properties", id="kitewind", owner_id="kitewind-studio", name="Kitewind", home_title="kitewind")
        credit = {"owner_id": "ada", "share_bps": 3000, "role": "drawing"}
        await self.post("assets", id=PIP, kind="character", name="Pip", age_rating=3, credits=[credit])
        plain = {"title": "starhop", "property_id": "kitewind", "assets": [PIP], "use_fee": "10", "share_bps": 1000}
        made = await self.post("licences", terms=plain | {"conduct": ["Pip never falls for long."]} | terms)
        self.licence_id = made["id"]
        for action in ("offer", "accept", "activate"):
            await self.step(action)

    async def step(self, action: str) -> str:
        made = await self.post(f"licences/{self.licence_id}/steps", action=action)
        return str(made["state"])


@asynccontextmanager
async def a_stage() -> AsyncIterator[Stage]:
    async with TestServer(starhop(), Game("kitewind")) as server:
        stage = Stage(server, await server.operator())
        await stage.license_pip()
        yield stage


async def join(player: TestPlayer, match_id: str) -> TestSocket:
    socket = await player.connect()
    reply = await socket.call({"match_join": {"match_id": match_id}})
    assert "match" in reply, reply
    return socket


def heroes(socket: TestSocket) -> list[Any]:
    """What the match told, oldest first."""
    return [json.loads(base64.b64decode(one["match_data"]["data"])) for one in socket.log if "match_data" in one]


def told(socket: TestSocket) -> list[Any]:
    """Notifications of licences."""
    found = [note for one in socket.log for note in one.get("notifications", {}).get("notifications", [])]
    return [json.loads(note["content"]) for note in found if note["code"] == -102]


async def test_LIC8_a_suspension_swaps_a_character_out_of_live_matches_and_its_end_brings_it_back() -> None:
    async with a_stage() as stage:
        ada = await stage.server.sign_in("ada")
        socket = await join(ada, await ada.rpc("create"))
        assert heroes(socket) == [{"ada": "pip"}]
        assert await stage.step("suspend") == "suspended"
        assert heroes(socket)[1:] == [{"ada": OWN_HERO}], "before the operator has the answer"
        assert told(socket) == [{"asset": PIP, "allowed": False, "reason": "suspended"}]
        assert await stage.step("restore") == "active"
        assert heroes(socket)[2:] == [{"ada": "pip"}]


async def test_LIC8_other_titles_hear_nothing() -> None:
    async with a_stage() as stage:
        socket = await (await stage.server.sign_in("ada", title=1)).connect()
        await stage.step("suspend")
        assert socket.log == []


async def test_LIC13_a_match_that_fails_to_hear_goes_on_and_others_hear() -> None:
    async with a_stage() as stage:
        ada, breaker = [await stage.server.sign_in(name) for name in ("ada", "breaker")]
        first = await join(breaker, await breaker.rpc("create"))
        second = await join(ada, await ada.rpc("create"))
        await stage.step("suspend")
        await stage.step("restore")
        assert heroes(first)[1:] == [{"breaker": OWN_HERO}, {"breaker": "pip"}]
        assert heroes(second)[1:] == [{"ada": OWN_HERO}, {"ada": "pip"}]


async def test_LIC12_a_client_learns_whether_it_may_show_a_character_and_why() -> None:
    async with a_stage() as stage:
        ada = await stage.server.sign_in("ada")
        answer = await ada.get(f"/sg/v1/licences/{PIP}")
        assert answer == {
            "asset": PIP,
            "name": "Pip",
            "kind": "character",
            "age_rating": 3,
            "allowed": True,
            "reason": "licensed",
            "conduct": ["Pip never falls for long."],
            "credits": ["ada: drawing"],
        }
        assert json.loads(await ada.rpc("sg.licences", '{"property": "kitewind", "asset": "pip"}')) == answer
        await stage.step("revoke")
        assert (await ada.get(f"/sg/v1/licences/{PIP}"))["reason"] == "revoked"
        at_home = await stage.server.sign_in("ada", title=1)
        assert (await at_home.get(f"/sg/v1/licences/{PIP}"))["reason"] == "own"
        assert (await ada.request("GET", "/sg/v1/licences/kitewind/none")).status == 404
        assert (await stage.server.request("GET", f"/sg/v1/licences/{PIP}")).status == 401


async def test_ROY8_the_statement_in_the_console_shows_every_use_and_sale_of_a_game() -> None:
    async with a_stage() as stage:
        ada = await stage.server.sign_in("ada")
        await join(ada, await ada.rpc("create"))
        assert [await ada.rpc("use") for _ in range(4)] == ["licensed"] * 4
        assert [await ada.rpc("buy", "order-1") for _ in range(2)] == ["49", "0"]
        await stage.server.node.royalties.flush()
        found = await stage.operator.get(f"/sg/v1/console/owners/ada/statements/{month_of(stage.server.clock.now())}")
        (line,) = found["lines"]
        assert [line[name] for name in ("uses", "sessions", "sales", "sold", "royalty", "share")] == ["5", "1", "1", "499", "99", "3/10"]
        assert found["totals"] == [{"currency": "EUR", "amount": "30"}]


async def test_ROY2_what_was_counted_is_booked_when_the_server_stops() -> None:
    async with a_stage() as stage:
        ada = await stage.server.sign_in("ada")
        assert [await ada.rpc("use") for _ in range(3)] == ["licensed"] * 3
        await stage.server.stop()
        await stage.server.start()
        (licence,) = stage.server.node.licences.all_known()
        rows = await stage.server.node.royalties.usage(licence.id, month_of(stage.server.clock.now()))
        assert [row[3] for row in rows] == [3]


async def test_ROY2_a_node_books_looks_for_changes_and_checks_the_books_by_itself() -> None:
    async with TestServer() as server:
        names = {job.__qualname__ for job in server.node.jobs}
        modules = {job.cr_code.co_filename.split("/")[-2] for job in server.node.jobs if job.__qualname__ in ("flush", "refresh", "check")}
        assert {"flush", "refresh", "check"} <= names
        assert {"royalties", "licences", "ledger"} <= modules


@pytest.mark.parametrize("role", ["viewer", "support"])
async def test_LIC14_who_may_only_read_cannot_sign(role: str) -> None:
    async with a_stage() as stage:
        viewer = await stage.server.operator(role)
        path = f"/sg/v1/console/licences/{stage.licence_id}"
        shown = await viewer.get(path)
        assert (shown["state"], shown["standing"]) == ("active", ["licensed"])
        refused = await viewer.request("POST", f"{path}/steps", body={"action": "suspend"}, reason="I would like to")
        assert refused.status == 403
        assert (await viewer.get(path))["state"] == "active"


async def test_LIC14_a_step_needs_a_reason_and_is_in_history_and_audit() -> None:
    async with a_stage() as stage:
        path = f"/sg/v1/console/licences/{stage.licence_id}/steps"
        refused = await stage.operator.request("POST", path, body={"action": "suspend"})
        assert (refused.status, refused.headers["X-Supergame-Error"]) == (400, "console.reason_missing")
        await stage.operator.act("POST", path, {"action": "suspend"}, reason="Pip was seen smoking")
        last = (await stage.operator.get(path))["steps"][-1]
        assert (last["action"], last["signed_by"], last["reason"]) == ("suspend", stage.operator.name, "Pip was seen smoking")
        assert (await stage.operator.request("POST", path, body={"action": "dance"}, reason="why not")).status == 400
