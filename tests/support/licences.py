"""A small world of owners, works and titles, on a server's database."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from supergame.base.ids import Chance, TitleId
from supergame.db.port import Database
from supergame.features.ledger.service import Ledger
from supergame.features.licences.model import Action, Asset, AssetKind, Credit, Licence, LicenceChange, Owner, Property, Terms
from supergame.features.licences.service import Licences
from supergame.features.royalties.model import month_of
from supergame.features.royalties.service import Royalties
from supergame.testing import FakeClock, TestServer

STARHOP, PIP = TitleId("starhop"), "kitewind/pip"


class World:
    """The studio Kitewind owns Pip, whom Ada has drawn; Ben makes remixes. `node` makes another process on the same database."""

    def __init__(self, db: Database, clock: FakeClock, seed: int = 1) -> None:
        self.db, self.clock = db, clock
        chance = Chance(random.Random(seed).randbytes)
        self.told: list[LicenceChange] = []
        self.ledger = Ledger(db, clock, chance)
        self.licences = Licences(db, clock, chance, self._tell)
        self.royalties = Royalties(db, clock, chance, self.ledger, self.licences)

    async def _tell(self, change: LicenceChange) -> None:
        self.told.append(change)

    async def load(self) -> None:
        await self.licences.load()
        await self.royalties.load()

    async def node(self) -> World:
        other = World(self.db, self.clock, seed=2)
        await other.load()
        return other

    async def furnish(self) -> None:
        for owner, name in (("kitewind-studio", "Kitewind Studio"), ("ada", "Ada"), ("ben", "Ben")):
            await self.licences.add_owner(Owner(id=owner, name=name))
        await self.licences.add_property(Property(id="kitewind", owner_id="kitewind-studio", name="Kitewind", home_title="kitewind"))
        await self.licences.add_property(Property(id="remixes", owner_id="ben", name="Remixes"))
        await self.licences.add_asset(
            Asset(id=PIP, kind=AssetKind.CHARACTER, name="Pip", age_rating=3, credits=(Credit("ada", 3_000, "drawing"),))
        )

    async def licence(self, **terms: Any) -> Licence:
        """An active licence of Pip for starhop."""
        made = await self.licences.draft(self.terms(**terms), "olga")
        return await self.take(made, Action.OFFER, Action.ACCEPT, Action.ACTIVATE)

    async def take(self, licence: Licence, *actions: Action, signed_by: str = "olga") -> Licence:
        for action in actions:
            licence = await self.licences.step(licence.id, action, signed_by, "a test says so")
        return licence

    @staticmethod
    def terms(**terms: Any) -> Terms:
        return Terms(**{"title": "starhop", "property_id": "kitewind", "assets": (PIP,), "use_fee": 10} | terms)

    def use(self, count: int = 1, player: str = "") -> None:
        for _ in range(count):
            assert self.licences.use(STARHOP, PIP, player).allowed

    async def next_month(self) -> None:
        """To the first of the next month, an hour past midnight, with all uses booked."""
        await self.royalties.flush()
        month = self.month
        while self.month == month:
            self.clock.advance(3_600)
        self.clock.advance(3_600)

    @property
    def month(self) -> str:
        return month_of(self.clock.now())


@asynccontextmanager
async def a_world() -> AsyncIterator[World]:
    async with TestServer() as server:
        world = World(server.node.db, server.clock)
        await world.furnish()
        yield world
