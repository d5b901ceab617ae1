"""Coins. Rules: docs/spec/plaza.md."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from kitewind.coins import BACK_TICKS, MAX_THROWN, THROW_TICKS, THROWN_TICKS, Coins, fountain_spots, touches
from kitewind.motor import Body, body_at
from kitewind.plaza import STAGE
from kitewind.stage import EMPTY, SOLID, Stage

SMALL = Stage.parse(["o..............", "o.@....F.......", "###############"])


def at(tx: int, ty: int) -> Body:
    return body_at(tx, ty)


def test_PLAZA11_a_coin_is_taken_once() -> None:
    coins = Coins(SMALL)
    assert coins.take(at(0, 1), 0) == [1]
    assert coins.take(at(0, 1), 0) == []
    assert [coin.there for coin in coins.all()] == [True, False]


@given(dx=st.integers(-30 * 256, 30 * 256), dy=st.integers(-30 * 256, 30 * 256))
def test_PLAZA11_a_body_takes_what_it_touches_and_nothing_else(dx: int, dy: int) -> None:
    coins = Coins(SMALL)
    body = Body(8 * 256 + dx, 24 * 256 + dy)
    touched = [coin.id for coin in coins.all() if touches(body, coin.x, coin.y)]
    assert sorted(coins.take(body, 0)) == touched


def test_PLAZA12_no_coin_comes_back_onto_who_stands_still() -> None:
    coins = Coins(SMALL)
    coins.take(at(0, 1), 10)
    assert coins.come_back(10 + BACK_TICKS, [at(0, 1)]) == []
    assert coins.come_back(10 + 2 * BACK_TICKS - 1, []) == []
    assert coins.come_back(10 + 2 * BACK_TICKS, []) == [1]


def test_PLAZA11_two_coins_in_reach_are_both_taken() -> None:
    coins, body = Coins(SMALL), at(0, 1)
    body.y -= 6 * 256
    assert sorted(coins.take(body, 0)) == [0, 1]


def test_PLAZA11_a_taken_coin_is_there_again_after_a_while() -> None:
    coins = Coins(SMALL)
    coins.take(at(0, 1), 10)
    assert coins.come_back(10 + BACK_TICKS - 1, []) == []
    assert coins.come_back(10 + BACK_TICKS, []) == [1]
    assert coins.take(at(0, 1), 200) == [1]


def test_PLAZA12_thrown_coins_lie_on_free_ground_near_the_fountain() -> None:
    spots = fountain_spots(STAGE)
    fountain = next(thing.place for thing in STAGE.things if thing.kind == "fountain")
    assert len(spots) > MAX_THROWN
    for spot in spots:
        assert STAGE.tile(*spot) == EMPTY
        assert SOLID[STAGE.tile(spot.tx, spot.ty + 1)]
        assert 2 <= abs(spot.tx - fountain.tx) <= 7


def test_PLAZA12_there_are_at_most_six_each_in_a_place_of_its_own_and_they_go_in_time() -> None:
    coins, rng, there = Coins(SMALL), Random(1), dict[int, tuple[int, int]]()
    most = 0
    for tick in range(10 * THROWN_TICKS):
        for coin_id in coins.vanish(tick):
            del there[coin_id]
        thrown = coins.throw(tick, [at(2, 1)], [], rng)
        if thrown is not None:
            assert tick % THROW_TICKS == 0
            assert thrown.id >= len(SMALL.coins)
            assert thrown.id not in there
            assert (thrown.x, thrown.y) not in there.values()
            there[thrown.id] = thrown.x, thrown.y
        most = max(most, len(there))
    assert most == min(MAX_THROWN, -(-THROWN_TICKS // THROW_TICKS))


def test_PLAZA12_a_thrown_coin_that_was_taken_neither_comes_back_nor_vanishes_again() -> None:
    coins = Coins(SMALL)
    thrown = coins.throw(0, [at(2, 1)], [], Random(1))
    assert thrown is not None
    body = Body(thrown.x, thrown.y + 8 * 256)
    assert coins.take(body, 1) == [thrown.id]
    assert coins.take(body, 1) == []
    assert coins.come_back(10_000, []) == []
    assert coins.vanish(10_000) == []
    assert thrown.id not in [coin.id for coin in coins.all()]


def test_PLAZA12_the_fountain_throws_for_the_lively_who_are_near_alone() -> None:
    near, far = at(2, 1), at(7 + 17, 1)
    assert Coins(SMALL).throw(0, [near], [], Random(1)) is not None
    assert Coins(SMALL).throw(0, [], [near], Random(1)) is None
    assert Coins(SMALL).throw(0, [far], [near], Random(1)) is None


def hits(idle: list[Body]) -> int:
    """Of 50 coins that are thrown beside two bodies, those that one of them takes."""
    two, taken = [at(4, 1), at(10, 1)], 0
    for seed in range(50):
        coins = Coins(SMALL)
        coins.throw(0, [at(2, 1)], idle, Random(seed))
        taken += sum(len(coins.take(body, 0)) for body in two)
    return taken


def test_PLAZA12_no_coin_falls_on_the_idle() -> None:
    assert hits(idle=[at(4, 1), at(10, 1)]) == 0


def test_PLAZA12_a_planted_fault_is_caught_the_idle_not_minded() -> None:
    assert hits(idle=[]) > 0
