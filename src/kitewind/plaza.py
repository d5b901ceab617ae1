"""The plaza: the match in which players meet. Rules PLAZA1... of docs/spec/plaza.md."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, Final

from kitewind import messages
from kitewind.coins import Coins
from kitewind.company import Company
from kitewind.inputs import LOOP_TICKS
from kitewind.messages import Malformed
from kitewind.motor import TICK_HZ, Body, step
from kitewind.names import clean_name, unlike
from kitewind.people import Person, clean_look, first_body, free_number
from kitewind.purse import settle
from kitewind.race import LONGEST_TICKS, TICK_MS, Best, Board, share
from kitewind.stage import TILE_UNITS, Place, Stage
from kitewind.tuning import LEAD_TICKS, Tunings, tuning_now
from kitewind.wares import ALL_FEATHERS, WARES
from supergame.game import JoinRefused, Match, MatchMessage, Player

TICK_RATE_HZ: Final = 20
MAX_PLAYERS: Final = 40
MAX_UNSETTLED: Final = 256
"""People whose purses wait to be read or written; beyond it the first to come wait in vain."""

MAX_SETTLE_TRIES: Final = 3
"""Of one purse, one after the other; then it waits for the next reason to settle it."""

RACE_COINS: Final = 10
"""For each race that is run to its end."""

FEATHER_COINS: Final = 10
ALL_FEATHERS_COINS: Final = 50
"""For the last of them, on top."""

KITE_COINS: Final = 25
"""For the way up to the kite pole, once a visit."""

MAX_ARRIVING: Final = 64
"""Let in and not there yet; beyond it the oldest come as guests."""

STILL_TICKS: Final = 20
"""Of the match: who has stood for a second gets no coin until they move."""

EMOTE_TICKS: Final = 5
"""Of the match, from one emote to the next; one that comes sooner is dropped."""

STAGE: Final = Stage.parse((Path(__file__).parent / "stages" / "plaza.txt").read_text("utf-8").splitlines())


class Plaza:
    def init(self, match: Match, params: dict[str, Any]) -> None:
        match.label = json.dumps({"kind": "plaza"})
        self.coins = Coins(STAGE)
        self.company = Company(STAGE, 1, match.rng)
        self.players: dict[str, Person] = {}  # by session
        self.arriving: dict[str, tuple[str, str]] = {}  # name and look, by session
        self.unsettled: deque[Person] = deque(maxlen=MAX_UNSETTLED)
        self.is_settling = False
        self.last_number = len(self.company.bots)
        self.played_at: datetime = match.now
        self.kites = _places("kite")
        self.gates = [Place(place.tx + side, place.ty) for place in _places("gate") for side in (-1, 0, 1)]
        self.feathers = _places("feather")
        self.board = Board(match.now.date())
        self.is_sharing = self.has_news = False
        self.tuning, self.tuned_tick = tuning_now(), -TICK_RATE_HZ

    def join_attempt(self, match: Match, player: Player, metadata: dict[str, str]) -> None:
        if len(match.players) >= MAX_PLAYERS:
            raise JoinRefused("This plaza is full.")
        self.arriving[player.session_id] = clean_name(metadata.get("name", "")), clean_look(metadata.get("look", ""))
        if len(self.arriving) > MAX_ARRIVING:
            del self.arriving[next(iter(self.arriving))]

    def join(self, match: Match, players: list[Player]) -> None:
        for player in players:
            name, look = self.arriving.pop(player.session_id, (clean_name(""), clean_look("")))
            name = unlike(name, {other.name.casefold() for other in self._everybody() if other.user_id != player.user_id})
            number = self._new_number()
            person = Person(number, name, look, first_body(STAGE, number), player.user_id, came_tick=match.tick)
            person.heard_tick = person.moved_tick = match.tick
            person.tunings = Tunings(self.tuning)
            others = [other for other in match.players if other.session_id in self.players]
            self.players[player.session_id] = person
            match.send(messages.ENTERED, messages.entered(person.introduced(match.tick)), to=others)
            match.send(messages.WELCOME, self._welcome(match, person), to=player)
            self._tell_purses(match, player)
            match.send(messages.BOARD, self._board(), to=player)
            self._settle(match, person)
            self._share(match)

    def leave(self, match: Match, players: list[Player]) -> None:
        for player in players:
            person = self.players.pop(player.session_id, None)
            if person is not None:
                match.send(messages.LEFT, messages.left(person.number))
                self._settle(match, person)

    def terminate(self, match: Match, grace_s: float) -> None:
        for person in self.players.values():
            self._settle(match, person)

    def loop(self, match: Match, inbox: list[MatchMessage]) -> None:
        elapsed_us = max((match.now - self.played_at) // timedelta(microseconds=1), 0)
        self.played_at = match.now
        if not self.players:
            return  # the bots rest too
        for message in inbox:
            self._hear(match, message)
        self._tune(match)
        for person in self.players.values():
            self._play(match, person, elapsed_us)
        self._move_bots(match)
        self._mind_coins(match)
        self._tell_moves(match)

    def _hear(self, match: Match, message: MatchMessage) -> None:
        """One message of a player. What cannot be read is dropped."""
        person = self.players.get(message.player.session_id)
        if person is None:
            return
        person.heard_tick = match.tick
        try:
            if message.op_code == messages.INPUTS:
                self._accept(match, message.player, person, messages.decode_inputs(message.data))
            elif message.op_code == messages.EMOTE:
                self._emote(match, person, messages.decode_emote(message.data))
            elif message.op_code == messages.WEAR:
                self._wear(match, message.player, person, messages.decode_wear(message.data))
            elif message.op_code == messages.RUN:
                self._run(match, person, begins=messages.decode_run(message.data))
        except Malformed:
            match.log.debug("malformed message dropped", op_code=message.op_code, player=message.player.user_id)

    def _accept(self, match: Match, player: Player, person: Person, inputs: messages.Inputs) -> None:
        if not person.inputs.add(inputs):
            person.inputs.restart()
            correction = messages.correction(person.inputs.epoch, person.inputs.tick, person.body)
            match.send(messages.CORRECTION, correction, to=player)

    def _tune(self, match: Match) -> None:
        """Tell everybody what operators have changed, and from which of their ticks on it counts: one that they have yet to play.

        At most once a second, so that what has been told and does not count yet stays short. Bots keep the legs they were built with.
        """
        tuning = tuning_now()
        if tuning == self.tuning or match.tick < self.tuned_tick + TICK_RATE_HZ:
            return
        self.tuning, self.tuned_tick = tuning, match.tick
        for player in match.players:
            if (person := self.players.get(player.session_id)) is not None:
                first = person.inputs.heard + LEAD_TICKS
                person.tunings.add(first, tuning)
                match.send(messages.TUNED, messages.tuned(first, tuning), to=player)

    def _emote(self, match: Match, person: Person, emote: int) -> None:
        if match.tick < person.quiet_until:
            return
        person.quiet_until = match.tick + EMOTE_TICKS
        match.send(messages.EMOTED, messages.emoted(person.number, emote))
        self.company.saw(person, match.tick)

    def signal(self, match: Match, data: str) -> str:
        """Somebody spoke in the plaza's room: `{"user_id", "text"}`. Bots who hear it may answer."""
        said = json.loads(data)
        for person in self.players.values():
            if person.user_id == said["user_id"]:
                self.company.heard(person, said["text"], match.tick)
        return ""

    def _wear(self, match: Match, player: Player, person: Person, ware: int) -> None:
        """Buy it if it is not theirs yet, and put it on; or take it off. Who cannot pay gets nothing."""
        if not person.is_known:
            return
        bit, name = 1 << ware, WARES[ware].name
        if not person.wares & bit:
            if person.coins < WARES[ware].price or (WARES[ware].needs_feathers and person.feathers != ALL_FEATHERS):
                return
            person.wares |= bit
            person.earned -= WARES[ware].price
            match.send(messages.PURSE, messages.purse(person.number, person.coins))
        person.wears, person.has_chosen = "" if person.wears == name else name, True
        match.send(messages.DRESSED, messages.dressed(person.number, person.dressed))
        match.send(messages.WARDROBE, messages.wardrobe(person.wares), to=player)
        self._settle(match, person)

    def _play(self, match: Match, person: Person, elapsed_us: int) -> None:
        body, x, y = person.body, person.body.x, person.body.y
        for tick, keys in enumerate(person.inputs.take(elapsed_us), person.inputs.tick):
            step(body, keys, STAGE, person.tunings.at(tick))
            for coin_id in self.coins.take(body, match.tick):
                person.earned += 1
                match.send(messages.COIN_TAKEN, messages.coin_taken(coin_id, person.number, person.coins))
        if (body.x, body.y) != (x, y):
            person.moved_tick = match.tick
        self._find(match, person)
        if person.race_tick is not None and match.tick - person.race_tick > LONGEST_TICKS:
            self._end_race(match, person)
        was_at_kite, person.is_at_kite = person.is_at_kite, _stands_in(person.body, self.kites)
        if person.is_at_kite and not was_at_kite:
            match.send(messages.KITE, messages.kite(person.number))
            self._reward(match, person)
            self._finish(match, person)

    def _find(self, match: Match, person: Person) -> None:
        """A feather that they stand at and had not found: there is one of each for everybody."""
        for index, place in enumerate(self.feathers):
            if not person.is_known or person.feathers & 1 << index or not _stands_in(person.body, (place,)):
                continue
            person.feathers |= 1 << index
            person.earned += FEATHER_COINS + (ALL_FEATHERS_COINS if person.feathers == ALL_FEATHERS else 0)
            match.send(messages.FEATHERS, messages.feathers(person.number, person.feathers))
            match.send(messages.PURSE, messages.purse(person.number, person.coins))
            self._settle(match, person)

    def _run(self, match: Match, person: Person, *, begins: bool) -> None:
        """They ask for a race, at the gate, or give theirs up. Asked for again there it begins anew."""
        if begins and not _stands_in(person.body, self.gates):
            return
        self._end_race(match, person)
        if begins:
            person.race_tick, person.race_inputs = match.tick, person.inputs.tick
            match.send(messages.RACE, messages.race(person.number, "started"))
            self.company.cheers(person, match.tick, is_start=True)

    def _end_race(self, match: Match, person: Person) -> None:
        if person.race_tick is not None:
            person.race_tick = None
            match.send(messages.RACE, messages.race(person.number, "ended"))

    def _finish(self, match: Match, person: Person) -> None:
        if person.race_tick is None:
            return
        time_ms = max((match.tick - person.race_tick) * TICK_MS, (person.inputs.tick - person.race_inputs) * 1000 // TICK_HZ)
        person.race_tick = None
        person.earned += RACE_COINS
        if self.board.day != match.now.date():
            self.board = Board(match.now.date())
        place = self.board.add(Best(person.user_id, person.name, time_ms))
        match.send(messages.RACE, messages.race(person.number, "finished", time_ms, place))
        match.send(messages.PURSE, messages.purse(person.number, person.coins))
        match.send(messages.BOARD, self._board())
        self.company.cheers(person, match.tick, is_start=False)
        self._settle(match, person)
        self._share(match)

    def _share(self, match: Match) -> None:
        """The day's best times are those of all plazas. One sharing at a time."""
        self.has_news = True
        if not self.is_sharing:
            self.is_sharing = True
            match.spawn(self._share_board(match))

    async def _share_board(self, match: Match) -> None:
        try:
            while self.has_news:
                self.has_news = False
                await share(match.ctx.storage, self.board)
                match.send(messages.BOARD, self._board())
        except Exception as error:  # noqa: BLE001 - the next race tries again
            match.log.warning("times not shared", error=repr(error))
        finally:
            self.is_sharing = False

    def _board(self) -> bytes:
        return messages.board([(best.name, best.time_ms) for best in self.board.shown])

    def _reward(self, match: Match, person: Person) -> None:
        if not person.was_at_kite:
            person.was_at_kite = True
            person.earned += KITE_COINS
            match.send(messages.PURSE, messages.purse(person.number, person.coins))
            self._settle(match, person)

    def _settle(self, match: Match, person: Person) -> None:
        """One purse after the other, so that who comes back finds what was kept when they left."""
        self.unsettled.append(person)
        if not self.is_settling:
            self.is_settling = True
            match.spawn(self._settle_all(match))

    async def _settle_all(self, match: Match) -> None:
        try:
            while self.unsettled:
                person = self.unsettled.popleft()
                if await self._try_settle(match, person):
                    self._tell_purse(match, person)
        finally:
            self.is_settling = False

    async def _try_settle(self, match: Match, person: Person) -> bool:
        """One purse's failure is its own: the others go on, and it comes again after them."""
        try:
            await settle(match.ctx.storage, person)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not hold up the others
            person.settle_tries += 1
            match.log.warning("purse not settled", player=person.user_id, tries=person.settle_tries, error=repr(error))
            if person.settle_tries < MAX_SETTLE_TRIES:
                self.unsettled.append(person)
            else:
                person.settle_tries = 0
            return False
        person.settle_tries = 0
        return True

    def _tell_purse(self, match: Match, person: Person) -> None:
        player = next((one for one in match.players if self.players.get(one.session_id) is person), None)
        if player is None:
            return
        match.send(messages.PURSE, messages.purse(person.number, person.coins))
        if person.told_dressed != person.dressed:
            person.told_dressed = person.dressed
            match.send(messages.DRESSED, messages.dressed(person.number, person.dressed))
        if person.feathers:
            match.send(messages.FEATHERS, messages.feathers(person.number, person.feathers), to=player)
        match.send(messages.WARDROBE, messages.wardrobe(person.wares), to=player)  # the last: what was kept has been told

    def _tell_purses(self, match: Match, newcomer: Player) -> None:
        """What the others have: it was told when they got it, and the newcomer was not there."""
        for other in self.players.values():
            if other.coins:
                match.send(messages.PURSE, messages.purse(other.number, other.coins), to=newcomer)

    def _move_bots(self, match: Match) -> None:
        for person in self.company.bots:
            if person.bot is not None:
                for _ in range(LOOP_TICKS):
                    step(person.body, person.bot.keys(person.body), STAGE)
        for act in self.company.act(match.tick, list(self.players.values())):
            if act.line:
                match.send(messages.LINE, messages.line(act.number, act.line))
            else:
                match.send(messages.EMOTED, messages.emoted(act.number, act.emote))

    def _mind_coins(self, match: Match) -> None:
        still = [person.body for person in self.players.values() if match.tick - person.moved_tick > STILL_TICKS]
        for coin_id in self.coins.come_back(match.tick, still):
            match.send(messages.COIN_BACK, messages.coin_back(coin_id))
        for coin_id in self.coins.vanish(match.tick):
            match.send(messages.COIN_GONE, messages.coin_gone(coin_id))
        lively = [person.body for person in self.players.values() if not person.is_idle(match.tick)]
        thrown = self.coins.throw(match.tick, lively, still, match.rng)
        if thrown is not None:
            match.send(messages.COIN_THROWN, messages.coin_thrown(thrown))

    def _tell_moves(self, match: Match) -> None:
        moved = []
        for person in self._everybody():
            shown = person.shown(match.tick)
            if shown != person.told:
                person.told = shown
                moved.append(shown)
        match.send(messages.SNAPSHOT, messages.snapshot(match.tick, moved))

    def _welcome(self, match: Match, person: Person) -> bytes:
        everybody = [one.introduced(match.tick) for one in self._everybody()]
        epoch, coins = person.inputs.epoch, self.coins.all()
        return messages.welcome(match.tick, person.number, epoch, person.body, self.tuning, STAGE.rows, everybody, coins)

    def _everybody(self) -> Iterator[Person]:
        return chain(self.players.values(), self.company.bots)

    def _new_number(self) -> int:
        taken = {person.number for person in self._everybody()}
        self.last_number = free_number(taken, self.last_number)
        return self.last_number


def _places(kind: str) -> list[Place]:
    return [thing.place for thing in STAGE.things if thing.kind == kind]


def _stands_in(body: Body, places: Iterable[Place]) -> bool:
    tile = body.x // TILE_UNITS, (body.y - 1) // TILE_UNITS
    return any(tile == place for place in places)
