"""Presences: who is in which stream, and what others are told of it."""

from __future__ import annotations

import random

import pytest

from supergame.base.ids import TitleId
from supergame.realtime.stream import Mode, Presence, Stream
from supergame.realtime.tracker import Change, Tracker
from tests.unit.realtime.sockets import MAIN, Socket

LOBBY = Stream(MAIN, Mode.ROOM, label="lobby")
CUSTOM = Stream(MAIN, 20, label="news")


def test_a_join_and_a_leave_are_changes() -> None:
    tracker, ada = Tracker(), Presence(Socket("ada"))
    assert tracker.track(LOBBY, ada) == Change(LOBBY, (ada,), ())
    assert tracker.presences(LOBBY) == [ada]
    assert tracker.untrack(LOBBY, ada.session) == Change(LOBBY, (), (ada,))
    assert tracker.presences(LOBBY) == []


def test_the_same_again_is_no_change() -> None:
    tracker, socket = Tracker(), Socket("ada")
    tracker.track(LOBBY, Presence(socket))
    assert tracker.track(LOBBY, Presence(socket)) is None
    assert tracker.untrack(CUSTOM, socket) is None


def test_another_status_is_a_leave_and_a_join() -> None:
    tracker, socket = Tracker(), Socket("ada")
    before, after = Presence(socket, status="here"), Presence(socket, status="busy")
    tracker.track(LOBBY, before)
    assert tracker.track(LOBBY, after) == Change(LOBBY, (after,), (before,))
    assert tracker.get(LOBBY, socket.session_id) == after


def test_hidden_presences_hear_and_are_not_told_of() -> None:
    tracker, ghost, ada = Tracker(), Presence(Socket("ghost"), hidden=True), Presence(Socket("ada"))
    assert tracker.track(LOBBY, ghost) is None
    tracker.track(LOBBY, ada)
    assert tracker.presences(LOBBY) == [ada]
    assert tracker.presences(LOBBY, hidden=True) == list(tracker.receivers(LOBBY)) == [ghost, ada]
    assert tracker.count(LOBBY) == 2
    assert tracker.untrack(LOBBY, ghost.session) is None


def test_hiding_is_a_leave_and_showing_a_join() -> None:
    tracker, socket = Tracker(), Socket("ada")
    visible, hidden = Presence(socket), Presence(socket, hidden=True)
    tracker.track(LOBBY, visible)
    assert tracker.track(LOBBY, hidden) == Change(LOBBY, (), (visible,))
    assert tracker.track(LOBBY, visible) == Change(LOBBY, (visible,), ())


def test_changes_are_told_by_the_announcer_of_their_mode() -> None:
    tracker, told = Tracker(), []
    tracker.announce_with(Mode.ROOM, lambda change: told.append(("room", change.stream)))
    tracker.announce_with(None, lambda change: told.append(("other", change.stream)))
    for stream in (LOBBY, CUSTOM):
        tracker.announce(tracker.track(stream, Presence(Socket("ada"))))
    tracker.announce(None)
    assert told == [("room", LOBBY), ("other", CUSTOM)]


def check_the_end_of_a_session() -> None:
    tracker, ada, bob, told = Tracker(), Socket("ada"), Socket("bob"), []
    tracker.announce_with(None, told.append)
    for stream in (LOBBY, CUSTOM):
        tracker.track(stream, Presence(ada))
        tracker.track(stream, Presence(bob))
    tracker.untrack_session(ada)
    assert [presence.user_id for presence in tracker.presences(LOBBY)] == ["bob"]
    assert told == [Change(stream, (), (Presence(ada),)) for stream in (LOBBY, CUSTOM)]
    assert tracker.streams_of(ada) == ()


def test_a_session_that_ends_leaves_everything_and_it_is_told() -> None:
    check_the_end_of_a_session()


def test_a_planted_fault_is_caught_a_lost_presence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Tracker, "untrack_session", lambda self, session: None)
    with pytest.raises(AssertionError):
        check_the_end_of_a_session()


def test_a_session_that_has_ended_joins_nothing_any_more() -> None:
    """Its join was on its way when it closed."""
    tracker, ada = Tracker(), Socket("ada")
    tracker.untrack_session(ada)
    assert tracker.track(LOBBY, Presence(ada)) is None
    assert (tracker.count(LOBBY), tracker.count_of(ada)) == (0, 0)


def test_a_stream_is_emptied_without_a_word() -> None:
    tracker, ada, told = Tracker(), Socket("ada"), []
    tracker.announce_with(None, told.append)
    tracker.track(CUSTOM, Presence(ada))
    tracker.untrack_stream(CUSTOM)
    tracker.untrack_stream(CUSTOM)
    assert (told, tracker.count(CUSTOM), tracker.streams_of(ada)) == ([], 0, ())


def test_titles_are_apart() -> None:
    tracker, ada = Tracker(), Socket("ada")
    tracker.track(LOBBY, Presence(ada))
    assert tracker.presences(LOBBY._replace(title_id=TitleId("beta"))) == []


@pytest.mark.parametrize("seed", range(5))
def test_the_tracker_equals_a_plain_list(seed: int) -> None:
    """Random joins, leaves and ends; the slow twin keeps pairs in a list. Nothing is left behind at the end."""
    chance, tracker = random.Random(seed), Tracker()
    streams = [LOBBY, CUSTOM, Stream(MAIN, Mode.STATUS, "ada")]
    alive, pairs = [Socket(str(number)) for number in range(12)], []
    while alive:
        stream, socket = chance.choice(streams), chance.choice(alive)
        action = chance.randrange(20)
        if action < 12:
            tracker.track(stream, Presence(socket, hidden=action < 3))
            if (stream, socket) not in pairs:
                pairs.append((stream, socket))
        elif action < 19:
            tracker.untrack(stream, socket)
            pairs = [pair for pair in pairs if pair != (stream, socket)]
        else:
            tracker.untrack_session(socket)
            alive.remove(socket)
            pairs = [pair for pair in pairs if pair[1] is not socket]
        for each in streams:
            expected = [who for where, who in pairs if where == each]
            assert [presence.session for presence in tracker.presences(each, hidden=True)] == expected
    assert (tracker._streams, tracker._sessions) == ({}, {})
