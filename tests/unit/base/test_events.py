"""Notices: told to everybody who asked, whatever the others do with them."""

from __future__ import annotations

from dataclasses import dataclass

from supergame.base.events import Notice, Notices


@dataclass
class Joined(Notice):
    name: str


class JoinedLate(Joined):
    pass


def test_notices_reach_their_subscribers_in_order() -> None:
    heard: list[str] = []
    notices = Notices(lambda kind, error: heard.append(kind))
    notices.subscribe(Joined, lambda notice: heard.append(f"first {notice.name}"))
    notices.subscribe(Joined, lambda notice: heard.append(f"second {notice.name}"))
    notices.publish(Joined("ada"))
    assert heard == ["first ada", "second ada"]


def test_a_subscriber_that_raises_does_not_silence_the_others_and_is_named() -> None:
    heard: list[str] = []
    errors: list[tuple[str, Exception]] = []
    notices = Notices(lambda kind, error: errors.append((kind, error)))
    trouble = RuntimeError("deaf")

    def deaf(notice: Joined) -> None:
        raise trouble

    notices.subscribe(Joined, deaf)
    notices.subscribe(Joined, lambda notice: heard.append(notice.name))
    notices.publish(Joined("ada"))
    assert heard == ["ada"]
    assert errors == [("Joined", trouble)]


def test_a_notice_is_heard_by_those_of_its_own_type_only() -> None:
    heard: list[Notice] = []
    notices = Notices(lambda kind, error: None)
    notices.subscribe(Joined, heard.append)
    notices.publish(JoinedLate("bob"))
    notices.publish(Notice())
    assert heard == []
