"""The game of the bench's own server: a function that gives back what it is given, and a match that shows it to all."""

from __future__ import annotations

import json
import struct

from supergame.game import Context, Game, Match, MatchMessage, Player

game = Game("bench", name="Bench")

HEAD = struct.Struct(">II")  # of a state: the number of the tick, and how many inputs the match has had


@game.rpc("bench.echo")
async def echo(ctx: Context, payload: str) -> str:
    return payload


@game.rpc("bench.create_match")
async def create_match(ctx: Context, payload: str) -> str:
    return json.dumps({"match_id": await ctx.matches.create("bench")})


@game.match("bench", tick_rate_hz=20)
class Inputs:
    """Each tick shows everybody the newest input of each player."""

    inputs: int = 0
    newest: dict[str, bytes] = {}

    def leave(self, match: Match, players: list[Player]) -> None:
        for player in players:
            self.newest.pop(player.session_id, None)

    def loop(self, match: Match, messages: list[MatchMessage]) -> None:
        for message in messages:
            self.newest[message.player.session_id] = message.data
        self.inputs += len(messages)
        match.send(1, HEAD.pack(match.tick, self.inputs) + b"".join(self.newest.values()))
