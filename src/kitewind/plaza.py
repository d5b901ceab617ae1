"""The plaza: the match in which players meet. Rules PLAZA1... of docs/spec/plaza.md."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, Final

from kitewind import messages
from kitewind.coins import Coins
from kitewind.company import Company
from kitewind.inputs import LOOP_TICKS
from kitewind.messages import Malformed
from kitewind.motor import step
from kitewind.names import clean_name, unlike
from kitewind.people import Person, clean_look, first_body, free_number
from kitewind.purse import settle
from kitewind.stage import TILE_UNITS, Stage
from supergame.game import JoinRefused, Match, MatchMessage, Player

TICK_RATE_HZ: Final = 20
MAX_PLAYERS: Final = 40
MAX_UNSETTLED: Final = 256
"""People whose purses wait to be read or written; beyond it the first to come wait in vain."""

KITE_COINS: Final = 25
"""For the way up to the kite pole, once a visit."""

MAX_ARRIVING: Final = 64
"""Let in and not there yet; beyond it the oldest come as guests."""

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
        self.kites = [thing.place for thing in STAGE.things if thing.kind == "kite"]

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
            person = Person(number, name, look, first_body(STAGE, number), player.user_id, heard_tick=match.tick, moved_tick=match.tick)
            others = [other for other in match.players if other.session_id in self.players]
            self.players[player.session_id] = person
            match.send(messages.ENTERED, messages.entered(person.introduced(match.tick)), to=others)
            match.send(messages.WELCOME, self._welcome(match, person), to=player)
            self._settle(match, person)

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
        except Malformed:
            match.log.debug("malformed message dropped", op_code=message.op_code, player=message.player.user_id)

    def _accept(self, match: Match, player: Player, person: Person, inputs: messages.Inputs) -> None:
        if not person.inputs.add(inputs):
            person.inputs.restart()
            correction = messages.correction(person.inputs.epoch, person.inputs.tick, person.body)
            match.send(messages.CORRECTION, correction, to=player)

    def _emote(self, match: Match, person: Person, emote: int) -> None:
        if match.tick < person.quiet_until:
            return
        person.quiet_until = match.tick + EMOTE_TICKS
        match.send(messages.EMOTED, messages.emoted(person.number, emote))
        self.company.saw(person, match.tick)

    def _play(self, match: Match, person: Person, elapsed_us: int) -> None:
        body, x, y = person.body, person.body.x, person.body.y
        for keys in person.inputs.take(elapsed_us):
            step(body, keys, STAGE)
            for coin_id in self.coins.take(body, match.tick):
                person.earned += 1
                match.send(messages.COIN_TAKEN, messages.coin_taken(coin_id, person.number, person.coins))
        if (body.x, body.y) != (x, y):
            person.moved_tick = match.tick
        was_at_kite, person.is_at_kite = person.is_at_kite, self._is_at_kite(person)
        if person.is_at_kite and not was_at_kite:
            match.send(messages.KITE, messages.kite(person.number))
            self._reward(match, person)

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
                await settle(match.ctx.storage, person)
                if any(one is person for one in self.players.values()):
                    match.send(messages.PURSE, messages.purse(person.number, person.coins))
        finally:
            self.is_settling = False

    def _is_at_kite(self, person: Person) -> bool:
        body = person.body
        return any(body.x // TILE_UNITS == place.tx and (body.y - 1) // TILE_UNITS == place.ty for place in self.kites)

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
        for coin_id in self.coins.come_back(match.tick):
            match.send(messages.COIN_BACK, messages.coin_back(coin_id))
        for coin_id in self.coins.vanish(match.tick):
            match.send(messages.COIN_GONE, messages.coin_gone(coin_id))
        lively = [person.body for person in self.players.values() if not person.is_idle(match.tick)]
        idle = [person.body for person in self.players.values() if person.is_idle(match.tick)]
        thrown = self.coins.throw(match.tick, lively, idle, match.rng)
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
        return messages.welcome(match.tick, person.number, person.inputs.epoch, person.body, STAGE.rows, everybody, self.coins.all())

    def _everybody(self) -> Iterator[Person]:
        return chain(self.players.values(), self.company.bots)

    def _new_number(self) -> int:
        taken = {person.number for person in self._everybody()}
        self.last_number = free_number(taken, self.last_number)
        return self.last_number
