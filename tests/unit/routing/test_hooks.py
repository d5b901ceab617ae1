"""Hooks by themselves; through a whole server: tests/unit/game/test_game.py. Rules: docs/spec/hooks.md."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from supergame.base.ids import TitleId
from supergame.routing.context import Context
from supergame.routing.hooks import HookRefused, Hooks

MAIN, BETA = TitleId("main"), TitleId("beta")


async def test_HOOK1_before_hooks_pass_the_request_on_in_the_order_of_their_registration() -> None:
    hooks = Hooks()
    for letter in "abc":

        async def append(ctx: Context, request: Any, letter: str = letter) -> Any:
            return request + letter

        hooks.add_before(MAIN, "get_users", append)
    assert await hooks.run_before("get_users", Context(MAIN), ">") == ">abc"


async def test_HOOK2_after_a_refusal_no_other_hook_runs() -> None:
    hooks, seen = Hooks(), []

    async def refuse(ctx: Context, request: Any) -> Any:
        return None

    async def see(ctx: Context, request: Any) -> Any:
        seen.append(request)
        return request

    hooks.add_before(MAIN, "get_users", refuse)
    hooks.add_before(MAIN, "get_users", see)
    with pytest.raises(HookRefused):
        await hooks.run_before("get_users", Context(MAIN), "x")
    assert seen == []


async def test_HOOK4_an_after_hook_that_raises_does_not_stop_the_next() -> None:
    hooks, seen = Hooks(), []

    async def fail(ctx: Context, request: Any, reply: Any) -> None:
        raise RuntimeError("broken hook")

    async def see(ctx: Context, request: Any, reply: Any) -> None:
        seen.append((request, reply))

    hooks.add_after(MAIN, "get_users", fail)
    hooks.add_after(MAIN, "get_users", see)
    with capture_logs() as logs:
        await hooks.run_after("get_users", Context(MAIN), "x", "y")
    assert seen == [("x", "y")]
    assert [(log["event"], log["endpoint"]) for log in logs] == [("after hook failed", "get_users")]


async def test_HOOK4_an_after_hook_cannot_change_the_reply() -> None:
    hooks, reply = Hooks(), {"users": ["ada"]}

    async def change(ctx: Context, request: Any, seen: Any) -> None:
        seen["users"].append("nobody")

    hooks.add_after(MAIN, "get_users", change)
    await hooks.run_after("get_users", Context(MAIN), "x", reply)
    assert reply == {"users": ["ada"]}


async def test_HOOK6_hooks_belong_to_one_title_and_one_endpoint() -> None:
    hooks = Hooks()

    async def refuse(ctx: Context, request: Any) -> Any:
        return None

    hooks.add_before(MAIN, "get_users", refuse)
    assert await hooks.run_before("get_users", Context(BETA), "x") == "x"
    assert await hooks.run_before("get_account", Context(MAIN), "x") == "x"
