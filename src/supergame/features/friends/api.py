"""Friends over HTTP, always of the calling player. Import from Facebook and Steam: `features/accounts/social.py`."""

from __future__ import annotations

from supergame.features.friends.model import FriendsSeen
from supergame.features.friends.service import Friends
from supergame.routing.auth import Auth
from supergame.routing.context import Context
from supergame.routing.http import Routes
from supergame.wire.api import (
    AddFriendsRequest,
    BlockFriendsRequest,
    DeleteFriendsRequest,
    Empty,
    FriendList,
    FriendsOfFriendsList,
    ListFriendsOfFriendsRequest,
    ListFriendsRequest,
)


def routes(friends: Friends) -> Routes:
    routes = Routes()

    @routes.get("/v2/friend", auth=Auth.SESSION)
    async def list_friends(ctx: Context, request: ListFriendsRequest) -> FriendList:
        return await friends.page(ctx, request.state, request.limit, request.cursor)

    @routes.post("/v2/friend", auth=Auth.SESSION, body="")
    async def add_friends(ctx: Context, request: AddFriendsRequest) -> Empty:
        await friends.add(ctx, request.ids, request.usernames, request.metadata)
        return Empty()

    @routes.delete("/v2/friend", auth=Auth.SESSION)
    async def delete_friends(ctx: Context, request: DeleteFriendsRequest) -> Empty:
        await friends.remove(ctx, request.ids, request.usernames)
        return Empty()

    @routes.post("/v2/friend/block", auth=Auth.SESSION, body="")
    async def block_friends(ctx: Context, request: BlockFriendsRequest) -> Empty:
        await friends.block(ctx, request.ids, request.usernames)
        return Empty()

    @routes.get("/v2/friend/friends", auth=Auth.SESSION)
    async def list_friends_of_friends(ctx: Context, request: ListFriendsOfFriendsRequest) -> FriendsOfFriendsList:
        return await friends.of_friends(ctx, request.limit, request.cursor)

    @routes.get("/sg/v1/friends", auth=Auth.SESSION)
    async def list_friends_seen(ctx: Context, request: ListFriendsRequest) -> FriendsSeen:
        return await friends.seen(ctx, request.state, request.limit, request.cursor)

    return routes
