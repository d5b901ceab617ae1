"""What every handler, hook and function is told of its caller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from supergame.base.errors import Unauthenticated
from supergame.base.ids import TitleId, TokenId, UserId

NOBODY: Final = UserId("")
NO_TOKEN: Final = TokenId("")


class Effects:
    """What a call has changed already and nobody is told of yet, for the caller should learn the reply before the events.

    Once the reply has left, and for calls without a socket, everything is told at once.
    """

    __slots__ = ("_has_replied", "_untold")

    def __init__(self, *, has_replied: bool = False) -> None:
        self._untold: list[Callable[[], None]] = []
        self._has_replied = has_replied

    def add(self, tell: Callable[..., None], *args: Any) -> None:
        self._untold.append(lambda: tell(*args))
        if self._has_replied:
            self.flush()

    def flush(self) -> None:
        """Tell now, ahead of something that makes no sense without it."""
        while self._untold:
            self._untold.pop(0)()

    def replied(self) -> None:
        """The reply has left, or never will."""
        self._has_replied = True
        self.flush()


TOLD_AT_ONCE: Final = Effects(has_replied=True)


@dataclass(slots=True)
class Context:
    """The caller of one request. `user_id` is empty for calls with a server or HTTP key."""

    title_id: TitleId
    user_id: UserId = NOBODY
    username: str = ""
    token_id: TokenId = NO_TOKEN
    vars: dict[str, str] = field(default_factory=dict)
    expires_at_s: int = 0
    client_ip: str = ""
    lang: str = ""
    query: dict[str, list[str]] = field(default_factory=dict)
    idempotency_key: str = ""
    client: str = ""
    """The version that the caller's client says it has, by the header X-Supergame-Client."""
    session_id: str = ""
    """Of the socket that a message came through; empty over HTTP."""
    effects: Effects = TOLD_AT_ONCE

    @property
    def is_player(self) -> bool:
        return bool(self.user_id)

    def player(self) -> UserId:
        """The calling player.

        Raises:
            Unauthenticated: the call was made with a key.
        """
        if not self.user_id:
            raise Unauthenticated
        return self.user_id
