"""Star Hop: hop from pad to pad and gather sparks, as a comet, or as Pip, Kitewind's hero, where a licence allows it.

Run it beside Kitewind with `supergame up kitewind examples/starhop`. How Pip comes here: docs/howto/use-somebodys-character.md.
"""

import json
from dataclasses import dataclass
from typing import Any

from supergame.game import Context, Game, LicenceChange, Match, MatchMessage, Player

game = Game("starhop", name="Star Hop")

STEER = 1  # what players send: {"x": -1 to 1, "hop": true}
WORLD, STATE, TOLD = 2, 3, 4  # what they are sent

PIP, COMET = "pip", "comet"
PIP_ASSET = "kitewind/pip"

RATE_HZ = 20
WIDTH, HEIGHT = 960, 540
PADS = (
    (60, 440, 220),
    (380, 480, 200),
    (690, 440, 210),
    (230, 330, 170),
    (540, 320, 180),
    (60, 230, 160),
    (380, 200, 200),
    (720, 220, 180),
)
RUN, HOP, FALL = 300 / RATE_HZ, -30.0, 2.6  # pixels a tick, and pixels a tick faster each tick
REACH, SPARKS, PLAYERS_MAX = 34, 4, 8


@dataclass
class Hopper:
    """A player: where they are, where they want to go, and who they wish to be."""

    name: str
    wish: str
    hero: str
    x: float = 480.0
    y: float = 100.0
    fall: float = 0.0
    steer: float = 0.0
    hops: bool = False
    sparks: int = 0

    def move(self) -> None:
        self.x = min(max(self.x + self.steer * RUN, 16), WIDTH - 16)
        on_pad = any(left <= self.x <= left + width and self.y == top for left, top, width in PADS)
        self.fall = HOP if self.hops and on_pad else 0.0 if on_pad else self.fall + FALL
        below = self.y + self.fall
        tops = [top for left, top, width in PADS if self.fall >= 0 and left <= self.x <= left + width and self.y <= top <= below]
        self.y = min(tops, default=below)
        if self.y > HEIGHT + 60:
            self.x, self.y, self.fall = 480.0, 60.0, 0.0


@game.rpc("play")
async def play(ctx: Context, payload: str) -> str:
    """Tells a player which match to join: one with room, or a new one."""
    open_ones = await ctx.matches.list(label="sky", max_size=PLAYERS_MAX - 1)
    match_id = open_ones[0].match_id if open_ones else await ctx.matches.create("sky")
    return json.dumps({"match_id": match_id})


@game.match("sky", tick_rate_hz=RATE_HZ)
class Sky:
    hoppers: dict[str, Hopper] = {}  # by session; each match has its own
    sparks: list[tuple[int, int]] = []
    wishes: dict[str, str] = {}

    def init(self, match: Match, params: dict[str, Any]) -> None:
        match.label = "sky"
        self.sparks = [self.place(match) for _ in range(SPARKS)]

    def join_attempt(self, match: Match, player: Player, metadata: dict[str, str]) -> None:
        self.wishes[player.session_id] = PIP if metadata.get("hero") == PIP else COMET

    def join(self, match: Match, players: list[Player]) -> None:
        for player in players:
            wish = self.wishes.pop(player.session_id, COMET)
            may_be_pip = wish == PIP and match.ctx.licences.use_now(PIP_ASSET, player).allowed
            self.hoppers[player.session_id] = Hopper(player.username, wish, PIP if may_be_pip else COMET)
            world = {"width": WIDTH, "height": HEIGHT, "pads": PADS, "you": player.session_id}
            match.send(WORLD, json.dumps(world), to=player)

    def leave(self, match: Match, players: list[Player]) -> None:
        for player in players:
            self.hoppers.pop(player.session_id, None)

    def licence_changed(self, match: Match, change: LicenceChange) -> None:
        """Pip leaves at once when he may no longer be here, and comes back to those who had wished for him."""
        if change.asset != PIP_ASSET:
            return
        for hopper in self.hoppers.values():
            hopper.hero = PIP if change.allowed and hopper.wish == PIP else COMET
        match.send(TOLD, json.dumps({"pip": change.allowed, "reason": change.reason}))

    def loop(self, match: Match, messages: list[MatchMessage]) -> None:
        for message in messages:
            if message.op_code == STEER and message.player.session_id in self.hoppers:
                steer(self.hoppers[message.player.session_id], message.data)
        for hopper in self.hoppers.values():
            hopper.move()
            self.gather(match, hopper)
        match.send(STATE, json.dumps(self.shown()))

    def gather(self, match: Match, hopper: Hopper) -> None:
        for number, (x, y) in enumerate(self.sparks):
            if abs(hopper.x - x) < REACH and abs(hopper.y - 20 - y) < REACH:
                self.sparks[number] = self.place(match)
                hopper.sparks += 1

    def place(self, match: Match) -> tuple[int, int]:
        left, top, width = match.rng.choice(PADS)
        return left + match.rng.randrange(20, width - 20), top - match.rng.randrange(30, 80)

    def shown(self) -> dict[str, Any]:
        hoppers = {id: [one.name, one.hero, round(one.x), round(one.y), one.sparks] for id, one in self.hoppers.items()}
        return {"hoppers": hoppers, "sparks": self.sparks}


def steer(hopper: Hopper, data: bytes) -> None:
    """Players may send anything: what is no direction changes nothing, and nobody is faster than the others."""
    try:
        wish = json.loads(data)
        x, hops = float(wish["x"]), wish["hop"] is True
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return
    if -1 <= x <= 1:  # also false for what is no number
        hopper.steer, hopper.hops = x, hops
