"""Config by the console's door: who may, what is asked for, what the trail keeps."""

from __future__ import annotations

import json

from supergame.game import Game
from supergame.testing import TestServer

SPEED = "/sg/v1/console/titles/racing/config/speed"


async def test_CFG8_an_operator_changes_a_value_with_a_reason_and_the_trail_tells_of_it() -> None:
    game = Game("racing")
    speed = game.config.number("speed", 1.0, min=0.5, max=2)
    async with TestServer(game) as server:
        olga = await server.operator("operator")
        override = {"value": "1.5", "percent": 100, "segment": None}
        body = {"version": "0", "overrides": [override]}
        assert (await olga.request("PUT", SPEED, body=body)).status == 400, "a reason is asked for"
        assert speed() == 1.0
        shown = await olga.act("PUT", SPEED, body, reason="race day")
        assert (shown["version"], shown["kind"], shown["min"], shown["operator"], shown["reason"]) == (
            "1",
            "number",
            0.5,
            olga.name,
            "race day",
        )
        refused = await olga.request("PUT", SPEED, body={"version": "1", "overrides": [{"value": "3"}]}, reason="faster")
        assert (refused.status, refused.json["message"]) == (400, "speed, override 1: 3 is more than 2.")
        back = await olga.act("POST", SPEED + "/revert", {"version": "1", "to": "0"})
        assert (back["version"], back.get("overrides", []), speed()) == ("2", [], 1.0)
        history = (await olga.get(SPEED + "/history", limit=1))["versions"]
        assert [(one["version"], one["reverts_to"]) for one in history] == [("2", "0")]
        assert (await olga.get(SPEED + "/diff", before=0, after=1))["changes"] == [
            {"path": "overrides[0].value", "after": json.dumps("1.5")},
            {"path": "overrides[0].percent", "after": "100.0"},
        ]
        assert len((await olga.get("/sg/v1/console/titles/racing/config"))["values"]) == 1
        owner = await server.operator("owner", name="otto")
        actions = (await owner.get("/sg/v1/console/audit"))["actions"]
        told = [(one["action"], one["outcome"]) for one in actions if one["operator"] == olga.name and "config" in one["action"]]
        assert told == [("revert_config", "done"), ("set_config", "refused"), ("set_config", "done")]


async def test_who_looks_on_or_belongs_to_another_title_changes_nothing() -> None:
    game, other = Game("racing"), Game("boating")
    speed = game.config.number("speed", 1.0)
    async with TestServer(game, other) as server:
        for role, titles in (("viewer", []), ("support", []), ("operator", ["boating"])):
            operator = await server.operator(role, titles=titles, name=f"{role}-1")
            answer = await operator.request("PUT", SPEED, body={"version": "0", "overrides": [{"value": "2"}]}, reason="x")
            assert answer.status in (403, 404)
        assert speed() == 1.0
