"""Authoritative matches: 20 times a second a handler in Python shows everybody the newest input of each player."""

from __future__ import annotations

import random
import struct
import time
from binascii import a2b_base64

import msgspec

from supergame.cli.loadgen.bench_game import HEAD
from supergame.cli.loadgen.realtime.crowd import Crowd, Peer, SocketRefused
from supergame.cli.loadgen.realtime.frames import Message, Stamp, stamp_of
from supergame.cli.loadgen.realtime.play import Metronome, Play
from supergame.cli.loadgen.realtime.relay import HZ, data_at, input_of

CREATE = "bench.create_match"


class Authoritative(Play):
    """A player's `last`: the number of the last tick, of the newest own input seen, when that was, and the match's count of inputs."""

    kind = b'"match_data":'
    look_every = 1

    def __init__(self, crowd: Crowd, chance: random.Random) -> None:
        super().__init__(crowd)
        for room in self.rooms:
            reply = room[0].call({"rpc": {"id": CREATE, "payload": "{}"}})
            try:
                match_id: str = msgspec.json.decode(reply["rpc"]["payload"])["match_id"]
            except (KeyError, TypeError, msgspec.DecodeError):
                raise SocketRefused(f"The function {CREATE} did not answer as it should: {reply}") from None
            for peer in room:
                peer.call({"match_join": {"match_id": match_id}})
                peer.last = [-1, -1, 0, 0]
                peer.message = Message(input_of(match_id), peer.number)
        self._stamps = [stamp_of(peer.number) for peer in crowd.peers]
        self._metronome = Metronome(self, HZ, chance)

    def start(self) -> None:
        self._metronome.start()

    def send_due(self) -> float:
        return self._metronome.send_due()

    def delivered(self, peer: Peer, buffer: bytearray, start: int, stop: int) -> None:
        now_ns, at = time.perf_counter_ns(), data_at(buffer, start, stop)
        try:
            state = a2b_base64(buffer[at : buffer.index(b'"', at, stop)])
            tick, inputs = HEAD.unpack_from(state)
        except (ValueError, struct.error):
            self.fail("a state is not what the match has sent")
            return
        last_tick, seen, last_ns, _ = peer.last
        if last_tick >= 0:
            self.tally.gaps.add((now_ns - last_ns) / 1e9)
            if tick != last_tick + 1:
                self.fail(f"player {peer.number} got the state of tick {tick} after {last_tick}")
        own = state.find(self._stamps[peer.number])
        if own >= 0:
            seen = self._see(peer, Stamp.read(state, own), seen, now_ns)
        elif seen >= 0:
            self.fail(f"player {peer.number} has gone from the state")
        peer.last = [tick, seen, now_ns, inputs]

    def _see(self, peer: Peer, stamp: Stamp, seen: int, now_ns: int) -> int:
        """One's own input in a state; the first time that it is there, it has just arrived."""
        if stamp.number > seen:
            self.tally.waits.add((now_ns - stamp.at_ns) / 1e9)
        elif stamp.number < seen:
            self.fail(f"player {peer.number} saw their input {stamp.number} after {seen}")
        return stamp.number

    def is_settled(self) -> bool:
        return not self._missing()

    def count_missing(self) -> None:
        if missing := self._missing():
            self.fail("inputs did not reach their match", missing)

    def _missing(self) -> int:
        """States go on while nobody sends, and tell each player how many inputs of all the match has had."""
        return sum(abs(sum(peer.sent for peer in room) - min(peer.last[3] for peer in room)) for room in self.rooms)
