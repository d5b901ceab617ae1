"""The functions and hooks that the recorded exchanges and Nakama's client suites expect of a server.

Their contracts stand in the README of the recordings; those of matches, chat and boards come with their features.
"""

import json

from supergame.base.ids import SYSTEM_USER
from supergame.game import Context, Game, GameError, Status

game = Game("clientrpc", name="Conformance")


@game.rpc("clientrpc.rpc")
async def echo(ctx: Context, payload: str) -> str:
    return payload


@game.rpc("clientrpc.rpc_get")
async def rpc_get(ctx: Context, payload: str) -> str:
    return json.dumps({"message": "PONG"})


@game.rpc("conformance.fail")
async def fail(ctx: Context, payload: str) -> str:
    asked = json.loads(payload)
    raise GameError(asked["message"], Status(asked.get("code", Status.INTERNAL)))


@game.rpc("conformance.nothing")
async def nothing(ctx: Context, payload: str) -> None:
    return None


@game.rpc("conformance.context")
async def context(ctx: Context, payload: str) -> str:
    told = {"user_id": ctx.user_id, "username": ctx.username, "vars": ctx.vars}
    return json.dumps({name: value for name, value in told.items() if value} | {"query_params": ctx.query, "mode": "rpc"})


@game.rpc("conformance.ban")
async def ban(ctx: Context, payload: str) -> str:
    await ctx.accounts.ban(json.loads(payload).get("user_id", ctx.user_id))
    return "{}"


@game.rpc("conformance.unban")
async def unban(ctx: Context, payload: str) -> str:
    await ctx.accounts.unban(json.loads(payload).get("user_id", ctx.user_id))
    return "{}"


@game.rpc("conformance.write_objects")
async def write_objects(ctx: Context, payload: str) -> str:
    objects = json.loads(payload)["objects"]
    for item in objects:
        await ctx.storage.write(
            item["collection"],
            item["key"],
            item["value"],
            user_id=ctx.user_id if item.get("own") else SYSTEM_USER,
            permission_read=item.get("permission_read", 1),
            permission_write=item.get("permission_write", 1),
        )
    return json.dumps({"count": len(objects)})


@game.before("get_users")
async def before_get_users(ctx: Context, request):
    if "conformance-reject" in request.usernames:
        return None
    if "conformance-error" in request.usernames:
        raise GameError("hook says no", Status.PERMISSION_DENIED)
    request.usernames = [ctx.username if name == "conformance-me" else name for name in request.usernames]
    return request
