"""An operator of the console, called without sockets."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from supergame.routing.http import Request, Response
from supergame.testing.answer import Answer, Refusal

HOST = "127.0.0.1:7351"


@dataclass
class TestOperator:
    """A browser with the console open: it keeps the cookie. `get` and `act` return the JSON of a 200 and raise `Refusal` for the rest."""

    __test__ = False

    dispatch: Callable[[Request], Awaitable[Response]]
    name: str = ""
    password: str = ""
    cookie: str = ""

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: Any = None,
        raw: bytes | None = None,
        reason: str = "",
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One request as the console's page makes it, whatever comes back; `headers` replace its own."""
        own = {"host": HOST, "sec-fetch-site": "same-origin", "x-csrf": "1"}
        own |= {"cookie": f"sg_console={self.cookie}"} if self.cookie else {}
        own |= {"x-reason": quote(reason)} if reason else {}
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        text = urlencode(query or {}, doseq=True)
        request = Request(method, path, text, own | (headers or {}), data, "127.0.0.1")
        response = await self.dispatch(request)
        for name, value in response.headers:
            if name == "Set-Cookie":
                self.cookie = value.partition(";")[0].partition("=")[2]
        return Answer.of(response)

    async def call(self, method: str, path: str, **options: Any) -> Any:
        answer = await self.request(method, path, **options)
        if answer.status != 200:
            raise Refusal(answer)
        return answer.json

    async def get(self, path: str, **query: Any) -> Any:
        return await self.call("GET", path, query=query)

    async def act(self, method: str, path: str, body: Any = None, *, reason: str = "a test says so") -> Any:
        return await self.call(method, path, body=body, reason=reason)

    async def sign_in(self, code: str = "") -> Answer:
        """With the name and password that it has."""
        return await self.request("POST", "/sg/v1/console/session", body={"name": self.name, "password": self.password, "code": code})

    async def choose_password(self, password: str) -> None:
        """In place of the one it has."""
        await self.call("PUT", "/sg/v1/console/session/password", body={"password": self.password, "new_password": password})
        self.password = password
