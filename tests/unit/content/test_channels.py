"""Who gets which release."""

from __future__ import annotations

import pytest

from supergame.content.channels import Channel, Release, admits, bucket, paused, pick, point, version_key

OLD = Release("a" * 64, 1, "1", 1, 1, 1, 1)
NEW = Release("b" * 64, 1, "2", 1, 1, 1, 2)
ROLLING = point(point(Channel("game", "live"), OLD, 100), NEW, 10)
PLAYERS = [f"player-{number}" for number in range(5_000)]


def getting(channel: Channel) -> set[str]:
    return {player for player in PLAYERS if pick(channel, player) == NEW}


def test_RLS1_a_rollout_reaches_its_share_and_a_larger_share_has_the_same_players() -> None:
    tenth, half = getting(ROLLING), getting(point(ROLLING, NEW, 50))
    assert len(tenth) == pytest.approx(500, abs=100)
    assert len(half) == pytest.approx(2_500, abs=200)
    assert tenth < half
    assert getting(ROLLING) == tenth
    assert getting(point(ROLLING, NEW, 100)) == set(PLAYERS)


def test_RLS1_each_release_begins_with_other_players() -> None:
    first = {player for player in PLAYERS if bucket("game", "a" * 64, player) < 10}
    second = {player for player in PLAYERS if bucket("game", "b" * 64, player) < 10}
    assert len(first & second) == pytest.approx(50, abs=35)


def test_RLS2_a_pause_adds_nobody_and_takes_nothing_back() -> None:
    held = paused(ROLLING, True)
    assert getting(held) == set()
    assert pick(held, "anybody", installed=NEW.manifest) == NEW
    assert getting(paused(held, False)) == getting(ROLLING)


@pytest.mark.parametrize(
    ("client", "admitted"),
    [("1.2", True), ("1.2.0", True), ("1.10", True), ("2.0", True), ("2.0.1", False), ("1.1.9", False), ("1.2-rc1", True), ("", False)],
)
def test_RLS4_clients_within_the_range_may_play(client: str, admitted: bool) -> None:
    assert admits(Channel("game", "live", client_min="1.2", client_max="2.0"), client) is admitted


def test_RLS4_without_a_range_every_client_may_play_and_an_open_end_is_open() -> None:
    assert admits(Channel("game", "live"), "")
    assert admits(Channel("game", "live", client_min="1.2"), "99")
    assert admits(Channel("game", "live", client_max="1.2"), "0.1")
    assert not admits(Channel("game", "live", client_max="1.2"), "1.3")


def test_versions_have_the_order_that_people_expect() -> None:
    versions = ["", "0.9", "1.0", "1.0.1", "1.9", "1.10", "2.0", "10"]
    assert sorted(versions, key=version_key) == versions
    assert version_key("1.0") == version_key("1")
