"""The console's own endpoints: sign-in, access, audit."""

from __future__ import annotations

import segno

from supergame.base.clock import SECOND_US
from supergame.console import totp
from supergame.console.audit_pages import AuditPages
from supergame.console.messages import (
    AddOperator,
    AuditCheck,
    AuditList,
    ChangeOperator,
    ChangePassword,
    CheckAudit,
    ConfirmTotp,
    InvitedOperator,
    ListAudit,
    Me,
    OfferTotp,
    OneOperator,
    OperatorInfo,
    OperatorList,
    RoleInfo,
    RoleList,
    SignIn,
    TotpOffer,
)
from supergame.console.model import IDLE_S, LIFE_S, SignedIn
from supergame.console.operators import Access, Operators
from supergame.console.origin import cookie
from supergame.console.signins import Opened, SignIns
from supergame.routing.console import PERMISSIONS, Action, ConsoleRoutes, Permission
from supergame.wire.api import Empty

SESSION = "/sg/v1/console/session"
OPERATORS = "/sg/v1/console/operators"


def session_routes(signins: SignIns, is_tls: bool) -> ConsoleRoutes:
    """Signing in and out, and what operators do about their own sign-in."""
    routes = ConsoleRoutes()

    def opened_for(action: Action, opened: Opened) -> Me:
        action.headers.append(cookie(opened.secret, is_tls))
        return me(opened.session)

    def me(session: SignedIn) -> Me:
        operator = session.operator
        return Me(
            operator_id=operator.operator_id,
            name=operator.name,
            role=operator.role,
            titles=sorted(operator.titles),
            permissions=sorted(PERMISSIONS[operator.role]),
            must_change_password=operator.must_change_password,
            must_add_totp=signins.must_add_totp(operator),
            has_totp=bool(operator.totp_secret),
            ends_at=session.created_at + LIFE_S * SECOND_US,
            idle_s=IDLE_S,
        )

    @routes.open("POST", SESSION)
    async def sign_in(action: Action, request: SignIn) -> Me:
        return opened_for(action, await signins.sign_in(request.name, request.password, request.code, action.client_ip))

    @routes.own("GET", SESSION, is_first_step=True)
    async def who_am_i(action: Action, request: Empty) -> Me:
        return me(await signins.session(action.session_id))

    @routes.own("DELETE", SESSION, is_first_step=True)
    async def sign_out(action: Action, request: Empty) -> Empty:
        await signins.sign_out(action.session_id)
        action.changed(f"operators/{action.operator_id}", None, "signed out")
        action.headers.append(cookie("", is_tls))
        return Empty()

    @routes.own("PUT", f"{SESSION}/password", is_first_step=True)
    async def change_password(action: Action, request: ChangePassword) -> Me:
        return opened_for(action, await signins.change_password(action, request.password, request.new_password))

    @routes.own("POST", f"{SESSION}/totp", is_first_step=True)
    async def offer_totp(action: Action, request: OfferTotp) -> TotpOffer:
        secret = await signins.offer_totp(action, request.password)
        uri = totp.uri(secret, action.operator)
        return TotpOffer(secret=totp.written(secret), uri=uri, qr_svg=segno.make(uri, micro=False).svg_inline(scale=4))

    @routes.own("PUT", f"{SESSION}/totp", is_first_step=True)
    async def confirm_totp(action: Action, request: ConfirmTotp) -> Me:
        await signins.confirm_totp(action, request.code)
        return me(await signins.session(action.session_id))

    return routes


def access_routes(operators: Operators) -> ConsoleRoutes:
    """Who has access."""
    routes = ConsoleRoutes()

    @routes.read("/sg/v1/console/roles", Permission.ACCESS_READ)
    async def list_roles(action: Action, request: Empty) -> RoleList:
        return RoleList(roles=[RoleInfo(role=role, permissions=sorted(rights)) for role, rights in PERMISSIONS.items()])

    @routes.read(OPERATORS, Permission.ACCESS_READ)
    async def list_operators(action: Action, request: Empty) -> OperatorList:
        return OperatorList(operators=[operator_info(access) for access in await operators.all()])

    @routes.act("POST", OPERATORS, Permission.ACCESS_WRITE, needs_reason=True)
    async def add_operator(action: Action, request: AddOperator) -> InvitedOperator:
        operator, password = await operators.add(action, request.name, request.role, request.titles)
        return InvitedOperator(operator=operator_info(Access(operator, 0, None)), one_time_password=password)

    @routes.act("PUT", f"{OPERATORS}/{{operator_id}}", Permission.ACCESS_WRITE, needs_reason=True)
    async def change_operator(action: Action, request: ChangeOperator) -> OperatorInfo:
        changed = await operators.change(action, request.operator_id, request.role, request.titles, request.disabled)
        return operator_info(Access(changed, 0, None))

    @routes.act("POST", f"{OPERATORS}/{{operator_id}}/reset", Permission.ACCESS_WRITE, needs_reason=True)
    async def reset_operator(action: Action, request: OneOperator) -> InvitedOperator:
        operator, password = await operators.reset(action, request.operator_id)
        return InvitedOperator(operator=operator_info(Access(operator, 0, None)), one_time_password=password)

    @routes.act("DELETE", f"{OPERATORS}/{{operator_id}}/sessions", Permission.ACCESS_WRITE)
    async def sign_out_operator(action: Action, request: OneOperator) -> Empty:
        await operators.sign_out(action, request.operator_id)
        return Empty()

    return routes


def audit_routes(pages: AuditPages) -> ConsoleRoutes:
    """What was done by whom."""
    routes = ConsoleRoutes()

    @routes.read("/sg/v1/console/audit", Permission.AUDIT_READ)
    async def list_audit(action: Action, request: ListAudit) -> AuditList:
        return await pages.page(request)

    @routes.read("/sg/v1/console/audit/check", Permission.AUDIT_READ)
    async def check_audit(action: Action, request: CheckAudit) -> AuditCheck:
        return await pages.check(request)

    return routes


def operator_info(access: Access) -> OperatorInfo:
    operator = access.operator
    return OperatorInfo(
        operator_id=operator.operator_id,
        name=operator.name,
        role=operator.role,
        titles=sorted(operator.titles),
        disabled=operator.disabled_at is not None,
        has_totp=bool(operator.totp_secret),
        must_change_password=operator.must_change_password,
        created_at=operator.created_at,
        signed_in_at=operator.signed_in_at or 0,
        sessions=access.sessions,
        seen_at=access.seen_at or 0,
    )
