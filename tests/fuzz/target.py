"""A real server to be bombarded, with a player on it whose session is renewed when it has ended."""

from __future__ import annotations

import http.client
import json
import os
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.server import ServerProcess

GAME = Path(__file__).parent.parent / "games" / "clientrpc.py"
SEED = int(os.environ.get("FUZZ_SEED", "0"))
SERVER_KEY = "Basic " + b64encode(b"defaultkey:").decode()
HTTP_KEY = "defaulthttpkey"
RENEW_AFTER_S = 30.0  # sessions live for 60


class Target:
    """What fuzzing needs of a server: credentials, a sign that it still answers others, its memory."""

    def __init__(self, server: ServerProcess) -> None:
        self.server, self.port = server, server.port
        self.url = f"http://127.0.0.1:{server.port}"
        self._probe = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        self._players = 0
        self.renew()

    def renew(self) -> None:
        """A new player, as the old one may have logged out or deleted the account."""
        self._players += 1
        account = json.dumps({"id": f"fuzzing-device-{self._players}"})
        self._probe.request("POST", "/v2/account/authenticate/device", account, {"Authorization": SERVER_KEY})
        session = json.loads(self._probe.getresponse().read())
        self.token, self.refresh_token, self._since = session["token"], session["refresh_token"], time.monotonic()

    def session(self) -> str:
        if time.monotonic() - self._since > RENEW_AFTER_S:
            self.renew()
        return self.token

    def still_answers(self) -> bool:
        """On a connection of its own, within seconds."""
        self._probe.request("GET", "/healthcheck")
        return self._probe.getresponse().read() == b"{}"

    def memory_mb(self) -> float:
        status = Path(f"/proc/{self.server.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def close(self) -> None:
        self._probe.close()


@contextmanager
def bombarded(folder: Path) -> Iterator[Target]:
    """The server ends in order, and its log shows no failed handler: neither a traceback nor a task that nobody waited for."""
    with ServerProcess.start(folder, GAME) as server:
        target = Target(server)
        try:
            yield target
        finally:
            target.close()
            assert server.stop() == 0
    log = server.log.read_text()
    assert "Traceback" not in log, log[-3_000:]
    assert "never retrieved" not in log, log[-3_000:]
