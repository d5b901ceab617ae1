"""A guest at the console: an operator made for one share, signed in by the agent, so that whoever has the link is let in and no further."""

from __future__ import annotations

import json
import secrets
from http.client import HTTPConnection, HTTPException
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from supergame.app.access import open_access
from supergame.app.config import Config
from supergame.base.errors import InvalidArgument, Unavailable
from supergame.console.operators import Invited, Operators
from supergame.console.origin import COOKIE
from supergame.relay.heads import Head
from supergame.routing.console import Action, Role

SESSION: Final = "/sg/v1/console/session"
ANSWER_WITHIN_S: Final = 10.0


class ConsoleUnreachable(Unavailable):
    """The console does not answer, or does not let the guest in; start the server, or name its address with --console."""

    code = "share.console_unreachable"


class NotForGuests(InvalidArgument):
    """This link is for looking, or does not lead there."""

    code = "share.not_for_guests"


class Guest(NamedTuple):
    operator_id: str
    name: str
    role: Role
    session: str
    """The secret of the console's cookie. It stays on this machine: the agent adds it to what guests ask."""


async def invite(config: Config, console: tuple[str, int], role: Role) -> Guest:
    """A new operator for the share, signed in.

    Raises:
        NoData: nothing is kept in the data folder.
        ConsoleUnreachable.
    """
    name = f"guest-{secrets.token_hex(4)}"
    async with open_access(config) as operators:
        invited = await operators.at_machine("add_guest", lambda action: operators.add(action, name, role, []))
    return Guest(invited.operator.operator_id, name, role, sign_in(console, name, invited.one_time_password))


async def dismiss(config: Config, guest: Guest) -> None:
    """Nobody signs in as this guest again, and the session has ended."""

    async def disable(operators: Operators, action: Action) -> Invited:
        return Invited(await operators.change(action, guest.operator_id, guest.role, [], disabled=True), "")

    async with open_access(config) as operators:
        await operators.at_machine("end_guest", lambda action: disable(operators, action))


def sign_in(console: tuple[str, int], name: str, one_time_password: str) -> str:
    """The secret of a session, with a password of its own that nobody learns. Raises ConsoleUnreachable."""
    _, first = _call(console, "POST", SESSION, {"name": name, "password": one_time_password}, "")
    change = {"password": one_time_password, "new_password": secrets.token_urlsafe(24)}
    me, session = _call(console, "PUT", f"{SESSION}/password", change, first)
    if me.get("must_add_totp"):
        raise ConsoleUnreachable("This console asks everybody of that role for an authenticator, which a guest does not have.")
    return session


def admission(guest: Guest, console: tuple[str, int]) -> Any:
    """What becomes of a guest's request to the console: signed in as the guest, as if it were asked on this machine.

    Viewers send GET alone; nobody touches the guest's own sign-in.
    """
    here = f"{console[0]}:{console[1]}"

    def admit(head: Head) -> None:
        if guest.role is Role.VIEWER and head.method not in ("GET", "HEAD"):
            raise NotForGuests
        if head.is_upgrade or (head.path.startswith(SESSION) and head.method != "GET"):
            raise NotForGuests
        host, origin = head.get(b"host"), head.get(b"origin")
        head.replace(b"host", here)
        if origin and urlsplit(origin).netloc == host:  # of the page that the console served; any other is refused there
            head.replace(b"origin", f"http://{here}")
        head.set_cookie(COOKIE, guest.session)

    return admit


def _call(console: tuple[str, int], method: str, path: str, body: dict[str, str], session: str) -> tuple[dict[str, Any], str]:
    """The answer, and the cookie that came with it."""
    connection = HTTPConnection(*console, timeout=ANSWER_WITHIN_S)
    try:
        headers = {"Content-Type": "application/json", "X-CSRF": "1", "Cookie": f"{COOKIE}={session}"}
        connection.request(method, path, json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
    except (OSError, HTTPException) as error:
        raise ConsoleUnreachable(f"The console at {console[0]}:{console[1]} does not answer: {error}") from None
    finally:
        connection.close()
    if answer.status != 200:
        raise ConsoleUnreachable(f"The console does not let the guest in: {text[:200].decode(errors='replace')}")
    cookie = answer.headers.get("Set-Cookie", "")
    return json.loads(text), cookie.partition("=")[2].partition(";")[0]
