"""What all kinds of play share: when players send, what is counted, and what has gone wrong."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

from supergame.cli.loadgen.histogram import Histogram
from supergame.cli.loadgen.realtime.crowd import Crowd, Peer
from supergame.cli.loadgen.realtime.frames import Message, Stamp


class Tally:
    """Of one stretch of time, in seconds. `waits`: from when a message was due to when it had arrived; `gaps`: between two arrivals;
    `late`: how late the generator looked what was due."""

    def __init__(self) -> None:
        self.sent = self.delivered = 0
        self.waits, self.gaps, self.late = Histogram(), Histogram(), Histogram()


class Play:
    """Base of everything that a crowd can do. Subclasses send, and judge what comes."""

    kind = b"\0"  # nothing that JSON has: a play that counts no messages
    look_every = 1

    def __init__(self, crowd: Crowd) -> None:
        self.crowd, self.rooms = crowd, crowd.rooms()
        self.tally = Tally()
        self.errors, self.first_error = 0, ""
        self.is_stopping = False

    # --- for subclasses to fill

    def start(self) -> None:
        """Begin to send."""

    def send_due(self) -> float:
        """Send what is due; the seconds until more is."""
        return 1.0

    def delivered(self, peer: Peer, buffer: bytearray, start: int, stop: int) -> None:
        """Look at a delivery: its payload is `buffer[start:stop]`."""

    def is_settled(self) -> bool:
        """Whether everything has come that was to come, once nobody sends any more."""
        return True

    def count_missing(self) -> None:
        """Count as errors what has not come, or came too often."""

    # --- what they use

    def pump(self, wait_s: float) -> None:
        self.tally.delivered += self.crowd.pump(self, wait_s)

    def other(self, peer: Peer, envelope: bytes) -> None:
        """Who comes and who goes is of no interest; errors are."""
        if b'"error":' in envelope:
            self.fail(f"the server answered {envelope[:200].decode(errors='replace')}")

    def lost(self, peer: Peer, why: str) -> None:
        self.fail(why)

    def fail(self, why: str, count: int = 1) -> None:
        self.errors += count
        self.first_error = self.first_error or why

    def send(self, peer: Peer, message: Message, at_ns: int) -> None:
        if self.crowd.send(peer, message.stamped(peer.sent, at_ns), self):
            peer.sent += 1
            self.tally.sent += 1

    def check_order(self, peer: Peer, sender_seat: int, stamp: Stamp) -> None:
        """What one sender has sent comes in order: without a gap when every delivery is looked at, else at least never backwards."""
        last, peer.last[sender_seat] = peer.last[sender_seat], stamp.number
        if stamp.number <= last or (self.look_every == 1 and stamp.number != last + 1):
            self.fail(f"player {peer.number} got message {stamp.number} of player {stamp.sender} after {last}")


class Metronome:
    """Everybody sends `hz` times a second, each at a moment of their own, so that the load is even and rooms do not beat as one."""

    def __init__(self, play: Play, hz: float, chance: random.Random) -> None:
        self._play, self._peers = play, list(play.crowd.peers)
        chance.shuffle(self._peers)
        self._between_ns = 1e9 / hz / len(self._peers)
        self._count, self._began_ns = 0, 0

    def start(self) -> None:
        self._began_ns = time.perf_counter_ns()

    def send_due(self) -> float:
        """Send what is due, stamped with the moment when it was; the seconds until the next."""
        play, peers, now_ns = self._play, self._peers, time.perf_counter_ns()
        first_ns = int(self._began_ns + self._count * self._between_ns)
        if first_ns <= now_ns:
            play.tally.late.add((now_ns - first_ns) / 1e9)
        while (due_ns := int(self._began_ns + self._count * self._between_ns)) <= now_ns:
            peer = peers[self._count % len(peers)]
            self._count += 1
            if peer.sock.fileno() >= 0:
                play.send(peer, peer.message, due_ns)
        return (due_ns - now_ns) / 1e9


def missing_in_room(room: Sequence[Peer], includes_own: bool) -> int:
    """How many deliveries each peer of a room has too few or too many, added up: all get what all have sent."""
    sent = sum(peer.sent for peer in room)
    return sum(abs(sent - (0 if includes_own else peer.sent) - peer.received) for peer in room)
