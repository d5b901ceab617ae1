"""What an operator sees who looks into a match. Rules: docs/spec/console.md."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from supergame.base.ids import TitleId
from supergame.base.limits import Limits
from supergame.features.matches.spectate import Key, Seen, Taps, Way
from supergame.runtime.ticker import Ticker
from supergame.testing import FakeClock, TestOperator, TestServer
from tests.unit.game.test_match import Arena, make_game

KEY: Key = (TitleId("main"), "a match")
OTHER: Key = (TitleId("main"), "another")


class Bench:
    """Taps without a server, and a clock that tests move."""

    def __init__(self, **rows: Any) -> None:
        self.clock, self.limits = FakeClock(), Limits(**rows)
        self.ticker = Ticker(self.clock)
        self.taps = Taps(self.clock, self.ticker, self.limits)

    def note(self, key: Key, data: bytes) -> None:
        self.taps.open[key].note(1, Way.SENT, 1, data, None, 2, True)

    def pass_s(self, seconds: int) -> None:
        for _ in range(seconds):
            self.clock.advance(1.0)
            self.ticker.run_due()


def shown(data: bytes, data_bytes: int = 0) -> str | None:
    return Seen(1, 1, Way.SENT, 1, "", "", 0, True, data, data_bytes or len(data)).text


async def look(operator: TestOperator, match_id: str, after: str = "0") -> Any:
    return await operator.get(f"/sg/v1/console/titles/main/matches/{match_id}/messages", after=after)


def lines(seen: Any) -> list[tuple[Any, ...]]:
    return [
        (one["way"], one.get("tick", 0), int(one.get("op_code", 0)), one.get("sender_name", ""), one.get("receivers", 0))
        for one in seen.get("messages", ())
    ]


async def test_CON32_a_look_lists_what_a_match_sends_and_what_players_send_it() -> None:
    async with TestServer(make_game()) as server:
        arena, viewer = await Arena.open(server, "ada", "bob"), await server.operator("viewer")
        arena.say("ada", "say before anybody looks")
        server.tick()
        first = await look(viewer, arena.match_id)
        assert "messages" not in first
        for command in ("say hello", "whisper bob", "later"):
            arena.say("ada", command)
        server.tick()
        second = await look(viewer, arena.match_id, first["last"])
        assert lines(second) == [
            ("received", 1, 0, "ada", 0),
            ("received", 1, 0, "ada", 0),
            ("received", 1, 0, "ada", 0),
            ("sent", 1, 1, "ada", 2),
            ("sent", 1, 2, "", 1),
            ("sent", 1, 4, "", 2),
            ("sent", 2, 3, "", 2),
        ]
        numbers = [int(one["number"]) for one in second["messages"]]
        assert numbers == sorted(set(numbers))
        assert base64.b64decode(second["messages"][0]["base64"]) == b"say hello"
        assert lines(await look(viewer, arena.match_id, second["last"])) == []
        assert lines(await look(viewer, arena.match_id, str(numbers[-2]))) == [("sent", 2, 3, "", 2)]


async def test_CON32_relayed_matches_are_seen_too() -> None:
    async with TestServer(make_game()) as server:
        ada, bob, eve = [await (await server.sign_in(name)).connect() for name in ("ada", "bob", "eve")]
        match_id = (await ada.call({"match_create": {}}))["match"]["match_id"]
        for socket in (bob, eve):
            await socket.call({"match_join": {"match_id": match_id}})
        viewer = await server.operator("viewer")
        await look(viewer, match_id)
        data = {"match_id": match_id, "op_code": "7", "data": base64.b64encode(b'{"x": 1}').decode()}
        ada.post({"match_data_send": data})
        bob.post({"match_data_send": {**data, "presences": [{"session_id": ada.session_id}]}})
        seen = await look(viewer, match_id)
        assert lines(seen) == [("relayed", 0, 7, "ada", 2), ("relayed", 0, 7, "bob", 1)]
        assert [one["text"] for one in seen["messages"]] == ['{"x": 1}'] * 2


async def test_CON32_no_title_looks_into_another_ones_matches() -> None:
    async with TestServer(make_game(), make_game("beta")) as server:
        arena, viewer = await Arena.open(server), await server.operator("viewer")
        gone = await viewer.request("GET", f"/sg/v1/console/titles/beta/matches/{arena.match_id}/messages")
        assert gone.headers["X-Supergame-Error"] == "match.not_found"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b'{"x": [1, "\xc3\xa4"]}', '{"x": [1, "ä"]}'),
        (b"12", "12"),
        (b"plain words", None),
        (b'"\xff"', None),
        (b"\x08\x01", None),
        (b"", None),
    ],
)
def test_CON33_json_is_text_and_all_else_is_not(data: bytes, text: str | None) -> None:
    assert shown(data) == text


def test_CON33_what_is_cut_is_text_if_it_begins_like_json() -> None:
    assert shown(b' {"name": "\xc3', 900) == ' {"name": "'  # the cut went through a letter
    assert shown(b"12345", 900) is None
    assert shown(b'{"name": "\xff\xff', 900) is None


def test_CON34_the_latest_are_kept_and_a_gap_is_told() -> None:
    """Planted fault: a ring that forgets without a word."""
    bench = Bench(spectated_messages_max=3)
    first = bench.taps.look(KEY, 0)
    for number in range(3):
        bench.note(KEY, b"%d" % number)
    second = bench.taps.look(KEY, first.last)
    assert ([seen.data for seen in second.messages], second.skipped) == ([b"0", b"1", b"2"], False)
    for number in range(3, 6):
        bench.note(KEY, b"%d" % number)
    third = bench.taps.look(KEY, second.last)
    assert ([seen.data for seen in third.messages], third.skipped) == ([b"3", b"4", b"5"], False)
    bench.note(KEY, b"6")
    assert bench.taps.look(KEY, second.last).skipped


def test_CON35_a_tap_closes_some_time_after_the_last_look() -> None:
    """Planted fault: a tap that never closes."""
    bench = Bench(spectating_s=10.0)
    assert bench.ticker.next_due() is None
    bench.taps.look(KEY, 0)
    last = bench.taps.look(OTHER, 0).last
    bench.pass_s(9)
    bench.taps.look(KEY, 0)
    bench.pass_s(2)
    assert list(bench.taps.open) == [KEY]
    bench.pass_s(9)
    assert (bench.taps.open, bench.ticker.next_due()) == ({}, None)
    assert bench.taps.look(OTHER, last).skipped
    bench.pass_s(11)
    assert bench.taps.open == {}


def test_CON35_of_too_many_those_are_kept_that_were_looked_at_last() -> None:
    bench = Bench(spectated_matches_max=2)
    third: Key = (TitleId("main"), "a third")
    for key in (KEY, OTHER, KEY, third):
        bench.taps.look(key, 0)
    assert list(bench.taps.open) == [KEY, third]


async def test_CON36_a_look_changes_nothing_for_those_who_are_in() -> None:
    heard = []
    for is_watched in (False, True):
        async with TestServer(make_game()) as server:
            arena, viewer = await Arena.open(server, "ada", "bob"), await server.operator("viewer")
            for command in ("say hello", "whisper bob", "later", "label new", "kick bob", "end"):
                if is_watched:
                    await look(viewer, arena.match_id)
                arena.say("ada", command)
                server.tick()
            heard.append((arena.heard(), server.node.matches.count))
    assert heard[0] == heard[1]


async def test_CON36_what_nobody_looks_at_is_not_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: note all, and let the look decide."""
    noted: list[str] = []
    async with TestServer(make_game()) as server:
        arena, other = await Arena.open(server, "ada"), await Arena.open(server, "bob")
        viewer = await server.operator("viewer")
        monkeypatch.setattr("supergame.features.matches.spectate.Tap.note", lambda *args: noted.append(args[2]))
        arena.say("ada", "say hello")
        await look(viewer, other.match_id)
        arena.say("ada", "say hello")
        server.tick()
        assert noted == []
        other.say("bob", "say hello")
        server.tick()
        assert noted == ["received", "sent"]
