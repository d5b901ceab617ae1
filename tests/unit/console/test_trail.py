"""The audit trail: what it holds, what it must not hold, and how a forged one is found."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from supergame.console import trail_store
from supergame.console.entries import BODY_BYTES_MAX, Entry, body_of, chained
from supergame.console.trail import DONE, Trail, first_broken
from supergame.db.port import Statement, Tx, collect
from supergame.routing.console import CHANGES_MAX, Action, Role
from supergame.testing import TestOperator, TestServer

AUDIT = "/sg/v1/console/audit"
OPERATORS = "/sg/v1/console/operators"
ENTRIES = Statement("test.entries", "SELECT entry, kind, action, body FROM audit_entries ORDER BY entry")


@pytest.fixture
async def server() -> AsyncIterator[TestServer]:
    async with TestServer() as server:
        yield server


def trail_of(server: TestServer) -> Trail:
    return server.node.console_router._trail


async def entries(server: TestServer) -> list[tuple[Any, ...]]:
    return await server.node.db.read(collect, ENTRIES)


async def tamper(server: TestServer, sql: str) -> None:
    def change() -> Tx[None]:
        yield Statement("test.tamper", sql)()

    await server.node.db.write(change)


async def with_some_history(server: TestServer) -> TestOperator:
    owner = await server.operator()
    for name in ("ada", "bo", "cy"):
        await owner.act("POST", OPERATORS, {"name": name, "role": "viewer"}, reason=f"{name} asked")
    return owner


# --- before and after


async def test_CON20_the_intent_is_kept_before_the_handler_runs_and_the_outcome_after(server: TestServer, monkeypatch: Any) -> None:
    """Planted fault: write the intent after the handler."""
    owner = await server.operator()
    seen: list[list[str]] = []
    honest = server.node.operators.add

    async def looking(*args: Any) -> Any:
        seen.append([kind for _, kind, action, _ in await entries(server) if action == "add_operator"])
        return await honest(*args)

    monkeypatch.setattr(server.node.operators, "add", looking)
    await owner.act("POST", OPERATORS, {"name": "ada", "role": "viewer"})
    seen.append([kind for _, kind, action, _ in await entries(server) if action == "add_operator"])
    assert seen == [["intent"], ["intent", "change", "outcome"]]


async def test_CON20_what_was_refused_is_kept_too_with_its_code(server: TestServer) -> None:
    owner = await server.operator()
    await owner.request("POST", OPERATORS, body={"name": "Not A Name", "role": "viewer"}, reason="try")
    latest = (await owner.get(AUDIT, action="add_operator"))["actions"][0]
    assert (latest["outcome"], latest["error"]) == ("refused", "console.operator_invalid")


async def test_CON20_a_handler_that_fails_is_kept_as_failed(server: TestServer, monkeypatch: Any) -> None:
    owner = await server.operator()

    async def failing(*args: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(server.node.operators, "add", failing)
    assert (await owner.request("POST", OPERATORS, body={"name": "ada", "role": "viewer"}, reason="try")).status == 500
    assert (await owner.get(AUDIT, action="add_operator"))["actions"][0]["outcome"] == "failed"


async def test_CON20_signing_in_is_kept_and_so_is_a_refusal_of_somebody_who_exists(server: TestServer) -> None:
    owner = await server.operator()
    await TestOperator(server.ask_console, owner.name, "wrong horse battery").sign_in()
    await TestOperator(server.ask_console, "nobody", "wrong horse battery").sign_in()
    told = (await owner.get(AUDIT, action="sign_in"))["actions"]
    assert [(one["operator"], one["outcome"]) for one in told] == [(owner.name, "refused"), (owner.name, "done")]


async def test_CON20_what_is_only_looked_at_is_not_kept(server: TestServer) -> None:
    owner = await server.operator()
    before = len(await entries(server))
    await owner.get(OPERATORS)
    await owner.get(AUDIT)
    assert len(await entries(server)) == before


# --- the chain


async def test_CON21_a_trail_that_nobody_touched_is_whole(server: TestServer) -> None:
    owner = await with_some_history(server)
    checked = await owner.get(f"{AUDIT}/check")
    assert (int(checked["entries"]), "first_broken" in checked) == (len(await entries(server)), False)


FAULTS = {
    "another body": "UPDATE audit_entries SET body = '{}' WHERE entry = 9",
    "another operator": "UPDATE audit_entries SET operator = 'somebody else' WHERE entry = 9",
    "another time": "UPDATE audit_entries SET at = at - 1 WHERE entry = 9",
    "one put in its place": "UPDATE audit_entries SET body = '{}', digest = 'abc' WHERE entry = 9",
    "one moved to the front": "UPDATE audit_entries SET entry = -1 WHERE entry = 9",
    "one removed": "DELETE FROM audit_entries WHERE entry = 9",
}


async def test_CON21_a_planted_fault_is_caught_and_its_entry_named(server: TestServer) -> None:
    owner, named = await with_some_history(server), {}
    kept = await server.node.db.read(collect, Statement("test.kept", "SELECT * FROM audit_entries ORDER BY entry"))
    marks = ", ".join("?" * len(kept[0]))

    def restore() -> Tx[None]:
        yield Statement("test.clear", "DELETE FROM audit_entries")()
        for row in kept:
            yield Statement("test.put_back", f"INSERT INTO audit_entries VALUES ({marks})")(*row)

    for fault, sql in FAULTS.items():
        await tamper(server, sql)
        named[fault] = (await owner.get(f"{AUDIT}/check")).get("first_broken")
        await server.node.db.write(restore)
    assert named == dict.fromkeys(FAULTS, "9") | {"one moved to the front": "1"}
    assert "first_broken" not in await owner.get(f"{AUDIT}/check")


def test_CON21_an_entry_forged_with_a_right_digest_of_its_own_breaks_the_next() -> None:
    def entry(number: int, previous: str, body: str = "{}") -> Entry:
        return chained(Entry(number, "intent", "a", 0, "o", "ada", "x", "", "", body, previous, ""))  # type: ignore[arg-type]

    first = entry(1, "0" * 64)
    second = entry(2, first.digest)
    forged = entry(1, "0" * 64, '{"reason":"none"}')
    assert first_broken([first, second], 0, "0" * 64) == 0
    assert forged.is_whole
    assert first_broken([forged, second], 0, "0" * 64) == 2


async def test_CON21_what_is_cut_off_at_the_end_shows_by_a_digest_kept_elsewhere(server: TestServer) -> None:
    owner = await with_some_history(server)
    kept = await owner.get(f"{AUDIT}/check")
    assert (await owner.get(f"{AUDIT}/check", entries=kept["entries"], digest=kept["digest"]))["keeps"] is True
    await tamper(server, f"DELETE FROM audit_entries WHERE entry > {int(kept['entries']) - 3}")
    cut = await owner.get(f"{AUDIT}/check", entries=kept["entries"], digest=kept["digest"])
    assert "keeps" not in cut
    assert "first_broken" not in cut, "the rest is whole: only the kept digest tells"


async def test_CON21_entries_added_at_the_same_moment_form_one_chain(server: TestServer) -> None:
    trail, action = trail_of(server), Action("ada", "1", Role.OWNER)
    await asyncio.gather(*(trail.note(action, "test", f"things/{number}") for number in range(20)))
    checked = await trail.check()
    assert (checked.entries, checked.first_broken) == (40, 0)


def test_CON21_no_statement_of_the_trail_changes_or_removes_an_entry() -> None:
    """Planted fault: an UPDATE among them."""
    statements = [value for value in vars(trail_store).values() if isinstance(value, Statement)]
    assert len(statements) > 4
    assert {statement.sql.split()[0] for statement in statements} == {"SELECT", "INSERT"}


# --- secrets and bounds


async def test_CON22_no_secret_is_in_the_trail(server: TestServer) -> None:
    """Planted fault: a name taken off the list of secrets."""
    owner = await server.operator()
    invited = await owner.act("POST", OPERATORS, {"name": "ada", "role": "viewer"})
    offer = await owner.act("POST", "/sg/v1/console/session/totp", {"password": owner.password})
    reset = await owner.act("POST", f"{OPERATORS}/{invited['operator']['operator_id']}/reset")
    await owner.choose_password("another horse battery")
    kept = json.dumps(await entries(server))
    secrets = {
        invited["one_time_password"],
        offer["secret"],
        reset["one_time_password"],
        owner.password,
        "correct horse battery",
        owner.cookie,
    }
    assert {secret for secret in secrets if secret in kept} == set()
    assert "(secret)" in kept


def test_CON22_secrets_are_struck_out_however_deep() -> None:
    said = json.loads(body_of({"a": [{"password": "x", "code": 0}], "b": {"token": {"deep": 1}}, "password": ""}))
    assert said == {"a": [{"password": "(secret)", "code": 0}], "b": {"token": "(secret)"}, "password": ""}


def test_CON22_what_is_too_large_is_left_out_and_told_by_size_and_digest() -> None:
    said = json.loads(body_of({"value": "x" * BODY_BYTES_MAX}))
    assert said["left_out_bytes"] == BODY_BYTES_MAX + 12
    assert len(said["sha256"]) == 64
    assert "value" in json.loads(body_of({"value": "x" * (BODY_BYTES_MAX - 12)}))


async def test_CON22_changes_beyond_the_bound_are_counted(server: TestServer) -> None:
    trail, action = trail_of(server), Action("ada", "1", Role.OWNER)
    intent = await trail.intend(action, "many", "", "things", None)
    for number in range(CHANGES_MAX + 7):
        action.changed(f"things/{number}", None, number)
    await trail.conclude(action, intent, DONE)
    owner = await server.operator()
    told = (await owner.get(AUDIT, action="many"))["actions"][0]
    assert (len(told["changes"]), told["changes_dropped"]) == (CHANGES_MAX, 7)


# --- looking at it


async def test_CON23_an_action_whose_end_nobody_wrote_down_has_no_outcome(server: TestServer) -> None:
    await trail_of(server).intend(Action("ada", "1", Role.OWNER, reason="why"), "erase_player", "main", "players/7", {"user_id": "7"})
    owner = await server.operator()
    told = (await owner.get(AUDIT, target="players/7"))["actions"][0]
    assert "outcome" not in told
    assert (told["action"], told["reason"], told["request"]) == ("erase_player", "why", '{"user_id":"7"}')


async def test_CON24_the_list_is_narrowed_by_operator_action_title_target_and_time(server: TestServer) -> None:
    trail, began = trail_of(server), server.clock.now()
    ada, bo = Action("ada", "1", Role.OWNER), Action("bo", "2", Role.SUPPORT)
    for action, name, title, target in [
        (ada, "ban_player", "main", "players/1"),
        (bo, "ban_player", "beta", "players/2"),
        (bo, "end_match", "main", "matches/1"),
    ]:
        intent = await trail.intend(action, name, title, target, None)
        action.changes.clear()
        action.changed("notes/9", None, name)
        await trail.conclude(action, intent, DONE)
        server.clock.advance(10)
    owner = await server.operator()

    async def targets(**wanted: Any) -> list[str]:
        return [one["target"] for one in (await owner.get(AUDIT, until=began + 30_000_000, **wanted)).get("actions", [])]

    assert await targets() == ["matches/1", "players/2", "players/1"]
    assert await targets(operator="bo") == ["matches/1", "players/2"]
    assert await targets(action="ban_player") == ["players/2", "players/1"]
    assert await targets(title_id="main", operator="ada") == ["players/1"]
    assert await targets(target="players/2") == ["players/2"]
    assert await targets(target="notes/9") == ["matches/1", "players/2", "players/1"], "also by what was changed"
    assert await targets(since=began + 10_000_000) == ["matches/1", "players/2"]
    assert await targets(target="notes/9", since=began + 5_000_000, operator="bo", action="end_match") == ["matches/1"]
    assert await targets(operator="nobody") == []


async def test_CON24_pages_follow_each_other_and_end(server: TestServer) -> None:
    trail, action = trail_of(server), Action("ada", "1", Role.OWNER)
    for number in range(25):
        await trail.note(action, "test", f"things/{number}")
    owner, seen, cursor = await server.operator(), [], ""
    while not seen or cursor:
        page = await owner.get(AUDIT, action="test", limit=10, cursor=cursor)
        seen += [one["target"] for one in page["actions"]]
        cursor = page.get("cursor", "")
    assert seen == [f"things/{number}" for number in reversed(range(25))]
    for limit in (0, 101):
        refused = await owner.request("GET", AUDIT, query={"limit": limit})
        assert refused.headers["X-Supergame-Error"] == "console.page_invalid"
    other_list = await owner.request("GET", AUDIT, query={"cursor": (await owner.get(AUDIT, action="test", limit=1))["cursor"]})
    assert other_list.headers["X-Supergame-Error"] == "malformed_cursor"


async def test_CON24_the_trail_outlives_the_server(server: TestServer) -> None:
    owner = await with_some_history(server)
    before = await owner.get(AUDIT)
    await server.stop()
    await server.start()
    assert await owner.get(AUDIT) == before
