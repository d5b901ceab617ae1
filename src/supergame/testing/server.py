"""A whole server in this process, called without sockets."""

from __future__ import annotations

import json
import random
import tempfile
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from argon2 import PasswordHasher

from supergame.app.build import build
from supergame.app.config import Config
from supergame.app.node import Node
from supergame.base.ids import Chance
from supergame.base.limits import Limits
from supergame.console.operators import machine
from supergame.game import Game
from supergame.routing.http import Request, Response
from supergame.testing.answer import Answer, Refusal
from supergame.testing.clock import FakeClock
from supergame.testing.fresh import fresh_database
from supergame.testing.link import FakeLink, Wire
from supergame.testing.operator import TestOperator
from supergame.testing.socket import TestSocket


class TestServer:
    """Serves one or more games on SQLite in a temporary folder, or on the database given by a URL."""

    __test__ = False  # pytest: not a test

    def __init__(
        self,
        *games: Game,
        clock: FakeClock | None = None,
        seed: int = 1,
        limits: Limits | None = None,
        database: str = "sqlite",
        single_socket: bool = False,
    ) -> None:
        self.clock = clock or FakeClock()
        self._games = list(games) or [Game("main")]
        self._chance = Chance(random.Random(seed).randbytes)
        self._folder = tempfile.TemporaryDirectory(prefix="supergame-test-")
        self._config = Config(
            data_dir=Path(self._folder.name),
            port=0,
            console_port=0,
            limits=limits or Limits(),
            database=database,
            single_socket=single_socket,
        )
        self.node: Node

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.stop()
        self._folder.cleanup()

    async def start(self) -> None:
        """Also after `stop`: a restart on the same data."""
        file = self._config.data_dir / "supergame.db"
        if self._config.database == "sqlite" and not file.exists():
            file.write_bytes(await fresh_database(self.clock))
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        self.node = await build(self._config, self._games, clock=self.clock, chance=self._chance, hasher=quick)

    async def stop(self) -> None:
        await self.node.stop()

    async def settle(self) -> None:
        """Deliver the facts that are waiting for their receivers."""
        while await self.node.outbox.deliver_due():
            pass

    def advance(self, seconds: float) -> None:
        """Let time pass: matches tick and messages arrive over links on the way, each at its time."""
        end = self.clock.monotonic() + seconds
        while (due := self._next_due()) is not None and due <= end:
            self.clock.advance(max(0.0, due - self.clock.monotonic()))
            self.node.ticker.run_due()
        self.clock.advance(max(0.0, end - self.clock.monotonic()))
        self.node.ticker.run_due()  # what is due at the end to the last bit

    def tick(self, count: int = 1) -> None:
        """Let time pass until matches have ticked so many times, whichever they are."""
        for _ in range(count):
            due = self.node.ticker.next_due()
            if due is None:
                return  # all have ended
            self.advance(max(0.0, due - self.clock.monotonic()))

    def _next_due(self) -> float | None:
        dues = [due for due in (self.node.ticker.next_due(), self.clock.next_due()) if due is not None]
        return min(dues, default=None)

    def new_id(self) -> str:
        """A random id, of this server's seed."""
        return self._chance.uuid4()

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: Any = None,
        raw: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One HTTP request. `body` is sent as JSON, `raw` as it is; header names in lower case."""
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        text = urlencode(query or {}, doseq=True)
        response = await self.node.router.dispatch(Request(method, path, text, headers or {}, data, "127.0.0.1"))
        return Answer.of(response)

    async def authenticate(self, provider: str, account: dict[str, Any], *, title: int = 0, **query: Any) -> Answer:
        """A sign-in with "device", "custom" or "email", with the server key of the title of that number."""
        key = b64encode(f"{self.node.keys[title].server_key}:".encode()).decode()
        headers = {"authorization": f"Basic {key}"}
        return await self.request("POST", f"/v2/account/authenticate/{provider}", query=query, body=account, headers=headers)

    async def operator(self, role: str = "owner", *, titles: Sequence[str] = (), name: str = "") -> TestOperator:
        """An operator of the console, made and signed in now, with a password of their own; limited to `titles`, if any."""
        name = name or f"{role}-{self._chance.letters(8).lower()}"
        invited = await self.node.operators.add(machine(), name, role, list(titles))
        operator = TestOperator(self.ask_console, name, invited.one_time_password)
        answer = await operator.sign_in()
        if answer.status != 200:
            raise Refusal(answer)
        await operator.choose_password("correct horse battery")
        return operator

    async def ask_console(self, request: Request) -> Response:
        """One request to the operators' port, as it is."""
        return await self.node.console_router.dispatch(request)

    async def sign_in(self, name: str, *, title: int = 0) -> TestPlayer:
        """A player of this user name, made at the first call, on a device of their own."""
        answer = await self.authenticate("device", {"id": f"device-of-{name}"}, title=title, username=name)
        if answer.status != 200:
            raise Refusal(answer)
        player = TestPlayer(self, answer.json["token"], answer.json["refresh_token"])
        player.user_id = (await player.get("/v2/account"))["user"]["id"]
        return player


@dataclass
class TestPlayer:
    """A signed-in player. The methods return the reply's JSON and raise `Refusal` for anything but 200."""

    __test__ = False

    server: TestServer
    token: str
    refresh_token: str
    user_id: str = ""

    async def request(self, method: str, path: str, **options: Any) -> Answer:
        """One request with the player's token, whatever comes back."""
        return await self.server.request(method, path, headers={"authorization": f"Bearer {self.token}"}, **options)

    async def call(self, method: str, path: str, **options: Any) -> Any:
        answer = await self.request(method, path, **options)
        if answer.status != 200:
            raise Refusal(answer)
        return answer.json

    async def get(self, path: str, **query: Any) -> Any:
        return await self.call("GET", path, query=query)

    async def connect(self, *, status: bool = False, link: FakeLink | None = None, **query: str) -> TestSocket:
        """Open a socket, with `status` appearing online at once; with a `link` of its own over a network as bad as that."""
        node, server = self.server.node, self.server
        wire = None if link is None else Wire(link, server.clock, server.advance)
        values = {"status": ["true" if status else "false"]} | {name: [value] for name, value in query.items()}
        return TestSocket(node, node.auth.session(self.token), server.new_id(), values, wire)

    async def rpc(self, name: str, payload: str = "") -> str:
        """What one of the game's functions returns."""
        reply = await self.call("POST", f"/v2/rpc/{name}", body=payload)
        return str(reply["payload"])
