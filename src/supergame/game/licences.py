"""A game's access to licences: may this title use somebody's character here and now?

    use = await ctx.licences.use("kitewind/pip", ctx.user_id)
    hero = "pip" if use.allowed else "own-hero"

Each use that is allowed is counted, and what it costs by the licence's terms appears in the owner's statement. A match is told when the
answer changes, within two seconds of a suspension or revocation, by its method

    def licence_changed(self, match: Match, change: LicenceChange) -> None:
        if change.asset == "kitewind/pip" and not change.allowed:
            self.swap_heroes(match)
"""

from __future__ import annotations

from supergame.base.ids import TitleId
from supergame.features.licences.model import Use
from supergame.features.licences.service import Licences
from supergame.features.matches.model import Player
from supergame.features.royalties.service import Royalties


class LicencesAccess:
    """`ctx.licences`: what this title may use of others, and of its own."""

    __slots__ = ("_licences", "_royalties", "_title_id")

    def __init__(self, licences: Licences, royalties: Royalties, title_id: TitleId) -> None:
        self._licences, self._royalties, self._title_id = licences, royalties, title_id

    async def use(self, asset: str, player: Player | str = "", *, region: str = "") -> Use:
        """Ask and count in one: may the player have it now? A refusal has a reason and counts nothing.

        Args:
            asset: such as "kitewind/pip".
            player: a player of a match, or a user id; with it sessions are counted too.
            region: the player's country in two capitals, if the game knows it; licences for some regions refuse players without one.
        """
        return self.use_now(asset, player, region=region)

    def use_now(self, asset: str, player: Player | str = "", *, region: str = "") -> Use:
        """As `use`, for the plain methods of a match. It takes microseconds."""
        return self._licences.use(self._title_id, asset, player if isinstance(player, str) else player.user_id, region)

    def look(self, asset: str, *, region: str | None = None) -> Use:
        """What a use would be answered, without counting one; without a region, for wherever the licence holds."""
        return self._licences.look(self._title_id, asset, region)

    async def sale(self, asset: str, amount: int, currency: str, sale_id: str, *, region: str = "") -> int:
        """Book a sale of something with the asset; returns what the owner is owed for it, in the currency's smallest unit.

        It is on the disk when this returns, and the same `sale_id` again is the same sale: retry until it succeeds.

        Raises:
            SaleRefused: no licence allows it, or it is in another currency.
            RoyaltyInvalid: the amount is no whole number above 0, or the id is malformed.
        """
        return await self._royalties.sale(self._title_id, asset, amount, currency, sale_id, region)
