"""What the bots make of the players: they wave at those who come near, answer who waves or speaks, cheer who races, and chat."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from random import Random
from typing import Final, NamedTuple

from kitewind.bots import HELLOS, LINES, NAMES, WAYS, Bot
from kitewind.messages import EMOTES
from kitewind.motor import Body
from kitewind.people import Person
from kitewind.stage import TILE_UNITS, UNIT, Stage
from kitewind.talk import FINISHES, GESTURES, STARTS, reply_to
from kitewind.wares import NAMES as WARES

NEAR_UNITS: Final = 4 * TILE_UNITS
HEARD_UNITS: Final = 14 * TILE_UNITS
WAVE_AGAIN_TICKS: Final = 1_200
"""Of the match: 60 s."""

GREET_TICKS: Final = 160
"""Between the greetings of two bots: who comes among many is not waved at by all at once."""

NEWCOMER_TICKS: Final = 600
"""Of the match: words of greeting are for who has been there for less than 30 s."""

APART_UNITS: Final = 18 * UNIT
"""Two bots that rest nearer than that stand in each other's way: the second walks on."""

LINES_REMEMBERED: Final = 8
"""Nobody says again what was among the last lines, where there is another one that fits."""

TALK_TICKS: Final = (120, 260)
ANSWER_TICKS: Final = (8, 18)
WORDS_AFTER_TICKS: Final = 14
"""From a wave back to the words with it."""

PARTY_TICKS: Final = 1_200
"""Of the match, from one wave around the fountain to the next: 60 s."""

