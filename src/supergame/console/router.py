"""The door of the console: who calls, may they, why, and the audit trail around what they do (rules CON9 to CON12, CON17, CON20, CON25)."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from supergame.base.errors import SupergameError
from supergame.base.limits import Limits
from supergame.base.names import has_control
from supergame.console.model import REASON_LETTERS_MAX, FirstStepNeeded, NotPermitted, ReasonMissing
from supergame.console.origin import check_csrf, check_origin, session_secret
from supergame.console.signins import SignIns
from supergame.console.trail import DONE, FAILED, REFUSED, Trail
from supergame.routing.auth import Authenticator
from supergame.routing.console import Action, ConsoleEndpoint, Role
from supergame.routing.hooks import Hooks
from supergame.routing.http import Endpoint, Guard, Request, Response, Router, Values
from supergame.telemetry.metrics import Metrics
from supergame.wire.query import parse_query

HEADERS = (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))


class ConsoleRouter(Router):
    """A router whose console endpoints are for operators alone. All others, such as health and the page itself, it serves as any."""

    def __init__(
        self, auth: Authenticator, signins: SignIns, trail: Trail, names: frozenset[str], metrics: Metrics, guard: Guard, limits: Limits
    ) -> None:
        """`names`: those, besides addresses and localhost, that the console answers to."""
        super().__init__(auth, Hooks(), metrics, guard, limits)
        self._signins, self._trail, self._names = signins, trail, names

    async def _run(self, endpoint: Endpoint, values: Values, request: Request) -> Response:
        if not isinstance(endpoint, ConsoleEndpoint):
            return await super()._run(endpoint, values, request)
        check_origin(request.headers, self._names)
        action = await self._caller(endpoint, request)
        check_permission(endpoint, action, values)
        if any(name == "X-CSRF" for name, _ in endpoint.headers):
            check_csrf(request.headers)
        action.reason = read_reason(request.headers.get("x-reason", ""), endpoint.needs_reason)
        message = _message(endpoint, values, request)
        reply = await (self._audited(endpoint, action, values, message) if endpoint.is_act else endpoint.perform(action, message))
        headers = (*HEADERS, *action.headers)
        if isinstance(reply, Response):
            return reply._replace(headers=(*reply.headers, *headers))
        return Response(200, endpoint.write(reply), headers=headers)

    async def _caller(self, endpoint: ConsoleEndpoint, request: Request) -> Action:
        if endpoint.is_open:
            return Action("", "", Role.VIEWER, request.client_ip)
        session = await self._signins.verify(session_secret(request.headers))
        operator = session.operator
        if self._signins.has_first_step(operator) and not endpoint.is_first_step:
            raise FirstStepNeeded
        return Action(
            operator.name,
            operator.operator_id,
            operator.role,
            request.client_ip,
            titles=operator.titles,
            session_id=session.session_digest,
        )

    async def _audited(self, endpoint: ConsoleEndpoint, action: Action, values: Values, message: Any) -> Any:
        """The handler's reply, with what it is about to do written down before, and what it did after."""
        said = {"path": values} if endpoint.is_raw else message
        intent = await self._trail.intend(action, endpoint.name, values.get("title_id", ""), target_of(endpoint, values), said)
        try:
            reply = await endpoint.perform(action, message)
        except SupergameError as error:
            await self._trail.conclude(action, intent, REFUSED, error.code)
            raise
        except Exception:
            await self._trail.conclude(action, intent, FAILED)
            raise
        await self._trail.conclude(action, intent, DONE)
        assert action.changes, f"{endpoint.name} did something and did not say what it changed"
        return reply


def check_permission(endpoint: ConsoleEndpoint, action: Action, values: Values) -> None:
    """Raises NotPermitted."""
    if endpoint.permission is not None and not action.may(endpoint.permission):
        raise NotPermitted(f"This needs the permission {endpoint.permission}, which your role, {action.role}, does not have.")
    if action.titles and not endpoint.across_titles and not ("title_id" in values and action.sees(values["title_id"])):
        raise NotPermitted


def read_reason(header: str, is_needed: bool) -> str:
    """Why an operator does something. Raises ReasonMissing."""
    reason = unquote(header).strip()
    if len(reason) > REASON_LETTERS_MAX or has_control(reason) or (is_needed and not reason):
        raise ReasonMissing
    return reason


def target_of(endpoint: Endpoint, values: Values) -> str:
    """What an action is about to touch, by its path: `matches/<id>` for `/sg/v1/console/titles/{title_id}/matches/{match_id}/kick`."""
    named = [name for name in endpoint.parameters if name != "title_id"]
    if not named:
        return f"titles/{values['title_id']}" if "title_id" in values else ""
    segments = endpoint.path.split("/")
    first = segments.index(f"{{{named[0]}}}")
    return "/".join([segments[first - 1], *(values[name] for name in named)])


def _message(endpoint: ConsoleEndpoint, values: Values, request: Request) -> Any:
    if endpoint.is_raw:
        request.values = values
        return request
    return endpoint.read(request.body, values, parse_query(request.query) if request.query else {})
