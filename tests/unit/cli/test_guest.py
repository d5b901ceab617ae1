"""What becomes of a guest's request on its way to the console."""

from __future__ import annotations

import pytest

from supergame.cli.guest import Guest, NotForGuests, admission
from supergame.relay.heads import Head, parse
from supergame.routing.console import Role

CONSOLE = ("127.0.0.1", 7351)


def head(method: str = "GET", path: str = "/", headers: str = "") -> Head:
    return parse(f"{method} {path} HTTP/1.1\r\nHost: relay.example\r\n{headers}\r\n".encode())


def admitted(asked: Head, role: Role = Role.OPERATOR) -> Head:
    admission(Guest("id", "guest-1", role, "s3cret"), CONSOLE)(asked)
    return asked


def test_RLY11_a_guest_is_signed_in_and_calls_the_console_by_its_own_name() -> None:
    got = admitted(head(headers="Origin: https://relay.example\r\nCookie: sg_console=forged; theme=dark\r\n"))
    assert (got.get(b"host"), got.get(b"origin")) == ("127.0.0.1:7351", "http://127.0.0.1:7351")
    assert (got.cookie("sg_console"), got.cookie("theme")) == ("s3cret", "dark")


def test_RLY11_a_page_of_another_origin_stays_one() -> None:
    assert admitted(head(headers="Origin: https://evil.example\r\n")).get(b"origin") == "https://evil.example"


@pytest.mark.parametrize(
    ("role", "method", "path"),
    [
        (Role.VIEWER, "POST", "/sg/v1/console/operators"),
        (Role.VIEWER, "DELETE", "/x"),
        (Role.OPERATOR, "DELETE", "/sg/v1/console/session"),
        (Role.OPERATOR, "PUT", "/sg/v1/console/session/password"),
        (Role.OPERATOR, "POST", "/sg/v1/console/session/totp"),
    ],
)
def test_RLY11_what_guests_may_not(role: Role, method: str, path: str) -> None:
    with pytest.raises(NotForGuests):
        admitted(head(method, path), role)


def test_RLY11_the_console_has_no_sockets() -> None:
    with pytest.raises(NotForGuests):
        admitted(head(headers="Connection: Upgrade\r\nUpgrade: websocket\r\n"))
