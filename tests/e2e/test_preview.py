"""A branch beside its deployment, as commands: a server with data, and a preview of a game in a git repository."""

from __future__ import annotations

import json
import re
import subprocess
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from supergame.cli.main import main
from supergame.cli.preview import branch_of
from tests.e2e.test_share import running
from tests.support.server import ServerProcess

GAME = """
from supergame.game import Game

game = Game("kitewind")


@game.rpc("where")
async def where(ctx, payload):
    return "the branch"
"""


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def game(tmp_path: Path) -> Path:
    folder = tmp_path / "starhop"
    folder.mkdir()
    (folder / "game.py").write_text(GAME)
    git(folder, "init", "-b", "feature/Big_Jump")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "Begin")
    return folder


def ask(port: int, method: str, path: str, key: str, body: Any = None) -> tuple[int, Any]:
    from base64 import b64encode

    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        scheme = key if key.startswith("Bearer ") else "Basic " + b64encode(f"{key}:".encode()).decode()
        connection.request(method, path, json.dumps(body), {"Authorization": scheme})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"{}")
    finally:
        connection.close()


def signed_in(port: int, key: str, create: bool) -> tuple[int, str]:
    path = f"/v2/account/authenticate/device?create={str(create).lower()}"
    status, answer = ask(port, "POST", path, key, {"id": "device-of-ada"})
    return status, "Bearer " + answer.get("token", "")


def test_PRV2_a_branch_is_served_beside_its_deployment_with_people_and_without_chat(game: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    server = ServerProcess.start(data)
    try:
        status, token = signed_in(server.port, "defaultkey", create=True)
        assert status == 200
        thing = {"objects": [{"collection": "c", "key": "k", "value": '{"a":1}', "permission_read": 1, "permission_write": 1}]}
        assert ask(server.port, "PUT", "/v2/storage", token, thing)[0] == 200
        with running("preview", str(game), "--data", str(data), until="preview   ") as (_, printed):
            assert "feature-big-jump, of feature/Big_Jump at " in printed
            found = re.search(r"play and connect +http://127\.0\.0\.1:(\d+)/#key=(\w+)", printed)
            assert found is not None, printed
            port, key = int(found[1]), found[2]
            assert signed_in(port, "defaultkey", create=False)[0] == 401, "it has a key of its own"
            assert ask(port, "GET", "/v2/account", token)[0] == 401, "and tokens of the deployment are nothing to it"
            status, here = signed_in(port, key, create=False)
            assert status == 200, "people were copied"
            assert ask(port, "POST", "/v2/rpc/where", here, "")[1]["payload"] == "the branch"
            ids = {"object_ids": [{"collection": "c", "key": "k", "user_id": ask(port, "GET", "/v2/account", here)[1]["user"]["id"]}]}
            assert ask(port, "POST", "/v2/storage", here, ids)[1]["objects"][0]["value"] == '{"a":1}'
            assert ask(server.port, "POST", "/v2/rpc/where", token, "")[0] == 404, "the deployment runs what it ran"
            record = data / "previews" / "feature-big-jump" / "preview.json"
            assert json.loads(record.read_text())["branch"] == "feature/Big_Jump"
            assert main(["preview", str(game), "--data", str(data)]) == 1, "one of a name at a time"
        assert not record.parent.exists(), "its data goes with it"
    finally:
        server.stop()


def test_PRV6_changes_beyond_the_commit_are_marked(game: Path, tmp_path: Path) -> None:
    branch, commit = branch_of(game)
    assert (branch, commit[-1] != "+", len(commit) >= 7) == ("feature/Big_Jump", True, True)
    (game / "game.py").write_text(GAME + "\n")
    assert branch_of(game) == (branch, f"{commit}+")
    (tmp_path / "plain").mkdir()
    assert branch_of(tmp_path / "plain") == ("plain", "")
