"""The door of the console: every route, every role, every title; and what requests must bring along."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest
from structlog.testing import capture_logs

from supergame.game import Game
from supergame.routing.console import PERMISSIONS, Action, ConsoleEndpoint, ConsoleRoutes, Permission, Role
from supergame.routing.http import Request
from supergame.testing import Answer, TestOperator, TestServer
from supergame.wire.api import Empty
from supergame.wire.message import Message, field

SESSION = "/sg/v1/console/session"
OPERATORS = "/sg/v1/console/operators"
PREFIX, OF_TITLE = "/sg/v1/console/", "/sg/v1/console/titles/{title_id}"


class OfTitle(Message):
    title_id: Annotated[str, field(1)] = ""


@pytest.fixture
async def server() -> AsyncIterator[TestServer]:
    async with TestServer(Game("main"), Game("beta")) as server:
        yield server


def code(answer: Answer) -> str:
    return answer.headers.get("X-Supergame-Error", "")


def endpoints(server: TestServer) -> list[ConsoleEndpoint]:
    return [one for one in server.node.console_router.endpoints if isinstance(one, ConsoleEndpoint)]


# --- who may do what


CALLERS: dict[str, tuple[str, tuple[str, ...]] | None] = {
    "nobody": None,
    "forged": None,
    **{role.value: (role.value, ()) for role in Role},
    **{f"{role.value} of main": (role.value, ("main",)) for role in Role if role is not Role.OWNER},
}
TITLES = ("main", "main@beta", "beta")


def should_pass(endpoint: ConsoleEndpoint, caller: str, title: str) -> bool:
    """Who may do what, said anew and only from the page of rules: by the last word of a permission's name."""
    if endpoint.is_open:
        return True
    if CALLERS[caller] is None:
        return False
    if endpoint.permission is None:
        return True
    role = caller.partition(" ")[0]
    resource, _, verb = endpoint.permission.value.partition(".")
    may = {
        "owner": True,
        "operator": resource != "access",
        "support": (verb == "read" and resource not in ("access", "audit"))
        or endpoint.permission.value in ("players.write", "players.ban", "reports.write", "chat.moderate", "feedback.write"),
        "viewer": verb == "read" and resource not in ("access", "audit"),
    }[role]
    is_inside = endpoint.across_titles or ("{title_id}" in endpoint.path and title.partition("@")[0] == "main")
    return may and (not caller.endswith("of main") or is_inside)


async def callers(server: TestServer) -> dict[str, TestOperator]:
    made = {name: await server.operator(of[0], titles=of[1]) for name, of in CALLERS.items() if of is not None}
    return made | {"nobody": TestOperator(server.ask_console), "forged": TestOperator(server.ask_console, cookie="f" * 64)}


async def wrongly_answered(server: TestServer) -> list[tuple[str, str, str, str]]:
    """Each route of the console x each caller x each title, tried; handlers are never reached, a mark stands in for them."""
    wrong, who = [], await callers(server)
    signins = server.node.console_router._signins
    sessions = {name: await signins.verify(one.cookie) for name, one in who.items() if CALLERS[name] is not None}

    async def from_memory(secret: str) -> Any:
        found = [session for name, session in sessions.items() if who[name].cookie == secret]
        return found[0] if found else await honest(secret)

    honest, signins.verify = signins.verify, from_memory
    for endpoint in endpoints(server):
        reached: list[bool] = []

        async def mark(action: Action, request: Any, reached: list[bool] = reached) -> Any:
            reached.append(True)
            raise PermissionError

        endpoint.perform = mark
        endpoint.is_act = False  # the trail has its own tests
        for title in TITLES if "{title_id}" in endpoint.path else ("",):
            path = endpoint.path.replace("{title_id}", title).replace("{", "").replace("}", "")
            for name, caller in who.items():
                reached.clear()
                with capture_logs():
                    answer = await caller.request(endpoint.method, path, body={} if endpoint.body else None, reason="matrix")
                expected = should_pass(endpoint, name, title)
                if bool(reached) is not expected or (not expected and answer.status not in (401, 403)):
                    wrong.append((endpoint.method, path, name, f"{answer.status} {code(answer)}"))
    return wrong


async def test_CON11_every_route_answers_to_those_who_may_and_to_nobody_else(server: TestServer) -> None:
    assert len(endpoints(server)) >= 20
    assert await wrongly_answered(server) == []


