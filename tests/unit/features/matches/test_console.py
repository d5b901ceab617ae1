"""Matches as operators see and end them. Rules: docs/spec/console.md."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from supergame.game import Context, Game, Match
from supergame.testing import TestOperator, TestServer, TestSocket

MATCHES = "/sg/v1/console/titles/main/matches"


@pytest.fixture
async def server() -> AsyncIterator[TestServer]:
    game = Game("main")

    @game.match("race", tick_rate_hz=10)
    class Race:
        def init(self, match: Match, params: dict[str, object]) -> None:
            match.label = f"Race {params.get('number', 0)}"
            self.laps = [1, 2]

        def loop(self, match: Match, messages: list[object]) -> None: ...

    @game.rpc("open")
    async def open_race(ctx: Context, payload: str) -> str:
        return await ctx.matches.create("race", {"number": int(payload)})

    async with TestServer(game, Game("beta")) as server:
        yield server


async def race_with(server: TestServer, *names: str) -> tuple[str, list[TestSocket]]:
    players = [await server.sign_in(name) for name in names]
    match_id = await players[0].rpc("open", "7")
    sockets = [await player.connect() for player in players]
    for socket in sockets:
        await socket.call({"match_join": {"match_id": match_id}})
    return match_id, sockets


async def test_CON31_matches_are_listed_by_title_with_label_players_and_what_a_tick_costs(server: TestServer) -> None:
    match_id, _ = await race_with(server, "ada", "bo")
    server.tick(5)
    viewer = await server.operator("viewer")
    listed = await viewer.get(MATCHES)
    (row,) = listed["matches"]
    assert listed["total"] == 1
    assert (row["match_id"], row["size"], row["label"], row["handler_name"], row["tick_rate_hz"], row["tick"]) == (
        match_id, 2, "Race 7", "race", 10, 5,
    )  # fmt: skip
    assert row["tick_ms"] > 0
    assert await viewer.get("/sg/v1/console/titles/beta/matches") == {}
    inside = await viewer.get(f"{MATCHES}/{match_id}")
    assert sorted(player["username"] for player in inside["players"]) == ["ada", "bo"]
    assert inside["state"] == {"laps": "[1, 2]"}


async def test_CON31_the_list_has_pages_and_is_narrowed_by_label(server: TestServer) -> None:
    ada = await server.sign_in("ada")
    opened = {await ada.rpc("open", str(number)) for number in range(25)}
    viewer, seen, cursor = await server.operator("viewer"), [], ""
    while not seen or cursor:
        page = await viewer.get(MATCHES, limit=10, cursor=cursor)
        seen += [row["match_id"] for row in page["matches"]]
        cursor = page.get("cursor", "")
    assert sorted(opened) == seen
    assert len((await viewer.get(MATCHES, label="rACE 2"))["matches"]) == 6  # 2 and 20 to 24
    for limit in (0, 101):
        assert (await viewer.request("GET", MATCHES, query={"limit": limit})).headers["X-Supergame-Error"] == "match.page_invalid"


@pytest.mark.parametrize("relayed", [False, True])
async def test_CON31_somebody_is_taken_out_and_everybody_learns_of_it(server: TestServer, relayed: bool) -> None:
    match_id, (ada, bo) = await race_with(server, "ada", "bo")
    if relayed:
        match_id = (await ada.call({"match_create": {}}))["match"]["match_id"]
        await bo.call({"match_join": {"match_id": match_id}})
    operator = await server.operator("operator")
    for socket in (ada, bo):
        socket.take()
    await operator.act("POST", f"{MATCHES}/{match_id}/kick", {"user_id": bo.user_id}, reason="throws snails")
    for socket in (ada, bo):
        left = [frame["match_presence_event"]["leaves"] for frame in socket.take() if "match_presence_event" in frame]
        assert [presence["username"] for leaves in left for presence in leaves] == ["bo"]
    inside = await operator.get(f"{MATCHES}/{match_id}")
    assert [player["username"] for player in inside["players"]] == ["ada"]
    again = await operator.request("POST", f"{MATCHES}/{match_id}/kick", body={"user_id": bo.user_id}, reason="again")
    assert again.headers["X-Supergame-Error"] == "match.not_found"


@pytest.mark.parametrize("relayed", [False, True])
async def test_CON31_a_match_is_ended_and_the_trail_tells_what_it_was(server: TestServer, relayed: bool) -> None:
    match_id, (ada,) = await race_with(server, "ada")
    if relayed:
        match_id = (await ada.call({"match_create": {}}))["match"]["match_id"]
    owner: TestOperator = await server.operator()
    await owner.act("DELETE", f"{MATCHES}/{match_id}", reason="stuck")
    gone = await owner.request("GET", f"{MATCHES}/{match_id}")
    assert gone.headers["X-Supergame-Error"] == "match.not_found"
    (told,) = (await owner.get("/sg/v1/console/audit", target=f"matches/{match_id}"))["actions"]
    assert (told["action"], told["reason"], told["title_id"]) == ("end_match", "stuck", "main")
    assert '"size":1' in told["changes"][0]["before"]
