"""The race's board. Rules: docs/spec/plaza.md."""

from __future__ import annotations

from datetime import date

from kitewind.race import BOARD_PLACES, KEPT_PLACES, Best, Board

DAY = date(2026, 11, 22)


def best(user_id: str, time_ms: int) -> Best:
    return Best(user_id, user_id.title(), time_ms)


def test_PLAZA26_the_board_has_each_players_best_time_the_fastest_first() -> None:
    board = Board(DAY)
    assert [board.add(best(*one)) for one in [("ada", 50_000), ("bob", 40_000), ("ada", 60_000), ("ada", 50_000), ("ada", 30_000)]] == [
        1,
        1,
        0,
        0,
        1,
    ]
    assert board.times == [best("ada", 30_000), best("bob", 40_000)]


def test_PLAZA26_five_are_shown_and_fifty_kept() -> None:
    board = Board(DAY)
    places = [board.add(best(f"player{number}", 10_000 + number)) for number in range(KEPT_PLACES + 1)]
    assert places == [*range(1, KEPT_PLACES + 1), 0]
    assert len(board.times) == KEPT_PLACES
    assert board.shown == board.times[:BOARD_PLACES]
