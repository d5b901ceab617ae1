"""Chat: what each player says is shown to everybody in the room, the sender too, and acknowledged to the sender."""

from __future__ import annotations

import random
import secrets
import time

from supergame.cli.loadgen.realtime.crowd import Crowd, Peer
from supergame.cli.loadgen.realtime.frames import STAMP_LETTERS, Message, Stamp, text_of
from supergame.cli.loadgen.realtime.play import Metronome, Play, missing_in_room

LETTERS_BYTES = 42  # they are 56 letters; with what surrounds them the content has 64 bytes
_CONTENT = b'\\"t\\":\\"'
_ACK = b'"channel_message_ack":'


class Chat(Play):
    """`rate_s`: messages a second of all together; None: each player speaks again as soon as the last message is acknowledged."""

    kind = b'"channel_message":'

    def __init__(self, crowd: Crowd, chance: random.Random, is_stored: bool, rate_s: float | None = None, look_every: int = 8) -> None:
        super().__init__(crowd)
        self.look_every, self._run = look_every, secrets.token_hex(4)
        for number, room in enumerate(self.rooms):
            for peer in room:
                join = {"target": f"bench-{self._run}-{number}", "type": 1, "persistence": is_stored, "hidden": False}
                channel_id = peer.call({"channel_join": join})["channel"]["id"]
                peer.last = [-1] * len(room)
                peer.message = Message(_saying(channel_id), peer.number)
        self._metronome = None if rate_s is None else Metronome(self, rate_s / len(crowd.peers), chance)

    def start(self) -> None:
        if self._metronome is not None:
            self._metronome.start()
            return
        for peer in self.crowd.peers:
            self.send(peer, peer.message, time.perf_counter_ns())

    def send_due(self) -> float:
        return 1.0 if self._metronome is None else self._metronome.send_due()

    def delivered(self, peer: Peer, buffer: bytearray, start: int, stop: int) -> None:
        at = buffer.find(_CONTENT, start, stop) + len(_CONTENT)
        try:
            stamp = Stamp.read_letters(buffer[at : at + STAMP_LETTERS])
            sender = self.crowd.peers[stamp.sender]
        except (ValueError, IndexError):
            self.fail("a delivery is not what was sent")
            return
        self.tally.waits.add((time.perf_counter_ns() - stamp.at_ns) / 1e9)
        if sender.room != peer.room:
            self.fail(f"player {peer.number} got a message of player {stamp.sender}, which was not for them")
        else:
            self.check_order(peer, sender.seat, stamp)

    def other(self, peer: Peer, envelope: bytes) -> None:
        if _ACK not in envelope:
            super().other(peer, envelope)
            return
        peer.acks += 1
        if self._metronome is None and not self.is_stopping:
            self.send(peer, peer.message, time.perf_counter_ns())

    def is_settled(self) -> bool:
        return not self._missing()

    def count_missing(self) -> None:
        if missing := self._missing():
            self.fail("deliveries or acknowledgements are missing, or came twice", missing)

    def _missing(self) -> int:
        unanswered = sum(abs(peer.sent - peer.acks) for peer in self.crowd.peers)
        return unanswered + sum(missing_in_room(room, includes_own=True) for room in self.rooms)


def _saying(channel_id: str) -> bytes:
    content = b'{\\"t\\":\\"%s\\"}' % text_of(LETTERS_BYTES)
    return b'{"cid":"m","channel_message_send":{"channel_id":"%s","content":"%s"}}' % (channel_id.encode(), content)
