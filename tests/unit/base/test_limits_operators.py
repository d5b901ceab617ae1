"""The rows of the table of limits about what operators do with players: at the bound, and beyond it."""

from __future__ import annotations

import pytest

from supergame.base.ids import SYSTEM_USER, TitleId, UserId
from supergame.base.limits import Limits
from supergame.features.privacy.model import ExportTooLarge
from supergame.features.reports.model import ReportInvalid, check_words
from supergame.features.sanctions.model import NoteInvalid, SanctionInvalid, TooManyMutes, check_note, check_sanction
from supergame.features.storage.model import ObjectId, ObjectInvalid, Write
from supergame.testing import TestServer


def test_sanction_s_max() -> None:
    check_sanction(60, "", Limits(sanction_s_max=60))
    with pytest.raises(SanctionInvalid):
        check_sanction(61, "", Limits(sanction_s_max=60))


def test_sanction_reason_bytes_max() -> None:
    check_sanction(0, "spam", Limits(sanction_reason_bytes_max=4))
    with pytest.raises(SanctionInvalid):
        check_sanction(0, "spam!", Limits(sanction_reason_bytes_max=4))


def test_note_bytes_max() -> None:
    check_note("note", Limits(note_bytes_max=4))
    with pytest.raises(NoteInvalid):
        check_note("notes", Limits(note_bytes_max=4))


async def test_mutes_max() -> None:
    async with TestServer(limits=Limits(mutes_max=1)) as server:
        main, sanctions = TitleId("main"), server.node.sanctions
        await sanctions.mute(main, UserId("ada"), "", "grace", 60)
        with pytest.raises(TooManyMutes):
            await sanctions.mute(main, UserId("bob"), "", "grace", 60)
        server.clock.advance(60)
        await sanctions.mute(main, UserId("bob"), "", "grace", 60)


def objects(count: int) -> list[Write]:
    return [Write(ObjectId("saves", str(number), SYSTEM_USER), "{}", "", 1, 1) for number in range(count)]


async def test_storage_import_max() -> None:
    async with TestServer(limits=Limits(storage_import_max=2)) as server:
        assert await server.node.storage.bring_in(TitleId("main"), objects(2)) == 2
        with pytest.raises(ObjectInvalid):
            await server.node.storage.bring_in(TitleId("main"), objects(3))


async def test_storage_export_max() -> None:
    async with TestServer(limits=Limits(storage_export_max=2)) as server:
        await server.node.storage.bring_in(TitleId("main"), objects(3))
        assert len((await server.node.storage.export(TitleId("main"), "saves", "", "")).objects) == 2


async def test_storage_export_bytes() -> None:
    async with TestServer(limits=Limits(storage_export_bytes=4, page_max=1)) as server:
        await server.node.storage.bring_in(TitleId("main"), objects(3))
        assert len((await server.node.storage.export(TitleId("main"), "saves", "", "")).objects) == 2


async def complaints(players: int, **rows: int) -> list[bool]:
    """Whether each of the reports of one player about some others is taken."""
    async with TestServer(limits=Limits(**rows)) as server:
        bob, taken = await server.sign_in("bob"), []
        for number in range(players):
            body = {"kind": "player", "user_id": (await server.sign_in(f"other-{number}")).user_id, "reason": "spam"}
            taken.append((await bob.request("POST", "/sg/v1/reports", body=body)).status == 200)
        return taken


async def test_reports_per_hour() -> None:
    assert await complaints(3, reports_per_hour=2) == [True, True, False]


async def test_reports_open_max() -> None:
    assert await complaints(2, reports_open_max=1) == [True, False]


def test_report_words_bytes_max() -> None:
    check_words("spam", Limits(report_words_bytes_max=4))
    with pytest.raises(ReportInvalid):
        check_words("spam!", Limits(report_words_bytes_max=4))


async def test_export_bytes_max() -> None:
    async with TestServer(limits=Limits(export_bytes_max=100)) as server:
        ada = UserId((await server.sign_in("ada")).user_id)
        with pytest.raises(ExportTooLarge):
            await server.node.privacy.export(ada)
