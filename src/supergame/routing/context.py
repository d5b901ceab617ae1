"""What every handler, hook and function is told of its caller."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from supergame.base.errors import Unauthenticated
from supergame.base.ids import TitleId, TokenId, UserId

NOBODY: Final = UserId("")
NO_TOKEN: Final = TokenId("")


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
    session_id: str = ""
    """Of the socket that a message came through; empty over HTTP."""

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
