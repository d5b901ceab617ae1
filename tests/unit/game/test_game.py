"""What a game's file can do, over the whole server. Rules of hooks and timers: docs/spec/hooks.md."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from typing import Any

import pytest
from structlog.testing import capture_logs

import supergame
from supergame.game import Context, Game, GameError, Status
from supergame.game import game as module
from supergame.game.errors import GameInvalid
from supergame.routing.hooks import Hooks
from supergame.testing import Answer, TestServer


def code(answer: Answer) -> str:
    return answer.headers.get("X-Supergame-Error", "")


# --- the title


@pytest.mark.parametrize("id", ["", "My-Game", "1up", "-x", "a b", "ä", "a" * 65, "a\n", "a/b"])
def test_a_title_id_is_plain(id: str) -> None:
    with pytest.raises(ValueError, match="no title id"):
        Game(id)


def test_a_game_without_a_name_is_called_by_its_id() -> None:
    assert (Game("my-game").name, Game("my-game", name="My game").name, Game("a" * 64).id) == ("my-game", "My game", "a" * 64)


async def test_TTL1_environments_of_a_title_have_data_of_their_own_and_code_is_told_where_it_runs() -> None:
    def made() -> Game:
        game = Game("quest", name="Quest")

        @game.rpc("where")
        async def where(ctx: Context, payload: str) -> str:
            await ctx.storage.write("visits", "last", {"at": payload})
            return f"{ctx.title_id} {ctx.environment}"

        return game

    async with TestServer(made(), made().enter("beta")) as server:
        live, beta = await server.sign_in("ada"), await server.sign_in("ada", title=1)
        assert [await player.rpc("where", "") for player in (live, beta)] == ["quest live", "quest@beta beta"]
        assert live.user_id == beta.user_id
        await beta.call("PUT", "/v2/storage", body={"objects": [{"collection": "c", "key": "k", "value": "{}"}]})
        assert await live.get("/v2/storage/c") == {}


def test_the_facade_is_loaded_when_it_is_asked_for() -> None:
    ask = "import sys, supergame; before = 'supergame.game' in sys.modules; supergame.Game; print(before, 'supergame.game' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_the_facade_has_what_it_promises_and_nothing_else() -> None:
    assert supergame.Game is Game
    assert all(getattr(supergame, name) for name in supergame.game.__all__)
    for name in ("TestServer", "Router", "_private"):
        with pytest.raises(AttributeError):
            getattr(supergame, name)


def test_decorated_functions_stay_what_they_were() -> None:
    game = Game("main")

    async def function(ctx: Context, *arguments: Any) -> None: ...

    for decorate in (game.rpc("a"), game.before("get_users"), game.after("get_users"), game.every(1)):
        assert decorate(function) is function


# --- before hooks


def users_game(title: str = "main") -> Game:
    """Looks up people by name; its hook knows "me", hides "nobody" and guards two names."""
    game = Game(title)

    @game.before("get_users")
    async def before_get_users(ctx: Context, request: Any) -> Any:
        if "nobody" in request.usernames:
            return None
        if "guarded" in request.usernames:
            raise GameError("Not for you.", Status.PERMISSION_DENIED)
        if "broken" in request.usernames:
            raise ZeroDivisionError("the secret is 4711")
        request.usernames = [ctx.username if name == "me" else name for name in request.usernames]
        return request

    return game


async def usernames(server: TestServer, *names: str, title: int = 0) -> Any:
    ada = await server.sign_in("ada", title=title)
    found = await ada.get("/v2/user", usernames=list(names))
    return [user["username"] for user in found.get("users", [])]


async def test_HOOK1_a_before_hook_changes_the_request() -> None:
    async with TestServer(users_game()) as server:
        assert await usernames(server, "me") == ["ada"]


async def test_HOOK1_a_before_hook_of_a_sign_in_may_decide_the_name() -> None:
    game = Game("main")

    @game.before("authenticate_device")
    async def name_them(ctx: Context, request: Any) -> Any:
        request.username = "chosen"
        return request

    async with TestServer(game) as server:
        bob = await server.sign_in("bob")
        assert (await bob.get("/v2/account"))["user"]["username"] == "chosen"


async def check_that_a_hook_can_refuse() -> None:
    async with TestServer(users_game()) as server:
        ada = await server.sign_in("ada")
        answer = await ada.request("GET", "/v2/user", query={"usernames": "nobody"})
        assert (answer.status, code(answer)) == (404, "hook.refused")


async def test_HOOK2_a_before_hook_that_returns_nothing_refuses() -> None:
    await check_that_a_hook_can_refuse()


async def test_HOOK2_a_planted_fault_is_caught_nothing_taken_for_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run_before(self: Hooks, endpoint: str, ctx: Any, request: Any) -> Any:
        for hook in self._before.get((ctx.title_id, endpoint), ()):
            request = await hook(ctx, request) or request
        return request

    monkeypatch.setattr(Hooks, "run_before", run_before)
    with pytest.raises(AssertionError):
        await check_that_a_hook_can_refuse()


async def test_HOOK2_a_refused_write_writes_nothing() -> None:
    game = Game("main")

    @game.before("write_storage_objects")
    async def refuse(ctx: Context, request: Any) -> None:
        return None

    async with TestServer(game) as server:
        ada = await server.sign_in("ada")
        objects = [{"collection": "save", "key": "k", "value": "{}"}]
        assert (await ada.request("PUT", "/v2/storage", body={"objects": objects})).status == 404
        assert await ada.get(f"/v2/storage/save/{ada.user_id}") == {}


async def test_HOOK3_a_before_hook_refuses_with_a_sentence() -> None:
    async with TestServer(users_game()) as server:
        ada = await server.sign_in("ada")
        answer = await ada.request("GET", "/v2/user", query={"usernames": "guarded"})
        assert (answer.status, answer.json["message"]) == (403, "Not for you.")


async def test_HOOK3_a_before_hook_that_breaks_tells_nothing() -> None:
    async with TestServer(users_game()) as server:
        ada = await server.sign_in("ada")
        with capture_logs() as logs:
            answer = await ada.request("GET", "/v2/user", query={"usernames": "broken"})
        assert (answer.status, code(answer)) == (500, "internal")
        assert b"4711" not in answer.body
        assert logs[0]["route"] == "get_users"


# --- after hooks


async def test_HOOK4_an_after_hook_sees_request_and_reply_of_what_succeeded() -> None:
    game, seen = Game("main"), []

    @game.after("list_storage_objects")
    async def after(ctx: Context, request: Any, reply: Any) -> None:
        seen.append((ctx.username, request.collection, len(reply.objects)))

    async with TestServer(game) as server:
        ada = await server.sign_in("ada")
        await ada.get("/v2/storage/save")
        assert (await ada.request("GET", "/v2/storage/save", query={"limit": 0})).status == 400
    assert seen == [("ada", "save", 0)]


async def check_that_an_after_hook_cannot_touch_the_answer() -> None:
    game = Game("main")

    @game.after("get_account")
    async def meddle(ctx: Context, request: Any, reply: Any) -> None:
        reply.user.username = "mallory"
        raise ZeroDivisionError

    async with TestServer(game) as server:
        with capture_logs() as logs:
            ada = await server.sign_in("ada")
            answer = await ada.request("GET", "/v2/account")
        assert (answer.status, answer.json["user"]["username"]) == (200, "ada")
        assert logs[0]["event"] == "after hook failed"


async def test_HOOK4_an_after_hook_that_raises_does_not_spoil_the_answer() -> None:
    await check_that_an_after_hook_cannot_touch_the_answer()


@pytest.mark.parametrize("fault", ["the reply itself", "errors pass"])
async def test_HOOK4_planted_faults_are_caught(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    async def run_after(self: Hooks, endpoint: str, ctx: Any, request: Any, reply: Any) -> None:
        for hook in self._after.get((ctx.title_id, endpoint), ()):
            try:
                await hook(ctx, request, reply)
            except ZeroDivisionError:
                if fault == "errors pass":
                    raise

    monkeypatch.setattr(Hooks, "run_after", run_after)
    with pytest.raises(AssertionError):
        await check_that_an_after_hook_cannot_touch_the_answer()


# --- where hooks do not run


async def test_HOOK5_what_a_game_calls_runs_no_hooks() -> None:
    game, calls = Game("main"), []

    @game.before("write_storage_objects")
    async def before(ctx: Context, request: Any) -> None:
        calls.append("before")

    @game.after("get_users")
    async def after(ctx: Context, request: Any, reply: Any) -> None:
        calls.append("after")

    @game.rpc("save")
    async def save(ctx: Context, payload: str) -> str:
        await ctx.storage.write("save", "k", {"n": 1})
        return (await ctx.accounts.users(usernames=["ada"]))[0].username

    async with TestServer(game) as server:
        ada = await server.sign_in("ada")
        assert await ada.rpc("save") == "ada"
    assert calls == []


async def test_HOOK6_hooks_of_one_title_leave_others_alone() -> None:
    async with TestServer(users_game("alpha"), Game("beta")) as server:
        assert await usernames(server, "me", title=0) == ["ada"]
        assert await usernames(server, "me", title=1) == []


@pytest.mark.parametrize("kind", ["before", "after"])
@pytest.mark.parametrize("endpoint", ["get_user", "rpc_func", "openapi", "GetUsers", ""])
async def test_HOOK7_a_hook_for_an_unknown_endpoint_stops_the_start(kind: str, endpoint: str) -> None:
    game = Game("main")

    async def hook(ctx: Context, *arguments: Any) -> None: ...

    getattr(game, kind)(endpoint)(hook)
    server = TestServer(game)
    with pytest.raises(GameInvalid, match=r"main: there is no endpoint .* get_users"):
        await server.start()
    server._folder.cleanup()


async def test_HOOK8_an_own_endpoint_called_as_a_function_runs_its_hooks() -> None:
    game = Game("main")

    @game.before("about")
    async def refuse(ctx: Context, request: Any) -> None:
        return None

    async with TestServer(game) as server:
        ada = await server.sign_in("ada")
        answer = await ada.request("POST", "/v2/rpc/sg.about", body="")
        assert (answer.status, code(answer)) == (404, "hook.refused")


# --- timers


class Naps:
    """Stands in for `asyncio` in the timers: a nap ends at once, the last one never."""

    def __init__(self, count: int) -> None:
        self.asked: list[float] = []
        self.over = asyncio.Event()
        self._left = count

    async def sleep(self, seconds: float) -> None:
        self.asked.append(seconds)
        self._left -= 1
        if self._left < 0:
            self.over.set()
            await asyncio.Event().wait()


async def run_timers(game: Game, naps: Naps) -> None:
    async with TestServer(game) as server:
        timers = [asyncio.create_task(job) for job in server.node.jobs[3:]]
        await naps.over.wait()
        for timer in timers:
            timer.cancel()
        await asyncio.gather(*timers, return_exceptions=True)


async def test_HOOK9_a_timer_runs_again_and_again_after_its_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    game, naps, runs = Game("main"), Naps(3), []
    monkeypatch.setattr(module, "asyncio", naps)

    @game.every(seconds=30)
    async def tick(ctx: Context) -> None:
        saved = await ctx.storage.read("timers", "tick")
        runs.append((ctx.user_id, saved.value["n"] if saved else 0))
        await ctx.storage.write("timers", "tick", {"n": len(runs)})

    await run_timers(game, naps)
    assert runs == [("", 0), ("", 1), ("", 2)]
    assert naps.asked == [30, 30, 30, 30]


async def test_HOOK9_a_timer_that_raises_runs_again(monkeypatch: pytest.MonkeyPatch) -> None:
    game, naps, runs = Game("main"), Naps(3), []
    monkeypatch.setattr(module, "asyncio", naps)

    @game.every(1)
    async def tick(ctx: Context) -> None:
        runs.append("run")
        raise ZeroDivisionError

    with capture_logs() as logs:
        await run_timers(game, naps)
    assert len(runs) == 3
    assert [(log["event"], log["title"], log["timer"]) for log in logs] == [("timer failed", "main", "tick")] * 3


@pytest.mark.parametrize("seconds", [0, -1])
def test_HOOK9_a_timer_needs_an_interval(seconds: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        Game("main").every(seconds)


async def test_a_game_may_be_served_twice() -> None:
    game = users_game()

    @game.rpc("hello")
    async def hello(ctx: Context, payload: str) -> str:
        return json.dumps({"hello": ctx.username})

    for _ in range(2):
        async with TestServer(game) as server:
            ada = await server.sign_in("ada")
            assert json.loads(await ada.rpc("hello")) == {"hello": "ada"}


def test_a_forgotten_async_is_told_at_the_decorator() -> None:
    game = Game("main")

    def hello(ctx: Context, payload: str) -> str:
        return payload

    for decorate in (game.rpc("hello"), game.before("get_users"), game.after("get_users"), game.every(1)):
        with pytest.raises(TypeError, match="'hello' has to be an async function"):
            decorate(hello)  # type: ignore[type-var]
