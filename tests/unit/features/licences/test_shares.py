"""Shares along chains of remixes, and division without a lost cent. Rules: docs/spec/licences.md."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from supergame.features.licences import shares as module
from supergame.features.licences.model import Asset, AssetKind, Credit
from supergame.features.licences.shares import Link, divide, shares_of


def link(name: str, owner: str, *credits: tuple[str, int], remix_bps: int = 0) -> Link:
    made = tuple(Credit(who, bps) for who, bps in credits)
    return Link(
        Asset(id=name, kind=AssetKind.STAGE, name=name, credits=made, remix_of="x/y" if remix_bps else "", remix_bps=remix_bps), owner
    )


def test_LIC9_credits_share_and_what_they_leave_is_the_property_owners() -> None:
    assert shares_of([link("k/pip", "studio", ("ada", 3_000), ("ben", 500))]) == {
        "ada": Fraction(3, 10),
        "ben": Fraction(1, 20),
        "studio": Fraction(13, 20),
    }
    assert shares_of([link("k/pip", "studio", ("ada", 10_000))]) == {"ada": Fraction(1)}


def test_LIC9_shares_follow_a_remix_up_its_chain() -> None:
    remix_of_remix = link("r/c", "cleo", remix_bps=5_000)
    remix = link("r/b", "ben", ("dora", 1_000), remix_bps=2_000)
    shares = shares_of([remix_of_remix, remix, link("k/a", "studio", ("ada", 3_000))])
    assert shares == {
        "cleo": Fraction(1, 2),
        "dora": Fraction(1, 2) * Fraction(8, 10) * Fraction(1, 10),
        "ben": Fraction(1, 2) * Fraction(8, 10) * Fraction(9, 10),
        "ada": Fraction(1, 2) * Fraction(2, 10) * Fraction(3, 10),
        "studio": Fraction(1, 2) * Fraction(2, 10) * Fraction(7, 10),
    }


def test_LIC9_who_is_credited_twice_has_the_sum() -> None:
    chain = [link("r/b", "ben", ("ada", 5_000), remix_bps=5_000), link("k/a", "studio", ("ada", 10_000))]
    assert shares_of(chain) == {"ada": Fraction(3, 4), "ben": Fraction(1, 4)}


def test_LIC10_the_largest_remainders_get_what_rounding_down_leaves() -> None:
    thirds = {name: Fraction(1, 3) for name in ("c", "b", "a")}
    assert divide(100, thirds) == {"a": 34, "b": 33, "c": 33}
    assert divide(101, thirds) == {"a": 34, "b": 34, "c": 33}
    assert divide(1, {"big": Fraction(6, 10), "small": Fraction(4, 10)}) == {"big": 1, "small": 0}
    assert divide(0, thirds) == {"a": 0, "b": 0, "c": 0}


def check_no_cent_is_lost(rounds: int) -> None:
    chance = random.Random(3)
    for _ in range(rounds):
        chain = [random_link(chance, number) for number in range(chance.randint(1, 4))]
        shares, amount = shares_of(chain), chance.choice((1, 7, 99, 1_000, 10**15 - 1))
        parts = module.divide(amount, shares)
        assert sum(shares.values()) == 1
        assert sum(parts.values()) == amount
        assert all(abs(parts[owner] - amount * share) < 1 for owner, share in shares.items())


def random_link(chance: random.Random, number: int) -> Link:
    credits, left = [], 10_000
    for _ in range(chance.randint(0, 4)):
        part = chance.randint(0, left)
        credits.append((f"o{chance.randint(0, 9)}", part))
        left -= part
    return link(f"p/{number}", f"o{chance.randint(0, 9)}", *credits, remix_bps=chance.randint(1, 10_000))


def test_LIC10_no_cent_is_lost_and_nobody_is_a_cent_off() -> None:
    check_no_cent_is_lost(500)


def test_LIC10_a_planted_fault_is_caught_shares_rounded_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "divide", lambda amount, shares: {owner: round(amount * share) for owner, share in shares.items()})
    with pytest.raises(AssertionError):
        check_no_cent_is_lost(500)
