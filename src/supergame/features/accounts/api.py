"""Sign-in, identities and profiles over HTTP."""

from __future__ import annotations

from collections.abc import Callable

from supergame.base.ids import TitleId, UserId
from supergame.features.accounts.service import Accounts
from supergame.routing.auth import Auth
from supergame.routing.context import Context
from supergame.routing.http import Routes
from supergame.wire.api import (
    Account,
    AccountCustom,
    AccountDevice,
    AccountEmail,
    AuthenticateCustomRequest,
    AuthenticateDeviceRequest,
    AuthenticateEmailRequest,
    Empty,
    GetUsersRequest,
    Session,
    UpdateAccountRequest,
    Users,
)

IsOnline = Callable[[TitleId, UserId], bool]


def routes(accounts: Accounts, is_online: IsOnline) -> Routes:
    """`is_online` tells whether somebody appears online in a title."""
    routes = Routes()
    _sign_in(routes, accounts)
    _identities(routes, accounts)
    _profiles(routes, accounts, is_online)
    return routes


def _sign_in(routes: Routes, accounts: Accounts) -> None:
    @routes.post("/v2/account/authenticate/device", auth=Auth.SERVER_KEY, body="account")
    async def authenticate_device(ctx: Context, request: AuthenticateDeviceRequest) -> Session:
        account = request.account
        return await accounts.authenticate_device(ctx, account.id, request.create is not False, request.username, account.vars)

    @routes.post("/v2/account/authenticate/custom", auth=Auth.SERVER_KEY, body="account")
    async def authenticate_custom(ctx: Context, request: AuthenticateCustomRequest) -> Session:
        account = request.account
        return await accounts.authenticate_custom(ctx, account.id, request.create is not False, request.username, account.vars)

    @routes.post("/v2/account/authenticate/email", auth=Auth.SERVER_KEY, body="account")
    async def authenticate_email(ctx: Context, request: AuthenticateEmailRequest) -> Session:
        account, create = request.account, request.create is not False
        return await accounts.authenticate_email(ctx, account.email, account.password, create, request.username, account.vars)


def _identities(routes: Routes, accounts: Accounts) -> None:
    @routes.post("/v2/account/link/device", auth=Auth.SESSION)
    async def link_device(ctx: Context, request: AccountDevice) -> Empty:
        await accounts.link_device(ctx.player(), request.id)
        return Empty()

    @routes.post("/v2/account/link/custom", auth=Auth.SESSION)
    async def link_custom(ctx: Context, request: AccountCustom) -> Empty:
        await accounts.link_custom(ctx.player(), request.id)
        return Empty()

    @routes.post("/v2/account/link/email", auth=Auth.SESSION)
    async def link_email(ctx: Context, request: AccountEmail) -> Empty:
        await accounts.link_email(ctx.player(), request.email, request.password)
        return Empty()

    @routes.post("/v2/account/unlink/device", auth=Auth.SESSION)
    async def unlink_device(ctx: Context, request: AccountDevice) -> Empty:
        await accounts.unlink(ctx.player(), "device", request.id)
        return Empty()

    @routes.post("/v2/account/unlink/custom", auth=Auth.SESSION)
    async def unlink_custom(ctx: Context, request: AccountCustom) -> Empty:
        await accounts.unlink(ctx.player(), "custom", request.id)
        return Empty()

    @routes.post("/v2/account/unlink/email", auth=Auth.SESSION)
    async def unlink_email(ctx: Context, request: AccountEmail) -> Empty:
        await accounts.unlink(ctx.player(), "email", request.email)
        return Empty()


def _profiles(routes: Routes, accounts: Accounts, is_online: IsOnline) -> None:
    @routes.get("/v2/account", auth=Auth.SESSION)
    async def get_account(ctx: Context, request: Empty) -> Account:
        account = await accounts.account(ctx.title_id, ctx.player())
        account.user.online = is_online(ctx.title_id, ctx.player())
        return account

    @routes.put("/v2/account", auth=Auth.SESSION)
    async def update_account(ctx: Context, request: UpdateAccountRequest) -> Empty:
        await accounts.update(ctx.title_id, ctx.player(), request)
        return Empty()

    @routes.delete("/v2/account", auth=Auth.SESSION)
    async def delete_account(ctx: Context, request: Empty) -> Empty:
        await accounts.delete(ctx.title_id, ctx.player())
        return Empty()

    @routes.get("/v2/user", auth=Auth.SESSION)
    async def get_users(ctx: Context, request: GetUsersRequest) -> Users:
        users = await accounts.users(ctx.title_id, request.ids, request.usernames)
        for user in users:
            user.online = is_online(ctx.title_id, UserId(user.id))
        return Users(users=users)
