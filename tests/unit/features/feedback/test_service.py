"""Feedback over the whole server. Rules: docs/spec/feedback.md."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

import pytest

from supergame.features.feedback import console, png, service
from supergame.features.feedback.png import PIXELS_MAX, SIDE_MAX, NoPng, size_of
from supergame.game import Game
from supergame.testing import TestPlayer, TestServer
from supergame.testing.operator import TestOperator

NOTES = "/sg/v1/console/titles/main/feedback"
HOUR_S = 3_600


def chunk(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def head(width: int = 2, height: int = 1, bits: int = 8, kind: int = 2, rest: tuple[int, int, int] = (0, 0, 0)) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, *rest))


SIGNATURE = b"\x89PNG\r\n\x1a\n"
DATA, END = chunk(b"IDAT", zlib.compress(b"\0" + bytes(6))), chunk(b"IEND")
PICTURE = SIGNATURE + head() + DATA + END


def damaged(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


async def give(player: TestPlayer, text: str = "The kite is stuck.", **more: Any) -> Any:
    return await player.request("POST", "/sg/v1/feedback", body={"text": text, "build": "kitewind 0.3.1"} | more)


async def listed(operator: TestOperator, **query: Any) -> list[str]:
    return [note["text"] for note in (await operator.get(NOTES, **query)).get("notes", [])]


TAKEN: list[dict[str, Any]] = [
    {},
    {"position": "plaza 12,40", "log": "line one\nline two"},
    {"text": "x" * 4_000, "log": "y" * 8_000, "position": "z" * 200, "build": "b" * 128},
]
REFUSED: list[dict[str, Any]] = [
    {"text": " \n"},
    {"build": ""},
    {"build": "two\nlines"},
    {"text": "é" * 2_001},
    {"log": "y" * 8_001},
    {"position": "z" * 201},
    {"text": "nul \0"},
    {"screenshot": base64.b64encode(b"<html>").decode()},
]


async def test_FBK1_forms_and_bounds() -> None:
    async with TestServer() as server:
        ada, olga = await server.sign_in("ada"), await server.operator()
        for more in REFUSED:
            answer = await give(ada, **more)
            assert (answer.status, answer.headers["X-Supergame-Error"]) == (400, "feedback.invalid"), more
        assert (await give(ada, screenshot="no base64!")).headers["X-Supergame-Error"] == "malformed_body"
        assert await listed(olga) == []
        assert [(await give(ada, **more)).status for more in TAKEN] == [200] * len(TAKEN)
        assert len(await listed(olga)) == len(TAKEN)


NO_PICTURES = {
    "nothing": b"",
    "a page": b"<html><script>alert(1)</script>",
    "a jpeg": b"\xff\xd8\xff\xe0" + bytes(50),
    "an svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "a signature alone": SIGNATURE,
    "no head": SIGNATURE + DATA + END,
    "two heads": SIGNATURE + head() + head() + DATA + END,
    "no data": SIGNATURE + head() + END,
    "no end": SIGNATURE + head() + DATA,
    "a page behind the end": PICTURE + b"<script>alert(1)</script>",
    "another picture behind the end": PICTURE + PICTURE,
    "a chunk cut off": PICTURE[:-3],
    "a length beyond the end": SIGNATURE + head() + struct.pack(">I", 2**31) + b"IDAT" + END,
    "a damaged head": damaged(PICTURE, 20),
    "damaged data": damaged(PICTURE, 45),
    "a chunk without a name": SIGNATURE + head() + chunk(b"\0\1\2\3") + DATA + END,
    "no width": SIGNATURE + head(width=0) + DATA + END,
    "too wide": SIGNATURE + head(width=SIDE_MAX + 1) + DATA + END,
    "too many pixels": SIGNATURE + head(SIDE_MAX, PIXELS_MAX // SIDE_MAX + 1) + DATA + END,
    "a billion pixels": SIGNATURE + head(2**31 - 1, 2**31 - 1) + DATA + END,
    "a form that does not exist": SIGNATURE + head(bits=3) + DATA + END,
    "an unknown packing": SIGNATURE + head(rest=(1, 0, 0)) + DATA + END,
    "a short head": SIGNATURE + chunk(b"IHDR", bytes(12)) + DATA + END,
}


@pytest.mark.parametrize("what", NO_PICTURES)
def test_FBK2_what_is_no_whole_png_is_refused(what: str) -> None:
    with pytest.raises(NoPng):
        size_of(NO_PICTURES[what])


def test_FBK2_a_png_has_a_size_and_any_damage_is_seen() -> None:
    assert size_of(PICTURE) == (2, 1)
    assert size_of(SIGNATURE + head(SIDE_MAX, PIXELS_MAX // SIDE_MAX) + DATA + END) == (4_096, 2_304)
    for at in range(len(PICTURE)):
        with pytest.raises(NoPng):
            size_of(damaged(PICTURE, at))
        with pytest.raises(NoPng):
            size_of(PICTURE[:at])


def test_FBK2_a_planted_fault_is_caught_a_reader_that_stops_at_the_end_of_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = png._chunk

    def careless(data: bytes, at: int) -> tuple[bytes, bytes, int]:
        name, body, end = honest(data, at)
        return name, body, len(data) if name == b"IEND" else end

    monkeypatch.setattr(png, "_chunk", careless)
    with pytest.raises(pytest.fail.Exception):
        test_FBK2_what_is_no_whole_png_is_refused("a page behind the end")


async def check_it_stays_a_picture() -> None:
    async with TestServer() as server:
        ada, olga = await server.sign_in("ada"), await server.operator()
        largest = SIGNATURE + head() + chunk(b"zTXt", b"<script>alert(1)</script>".ljust(180_000 - len(PICTURE) - 12)) + DATA + END
        assert len(largest) == 180_000
        for picture in (PICTURE, largest):
            server.clock.advance(1)
            assert (await give(ada, screenshot=base64.b64encode(picture).decode())).status == 200
        assert (await give(ada, screenshot=base64.b64encode(largest[:-12] + chunk(b"tEXt") + END).decode())).status == 400
        notes = (await olga.get(NOTES))["notes"]
        assert [note["has_screenshot"] for note in notes] == [True, True]
        answer = await olga.request("GET", f"{NOTES}/{notes[0]['feedback_id']}/screenshot")
        assert (answer.status, answer.body) == (200, largest)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="feedback-{notes[0]["feedback_id"]}.png"'
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        server.clock.advance(1)
        assert (await give(ada)).status == 200
        plain = (await olga.get(NOTES))["notes"][0]["feedback_id"]
        assert (await olga.request("GET", f"{NOTES}/{plain}/screenshot")).status == 404


async def test_FBK3_a_screenshot_comes_back_as_a_file_and_as_nothing_else() -> None:
    await check_it_stays_a_picture()


async def test_FBK3_a_planted_fault_is_caught_a_picture_that_a_browser_may_take_for_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "_as_a_file", lambda name: ())
    with pytest.raises((AssertionError, KeyError)):
        await check_it_stays_a_picture()


async def test_FBK4_the_list_is_newest_first_and_has_pages() -> None:
    async with TestServer() as server:
        ada, olga = await server.sign_in("ada"), await server.operator()
        for number in range(5):
            server.clock.advance(1)
            await give(ada, f"note {number}")
        page = await olga.get(NOTES, limit=3)
        rest = await olga.get(NOTES, limit=3, cursor=page["cursor"])
        assert [note["text"] for note in page["notes"] + rest["notes"]] == [f"note {number}" for number in (4, 3, 2, 1, 0)]
        assert "cursor" not in rest
        newest = page["notes"][0]
        assert (newest["username"], newest["user_id"], newest["build"], newest["state"]) == ("ada", ada.user_id, "kitewind 0.3.1", "open")
        for query in ({"limit": 101}, {"state": "lost"}, {"cursor": "nonsense"}, {"cursor": page["cursor"], "state": "done"}):
            assert (await olga.request("GET", NOTES, query=query)).status == 400


async def test_FBK5_a_note_is_open_until_it_is_marked_and_the_trail_tells() -> None:
    async with TestServer() as server:
        ada, olga = await server.sign_in("ada"), await server.operator()
        await give(ada, "first")
        note = f"{NOTES}/{(await olga.get(NOTES))['notes'][0]['feedback_id']}"
        assert (await olga.act("PUT", note, {"state": "done"}))["state"] == "done"
        assert (await listed(olga), await listed(olga, state="done")) == ([], ["first"])
        assert (await olga.request("PUT", note, body={"state": "done"})).headers["X-Supergame-Error"] == "feedback.unchanged"
        assert (await olga.act("PUT", note, {"state": "open"}))["state"] == "open"
        assert (await olga.request("PUT", note, body={"state": "lost"})).status == 400
        assert (await olga.request("PUT", f"{NOTES}/nothing", body={"state": "done"})).status == 404
        actions = (await olga.get("/sg/v1/console/audit"))["actions"]
        assert [one["outcome"] for one in actions if one["action"] == "mark_feedback"] == ["refused", "refused", "done", "refused", "done"]


async def test_FBK6_support_marks_viewers_only_read_and_players_neither() -> None:
    async with TestServer() as server:
        ada = await server.sign_in("ada")
        await give(ada)
        for role, may in (("viewer", 403), ("support", 200)):
            operator = await server.operator(role, name=role)
            (note,) = (await operator.get(NOTES))["notes"]
            assert (await operator.request("PUT", f"{NOTES}/{note['feedback_id']}", body={"state": "done"})).status == may
        stranger = await server.operator("support", titles=["other"], name="stranger")
        assert (await stranger.request("GET", NOTES)).status == 403
        assert (await ada.request("GET", NOTES)).status == 404, "the console is on a port of its own"


async def check_rates() -> None:
    async with TestServer(Game("main"), Game("other")) as server:
        ada, bob = await server.sign_in("ada"), await server.sign_in("bob")
        assert [(await give(ada)).status for _ in range(11)] == [200] * 10 + [429]
        assert (await give(ada)).headers["X-Supergame-Error"] == "feedback.too_much"
        assert (await give(bob)).status == 200
        assert (await give(await server.sign_in("ada", title=1))).status == 200
        server.clock.advance(HOUR_S)
        assert (await give(await server.sign_in("ada"))).status == 200


async def test_FBK7_a_player_gives_ten_notes_an_hour() -> None:
    await check_rates()


async def test_FBK7_a_planted_fault_is_caught_a_bound_that_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "PER_HOUR", 1_000)
    with pytest.raises(AssertionError):
        await check_rates()


async def test_FBK8_what_is_done_makes_room_and_what_is_open_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "KEPT_MAX", 3)
    async with TestServer() as server:
        ada, olga = await server.sign_in("ada"), await server.operator()
        for number in range(3):
            server.clock.advance(1)
            await give(ada, f"note {number}", screenshot=base64.b64encode(PICTURE).decode())
        assert (await give(ada)).headers["X-Supergame-Error"] == "feedback.full"
        oldest = (await olga.get(NOTES))["notes"][-1]["feedback_id"]
        await olga.act("PUT", f"{NOTES}/{oldest}", {"state": "done"})
        assert (await give(ada, "one more")).status == 200
        assert await listed(olga) == ["one more", "note 2", "note 1"]
        assert (await listed(olga, state="done"), (await olga.request("GET", f"{NOTES}/{oldest}/screenshot")).status) == ([], 404)


async def test_FBK9_with_an_account_go_its_notes() -> None:
    async with TestServer() as server:
        ada, bob, olga = await server.sign_in("ada"), await server.sign_in("bob"), await server.operator()
        await give(ada, "of ada", screenshot=base64.b64encode(PICTURE).decode())
        server.clock.advance(1)
        await give(bob, "of bob")
        gone = (await olga.get(NOTES))["notes"][-1]["feedback_id"]
        await ada.call("DELETE", "/v2/account")
        await server.settle()
        assert await listed(olga) == ["of bob"]
        assert (await olga.request("GET", f"{NOTES}/{gone}/screenshot")).status == 404


async def test_FBK10_no_title_sees_anothers_notes() -> None:
    async with TestServer(Game("main"), Game("other")) as server:
        await give(await server.sign_in("ada"), "of main")
        await give(await server.sign_in("ada", title=1), "of other")
        olga = await server.operator()
        assert await listed(olga) == ["of main"]
        note = (await olga.get(NOTES))["notes"][0]["feedback_id"]
        assert (await olga.request("GET", f"/sg/v1/console/titles/other/feedback/{note}")).status == 404
