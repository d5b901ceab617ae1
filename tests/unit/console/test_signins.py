"""Signing in to the console, and what ends it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from supergame.base.clock import whole_seconds
from supergame.console.model import FAILURES_PER_ADDRESS, FAILURES_PER_OPERATOR, FAILURES_WINDOW_S, IDLE_S, LIFE_S, ONE_TIME_S, SESSIONS_MAX
from supergame.console.totp import STEP_S, code_at, read
from supergame.db.port import Statement, collect
from supergame.testing import Answer, TestOperator, TestServer

SESSION = "/sg/v1/console/session"


@pytest.fixture
async def server() -> AsyncIterator[TestServer]:
    async with TestServer() as server:
        yield server


def code(answer: Answer) -> str:
    return answer.headers.get("X-Supergame-Error", "")


async def invited(server: TestServer, name: str = "admin") -> TestOperator:
    """The first operator, who has not signed in yet."""
    first = await server.node.operators.first()
    assert first is not None
    return TestOperator(server.ask_console, name, first.one_time_password)


async def is_signed_in(operator: TestOperator) -> bool:
    return (await operator.request("GET", SESSION)).status == 200


def code_now(server: TestServer, secret: str, drift: int = 0) -> str:
    return code_at(read(secret), whole_seconds(server.clock.now()) // STEP_S + drift)


async def with_authenticator(server: TestServer, role: str = "owner") -> tuple[TestOperator, str]:
    operator = await server.operator(role)
    offer = await operator.act("POST", f"{SESSION}/totp", {"password": operator.password})
    await operator.act("PUT", f"{SESSION}/totp", {"code": code_now(server, offer["secret"])})
    return operator, offer["secret"]


# --- the first operator, passwords


async def test_CON1_the_first_operator_is_an_owner_made_once(server: TestServer) -> None:
    admin = await invited(server)
    assert await server.node.operators.first() is None
    assert (await admin.sign_in()).json["role"] == "owner"


async def test_CON2_a_one_time_password_lets_in_to_choose_another_and_to_nothing_else(server: TestServer) -> None:
    admin = await invited(server)
    assert (await admin.sign_in()).json["must_change_password"]
    assert code(await admin.request("GET", "/sg/v1/console/operators")) == "console.first_step_needed"
    await admin.choose_password("correct horse battery")
    assert (await admin.request("GET", "/sg/v1/console/operators")).status == 200


async def test_CON2_a_one_time_password_ends_after_a_week(server: TestServer) -> None:
    admin = await invited(server)
    server.clock.advance(ONE_TIME_S)
    assert code(await admin.sign_in()) == "console.sign_in_refused"


async def test_CON2_a_password_that_is_too_short_or_too_long_is_not_taken(server: TestServer) -> None:
    operator = await server.operator()
    for password in ("short", "x" * 11, "ä" * 513):
        body = {"password": operator.password, "new_password": password}
        assert code(await operator.request("PUT", f"{SESSION}/password", body=body)) == "console.password_unfit"


async def test_CON2_the_password_in_use_is_no_new_one(server: TestServer) -> None:
    admin = await invited(server)
    await admin.sign_in()
    body = {"password": admin.password, "new_password": admin.password}
    assert code(await admin.request("PUT", f"{SESSION}/password", body=body)) == "console.password_unfit"


# --- refusals


async def test_CON3_a_wrong_name_a_wrong_password_a_wrong_code_and_a_disabled_operator_are_refused_alike(server: TestServer) -> None:
    operator, secret = await with_authenticator(server, "viewer")
    owner = await server.operator()
    server.clock.advance(STEP_S)
    right = code_now(server, secret)
    wrong = [
        await replace(operator, name="nobody").sign_in(right),
        await replace(operator, password="wrong horse battery").sign_in(right),
        await operator.sign_in("000000" if right != "000000" else "111111"),
    ]
    viewer = next(one for one in (await owner.get("/sg/v1/console/operators"))["operators"] if one["name"] == operator.name)
    await owner.act("PUT", f"/sg/v1/console/operators/{viewer['operator_id']}", {"role": "viewer", "disabled": True})
    wrong.append(await operator.sign_in(right))
    assert {(answer.status, answer.body) for answer in wrong} == {(401, wrong[0].body)}


async def test_CON3_an_unknown_name_costs_a_hash_as_a_known_one_does(server: TestServer) -> None:
    """Planted fault: skip the hash for names that nobody has."""
    operator = await server.operator()
    checked: list[str] = []
    passwords = server.node.operators._passwords
    verify = passwords._verify
    passwords._verify = lambda hashed, password: checked.append(password) or verify(hashed, password)  # type: ignore[func-returns-value]
    await replace(operator, password="first").sign_in()
    await replace(operator, name="nobody", password="second").sign_in()
    assert checked == ["first", "second"]


# --- guessing


async def test_CON4_guesses_at_an_operator_are_counted_and_then_not_looked_at(server: TestServer) -> None:
    operator = await server.operator()
    guesser = replace(operator, password="wrong horse battery")
    answers = [await guesser.sign_in() for _ in range(FAILURES_PER_OPERATOR + 1)]
    assert [answer.status for answer in answers] == [401] * FAILURES_PER_OPERATOR + [429]
    assert (await operator.sign_in()).status == 429, "a right one is not looked at either"
    server.clock.advance(FAILURES_WINDOW_S)
    assert (await operator.sign_in()).status == 200


async def test_CON4_guesses_from_one_address_at_many_names_are_counted_together(server: TestServer) -> None:
    statuses = [
        (await TestOperator(server.ask_console, f"name-{number}", "wrong horse battery").sign_in()).status
        for number in range(FAILURES_PER_ADDRESS + 1)
    ]
    assert statuses == [401] * FAILURES_PER_ADDRESS + [429]


async def test_CON4_codes_cannot_be_guessed_either(server: TestServer) -> None:
    operator, secret = await with_authenticator(server)
    server.clock.advance(STEP_S)
    wrong = {str(number).zfill(6) for number in range(FAILURES_PER_OPERATOR + 4)} - {
        code_now(server, secret, drift) for drift in (-1, 0, 1)
    }
    statuses = [(await operator.sign_in(guess)).status for guess in sorted(wrong)[: FAILURES_PER_OPERATOR + 1]]
    assert statuses == [401] * FAILURES_PER_OPERATOR + [429]


async def test_CON4_a_name_as_long_as_a_book_is_not_remembered_whole(server: TestServer) -> None:
    await TestOperator(server.ask_console, "x" * 100_000, "wrong horse battery").sign_in()
    assert max(len(text) for key in _signins(server)._throttle._failures for text in key) <= 64


def _signins(server: TestServer):  # type: ignore[no-untyped-def]
    return server.node.console_router._signins


# --- the second factor


async def test_CON5_who_has_an_authenticator_signs_in_with_its_code(server: TestServer) -> None:
    operator, secret = await with_authenticator(server)
    server.clock.advance(STEP_S)
    assert code(await operator.sign_in()) == "console.code_needed"
    answer = await operator.sign_in(code_now(server, secret))
    assert (answer.status, answer.json["has_totp"]) == (200, True)


async def test_CON5_a_code_works_once(server: TestServer) -> None:
    """Planted fault: leave the step out of the update."""
    operator, secret = await with_authenticator(server)
    server.clock.advance(STEP_S)
    used = code_now(server, secret)
    assert (await operator.sign_in(used)).status == 200
    assert code(await operator.sign_in(used)) == "console.sign_in_refused"
    server.clock.advance(STEP_S)
    assert code(await operator.sign_in(used)) == "console.sign_in_refused", "it would still be in time"


async def test_CON5_of_two_sign_ins_at_the_same_moment_with_one_code_one_comes_in(server: TestServer) -> None:
    """Planted fault: take the step into use without comparing it there once more."""
    operator, secret = await with_authenticator(server)
    server.clock.advance(STEP_S)
    code_of_both = code_now(server, secret)
    answers = await asyncio.gather(*(replace(operator).sign_in(code_of_both) for _ in range(3)))
    assert sorted(answer.status for answer in answers) == [200, 401, 401]


async def test_CON5_the_code_that_added_the_authenticator_was_used_by_that(server: TestServer) -> None:
    operator, secret = await with_authenticator(server)
    assert code(await operator.sign_in(code_now(server, secret))) == "console.sign_in_refused"


async def test_CON5_an_authenticator_is_added_by_a_right_code_only_and_offered_for_the_password(server: TestServer) -> None:
    operator = await server.operator()
    refused = await operator.request("POST", f"{SESSION}/totp", body={"password": "wrong horse battery"})
    assert code(refused) == "console.sign_in_refused"
    offer = await operator.act("POST", f"{SESSION}/totp", {"password": operator.password})
    assert offer["qr_svg"].startswith("<svg")
    wrong = await operator.request("PUT", f"{SESSION}/totp", body={"code": code_now(server, offer["secret"], drift=5)})
    assert code(wrong) == "console.code_wrong"
    assert (await operator.sign_in()).json.get("has_totp", False) is False


async def test_CON6_a_console_that_others_can_reach_asks_everybody_for_a_second_factor(server: TestServer) -> None:
    operator = await server.operator()
    _signins(server)._asks_for_totp = True
    assert (await operator.get(SESSION))["must_add_totp"]
    assert code(await operator.request("GET", "/sg/v1/console/operators")) == "console.first_step_needed"
    offer = await operator.act("POST", f"{SESSION}/totp", {"password": operator.password})
    await operator.act("PUT", f"{SESSION}/totp", {"code": code_now(server, offer["secret"])})
    assert (await operator.request("GET", "/sg/v1/console/operators")).status == 200


# --- what ends a session


async def test_CON7_a_session_that_nobody_uses_ends(server: TestServer) -> None:
    operator = await server.operator()
    server.clock.advance(IDLE_S - 1)
    assert await is_signed_in(operator)
    server.clock.advance(IDLE_S - 1)
    assert await is_signed_in(operator), "its last use counts, not its beginning"
    server.clock.advance(IDLE_S)
    assert not await is_signed_in(operator)


async def test_CON7_a_session_ends_after_twelve_hours_however_busy(server: TestServer) -> None:
    operator = await server.operator()
    for _ in range(LIFE_S // (IDLE_S // 2)):
        assert await is_signed_in(operator)
        server.clock.advance(IDLE_S / 2)
    assert not await is_signed_in(operator)


async def test_CON7_signing_out_ends_this_session_and_no_other(server: TestServer) -> None:
    operator = await server.operator()
    other = replace(operator)
    await other.sign_in()
    kept = replace(operator)
    await operator.act("DELETE", SESSION)
    assert operator.cookie == ""
    assert not await is_signed_in(kept), "the cookie that somebody kept is worth nothing"
    assert await is_signed_in(other)


async def test_CON7_a_new_password_ends_the_other_sessions(server: TestServer) -> None:
    operator = await server.operator()
    stolen = replace(operator)
    await operator.choose_password("another horse battery")
    assert await is_signed_in(operator)
    assert not await is_signed_in(stolen)


async def test_CON7_other_rights_end_the_sessions(server: TestServer) -> None:
    owner, operator = await server.operator(), await server.operator("operator")
    own_id = (await operator.get(SESSION))["operator_id"]
    for change in ({"role": "viewer"}, {"role": "operator", "titles": ["main"]}, {"role": "operator", "disabled": True}):
        await owner.act("PUT", f"/sg/v1/console/operators/{own_id}", change)
        assert not await is_signed_in(operator)
        await operator.sign_in()


async def test_CON7_a_reset_and_an_owners_sign_out_end_the_sessions(server: TestServer) -> None:
    owner, operator = await server.operator(), await server.operator("operator")
    own_id = (await operator.get(SESSION))["operator_id"]
    await owner.act("DELETE", f"/sg/v1/console/operators/{own_id}/sessions")
    assert not await is_signed_in(operator)
    await operator.sign_in()
    await owner.act("POST", f"/sg/v1/console/operators/{own_id}/reset")
    assert not await is_signed_in(operator)


async def test_CON7_an_operator_has_so_many_sessions_and_the_oldest_ends(server: TestServer) -> None:
    operator = await server.operator()
    sessions = [replace(operator) for _ in range(SESSIONS_MAX)]
    for session in sessions:
        server.clock.advance(1)
        await session.sign_in()
    assert not await is_signed_in(operator)
    assert [await is_signed_in(session) for session in sessions] == [True] * SESSIONS_MAX


async def test_CON8_the_database_holds_nothing_to_sign_in_with(server: TestServer) -> None:
    operator, _ = await with_authenticator(server)
    tables = Statement("test.all", "SELECT session_digest FROM operator_sessions UNION ALL SELECT password_hash FROM operators")
    kept = [row[0] for row in await server.node.db.read(collect, tables)]
    assert len(kept) == 2
    assert not any(operator.cookie in text or operator.password in text for text in kept)


async def test_CON8_no_script_and_no_game_can_read_the_cookie(server: TestServer) -> None:
    operator = await server.operator()
    (cookie,) = [value for name, value in (await operator.sign_in()).headers.items() if name == "Set-Cookie"]
    assert cookie.split("; ")[1:] == ["Path=/sg/v1/console", "HttpOnly", "SameSite=Strict"]
