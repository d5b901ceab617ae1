"""The error that games raise, and the one that is raised at a game."""

from __future__ import annotations

from supergame.base.errors import InvalidArgument, Status, SupergameError


class GameError(SupergameError):
    """The game refused this."""

    code = "game.error"

    def __init__(self, message: str, status: Status = Status.INTERNAL) -> None:
        """The client is told `message`; `status` decides the HTTP status, as in `Status.NOT_FOUND`."""
        super().__init__(message)
        self.status = Status(status)  # type: ignore[misc] # each error of a game has its own


class GameInvalid(InvalidArgument):
    """The game cannot be loaded."""

    code = "game.invalid"
