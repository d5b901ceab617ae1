"""A bad network between a test's client and its server: delay, jitter, loss and a cut, all in the time of the test's clock.

    link = FakeLink(delay_ms=80, jitter_ms=30, loss=0.02, seed=7)
    socket = await player.connect(link=link)
    socket.post({"match_data_send": {...}})  # arrives 80 to 110 ms later
    server.advance(0.2)

It behaves as a WebSocket does, which is one TCP connection: nothing is lost for good and nothing overtakes. A lost packet is sent again
after a while, and all that was sent behind it waits for it. So `reliable: false` changes nothing here, as it changes nothing on a
WebSocket. What does end a connection is `cut`.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any

from supergame.testing.clock import FakeClock

RETRANSMIT_MS = 200.0  # TCP's least patience on Linux; each further loss of the same packet doubles it
LOSSES_MAX = 6  # of one packet


class FakeLink:
    """Between one socket and the server. All figures may be changed at any time, and hold for what is sent from then on.

    Args:
        delay_ms: one way.
        jitter_ms: up to so much more, different for each message.
        loss: how likely a message is lost on its way and has to be sent again, 0 to 1.
        seed: of the link's chance; equal seeds and messages make equal runs.
    """

    def __init__(self, *, delay_ms: float = 0.0, jitter_ms: float = 0.0, loss: float = 0.0, seed: int = 1) -> None:
        self.delay_ms, self.jitter_ms, self.loss = delay_ms, jitter_ms, loss
        self.losses = 0
        """How many messages were lost and sent again, up to now."""
        self.is_cut = False
        self.on_cut: Callable[[], None] = lambda: None
        self._chance = random.Random(seed)

    def cut(self) -> None:
        """The connection breaks: what is on its way is lost, and both ends learn of it at once."""
        self.is_cut = True
        self.on_cut()

    def travel_s(self) -> float:
        """How long the next message takes, if nothing before it holds it up."""
        took_ms = self.delay_ms + self._chance.random() * self.jitter_ms
        for attempt in range(LOSSES_MAX):
            if self._chance.random() >= self.loss:
                break
            self.losses += 1
            took_ms += RETRANSMIT_MS * 2**attempt
        return took_ms / 1000


class Wire:
    """A link in a server's time: a way up to it and one down from it."""

    def __init__(self, link: FakeLink, clock: FakeClock, advance: Callable[[float], None]) -> None:
        self.link, self._clock, self._advance = link, clock, advance
        self.up, self.down = _Way(link, clock), _Way(link, clock)
        self._sent_down = asyncio.Event()

    def carry_up(self, arrive: Callable[[], None]) -> None:
        self.up.carry(arrive)

    def carry_down(self, arrive: Callable[[], None]) -> None:
        self.down.carry(arrive)
        self._sent_down.set()

    async def pass_time(self, awaited: asyncio.Future[Any]) -> None:
        """Move the clock from arrival to arrival until this is done. While the server works on its answer, the clock stands."""
        while not awaited.done():
            self._sent_down.clear()
            due = self._clock.next_due()
            if due is None:
                await self._sent_down.wait()
            else:
                self._advance(due - self._clock.monotonic())
                await asyncio.sleep(0)  # the server's turn


class _Way:
    """One direction: what is sent first arrives first."""

    def __init__(self, link: FakeLink, clock: FakeClock) -> None:
        self._link, self._clock = link, clock
        self._free_at = 0.0

    def carry(self, arrive: Callable[[], None]) -> None:
        """Have a message arrive when it is time, unless the link is cut by then."""
        now = self._clock.monotonic()
        self._free_at = max(self._free_at, now + self._link.travel_s())
        self._clock.call_later(self._free_at - now, lambda: None if self._link.is_cut else arrive())
