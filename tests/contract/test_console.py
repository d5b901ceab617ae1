"""The console's tables on PostgreSQL: every statement of operators, sessions and the audit trail, and two nodes at once."""

from __future__ import annotations

import asyncio
from typing import Any

from supergame.base.clock import whole_seconds
from supergame.console.totp import STEP_S, code_at, read
from supergame.console.trail import Trail
from supergame.routing.console import Action, Role
from supergame.testing import Answer, TestServer

SESSION, OPERATORS, AUDIT = "/sg/v1/console/session", "/sg/v1/console/operators", "/sg/v1/console/audit"


def code(answer: Answer) -> str:
    return answer.headers.get("X-Supergame-Error", "")


async def test_operators_sign_in_act_and_are_found_in_the_trail(postgres_dsn: str) -> None:
    async with TestServer(database=postgres_dsn) as server:
        first = await server.node.operators.first()
        assert first is not None
        owner, support = await server.operator(), await server.operator("support", titles=["main"])
        offer = await support.act("POST", f"{SESSION}/totp", {"password": support.password})
        now_code = code_at(read(offer["secret"]), whole_seconds(server.clock.now()) // STEP_S)
        support_id = (await support.act("PUT", f"{SESSION}/totp", {"code": now_code}))["operator_id"]
        assert code(await support.sign_in(now_code)) == "console.sign_in_refused", "it was used"
        listed = {one["name"]: one for one in (await owner.get(OPERATORS))["operators"]}
        assert (listed[support.name]["titles"], listed[support.name]["has_totp"], listed[support.name]["sessions"]) == (["main"], True, 1)
        taken = await owner.request("POST", OPERATORS, body={"name": support.name, "role": "viewer"}, reason="x")
        assert code(taken) == "console.operator_exists"
        await owner.act("PUT", f"{OPERATORS}/{support_id}", {"role": "viewer", "disabled": True}, reason="left")
        assert code(await support.request("GET", SESSION)) == "console.not_signed_in"
        await owner.act("POST", f"{OPERATORS}/{support_id}/reset")
        await owner.act("DELETE", f"{OPERATORS}/{support_id}/sessions")
        await owner.act("PUT", f"{OPERATORS}/{first.operator.operator_id}", {"role": "viewer"})
        last = await owner.request("PUT", f"{OPERATORS}/{(await owner.get(SESSION))['operator_id']}", body={"role": "viewer"}, reason="x")
        assert code(last) == "console.last_owner"
        found = await owner.get(AUDIT, target=f"operators/{support_id}", operator=owner.name, since=1, limit=2)
        assert [one["action"] for one in found["actions"]] == ["sign_out_operator", "reset_operator"]
        assert [one["action"] for one in (await owner.get(AUDIT, target=f"operators/{support_id}", operator=owner.name, since=1, limit=2,
                                                          cursor=found["cursor"]))["actions"]] == ["change_operator"]  # fmt: skip
        await owner.act("DELETE", SESSION)
        assert code(await owner.request("GET", SESSION)) == "console.not_signed_in"


async def test_two_nodes_write_one_chain(postgres_dsn: str) -> None:
    """Planted fault: leave out the lock around reading the last entry and adding the next."""
    async with TestServer(database=postgres_dsn) as one, TestServer(database=postgres_dsn) as other:
        trails: list[Any] = [node.console_router._trail for node in (one.node, other.node)]
        action = Action("ada", "1", Role.OWNER)
        await asyncio.gather(*(trails[number % 2].note(action, "test", f"things/{number}") for number in range(20)))
        checked = await Trail(one.node.db, one.clock, one._chance).check()
        assert (checked.entries, checked.first_broken) == (40, 0)
