"""A game's access to matches."""

from __future__ import annotations

from typing import Any

from supergame.base.ids import TitleId
from supergame.features.matches.model import Filter, MatchInfo
from supergame.features.matches.service import Matches


class MatchesAccess:
    """`ctx.matches`: the matches of this title."""

    __slots__ = ("_matches", "_title_id")

    def __init__(self, matches: Matches, title_id: TitleId) -> None:
        self._matches, self._title_id = matches, title_id

    async def create(self, handler: str, params: dict[str, Any] | None = None) -> str:
        """Start a match of a class declared with `@game.match(handler)`; returns its id, which clients join by.

        Raises HandlerUnknown, TooManyMatches, MatchFailed.
        """
        return self._matches.create(self._title_id, handler, params or {})

    async def signal(self, match_id: str, data: str = "") -> str:
        """What the match's `signal` returns. Raises MatchNotFound, MatchFailed."""
        return self._matches.signal(self._title_id, match_id, data)

    async def get(self, match_id: str) -> MatchInfo | None:
        """A match as lists show it, or None when there is none."""
        return self._matches.get(self._title_id, match_id)

    async def list(
        self,
        *,
        query: str | None = None,
        label: str | None = None,
        authoritative: bool | None = None,
        min_size: int | None = None,
        max_size: int | None = None,
        limit: int = 10,
    ) -> list[MatchInfo]:
        """Matches that fit, the oldest first: `await ctx.matches.list(query="+label.mode:duel", max_size=9)`.

        Raises FilterInvalid, QueryInvalid.
        """
        return await self._matches.find(self._title_id, Filter(limit, authoritative, label, min_size, max_size, query))
