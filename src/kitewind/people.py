"""Who is in the plaza: players and bots, each with a body and a number."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from kitewind.bots import Bot
from kitewind.inputs import InputQueue
from kitewind.messages import Introduced, Shown, shown
from kitewind.motor import Body, new_body
from kitewind.stage import UNIT, Stage
from kitewind.tuning import Tunings
from kitewind.wares import dressed

LOOKS: Final = re.compile(r"(?:pip|moss|bolt)-[0-2]")
FIRST_LOOK: Final = "pip-0"
IDLE_TICKS: Final = 200
"""Of the match: 10 s in one place."""

ASIDE_UNITS: Final = (0, -24 * UNIT, 12 * UNIT, -12 * UNIT, 24 * UNIT)
"""From the start, by number: where people come in."""

AWAY_TICKS: Final = 40
"""Of the match: 2 s without a word from a client."""


@dataclass(slots=True)
class Person:
    number: int
    name: str
    look: str
    body: Body
    user_id: str = ""
    inputs: InputQueue = field(default_factory=InputQueue)
    tunings: Tunings = field(default_factory=Tunings)
    bot: Bot | None = None
    kept: int = 0
    """Coins in their purse, once it was read."""
    earned: int = 0
    """Coins that are not in their purse yet."""
    came_tick: int = 0
    heard_tick: int = 0
    moved_tick: int = 0
    quiet_until: int = 0
    """No emote before this tick of the match."""
    is_at_kite: bool = False
    was_at_kite: bool = False
    """In this visit."""
    race_tick: int | None = None
    """Of the match, in which their race began; None when they do not race."""
    race_inputs: int = 0
    """How many ticks their body had taken then."""
    is_known: bool = False
    """Their purse was read: what is said of it below is all that there is."""
    feathers: int = 0
    """A bit for each that they have found."""
    wares: int = 0
    """A bit for each that they have bought."""
    wears: str = ""
    told_dressed: str = ""
    settle_tries: int = 0
    has_chosen: bool = False
    """What they wear, in this visit."""
    told: Shown | None = None
    """What the others were told last."""

    @property
    def coins(self) -> int:
        return self.kept + self.earned

    def is_idle(self, tick: int) -> bool:
        return tick - self.moved_tick > IDLE_TICKS

    def shown(self, tick: int) -> Shown:
        return shown(self.number, self.body, self.bot is None and tick - self.heard_tick > AWAY_TICKS)

    def introduced(self, tick: int) -> Introduced:
        return Introduced(self.shown(tick), "player" if self.bot is None else "bot", self.user_id, self.name, self.dressed)

    @property
    def dressed(self) -> str:
        """The look, and what they wear."""
        return dressed(self.look, self.wears)


def clean_look(text: str) -> str:
    return text if LOOKS.fullmatch(text) else FIRST_LOOK


def first_body(stage: Stage, number: int) -> Body:
    """At the start, a little beside those who came just before."""
    body = new_body(stage)
    body.x = body.safe_x = body.x + ASIDE_UNITS[number % len(ASIDE_UNITS)]
    return body


def free_number(taken: set[int], last: int) -> int:
    """The next number after the last one given that nobody has, so that a number is not reused soon."""
    numbers = (number % 255 + 1 for number in range(last, last + 255))
    return next(number for number in numbers if number not in taken)
