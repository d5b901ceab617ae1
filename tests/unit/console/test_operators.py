"""Who has access."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from supergame.console import operators as operators_module
from supergame.console.operators import machine
from supergame.testing import Answer, TestOperator, TestServer

OPERATORS = "/sg/v1/console/operators"


@pytest.fixture
async def server() -> AsyncIterator[TestServer]:
    async with TestServer() as server:
        yield server


def code(answer: Answer) -> str:
    return answer.headers.get("X-Supergame-Error", "")


async def own_id(operator: TestOperator) -> str:
    return str((await operator.get("/sg/v1/console/session"))["operator_id"])


async def test_CON13_a_disabled_operator_stays_in_the_list_and_the_name_is_not_given_again(server: TestServer) -> None:
    owner, viewer = await server.operator(), await server.operator("viewer", name="bo")
    await owner.act("PUT", f"{OPERATORS}/{await own_id(viewer)}", {"role": "viewer", "disabled": True})
    listed = {one["name"]: one.get("disabled", False) for one in (await owner.get(OPERATORS))["operators"]}
    assert listed == {owner.name: False, "bo": True}
    again = await owner.request("POST", OPERATORS, body={"name": "bo", "role": "viewer"}, reason="again")
    assert code(again) == "console.operator_exists"


async def test_CON13_who_is_enabled_again_signs_in_as_before(server: TestServer) -> None:
    owner, viewer = await server.operator(), await server.operator("viewer")
    viewer_id = await own_id(viewer)
    await owner.act("PUT", f"{OPERATORS}/{viewer_id}", {"role": "viewer", "disabled": True})
    assert code(await viewer.sign_in()) == "console.sign_in_refused"
    await owner.act("PUT", f"{OPERATORS}/{viewer_id}", {"role": "viewer"})
    assert (await viewer.sign_in()).status == 200


async def test_CON14_the_last_owner_stays_one(server: TestServer) -> None:
    owner = await server.operator()
    await server.operator("operator")
    own = f"{OPERATORS}/{await own_id(owner)}"
    for change in ({"role": "viewer"}, {"role": "owner", "disabled": True}):
        assert code(await owner.request("PUT", own, body=change, reason="enough")) == "console.last_owner"
    await server.operator("owner")
    await owner.act("PUT", own, {"role": "viewer"})


async def test_CON14_of_two_owners_who_leave_at_the_same_moment_one_stays(server: TestServer) -> None:
    """Planted fault: count the owners outside the transaction."""
    first, second = await server.operator(), await server.operator()
    ids = [await own_id(first), await own_id(second)]
    leaving = [
        first.request("PUT", f"{OPERATORS}/{ids[1]}", body={"role": "viewer"}, reason="you go"),
        second.request("PUT", f"{OPERATORS}/{ids[0]}", body={"role": "viewer"}, reason="no, you"),
    ]
    answers = await asyncio.gather(*leaving)
    roles = {one.operator.role.value for one in await server.node.operators.all()}
    assert "owner" in roles
    assert 200 in {answer.status for answer in answers}


WRONG = [
    {"name": "", "role": "viewer"},
    {"name": "Ada", "role": "viewer"},
    {"name": "a" * 33, "role": "viewer"},
    {"name": "ada\n", "role": "viewer"},
    {"name": "ada", "role": "root"},
    {"name": "ada", "role": ""},
    {"name": "ada", "role": "viewer", "titles": ["No Title"]},
    {"name": "ada", "role": "viewer", "titles": ["main@beta"]},
    {"name": "ada", "role": "viewer", "titles": [f"t{number}" for number in range(101)]},
    {"name": "ada", "role": "owner", "titles": ["main"]},
]


async def test_CON15_names_roles_and_titles_have_a_form(server: TestServer) -> None:
    owner = await server.operator()
    for wrong in WRONG:
        assert code(await owner.request("POST", OPERATORS, body=wrong, reason="try")) == "console.operator_invalid", wrong


async def test_CON15_there_are_so_many_operators(server: TestServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operators_module, "OPERATORS_MAX", 2)
    owner = await server.operator()
    await owner.act("POST", OPERATORS, {"name": "ada", "role": "viewer"})
    refused = await owner.request("POST", OPERATORS, body={"name": "bo", "role": "viewer"}, reason="more")
    assert code(refused) == "console.too_many_operators"


async def test_CON16_a_reset_gives_a_one_time_password_in_place_of_password_and_authenticator(server: TestServer) -> None:
    owner, lost = await server.operator(), await server.operator("viewer")
    lost_id = await own_id(lost)
    offer = await lost.act("POST", "/sg/v1/console/session/totp", {"password": lost.password})
    assert offer["secret"]
    reset = await owner.act("POST", f"{OPERATORS}/{lost_id}/reset")
    assert code(await lost.sign_in()) == "console.sign_in_refused"
    lost.password = reset["one_time_password"]
    answer = await lost.sign_in()
    assert (answer.json["must_change_password"], answer.json.get("has_totp", False)) == (True, False)


async def test_CON16_nobody_who_does_not_exist_is_reset_changed_or_signed_out(server: TestServer) -> None:
    owner = await server.operator()
    answers = [
        await owner.request("POST", f"{OPERATORS}/nobody/reset", reason="x"),
        await owner.request("PUT", f"{OPERATORS}/nobody", body={"role": "viewer"}, reason="x"),
        await owner.request("DELETE", f"{OPERATORS}/nobody/sessions"),
    ]
    assert {code(answer) for answer in answers} == {"console.operator_not_found"}


async def test_CON16_what_is_done_at_the_machine_is_in_the_trail(server: TestServer) -> None:
    await server.node.operators.first()
    owner = await server.operator()
    told = (await owner.get("/sg/v1/console/audit", operator="(machine)"))["actions"]
    assert [(one["action"], one["outcome"]) for one in told] == [("add_operator", "done")]
    assert machine().operator == "(machine)"
