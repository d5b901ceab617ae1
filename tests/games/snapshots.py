"""Matches that send everybody a large snapshot five times a second; its op code is when it was sent, in microseconds."""

import time

from supergame.game import Context, Game, Match, MatchMessage

TICK_RATE_HZ, SNAPSHOT_BYTES = 5, 16_384

game = Game("snapshots")


@game.rpc("create")
async def create(ctx: Context, payload: str) -> str:
    return await ctx.matches.create("snapshots")


@game.match("snapshots", tick_rate_hz=TICK_RATE_HZ)
class Snapshots:
    def loop(self, match: Match, messages: list[MatchMessage]) -> None:
        match.send(time.monotonic_ns() // 1_000, b"x" * SNAPSHOT_BYTES)
