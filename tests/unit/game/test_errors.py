"""The errors of games."""

from __future__ import annotations

import pytest

from supergame.game import GameError, Status


def test_a_games_error_is_the_servers_fault_unless_it_says_otherwise() -> None:
    assert (GameError("Broken.").status, GameError("Broken.").message) == (Status.INTERNAL, "Broken.")


def test_each_error_has_a_status_of_its_own() -> None:
    first, second = GameError("a", Status.NOT_FOUND), GameError("b", Status.PERMISSION_DENIED)
    assert (first.status, second.status, GameError.status) == (Status.NOT_FOUND, Status.PERMISSION_DENIED, Status.UNKNOWN)


def test_a_plain_number_is_a_status_too_and_nonsense_is_none() -> None:
    assert GameError("a", 5).status is Status.NOT_FOUND  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="99"):
        GameError("a", 99)  # type: ignore[arg-type]
