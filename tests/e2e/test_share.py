"""A link as it is made and used: a server, a relay and an agent in processes of their own."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from tests.support.server import ServerProcess, _read_until

CONSOLE = "/sg/v1/console"


@contextmanager
def running(*arguments: str, until: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A command, and what it has printed until it was ready. It is stopped as by Ctrl+C."""
    process = subprocess.Popen([sys.executable, "-m", "supergame.cli.main", *arguments], stdout=subprocess.PIPE)
    try:
        yield process, _read_until(process, until, Path("/dev/null"))
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def ask(port: int, path: str, cookie: str = "", method: str = "GET", body: Any = None) -> Answer:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        headers = {"Cookie": cookie, "X-CSRF": "1", "X-Reason": "to%20try", "Origin": f"http://127.0.0.1:{port}"}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        return Answer(answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()


class Place(NamedTuple):
    server: ServerProcess
    relay_port: int
    data: Path

    @contextmanager
    def share(self, *options: str) -> Iterator[str]:
        """The cookie of a guest who has opened the link."""
        where = ["--relay", f"http://127.0.0.1:{self.relay_port}", "--data", str(self.data)]
        where += ["--server", f"http://127.0.0.1:{self.server.port}", "--console", f"http://127.0.0.1:{self.server.console_port}"]
        with running("share", *where, *options, until="/p/") as (_, printed):
            (link,) = re.findall(r"http\S+", printed)
            opened = ask(self.relay_port, urlsplit(link).path)
            assert (opened.status, opened.headers["location"]) == (302, "/")
            yield opened.headers["set-cookie"].partition(";")[0]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    data = tmp_path_factory.mktemp("data")
    server = ServerProcess.start(data)
    try:
        with running("relay", "--port", "0", until="/\n") as (_, printed):
            port = urlsplit(re.findall(r"http\S+", printed)[0]).port
            assert port is not None
            yield Place(server, port, data)
    finally:
        server.stop()


def test_RLY11_a_link_for_players_leads_to_the_game_and_ends_with_its_command(place: Place) -> None:
    with place.share() as cookie:
        page = ask(place.relay_port, "/", cookie)
        assert page.status == 200
        assert page.body == ask(place.server.port, "/").body
        about = json.loads(ask(place.relay_port, "/sg/v1/about", cookie).body)
        assert about["name"] == "supergame"
        assert ask(place.relay_port, f"{CONSOLE}/session", cookie).status == 404, "the console is not there"
        assert ask(place.relay_port, "/sg/v1/about").status == 404, "who has no link is not let in"
    assert ask(place.relay_port, "/sg/v1/about", cookie).status == 404


def test_RLY11_a_viewer_sees_the_console_and_changes_nothing(place: Place) -> None:
    with place.share("--role", "viewer") as cookie:
        me = json.loads(ask(place.relay_port, f"{CONSOLE}/session", cookie).body)
        assert (me["role"], me["name"].startswith("guest-")) == ("viewer", True)
        assert "sg_console" not in str(ask(place.relay_port, f"{CONSOLE}/session", cookie).headers)
        for method, path in (("DELETE", f"{CONSOLE}/session"), ("PUT", f"{CONSOLE}/session/password"), ("POST", f"{CONSOLE}/operators")):
            refused = ask(place.relay_port, path, cookie, method, {})
            assert (refused.status, b"for looking" in refused.body) == (403, True)
        assert ask(place.relay_port, f"{CONSOLE}/operators", cookie).status == 403, "a viewer's rights are the console's own"
    listed = [sys.executable, "-m", "supergame.cli.main", "operator", "--data", str(place.data), "list"]
    shown = subprocess.run(listed, capture_output=True, text=True, check=True).stdout
    assert re.search(rf"{me['name']} +viewer .*disabled", shown)


def test_RLY11_an_editor_acts_as_a_guest(place: Place) -> None:
    with place.share("--role", "editor") as cookie:
        me = json.loads(ask(place.relay_port, f"{CONSOLE}/session", cookie).body)
        assert me["role"] == "operator"
        answer = ask(place.relay_port, f"{CONSOLE}/titles/kitewind/chat/messages/none", cookie, "DELETE", {})
        assert answer.status not in (401, 403), "the console heard it, and answered for itself"
        assert ask(place.relay_port, f"{CONSOLE}/session", cookie, "DELETE").status == 403, "guests share one sign-in"


def test_a_link_that_is_over_by_time_ends_the_command(place: Place) -> None:
    with place.share("--for", "4s") as cookie:
        with suppress(RemoteDisconnected):  # who is there when it ends is cut off
            while ask(place.relay_port, "/sg/v1/about", cookie).status == 200:
                pass
        assert ask(place.relay_port, "/sg/v1/about", cookie).status == 404
