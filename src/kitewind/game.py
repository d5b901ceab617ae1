"""The game that `supergame up` serves when it is given no other."""

from __future__ import annotations

import json
from typing import Any

from kitewind.names import mask
from kitewind.plaza import MAX_PLAYERS, TICK_RATE_HZ, Plaza
from kitewind.purse import COLLECTION
from kitewind.title import game
from supergame.game import Context, GameError, Status

game.match("plaza", tick_rate_hz=TICK_RATE_HZ)(Plaza)

ROOM = "plaza-"
MAX_SAID_CHARS = 200
"""Of one chat message; the rest is cut off."""


@game.rpc("kitewind.plaza")
async def find_plaza(ctx: Context, payload: str) -> str:
    """A plaza with room, the fullest first, or a new one: `{"match_id": ..., "channel": ...}`; `channel` is the name of its chat room.

    It may fill up before the caller has joined; then the join is refused, and asking again leads to another.
    """
    plazas = await ctx.matches.list(query="+label.kind:plaza", max_size=MAX_PLAYERS - 1, limit=100)
    fullest = max(plazas, key=lambda plaza: plaza.size, default=None)
    match_id = fullest.match_id if fullest else await ctx.matches.create("plaza")
    return json.dumps({"match_id": match_id, "channel": ROOM + match_id.partition(".")[0]})


@game.before("channel_message_send")
async def keep_chat_mild(ctx: Context, request: Any) -> Any:
    """Coarse words in a plaza's room become asterisks."""
    if request.channel_id.startswith(ctx.chat.room(ROOM)):
        request.content = mild(request.content)
    return request


@game.before("write_storage_objects")
async def keep_purses_true(ctx: Context, request: Any) -> Any:
    """Nobody gives themselves a purse before the plaza does."""
    if any(item.collection == COLLECTION for item in request.objects):
        raise GameError("What the plaza keeps is written by the plaza alone.", Status.PERMISSION_DENIED)
    return request


@game.after("channel_message_send")
async def let_bots_hear(ctx: Context, request: Any, reply: Any) -> None:
    """What is said in a plaza's room is heard in its match: the bots there may answer."""
    room = ctx.chat.room(ROOM)
    if not request.channel_id.startswith(room):
        return
    text = said_in(request.content)
    for plaza in await ctx.matches.list(query="+label.kind:plaza", limit=100):
        if text and plaza.match_id.partition(".")[0] == request.channel_id.removeprefix(room):
            await ctx.matches.signal(plaza.match_id, json.dumps({"user_id": ctx.user_id, "text": text}))


def said_in(content: str) -> str:
    """The `text` of a chat message's content, or "" when it has none."""
    try:
        said = json.loads(content)
    except ValueError:
        return ""
    text = said.get("text") if isinstance(said, dict) else None
    return text if isinstance(text, str) else ""


def mild(content: str) -> str:
    """The content of a chat message, with its `text` masked; what is no such object stays as it is, for chat to judge."""
    text = said_in(content)
    return json.dumps(json.loads(content) | {"text": mask(text[:MAX_SAID_CHARS])}) if text else content
