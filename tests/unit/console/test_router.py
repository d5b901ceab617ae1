"""The door of the console."""

from __future__ import annotations

from supergame.testing import TestServer


async def test_an_operator_signs_in_and_gives_somebody_access_and_the_trail_tells_of_it() -> None:
    async with TestServer() as server:
        owner = await server.operator()
        await owner.act("POST", "/sg/v1/console/operators", {"name": "bo", "role": "viewer"}, reason="she asked")
        listed = await owner.get("/sg/v1/console/operators")
        assert [one["role"] for one in listed["operators"]] == ["viewer", "owner"]
        latest = (await owner.get("/sg/v1/console/audit"))["actions"][0]
        assert (latest["operator"], latest["action"], latest["reason"], latest["outcome"]) == (
            owner.name,
            "add_operator",
            "she asked",
            "done",
        )
