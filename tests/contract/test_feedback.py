"""Feedback on PostgreSQL, each of its statements once. The rules themselves run on SQLite (tests/unit/features/feedback)."""

from __future__ import annotations

import base64

import pytest

from supergame.features.feedback import service
from supergame.testing import TestServer
from tests.unit.features.feedback.test_service import NOTES, PICTURE, give, listed


async def test_FBK8_notes_and_pictures_are_kept_marked_forgotten_and_erased(postgres_dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "KEPT_MAX", 2)
    async with TestServer(database=postgres_dsn) as server:
        ada, olga = await server.sign_in("ada"), await server.operator()
        for number in range(2):
            server.clock.advance(1)
            assert (await give(ada, f"note {number}", screenshot=base64.b64encode(PICTURE).decode())).status == 200
        assert (await give(ada)).headers["X-Supergame-Error"] == "feedback.full"
        newer, older = (note["feedback_id"] for note in (await olga.get(NOTES))["notes"])
        assert (await olga.request("GET", f"{NOTES}/{newer}/screenshot")).body == PICTURE
        await olga.act("PUT", f"{NOTES}/{older}", {"state": "done"})
        assert (await olga.request("PUT", f"{NOTES}/{older}", body={"state": "done"})).status == 400
        server.clock.advance(1)
        assert (await give(ada, "one more")).status == 200
        assert (await listed(olga), await listed(olga, state="done")) == (["one more", "note 1"], [])
        await ada.call("DELETE", "/v2/account")
        await server.settle()
        assert await listed(olga) == []
        assert (await olga.request("GET", f"{NOTES}/{newer}/screenshot")).status == 404
