"""A person's data as a file, and its end, over the whole server. Rules: docs/spec/privacy.md."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import ANY

import pytest

from supergame.base.ids import TitleId, UserId
from supergame.base.limits import Limits
from supergame.db.port import Database, Row, Statement, collect
from supergame.features.accounts.model import AccountNotFound
from supergame.features.licences.model import ERASED, Owner
from supergame.features.notifications.service import Notifications
from supergame.features.privacy.console import console_routes
from supergame.features.privacy.model import ExportTooLarge
from supergame.features.sanctions.model import EVERYWHERE
from supergame.features.storage.store import StorageStore
from supergame.features.wallets.model import WalletUpdate
from supergame.game import Game
from supergame.testing import TestPlayer, TestServer
from tests.support.console import Desk
from tests.unit.features.chat.test_service import DIRECT, join, say
from tests.unit.features.notifications.test_service import notify, notifying

MAIN = TitleId("main")
CANARY = "canary"
"""Part of all that Ada is and does."""

NAMES_PEOPLE = {"user_id", "person_id", "sender_id", "reporter_id", "username", "subject_id", "player_id", "other_id"}
"""Columns by which a table gives away that it holds something of people."""

HELD = {"sanctions": 1, "notes": 1, "storage": 1, "notifications": 1, "messages": 2, "reports_made": 2, "reports_received": 1, "wallet": 1}
"""Entries of her export, by section, after `seed`."""

ELSEWHERE = {
    "session_revocations": "ends by itself when the last token has expired; checked below",
    "audit_entries": "PRI6: the operator's act, by the player's id",
}


def desk_of(server: TestServer) -> Desk:
    return Desk(console_routes(server.node.privacy))


async def tables(db: Database) -> list[str]:
    listing = Statement(
        "test.tables",
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
        postgres="SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY table_name",
    )
    return [row[0] for row in await db.read(collect, listing)]


async def columns(db: Database, table: str) -> set[str]:
    listing = Statement(
        "test.columns",
        "SELECT name FROM pragma_table_info(?)",
        postgres="SELECT column_name::text FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ?",
    )
    return {row[0] for row in await db.read(collect, listing, table)}


async def rows(db: Database, table: str) -> list[Row]:
    return await db.read(collect, Statement(f"test.{table}", f"SELECT * FROM {table}"))


async def holding(db: Database, *texts: str) -> set[str]:
    """The tables in which any of the texts is found."""
    found = set()
    for table in await tables(db):
        held = repr(await rows(db, table))
        if any(text in held for text in texts):
            found.add(table)
    return found


async def seed(server: TestServer) -> tuple[TestPlayer, TestPlayer]:
    """Ada, of whom every feature holds something, in two titles; and bob, with whom she has to do."""
    ada, bob = await server.sign_in(f"{CANARY}-name"), await server.sign_in("bob")
    await server.sign_in(f"{CANARY}-name", title=1)
    await ada.call("POST", "/v2/account/link/custom", body={"id": f"{CANARY}-custom"})
    await ada.call("POST", "/v2/account/link/email", body={"email": f"{CANARY}@example.com", "password": "correct horse"})
    await ada.call("PUT", "/v2/account", body={"display_name": f"{CANARY}-display", "location": f"{CANARY}-location"})
    await seed_storage(server, ada)
    await seed_chat(ada, bob)
    await notify(ada, content={"text": CANARY})
    await ada.call("POST", "/v2/friend", query={"ids": bob.user_id})
    await ada.call("POST", "/sg/v1/feedback", body={"text": CANARY, "build": "7"})
    await server.node.wallets.update(MAIN, [WalletUpdate(ada.user_id, {"coins": 5}, {"note": CANARY})], f"{CANARY}-key")
    await server.node.licences.add_owner(Owner(id="a-creator", name=CANARY, person_id=ada.user_id))
    await server.node.sanctions.mute(MAIN, UserId(ada.user_id), f"{CANARY}-reason", "olga", 60)
    await server.node.accounts.ban(EVERYWHERE, UserId(ada.user_id), f"{CANARY}-ban", "olga", 1)
    for title in (MAIN, TitleId("other")):
        await server.node.sanctions.write_note(title, UserId(ada.user_id), f"{CANARY}-note", "olga")
    return ada, bob


async def seed_storage(server: TestServer, ada: TestPlayer) -> None:
    objects = {"objects": [{"collection": "saves", "key": f"{CANARY}-key", "value": json.dumps({"text": CANARY})}]}
    headers = {"authorization": f"Bearer {ada.token}", "idempotency-key": f"{CANARY}-once"}
    assert (await server.request("PUT", "/v2/storage", body=objects, headers=headers)).status == 200


async def seed_chat(ada: TestPlayer, bob: TestPlayer) -> None:
    """A room and a direct channel, in which both speak; each reports the other, and bob what ada said."""
    one, other = await ada.connect(), await bob.connect()
    for socket in (one, other):
        await join(socket, "lobby")
    channel = (await join(one, bob.user_id, DIRECT))["id"]
    await join(other, ada.user_id, DIRECT)
    said = await say(one, channel, text=CANARY)
    answer = await say(other, channel, text="bob's answer")
    await say(one, "2...lobby", text=CANARY)
    await report(bob, kind="message", message_id=said["message_id"])
    await report(ada, kind="message", message_id=answer["message_id"], words=f"{CANARY}-words")
    await report(ada, kind="player", user_id=bob.user_id, words=f"{CANARY}-words")


async def report(player: TestPlayer, **what: Any) -> None:
    await player.call("POST", "/sg/v1/reports", body={"reason": "spam"} | what)


async def settle(server: TestServer) -> None:
    """Deliver what was recorded, and let the last token expire."""
    await server.settle()
    server.clock.advance(2 * 3_600)
    await server.node.sessions.forget_expired()


async def check_that_nothing_is_left() -> None:
    async with TestServer(notifying(), Game("other")) as server:
        ada, bob = await seed(server)
        db = server.node.db
        before = await holding(db, CANARY, ada.user_id)
        naming = {table for table in await tables(db) if NAMES_PEOPLE & await columns(db, table)}
        assert naming - before - set(ELSEWHERE) == set(), "seed these tables too, so that their end is checked"
        bobs = await server.node.privacy.export(UserId(bob.user_id))
        await desk_of(server).call("console_erase_person", "asked for it", user_id=ada.user_id)
        await server.stop()
        await server.start()
        await settle(server)
        db = server.node.db
        assert await holding(db, CANARY, ada.user_id) - {"audit_entries"} == set()
        assert await server.node.ledger.check() == []
        assert await server.node.licences.owner("a-creator") == Owner(id="a-creator", name=ERASED, created_at=ANY)
        check_bob(json.loads(bobs), json.loads(await server.node.privacy.export(UserId(bob.user_id))))


def check_bob(before: dict[str, Any], after: dict[str, Any]) -> None:
    """What is his is there; the channel in which he answered no longer names her."""
    here, there = before["titles"]["main"], after["titles"]["main"]
    for section in ("account", "storage", "sanctions", "notes", "reports_received"):
        assert here[section] == there[section], section
    (said,), (kept,) = here["messages"], there["messages"]
    assert said["channel_id"] != kept["channel_id"]
    assert said | {"channel_id": ""} == kept | {"channel_id": ""}


async def test_PRI4_and_PRI5_and_PRI7_nothing_of_the_erased_is_in_any_table() -> None:
    await check_that_nothing_is_left()


async def test_PRI4_a_planted_fault_is_caught_a_feature_that_keeps_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    async def keep(self: Any, fact: Any) -> None: ...

    monkeypatch.setattr(Notifications, "_erase", keep)
    with pytest.raises(AssertionError):
        await check_that_nothing_is_left()


async def test_PRI4_a_planted_fault_is_caught_answers_kept_for_writes_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = StorageStore.erase
    monkeypatch.setattr(StorageStore, "erase", lambda self, title_id, user_id, scope: honest(self, title_id, user_id, "another's"))
    with pytest.raises(AssertionError):
        await check_that_nothing_is_left()


async def test_PRI1_and_PRI2_an_export_has_everything_and_no_secrets() -> None:
    async with TestServer(notifying(), Game("other")) as server:
        ada, bob = await seed(server)
        desk = desk_of(server)
        made = await desk.call("console_export_person", "asked for it", user_id=ada.user_id)
        held = json.loads(made.file)
        main, other = held["titles"]["main"], held["titles"]["other"]
        assert (held["form"], held["person_id"], made.name) == ("supergame.person.1", ada.user_id, f"person-{ada.user_id}.json")
        (account,) = main["account"]
        assert (account["email"], account["custom_id"], account["devices"][0]["id"]) == (
            f"{CANARY}@example.com",
            f"{CANARY}-custom",
            f"device-of-{CANARY}-name",
        )
        assert {name: len(main[name]) for name in HELD} == HELD
        assert [entry["reason"] for entry in held["person"]["sanctions"]] == [f"{CANARY}-ban"]
        assert [entry["text"] for entry in main["feedback"]] == [CANARY]
        assert [entry["id"] for entry in held["person"]["ownerships"]] == ["a-creator"]
        assert [entry["other_id"] for entry in held["person"]["friends"]] == [bob.user_id]
        assert len(other["notes"]) == 1
        for secret in ("argon2", "bob's answer"):
            assert secret not in made.file
        assert f'"reporter_id":"{bob.user_id}"' not in made.file
        assert desk.actions[-1].changes[0].after == {"bytes": len(made.file.encode())}


async def test_PRI3_an_export_beyond_its_bound_is_refused() -> None:
    async with TestServer(limits=Limits(export_bytes_max=100)) as server:
        ada = await server.sign_in("ada")
        with pytest.raises(ExportTooLarge):
            await server.node.privacy.export(UserId(ada.user_id))


async def test_PRI6_the_audit_trail_keeps_the_act_and_nothing_personal() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        grace = await server.operator()
        path = f"/sg/v1/console/titles/main/players/{ada.user_id}/notes"
        await grace.act("POST", path, {"note_text": f"{CANARY}-note"})
        (trail,) = [repr(await rows(server.node.db, "audit_entries"))]
        assert CANARY not in trail
        assert "(personal)" in trail
        assert ada.user_id in trail


async def test_nobody_is_neither_exported_nor_erased() -> None:
    async with TestServer() as server:
        for endpoint in ("console_export_person", "console_erase_person"):
            for nobody in ("00000000-0000-4000-8000-000000000000", "nonsense"):
                with pytest.raises(AccountNotFound):
                    await desk_of(server).call(endpoint, "x", user_id=nobody)