@pytest.mark.parametrize(
    ("path", "permission", "across_titles", "caught"),
    [
        ("/sg/v1/console/hole", Permission.NOW_READ, True, {"viewer of main", "support of main", "operator of main"}),
        (f"{OF_TITLE}/hole", Permission.CONFIG_WRITE, False, {"viewer", "viewer of main", "support", "support of main"}),
    ],
)
async def test_CON11_a_planted_hole_is_caught(
    server: TestServer, path: str, permission: Permission, across_titles: bool, caught: set[str]
) -> None:
    """A route that lets people into more than it says: its declaration is opened after the matrix has read the rules."""
    routes = ConsoleRoutes()

    @routes.read(path, permission, across_titles=False)
    async def hole(action: Action, request: OfTitle) -> Empty:
        return Empty()

    (endpoint,) = routes

    class Open(ConsoleEndpoint):
        """Says one thing to the matrix, does another at the door."""

    endpoint.__class__ = Open
    honest = server.node.console_router.__class__.__dict__["_run"].__globals__["check_permission"]

    def lax(asked: ConsoleEndpoint, action: Action, values: dict[str, str]) -> None:
        if not isinstance(asked, Open):
            honest(asked, action, values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("supergame.console.router.check_permission", lax)
        server.node.console_router.add(routes)
        wrong = await wrongly_answered(server)
    assert {name for method, where, name, _ in wrong if where.endswith("hole")} >= caught
    assert {where for _, where, _, _ in wrong if not where.endswith("hole")} == set()


def test_CON11_every_permission_is_somebodys_and_owners_have_all() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert PERMISSIONS[Role.OWNER] == frozenset(Permission)
    assert PERMISSIONS[Role.VIEWER] < PERMISSIONS[Role.SUPPORT] < PERMISSIONS[Role.OPERATOR] < PERMISSIONS[Role.OWNER]


async def test_CON11_paths_tell_whether_they_are_of_a_title(server: TestServer) -> None:
    for endpoint in endpoints(server):
        assert endpoint.path.startswith(PREFIX)
        if "title_id" in endpoint.parameters:
            assert endpoint.path.startswith(OF_TITLE), endpoint.path


# --- what requests must bring along


async def test_CON9_an_act_without_the_header_against_forgery_is_refused(server: TestServer) -> None:
    owner = await server.operator()
    for method, path in (("POST", OPERATORS), ("DELETE", SESSION), ("POST", SESSION)):
        for header in ("", "0", "true"):
            refused = await owner.request(method, path, body={"name": "ada", "role": "viewer"}, headers={"x-csrf": header}, reason="x")
            assert code(refused) == "console.csrf_missing"
    assert len((await owner.get(OPERATORS))["operators"]) == 1


async def test_CON9_every_route_that_changes_something_asks_for_it(server: TestServer) -> None:
    for endpoint in endpoints(server):
        changes = endpoint.is_act or endpoint.method != "GET"
        assert (("X-CSRF", True) in endpoint.headers) is changes, endpoint.path


CALLED = [
    ({"host": "127.0.0.1:7351"}, 200),
    ({"host": "127.0.0.1"}, 200),
    ({"host": "[::1]:9000"}, 200),
    ({"host": "localhost:7351", "origin": "http://localhost:7351"}, 200),
    ({"host": "10.0.0.7:7351", "origin": "https://10.0.0.7:7351"}, 200),
    ({"host": "evil.example:7351"}, 403),
    ({"host": "localhost.evil.example"}, 403),
    ({"host": "127.0.0.1.evil.example"}, 403),
    ({"host": ""}, 403),
    ({"host": "[::1"}, 403),
    ({"origin": "http://evil.example"}, 403),
    ({"origin": "http://127.0.0.1:7350"}, 403),
    ({"origin": "null"}, 403),
    ({"origin": ""}, 403),
    ({"sec-fetch-site": "cross-site"}, 403),
    ({"sec-fetch-site": "same-site"}, 403),
    ({"sec-fetch-site": "none"}, 200),
]


async def test_CON10_only_the_consoles_own_page_under_its_own_names_is_answered(server: TestServer) -> None:
    owner = await server.operator()
    for headers, status in CALLED:
        answer = await owner.request("GET", OPERATORS, headers=headers)
        assert (answer.status, code(answer)) == (status, "" if status == 200 else "console.origin_refused"), headers


async def test_CON10_a_name_of_the_operators_own_is_answered(server: TestServer) -> None:
    owner = await server.operator()
    server.node.console_router._names = frozenset({"console.example.org"})
    assert (await owner.request("GET", OPERATORS, headers={"host": "Console.Example.org:443"})).status == 200
    assert (await owner.request("GET", OPERATORS, headers={"host": "other.example.org"})).status == 403


async def test_CON17_a_dangerous_act_without_a_fit_reason_is_refused_and_not_done(server: TestServer) -> None:
    owner = await server.operator()
    for reason in ("", "%20%09", "x" * 501, "two%0Alines", "hidden%E2%80%AEtext"):
        refused = await owner.request("POST", OPERATORS, body={"name": "ada", "role": "viewer"}, headers={"x-reason": reason})
        assert code(refused) == "console.reason_missing", reason
    assert len((await owner.get(OPERATORS))["operators"]) == 1


async def test_CON17_a_reason_in_any_script_is_kept_as_it_was_said(server: TestServer) -> None:
    owner = await server.operator()
    said = "Ärger — 騒ぎ 🐌 " + "x" * 480
    await owner.act("POST", OPERATORS, {"name": "ada", "role": "viewer"}, reason=said)
    assert (await owner.get("/sg/v1/console/audit"))["actions"][0]["reason"] == said


# --- the two ports


async def test_CON12_the_players_port_knows_nothing_of_the_console(server: TestServer) -> None:
    for endpoint in endpoints(server):
        answer = await server.request(endpoint.method, endpoint.path)
        assert answer.status in (404, 501), endpoint.path


async def test_CON12_a_console_endpoint_on_the_players_port_would_refuse_everybody(server: TestServer) -> None:
    """Planted fault: the wrong router is given a feature's console routes."""
    owner = await server.operator()
    server.node.router.add([one for one in endpoints(server) if one.path == OPERATORS])
    answer = await server.request("GET", OPERATORS, headers={"cookie": f"sg_console={owner.cookie}", "x-csrf": "1"})
    assert answer.status == 401


async def test_CON12_answers_of_the_console_are_kept_by_nobody(server: TestServer) -> None:
    owner = await server.operator()
    assert (await owner.request("GET", OPERATORS)).headers["Cache-Control"] == "no-store"


async def test_the_consoles_description_names_what_each_route_needs(server: TestServer) -> None:
    owner = await server.operator()
    paths = (await owner.get("/openapi.json"))["paths"]
    assert {path for path in paths if path.startswith(PREFIX)} == {one.path for one in endpoints(server)}
    add = paths[OPERATORS]["post"]
    assert [(one["name"], one["required"]) for one in add["parameters"]] == [("X-CSRF", True), ("X-Reason", True)]
    assert (add["security"], add["x-permission"]) == ([{"operator": []}], "access.write")
    assert paths[SESSION]["post"]["security"] == []


# --- acts say what they change


class _Looker(ast.NodeVisitor):
    """Whether a function says through its `action` what it changes, or hands it on to one that does."""

    def __init__(self) -> None:
        self.says = False

    def visit_Call(self, call: ast.Call) -> None:
        passed = [*call.args, *(keyword.value for keyword in call.keywords)]
        on_action = isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) and call.func.value.id == "action"
        if (on_action and call.func.attr == "changed") or any(isinstance(one, ast.Name) and one.id == "action" for one in passed):  # type: ignore[union-attr]
            self.says = True
        self.generic_visit(call)


