"""What the server answered last is what it knows after kill -9: a log-out above all, whose answer is a promise of safety."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from tests.durability.test_kills_over_http import SERVER_KEY, Caller
from tests.support.server import ServerProcess

KILLS = 5
SAVED = {"collection": "saves", "key": "last", "value": '{"level": 7}'}
FORGETFUL = """
from supergame.features.sessions.service import Sessions
from supergame.game import Game

game = Game("forgetful")


async def revoke_in_memory(self, title_id, scope, subject):
    self.apply(self._revocation(title_id, scope, subject))


Sessions._revoke = revoke_in_memory
"""


class Player:
    """A session of one device, over one connection."""

    def __init__(self, caller: Caller, session: dict[str, str]) -> None:
        self._caller, self.token, self.refresh_token = caller, session["token"], session["refresh_token"]

    @classmethod
    async def sign_in(cls, server: ServerProcess, device: str) -> Player:
        caller = Caller(*await asyncio.open_connection("127.0.0.1", server.port))
        status, session = await caller.call("POST", "/v2/account/authenticate/device?create=true", SERVER_KEY, {"id": device})
        assert status == 200, session
        return cls(caller, session)

    async def returns(self, server: ServerProcess) -> None:
        """To a server that has started again, with the tokens of before."""
        await self._caller.close()
        self._caller = Caller(*await asyncio.open_connection("127.0.0.1", server.port))

    async def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        return await self._caller.call(method, path, f"Bearer {self.token}", body)

    async def refreshes(self) -> int:
        status, _ = await self._caller.call("POST", "/v2/account/session/refresh", SERVER_KEY, {"token": self.refresh_token})
        return status

    async def leave(self) -> None:
        await self._caller.close()


async def log_out_and_kill(data_dir: Path, round_: int, game: Path | None = None) -> list[int]:
    """After kill -9 at the very answer to a log-out and a restart: the statuses of session token and refresh token.

    What the player saved before, and the session of somebody else, are there.
    """
    server = ServerProcess.start(data_dir, game)
    leaver, other = await Player.sign_in(server, f"leaver-{round_:04}"), await Player.sign_in(server, f"other-{round_:05}")
    assert (await leaver.call("PUT", "/v2/storage", {"objects": [SAVED]}))[0] == 200
    status, _ = await leaver.call("POST", "/v2/session/logout", {"token": leaver.token, "refresh_token": leaver.refresh_token})
    server.kill()
    assert status == 200
    with ServerProcess.start(data_dir, game) as server:
        await leaver.returns(server)
        await other.returns(server)
        statuses = [(await leaver.call("GET", "/v2/account"))[0], await leaver.refreshes()]
        assert (await other.call("GET", "/v2/account"))[0] == 200
        again = await Player.sign_in(server, f"leaver-{round_:04}")
        assert await saved(again) == [SAVED["value"]]
        for player in (leaver, other, again):
            await player.leave()
    return statuses


async def saved(player: Player) -> list[str]:
    _, account = await player.call("GET", "/v2/account")
    wanted = {"collection": SAVED["collection"], "key": SAVED["key"], "user_id": account["user"]["id"]}
    _, reply = await player.call("POST", "/v2/storage", {"object_ids": [wanted]})
    return [item["value"] for item in reply.get("objects", [])]


async def test_a_session_that_was_logged_out_stays_so_after_kill(tmp_path: Path) -> None:
    for round_ in range(KILLS):
        assert await log_out_and_kill(tmp_path, round_) == [401, 401], round_


async def test_a_revocation_that_is_only_remembered_is_caught(tmp_path: Path) -> None:
    game = tmp_path / "forgetful.py"
    game.write_text(FORGETFUL)
    assert await log_out_and_kill(tmp_path / "data", 0, game) == [200, 200]
