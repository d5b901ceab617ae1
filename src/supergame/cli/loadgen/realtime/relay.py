"""Relayed matches: what each player sends, the server hands to all others in the room."""

from __future__ import annotations

import random
import time

from supergame.cli.loadgen.realtime.crowd import Crowd, Peer
from supergame.cli.loadgen.realtime.frames import STAMP_LETTERS, Message, Stamp, text_of
from supergame.cli.loadgen.realtime.play import Metronome, Play, missing_in_room

DATA_BYTES = 64
HZ = 20.0
_DATA = b'"data":'


class Relay(Play):
    kind = b'"match_data":'

    def __init__(self, crowd: Crowd, chance: random.Random, look_every: int = 8) -> None:
        super().__init__(crowd)
        self.look_every = look_every
        for room in self.rooms:
            match_id = room[0].call({"match_create": {}})["match"]["match_id"]
            for peer in room[1:]:
                peer.call({"match_join": {"match_id": match_id}})
            for peer in room:
                peer.last = [-1] * len(room)
                peer.message = Message(input_of(match_id), peer.number)
        self._metronome = Metronome(self, HZ, chance)

    def start(self) -> None:
        self._metronome.start()

    def send_due(self) -> float:
        return self._metronome.send_due()

    def delivered(self, peer: Peer, buffer: bytearray, start: int, stop: int) -> None:
        at = data_at(buffer, start, stop)
        try:
            stamp = Stamp.read_letters(buffer[at : at + STAMP_LETTERS])
            sender = self.crowd.peers[stamp.sender]
        except (ValueError, IndexError):
            self.fail("a delivery is not what was sent")
            return
        self.tally.waits.add((time.perf_counter_ns() - stamp.at_ns) / 1e9)
        if sender.room != peer.room or sender is peer:
            self.fail(f"player {peer.number} got a message of player {stamp.sender}, which was not for them")
        else:
            self.check_order(peer, sender.seat, stamp)

    def is_settled(self) -> bool:
        return not any(missing_in_room(room, includes_own=False) for room in self.rooms)

    def count_missing(self) -> None:
        missing = sum(missing_in_room(room, includes_own=False) for room in self.rooms)
        if missing:
            self.fail("deliveries are missing, or came twice", missing)


def input_of(match_id: str) -> bytes:
    """The message with which a player sends data into a match."""
    return b'{"match_data_send":{"match_id":"%s","op_code":"1","data":"%s"}}' % (match_id.encode(), text_of(DATA_BYTES))


def data_at(buffer: bytearray, start: int, stop: int) -> int:
    """Where the data of a `match_data` begins."""
    return buffer.find(b'"', buffer.find(_DATA, start, stop) + len(_DATA), stop) + 1
