"""The game of the bench's own server: it gives back what it is given."""

from supergame.game import Context, Game

game = Game("bench", name="Bench")


@game.rpc("bench.echo")
async def echo(ctx: Context, payload: str) -> str:
    return payload
