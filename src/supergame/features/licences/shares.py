"""Who gets how much of an asset's income: exact shares along a chain of remixes, and division without a lost cent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from supergame.features.licences.model import WHOLE_BPS, Asset

Shares = Mapping[str, Fraction]
"""Owner by owner; together exactly 1."""


class Link(NamedTuple):
    """One asset of a chain, with the owner of its property."""

    asset: Asset
    owner_id: str


def shares_of(chain: Sequence[Link]) -> Shares:
    """The shares in an asset's income. `chain` begins with the asset; each link was made from the next.

    A remix passes `remix_bps` of what reaches it up the chain. Its credits share the rest, and what they leave is its property's owner's.
    """
    shares: dict[str, Fraction] = {}

    def add(owner_id: str, share: Fraction) -> None:
        if share:
            shares[owner_id] = shares.get(owner_id, Fraction(0)) + share

    arriving = Fraction(1)
    for position, (asset, owner_id) in enumerate(chain):
        passed_on = arriving * asset.remix_bps / WHOLE_BPS if position + 1 < len(chain) else Fraction(0)
        kept = arriving - passed_on
        for credit in asset.credits:
            add(credit.owner_id, kept * credit.share_bps / WHOLE_BPS)
        add(owner_id, kept * (WHOLE_BPS - sum(credit.share_bps for credit in asset.credits)) / WHOLE_BPS)
        arriving = passed_on
    return shares


def divide(amount: int, shares: Shares) -> dict[str, int]:
    """Whole units for each, which together are `amount`, by the largest remainder.

    Each first gets its share rounded down. What is left, fewer units than there are owners, goes one each to the largest remainders;
    of equal ones, to the first by name. So nobody is a unit or more away from the exact share.
    """
    exact = {owner_id: amount * share for owner_id, share in sorted(shares.items())}
    parts = {owner_id: int(part) for owner_id, part in exact.items()}
    left = amount - sum(parts.values())
    for owner_id in sorted(exact, key=lambda owner_id: parts[owner_id] - exact[owner_id])[:left]:
        parts[owner_id] += 1
    return parts