RIPPLE_TICKS: Final = 5
CHEERERS: Final = 3
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
        self._greet_from = 0
        self._due: list[tuple[int, Act]] = []  # at which tick; bounded: a bot that has something to do is not asked again
        self._talk_at = rng.randint(*TALK_TICKS)
        self._said: deque[str] = deque(maxlen=LINES_REMEMBERED)
        self._fountains = [thing.place for thing in stage.things if thing.kind == "fountain"]

    def act(self, tick: int, players: Sequence[Person]) -> list[Act]:
        """What bots do in this tick of the match."""
        acts = [act for at, act in self._due if at <= tick]
        self._due = [(at, act) for at, act in self._due if at > tick]
        if (greeting := self._greet(tick, players)) is not None:
            acts.append(greeting)
        if tick >= self._talk_at and (talk := self._talk(tick, players)) is not None:
            acts.append(talk)
        if tick % PARTY_TICKS == PARTY_TICKS - 1:
            self._party(tick, players)
        self._spread(tick)
        return acts

    def _spread(self, tick: int) -> None:
        """One bot a tick sees whether another rests where it does, and makes room."""
        bot = self.bots[tick % len(self.bots)]
        others = (one for one in self.bots if one.number < bot.number and one.bot is not None and one.bot.is_resting)
        if (
            bot.bot is not None
            and bot.bot.is_resting
            and not self._is_busy(bot)
            and any(_is_near(one.body, bot.body, APART_UNITS) for one in others)
        ):
            bot.bot.go_on()

    def saw(self, player: Person, tick: int) -> None:
        """A player showed an emote: the nearest bot that has time waves back a little later, and calls them by name."""
        if (bot := self._free(player)) is not None:
            at = self._later(tick, Act(bot.number))
            self._due.append((at + WORDS_AFTER_TICKS, Act(bot.number, line=self._named(GESTURES, player))))

    def heard(self, player: Person, text: str, tick: int) -> None:
        """A player spoke: the nearest bot that has time answers, and waves at who greets."""
        if (bot := self._free(player)) is None:
            return
        answers, is_greeting = reply_to(text)
        at = self._later(tick, Act(bot.number, line=self._named(answers, player)))
        if is_greeting:
            self._due.append((at + WORDS_AFTER_TICKS, Act(bot.number)))

    def cheers(self, player: Person, tick: int, *, is_start: bool) -> None:
        """A race begins or ends: those who see it cheer one after the other, and the first of them says something."""
        seen = [bot for bot in self._nearest(player) if not self._is_busy(bot)][:CHEERERS]
        for index, bot in enumerate(seen):
            self._due.append((tick + 4 + index * RIPPLE_TICKS, Act(bot.number, EMOTES.index("kite" if is_start else "heart"))))
        if seen:
            self._due.append(
                (tick + 4 + WORDS_AFTER_TICKS, Act(seen[0].number, line=self._named(STARTS if is_start else FINISHES, player)))
            )

    def _chosen(self, lines: Sequence[str]) -> str:
        fresh = [line for line in lines if line not in self._said] or [line for line in lines if line != self._said[-1]] or lines
        line = self._rng.choice(fresh)
        self._said.append(line)
        return line

    def _later(self, tick: int, act: Act) -> int:
        at = tick + self._rng.randint(*ANSWER_TICKS)
        self._due.append((at, act))
        return at

    def _named(self, lines: Sequence[str], player: Person) -> str:
        return self._chosen(lines).format(name=player.name.replace("{", "").replace("}", ""))

    def _is_busy(self, bot: Person) -> bool:
        return any(act.number == bot.number for _, act in self._due)

    def _nearest(self, player: Person) -> list[Person]:
        """Those in sight of a player, the nearest first."""
        near = [bot for bot in self.bots if _is_near(bot.body, player.body, HEARD_UNITS)]
        return sorted(near, key=lambda bot: abs(bot.body.x - player.body.x) + abs(bot.body.y - player.body.y))

    def _free(self, player: Person) -> Person | None:
        """The nearest that has time, turned towards the player. While one has yet to answer, the others leave it to them."""
        for bot in self._nearest(player):
            if not self._is_busy(bot) and bot.bot is not None and bot.bot.stop(bot.body, player.body.x, STAND_TICKS):
                return bot
        return None

    def _greet(self, tick: int, players: Iterable[Person]) -> Act | None:
        """One bot a tick looks around."""
        index = tick % len(self.bots)
        bot = self.bots[index]
        if tick < max(self._wave_from[index], self._greet_from) or bot.bot is None:
            return None
        near = next((player for player in players if _is_near(player.body, bot.body, NEAR_UNITS)), None)
        if near is None or not bot.bot.stop(bot.body, near.body.x, STAND_TICKS):
            return None
        self._wave_from[index], self._greet_from = tick + WAVE_AGAIN_TICKS, tick + GREET_TICKS
        return Act(bot.number, line=self._chosen(HELLOS) if tick - near.came_tick < NEWCOMER_TICKS and self._rng.random() < 0.3 else "")

    def _talk(self, tick: int, players: Sequence[Person]) -> Act | None:
        self._talk_at = tick + self._rng.randint(*TALK_TICKS)
        heard = [bot for bot in self.bots if any(_is_near(bot.body, player.body, HEARD_UNITS) for player in players)]
        return Act(self._rng.choice(heard).number, line=self._chosen(LINES)) if heard else None

    def _party(self, tick: int, players: Sequence[Person]) -> None:
        """Those at the fountain show the same gesture, one after the other, when somebody is there to see it."""
        for place in self._fountains:
            middle = Body((place.tx * 2 + 1) * TILE_UNITS // 2, (place.ty + 1) * TILE_UNITS)
            there = [bot for bot in self.bots if _is_near(bot.body, middle, 2 * NEAR_UNITS) and not self._is_busy(bot)]
            if len(there) < 2 or not any(_is_near(player.body, middle, HEARD_UNITS) for player in players):
                continue
            emote = self._rng.randrange(len(EMOTES))
            for index, bot in enumerate(sorted(there, key=lambda one: one.body.x)):
                if bot.bot is not None and bot.bot.stop(bot.body, middle.x, 2 * STAND_TICKS):
                    self._due.append((tick + 1 + index * RIPPLE_TICKS, Act(bot.number, emote)))


def _bot(stage: Stage, index: int, number: int, rng: Random) -> Person:
    """No two look alike: three colours and seven heads (one bare) meet in 21 ways, and neighbours on a way differ in both."""
    bot = Bot(stage, WAYS[index], rng)
    wears = ("", *WARES)[index % (len(WARES) + 1)]
    return Person(number, NAMES[index], f"bolt-{index % 3}", bot.first_body(), bot=bot, wears=wears)


def _is_near(one: Body, other: Body, units: int) -> bool:
    return abs(one.x - other.x) <= units and abs(one.y - other.y) <= units
