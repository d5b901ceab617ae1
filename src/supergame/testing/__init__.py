"""For tests of games and of the platform: a whole server in the test's own process, a clock that the test moves.

    async with TestServer(game) as server:
        player = await server.sign_in("ada")
        assert await player.rpc("hello") == "Hello, ada!"
        socket = await player.connect(link=FakeLink(delay_ms=80, loss=0.02))  # on a bad network
        server.tick()

No ports, no sleeping, nothing left behind.
"""

from supergame.testing.answer import Answer, Refusal
from supergame.testing.clock import FakeClock
from supergame.testing.link import FakeLink
from supergame.testing.operator import TestOperator
from supergame.testing.server import TestPlayer, TestServer
from supergame.testing.socket import TestSocket

__all__ = ["Answer", "FakeClock", "FakeLink", "Refusal", "TestOperator", "TestPlayer", "TestServer", "TestSocket"]
