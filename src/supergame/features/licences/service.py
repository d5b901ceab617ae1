"""Licences: register, sign, and decide in microseconds whether a title may use an asset (rules LIC1 to LIC14 in docs/spec/licences.md)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import msgspec

from supergame.base.clock import Clock, Succession, WallMicros
from supergame.base.ids import Chance, TitleId, UserId
from supergame.base.titles import LIVE, environment_of, title_of
from supergame.db.port import Database, Tx, UniqueViolation
from supergame.features.accounts.model import PersonErased
from supergame.features.licences.decisions import Decisions, Pair, pairs_of
from supergame.features.licences.meter import Meter
from supergame.features.licences.model import (
    ALLOWED,
    Action,
    Asset,
    Licence,
    LicenceChange,
    LicenceNotFound,
    Owner,
    Property,
    Reason,
    RegistrationInvalid,
    State,
    Step,
    StepRefused,
    Terms,
    Use,
    check_asset,
    check_owner,
    check_property,
    check_terms,
    next_state,
)
from supergame.features.licences.shares import Link
from supergame.features.licences.store import LicenceStore

Tell = Callable[[LicenceChange], Awaitable[None]]
PAGE_MAX = 100
STEPS_MAX = 1_000
LOADED_AT_ONCE = 100  # licences between two turns of the loop
CLOCK = "the calendar"
"""Who signs that a licence has expired."""


class Licences:
    """The registry of the deployment. `load` before the first use, `refresh` from time to time."""

    def __init__(self, db: Database, clock: Clock, chance: Chance, tell: Tell) -> None:
        """`tell` is awaited for every change that concerns a title."""
        self._db, self._clock, self._chance, self._tell_one = db, clock, chance, tell
        self._times = Succession(clock)
        self._store, self._decisions = LicenceStore(), Decisions()
        self.meter = Meter(clock)
        self._revision = self._registered_at = self._boundary = 0
        self._told: dict[Pair, Reason] = {}
        self._telling, self._is_untold = asyncio.Lock(), False

    # --- at run time

    def use(self, title_id: TitleId, asset: str, player: str = "", region: str = "") -> Use:
        """Whether the title may use the asset now, for a player in a region. If so, it is counted; outside of `live` it is free."""
        reason, grant = self._decisions.decide(title_of(title_id), asset, self._clock.now(), region)
        if grant is None:
            return Use(reason in ALLOWED, reason)
        if environment_of(title_id) == LIVE:
            grant.uses += 1
            self.meter.use(grant.licence_id, asset, player)
        return Use(True, reason, grant.licence_id)

    def look(self, title_id: TitleId, asset: str, region: str | None = None) -> Use:
        """The same without counting; without a region, wherever the player is."""
        reason, grant = self._decisions.decide(title_of(title_id), asset, self._clock.now(), region)
        return Use(reason in ALLOWED, reason, grant.licence_id if grant is not None else "")

    def asset(self, asset_id: str) -> Asset:
        """Raises LicenceNotFound."""
        found = self._decisions.assets.get(asset_id)
        if found is None:
            raise LicenceNotFound(f"There is no asset {asset_id}.")
        return found

    def known(self, licence_id: str) -> Licence:
        """A licence as this process sees it now. Raises LicenceNotFound."""
        found = self._decisions.licences.get(licence_id)
        if found is None:
            raise LicenceNotFound("There is no such licence.")
        return found

    def all_known(self) -> list[Licence]:
        """As this process sees them now, by age."""
        return sorted(self._decisions.licences.values(), key=lambda licence: licence.id)

    def counted(self, licence_id: str, uses: int) -> None:
        """How often a licence was used according to the books."""
        self._decisions.counted(licence_id, uses)

    # --- keeping up with the database

    async def load(self) -> None:
        """All there is. Before the first use."""
        await self._take_up()
        for pair in self._decisions.pairs():
            self._told[pair] = self._now_told(pair)
        self._boundary, self._is_untold = self._decisions.next_boundary(self._clock.now()), False

    async def refresh(self) -> None:
        """Take up what other processes have changed and what the calendar has, and tell those concerned. Once a second."""
        await self._take_up()
        now = self._clock.now()
        if self._is_untold or (self._boundary and now >= self._boundary):
            await self._tell()
            await self._expire(now)
            self._is_untold = False

    async def _take_up(self) -> None:
        properties, assets = await self._db.read(self._store.registered_since, self._registered_at)
        self._decisions.properties |= {item.id: item for item in properties}
        self._decisions.assets |= {item.id: item for item in assets}
        times = [item.created_at for item in properties] + [item.created_at for item in assets]
        self._registered_at = max(times, default=self._registered_at)
        while found := await self._db.read(self._store.since, self._revision, LOADED_AT_ONCE):
            for licence in found:
                self._decisions.put(licence)
            self._revision, self._is_untold = found[-1].revision, True

    async def _expire(self, now: WallMicros) -> None:
        """Licences whose end has come are so in their history too."""
        for licence in self.all_known():
            if licence.terms.ends_at and now >= licence.terms.ends_at and licence.state in (State.ACCEPTED, State.ACTIVE, State.SUSPENDED):
                try:
                    self._taken(await self._step_durably(licence.id, Action.EXPIRE, CLOCK, "The licence's last day is over."))
                except StepRefused:  # another node was faster
                    continue
        self._boundary = self._decisions.next_boundary(now)

    async def _tell(self) -> None:
        """Tell whose right has changed, some at a time, each change once and in their order."""
        async with self._telling:
            await self._tell_changes()

    async def _tell_changes(self) -> None:
        for count, pair in enumerate(self._decisions.pairs(), 1):
            reason = self._now_told(pair)
            if self._told.get(pair) != reason:
                self._told[pair] = reason
                await self._tell_one(LicenceChange(*pair, reason in ALLOWED, reason))
            if count % LOADED_AT_ONCE == 0:
                await asyncio.sleep(0)

    def _now_told(self, pair: Pair) -> Reason:
        return self._decisions.decide(*pair, self._clock.now(), None)[0]

    def _taken(self, licence: Licence) -> None:
        self._decisions.put(licence)
        self._boundary = self._decisions.next_boundary(self._clock.now())

    # --- the registry

    async def add_owner(self, owner: Owner) -> Owner:
        """Raises RegistrationInvalid, IdTaken."""
        check_owner(owner)
        made = msgspec.structs.replace(owner, created_at=self._times.next())
        await self._db.write_durable(self._store.add_owner, made)
        return made

    async def add_property(self, wanted: Property) -> Property:
        """Raises RegistrationInvalid, IdTaken, LicenceNotFound (its owner)."""
        check_property(wanted)
        made = msgspec.structs.replace(wanted, created_at=self._times.next())
        await self._db.write_durable(self._store.add_property, made)
        self._decisions.properties[made.id] = made
        return made

    async def add_asset(self, asset: Asset) -> Asset:
        """Raises RegistrationInvalid, IdTaken, RegistryFull, LicenceNotFound (its property, a credited owner, what it was made from)."""
        check_asset(asset)
        made = msgspec.structs.replace(asset, created_at=self._times.next())
        await self._db.write_durable(self._store.add_asset, made)
        self._decisions.assets[made.id] = made
        return made

    async def owners(self, after: str = "", limit: int = PAGE_MAX) -> list[Owner]:
        """By id, those behind `after`. Raises RegistrationInvalid."""
        return await self._db.read(self._store.owners, after, _checked(limit))

    async def owner(self, owner_id: str) -> Owner:
        """Raises LicenceNotFound."""
        return await self._db.read(self._store.owner, owner_id)

    async def held_of(self, title_id: TitleId, user_id: UserId) -> AsyncIterator[Mapping[str, object]]:
        """Owners who are this person, for an export: of the person, so of no title."""
        if not title_id:
            for owner in await self._db.read(self._store.owners_of, user_id):
                yield msgspec.structs.asdict(owner)

    async def forget(self, erased: PersonErased) -> None:
        """Owners who were this person stay, for what they are owed is in the ledger, and are nobody in particular any more."""
        await self._db.write(self._store.forget_person, erased.user_id)

    async def properties(self, after: str = "", limit: int = PAGE_MAX) -> list[Property]:
        return await self._db.read(self._store.properties, after, _checked(limit))

    async def assets(self, after: str = "", limit: int = PAGE_MAX) -> list[Asset]:
        return await self._db.read(self._store.assets, after, _checked(limit))

    def chain(self, asset_id: str) -> Tx[list[Link]]:
        """An asset and what it was made from, as part of a transaction. Raises LicenceNotFound."""
        return (yield from self._store.chain(asset_id))

    # --- licences

    async def draft(self, terms: Terms, signed_by: str, reason: str = "") -> Licence:
        """A new licence, in state draft. Raises TermsInvalid, LicenceNotFound, RegistryFull."""
        check_terms(terms)
        now = self._times.next()
        licence = Licence(id=self._chance.uuid7(now), terms=terms, created_at=now, updated_at=now)
        try:
            made = await self._db.write_durable(self._store.add, licence, signed_by, reason)
        except UniqueViolation:  # of revisions: another node has written at this moment
            made = await self._db.write_durable(self._store.add, licence, signed_by, reason)
        self._taken(made)
        return made

    async def rewrite(self, licence_id: str, terms: Terms, signed_by: str, reason: str = "") -> Licence:
        """Other terms for a draft. Raises TermsInvalid, LicenceNotFound, StepRefused."""
        check_terms(terms)
        made = await self._step_durably(licence_id, Action.WRITE, signed_by, reason, terms)
        self._taken(made)
        return made

    async def step(self, licence_id: str, action: Action, signed_by: str, reason: str = "") -> Licence:
        """Take a licence on; live matches and clients have been told when it returns.

        Raises:
            LicenceNotFound, StepRefused, SignerRefused.
        """
        if action in (Action.WRITE, Action.EXPIRE):
            raise StepRefused("Terms are written as terms, and only the calendar lets a licence expire.")
        made = await self._step_durably(licence_id, action, signed_by, reason)
        self._taken(made)
        await self._tell()
        return made

    async def _step_durably(self, licence_id: str, action: Action, signed_by: str, reason: str, terms: Terms | None = None) -> Licence:
        try:
            return await self._db.write_durable(self._step, licence_id, action, signed_by, reason, terms)
        except UniqueViolation:
            return await self._db.write_durable(self._step, licence_id, action, signed_by, reason, terms)

    def _step(self, licence_id: str, action: Action, signed_by: str, reason: str, terms: Terms | None) -> Tx[Licence]:
        before = yield from self._store.get(licence_id)
        after = msgspec.structs.replace(
            before,
            state=next_state(before, action, signed_by),
            terms=terms or before.terms,
            approved=before.approved or action is Action.APPROVE,
            accepted_by=signed_by if action is Action.ACCEPT else before.accepted_by,
            updated_at=self._times.next(),
        )
        return (yield from self._store.put(before, after, action, signed_by, reason))

    async def get(self, licence_id: str) -> Licence:
        """Raises LicenceNotFound."""
        return await self._db.read(self._store.get, licence_id)

    async def steps(self, licence_id: str, after: int = 0, limit: int = PAGE_MAX) -> list[Step]:
        """A licence's history, the oldest first, from behind step number `after`."""
        return await self._db.read(self._store.steps, licence_id, after, _checked(limit))

    def history(self, licence_id: str) -> Tx[list[Step]]:
        """A licence's steps as part of a transaction, at most `STEPS_MAX` of them."""
        return (yield from self._store.steps(licence_id, 0, STEPS_MAX))

    def rights(self, licence: Licence) -> list[Use]:
        """What its assets' standing is now, in their order."""
        return [self.look(TitleId(title), asset) for title, asset in pairs_of(licence)]


def _checked(limit: int) -> int:
    if not 1 <= limit <= PAGE_MAX:
        raise RegistrationInvalid(f"A page has 1 to {PAGE_MAX} rows.")
    return limit