async def test_CON25_every_act_says_what_it_changed(server: TestServer) -> None:
    silent = []
    for endpoint in endpoints(server):
        if not endpoint.is_act:
            continue
        looker = _Looker()
        looker.visit(ast.parse(textwrap.dedent(inspect.getsource(endpoint.handler))))
        if not looker.says:
            silent.append(endpoint.name)
    assert silent == []


async def test_CON25_an_act_that_says_nothing_fails_loudly_and_is_in_the_trail(server: TestServer) -> None:
    """The planted fault of the rule."""
    routes = ConsoleRoutes()

    @routes.act("POST", "/sg/v1/console/silent", Permission.CONFIG_WRITE)
    async def silent(action: Action, request: Empty) -> Empty:
        return Empty()

    server.node.console_router.add(routes)
    owner = await server.operator()
    with capture_logs() as logs:
        assert (await owner.request("POST", "/sg/v1/console/silent", body={})).status == 500
    assert "did not say" in str(logs[0]["exc_info"])
    assert (await owner.get("/sg/v1/console/audit"))["actions"][0]["action"] == "silent"


async def test_the_page_of_the_console_may_load_and_run_only_its_own(server: TestServer) -> None:
    response = await server.ask_console(Request("GET", "/", headers={"accept": "text/html"}))
    policy = dict(response.headers)["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
