"""Whether a title may use an asset, decided in memory: a look-up and some comparisons, about a microsecond."""

from __future__ import annotations

from supergame.features.licences.model import Asset, Licence, Property, Reason, State

NO_REGION = ""
_TO_BE_TOLD = {State.SUSPENDED: Reason.SUSPENDED, State.REVOKED: Reason.REVOKED, State.EXPIRED: Reason.ENDED}
_ORDER = (Reason.USED_UP, Reason.REGION, Reason.NOT_STARTED, Reason.SUSPENDED, Reason.ENDED, Reason.REVOKED, Reason.NO_LICENCE)

Pair = tuple[str, str]
"""A title and an asset."""


class Grant:
    """A licence as it is looked at in each use."""

    __slots__ = ("ends_at", "licence_id", "reason", "regions", "starts_at", "uses", "uses_max")

    def __init__(self, licence: Licence, uses: int) -> None:
        terms = licence.terms
        self.licence_id, self.uses, self.uses_max = licence.id, uses, terms.uses_max
        self.starts_at, self.ends_at, self.regions = terms.starts_at, terms.ends_at, frozenset(terms.regions)
        self.reason = Reason.LICENSED if licence.state is State.ACTIVE else _TO_BE_TOLD.get(licence.state, Reason.NO_LICENCE)

    def decide(self, now: int, region: str | None) -> Reason:
        """`region` None: wherever."""
        if self.reason is not Reason.LICENSED:
            return self.reason
        if now < self.starts_at:
            return Reason.NOT_STARTED
        if self.ends_at and now >= self.ends_at:
            return Reason.ENDED
        if self.regions and region is not None and region not in self.regions:
            return Reason.REGION
        if self.uses_max and self.uses >= self.uses_max:
            return Reason.USED_UP
        return Reason.LICENSED


class Decisions:
    """The registry as uses see it. A change replaces entries; whoever decides meanwhile sees the one or the other."""

    def __init__(self) -> None:
        self.assets: dict[str, Asset] = {}
        self.properties: dict[str, Property] = {}
        self.licences: dict[str, Licence] = {}
        self._grants: dict[str, Grant] = {}
        self._by_pair: dict[Pair, dict[str, Grant]] = {}

    def put(self, licence: Licence) -> None:
        """A licence is new, or has changed."""
        before, grant = self.licences.get(licence.id), self._grants.get(licence.id)
        if before is not None:
            if before.revision > licence.revision:  # read before the last step, taken up after it
                return
            for pair in pairs_of(before):
                self._by_pair[pair].pop(licence.id)
        self.licences[licence.id] = licence
        self._grants[licence.id] = Grant(licence, grant.uses if grant else 0)
        for pair in pairs_of(licence):
            self._by_pair.setdefault(pair, {})[licence.id] = self._grants[licence.id]

    def counted(self, licence_id: str, uses: int) -> None:
        """So many uses are in the books: what this process counts comes on top."""
        if licence_id in self._grants:
            self._grants[licence_id].uses = uses

    def decide(self, title: str, asset: str, now: int, region: str | None) -> tuple[Reason, Grant | None]:
        """The first licence that allows it; if none does, the reason that is closest to yes."""
        grants = self._by_pair.get((title, asset))
        best = Reason.NO_LICENCE
        for grant in grants.values() if grants else ():
            reason = grant.decide(now, region)
            if reason is Reason.LICENSED:
                return reason, grant
            if _ORDER.index(reason) < _ORDER.index(best):
                best = reason
        if self._is_home(title, asset):
            return Reason.OWN, None
        return best, None

    def _is_home(self, title: str, asset: str) -> bool:
        known = self.assets.get(asset)
        home = self.properties.get(known.property_id) if known is not None else None
        return home is not None and home.home_title == title

    def pairs(self) -> tuple[Pair, ...]:
        """All titles and assets that have, or had, anything to do with each other."""
        return tuple(self._by_pair)

    def next_boundary(self, now: int) -> int:
        """When a licence starts or ends next; 0 for never."""
        times = (at for licence in self.licences.values() for at in (licence.terms.starts_at, licence.terms.ends_at))
        return min((at for at in times if at > now), default=0)


def pairs_of(licence: Licence) -> list[Pair]:
    return [(licence.terms.title, asset) for asset in licence.terms.assets]
