"""What the bots make of the players: they wave at those who come near, wave back, and talk to those who can hear it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import Final, NamedTuple

from kitewind.bots import HELLOS, LINES, NAMES, WAYS, Bot
from kitewind.messages import EMOTES
from kitewind.motor import Body
from kitewind.people import Person
from kitewind.stage import TILE_UNITS, Stage

NEAR_UNITS: Final = 4 * TILE_UNITS
HEARD_UNITS: Final = 14 * TILE_UNITS
WAVE_AGAIN_TICKS: Final = 240
"""Of the match: 12 s."""

TALK_TICKS: Final = (80, 180)
ANSWER_TICKS: Final = (8, 18)
STAND_TICKS: Final = 90
"""Of the motor: 1.5 s."""

WAVE: Final = EMOTES.index("wave")


class Act(NamedTuple):
    """A bot's emote, or its line when there is one."""

    number: int
    emote: int = WAVE
    line: str = ""


class Company:
    def __init__(self, stage: Stage, first_number: int, rng: Random) -> None:
        self.bots = [_bot(stage, index, first_number + index, rng) for index in range(len(NAMES))]
        self._rng = rng
        self._wave_from = dict.fromkeys(range(len(NAMES)), 0)
        self._answers: dict[int, int] = {}  # by bot: the tick at which it waves back
        self._talk_at = rng.randint(*TALK_TICKS)

    def act(self, tick: int, players: Sequence[Person]) -> list[Act]:
        """What bots do in this tick of the match."""
        acts = self._answer(tick)
        if (greeting := self._greet(tick, players)) is not None:
            acts.append(greeting)
        if tick >= self._talk_at and (talk := self._talk(tick, players)) is not None:
            acts.append(talk)
        return acts

    def saw(self, player: Person, tick: int) -> None:
        """A player showed an emote: the nearest bot that has time answers a little later."""
        near = [
            (abs(bot.body.x - player.body.x), index) for index, bot in enumerate(self.bots) if _is_near(bot.body, player.body, HEARD_UNITS)
        ]
        for _, index in sorted(near):
            bot = self.bots[index]
            if index not in self._answers and bot.bot is not None and bot.bot.stop(bot.body, player.body.x, STAND_TICKS):
                self._answers[index] = tick + self._rng.randint(*ANSWER_TICKS)
                return

    def _answer(self, tick: int) -> list[Act]:
        due = [index for index, at in self._answers.items() if at <= tick]
        for index in due:
            del self._answers[index]
        return [Act(self.bots[index].number) for index in due]

    def _greet(self, tick: int, players: Iterable[Person]) -> Act | None:
        """One bot a tick looks around."""
        index = tick % len(self.bots)
        bot = self.bots[index]
        if tick < self._wave_from[index] or bot.bot is None:
            return None
        near = next((player for player in players if _is_near(player.body, bot.body, NEAR_UNITS)), None)
        if near is None or not bot.bot.stop(bot.body, near.body.x, STAND_TICKS):
            return None
        self._wave_from[index] = tick + WAVE_AGAIN_TICKS
        return Act(bot.number, line=self._rng.choice(HELLOS) if self._rng.random() < 0.3 else "")

    def _talk(self, tick: int, players: Sequence[Person]) -> Act | None:
        self._talk_at = tick + self._rng.randint(*TALK_TICKS)
        heard = [bot for bot in self.bots if any(_is_near(bot.body, player.body, HEARD_UNITS) for player in players)]
        return Act(self._rng.choice(heard).number, line=self._rng.choice(LINES)) if heard else None


def _bot(stage: Stage, index: int, number: int, rng: Random) -> Person:
    bot = Bot(stage, WAYS[index], rng)
    return Person(number, NAMES[index], f"bolt-{index % 3}", bot.first_body(), bot=bot)


def _is_near(one: Body, other: Body, units: int) -> bool:
    return abs(one.x - other.x) <= units and abs(one.y - other.y) <= units
