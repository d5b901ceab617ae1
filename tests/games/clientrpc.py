"""The functions and hooks that the recorded exchanges and Nakama's client suites expect of a server.

Their contracts stand in the README of the recordings; those of matches, chat and boards come with their features.
"""

import json

from supergame.base.ids import SYSTEM_USER
from supergame.game import Context, Game, GameError, JoinRefused, Match, MatchMessage, MatchNotFound, Player, Status, StreamId

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


@game.rpc("clientrpc.send_notification")
async def send_notification(ctx: Context, payload: str) -> None:
    receiver = json.loads(payload)["user_id"]
    await ctx.notifications.send(receiver, "You've unlocked level 100!", {"reward_coins": 1000}, code=1, sender_id=ctx.user_id)


@game.rpc("conformance.notify")
async def notify(ctx: Context, payload: str) -> str:
    asked = json.loads(payload)
    for number in range(1, asked.get("count", 1) + 1):
        await ctx.notifications.send(
            asked.get("user_id", ctx.user_id),
            asked.get("subject", "hello"),
            asked.get("content", {"n": number}),
            code=asked.get("code", 1),
            sender_id="" if asked.get("from_system") else ctx.user_id,
            persistent=asked.get("persistent", True),
        )
    return "{}"


@game.rpc("clientrpc.send_stream_data")
async def send_stream_data(ctx: Context, payload: str) -> None:
    stream = StreamId(20, label="Stream Data Test")
    await ctx.streams.join(stream)
    await ctx.streams.send(stream, payload)


def conformance_stream(payload: str) -> tuple[StreamId, dict]:
    asked = json.loads(payload)
    return StreamId(123, label=asked["label"]), asked


@game.rpc("conformance.stream_join")
async def stream_join(ctx: Context, payload: str) -> str:
    stream, asked = conformance_stream(payload)
    hidden, persistence = asked.get("hidden", False), asked.get("persistence", True)
    await ctx.streams.join(stream, hidden=hidden, persistence=persistence, status=asked.get("status"))
    return "{}"


@game.rpc("conformance.stream_update")
async def stream_update(ctx: Context, payload: str) -> str:
    stream, asked = conformance_stream(payload)
    await ctx.streams.update(stream, asked.get("status"))
    return "{}"


@game.rpc("conformance.stream_leave")
async def stream_leave(ctx: Context, payload: str) -> str:
    await ctx.streams.leave(conformance_stream(payload)[0])
    return "{}"


@game.rpc("conformance.stream_send")
async def stream_send(ctx: Context, payload: str) -> str:
    stream, asked = conformance_stream(payload)
    await ctx.streams.send(stream, asked["data"])
    return "{}"


@game.rpc("conformance.stream_close")
async def stream_close(ctx: Context, payload: str) -> str:
    await ctx.streams.close(conformance_stream(payload)[0])
    return "{}"


@game.rpc("conformance.channel_send")
async def channel_send(ctx: Context, payload: str) -> str:
    asked = json.loads(payload)
    message = await ctx.chat.send(asked["channel_id"], asked["content"], persist=asked.get("persist", False))
    return json.dumps({"code": message.code})


@game.rpc("conformance.disconnect")
async def disconnect(ctx: Context, payload: str) -> str:
    await ctx.disconnect()
    return "{}"


@game.before("get_users")
async def before_get_users(ctx: Context, request):
    if "conformance-reject" in request.usernames:
        return None
    if "conformance-error" in request.usernames:
        raise GameError("hook says no", Status.PERMISSION_DENIED)
    request.usernames = [ctx.username if name == "conformance-me" else name for name in request.usernames]
    return request


@game.match("match", tick_rate_hz=1)
class PlainMatch:
    """Everybody may join; ends after ten ticks."""

    def init(self, match: Match, params: dict) -> None:
        match.label = params.get("label", "skill=100-150")

    def loop(self, match: Match, messages: list[MatchMessage]) -> None:
        if match.tick == 9:
            match.end()


@game.match("conformance_match", tick_rate_hz=10, max_empty_s=30)
class ConformanceMatch:
    notes: dict[str, str] = {}

    def init(self, match: Match, params: dict) -> None:
        match.label = params.get("label", "")

    def join_attempt(self, match: Match, player: Player, metadata: dict[str, str]) -> None:
        if metadata.get("secret") == "wrong":
            raise JoinRefused("wrong secret")
        if metadata.get("secret") == "silent":
            raise JoinRefused
        if "note" in metadata:
            self.notes[player.session_id] = metadata["note"]

    def join(self, match: Match, players: list[Player]) -> None:
        for player in players:
            if player.session_id in self.notes:
                match.send(100, f"note {self.notes.pop(player.session_id)}", to=player)

    def leave(self, match: Match, players: list[Player]) -> None:
        match.send(101, f"left {len(players)}")

    def signal(self, match: Match, data: str) -> str:
        match.send(102, data)
        return f"signal {data}"

    def loop(self, match: Match, messages: list[MatchMessage]) -> None:
        for message in messages:
            self.handle(match, message)

    def handle(self, match: Match, message: MatchMessage) -> None:
        if message.op_code == 1:
            match.send(1, message.data, sender=message.player)
        elif message.op_code == 2:
            match.send(2, message.data, to=message.player)
        elif message.op_code == 3:
            match.kick(message.player)
        elif message.op_code == 4:
            match.label = message.text
        elif message.op_code == 5:
            match.end()
        elif message.op_code == 6:
            raise RuntimeError("asked to fail")
        elif message.op_code == 7:
            match.send_later(7, f"deferred {message.text}")
            match.send(8, f"first {message.text}")


@game.rpc("clientrpc.create_authoritative_match")
async def create_authoritative_match(ctx: Context, payload: str) -> str:
    return json.dumps({"match_id": await ctx.matches.create("match", json.loads(payload or "{}"))})


@game.rpc("conformance.create_match")
async def create_match(ctx: Context, payload: str) -> str:
    return json.dumps({"match_id": await ctx.matches.create("conformance_match", json.loads(payload))})


@game.rpc("conformance.signal_match")
async def signal_match(ctx: Context, payload: str) -> str:
    asked = json.loads(payload)
    try:
        return json.dumps({"reply": await ctx.matches.signal(asked["match_id"], asked["data"])})
    except MatchNotFound as error:
        raise GameError(error.message) from None
