"""The bots and what they make of players. Rules: docs/spec/plaza.md."""

from __future__ import annotations

from itertools import pairwise, product
from random import Random

import pytest

from kitewind import bots
from kitewind.bots import NAMES, WAYS, Bot, Goal, goal_at, has_arrived, walk
from kitewind.company import ANSWER_TICKS, NEWCOMER_TICKS, WAVE, WAVE_AGAIN_TICKS, Act, Company
from kitewind.messages import EMOTES
from kitewind.motor import BOUNCED, FELL, UNIT, Body, body_at, hash_body, step
from kitewind.people import Person
from kitewind.plaza import STAGE
from kitewind.stage import PAD
from kitewind.talk import GREETINGS

LEGS = sorted({(way[index], way[(index + 1) % len(way)]) for way in WAYS for index in range(len(way))})


def starting_from(mark: str, off_units: int) -> Body:
    """A body that came to rest at a mark, or was thrown up from the pad there."""
    body = body_at(*STAGE.marks[mark])
    body.x += off_units
    is_pad = STAGE.tile(STAGE.marks[mark].tx, STAGE.marks[mark].ty + 1) == PAD
    for _ in range(30):
        happened = step(body, 0, STAGE)
        if happened & BOUNCED and is_pad:
            break
    return body


@pytest.mark.parametrize(("start", "end"), LEGS)
def test_PLAZA14_every_leg_of_every_way_is_walked_without_a_fall(start: str, end: str) -> None:
    for off_px, pace in product((-6, 0, 6), (*bots.PACES, 340)):
        assert falls_before_arriving(starting_from(start, off_px * UNIT), goal_at(STAGE, STAGE.marks[end]), pace) == 0


def falls_before_arriving(body: Body, goal: Goal, pace: int) -> int:
    falls = 0
    for _ in range(bots.LOST_TICKS // 2):
        if has_arrived(body, goal, STAGE):
            return falls
        falls += step(body, walk(body, goal, STAGE, pace), STAGE) & FELL
    raise AssertionError("never arrived")


def test_PLAZA14_no_bot_is_lost_in_three_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    lost: list[str] = []
    monkeypatch.setattr(bots, "carry", lambda body, goal: lost.append(f"{body} on its way to {goal}"))
    for number, way in enumerate(WAYS):
        bot = Bot(STAGE, way, Random(number))
        body = bot.first_body()
        falls = sum(step(body, bot.keys(body), STAGE) & FELL for _ in range(3 * 60 * 60))
        assert (way, falls, lost) == (way, 0, [])


def test_PLAZA14_a_bot_that_cannot_arrive_is_carried_by_the_wind() -> None:
    bot, body = Bot(STAGE, "ab", Random(1)), body_at(*STAGE.marks["r"])  # an island away
    goal = goal_at(STAGE, STAGE.marks["b"])
    for _ in range(bots.REST_TICKS[1] + bots.LOST_TICKS + 2):
        step(body, bot.keys(body), STAGE)
        if has_arrived(body, goal, STAGE):
            return
    assert abs(body.x - goal.x) < 10 * UNIT


def company(seed: int = 1) -> Company:
    return Company(STAGE, 1, Random(seed))


def player_at(body: Body) -> Person:
    return Person(99, "Ada", "pip-0", Body(body.x + 20 * UNIT, body.y))


def run(one: Company, ticks: int, player: Person | None) -> list[tuple[int, Act]]:
    acts = []
    for tick in range(ticks):
        for person in one.bots:
            assert person.bot is not None
            for _ in range(3):
                step(person.body, person.bot.keys(person.body), STAGE)
        acts += [(tick, act) for act in one.act(tick, [player] if player else [])]
    return acts


def test_PLAZA14_the_same_chance_gives_the_same_plaza() -> None:
    first, second, other = company(), company(), company(2)
    run(first, 400, None), run(second, 400, None), run(other, 400, None)
    hashes = [[hash_body(person.body) for person in one.bots] for one in (first, second, other)]
    assert hashes[0] == hashes[1] != hashes[2]
    assert len(first.bots) == len(NAMES) == len(WAYS) == 20


def test_PLAZA15_a_bot_waves_or_says_hello_to_who_comes_near_and_then_not_for_a_while() -> None:
    one = company()
    run(one, 10, None)
    bot = one.bots[3]
    acts = [(tick, act) for tick, act in run(one, WAVE_AGAIN_TICKS, player_at(bot.body)) if act.number == bot.number]
    greetings = [tick for tick, act in acts if act.line == "" or act.line in bots.HELLOS]
    assert len(greetings) == 1
    assert greetings[0] < 40


def test_PLAZA15_a_bot_in_sight_waves_back_within_a_second() -> None:
    one = company()
    run(one, 10, None)
    player = player_at(one.bots[3].body)
    one.saw(player, 0)
    answers = [tick for tick in range(21) for act in one.act(tick, []) if act.emote == WAVE and not act.line]
    assert len(answers) == 1
    assert ANSWER_TICKS[0] <= answers[0] <= ANSWER_TICKS[1] < 20


def acts_after(one: Company, ticks: int) -> list[Act]:
    return [act for tick in range(ticks) for act in one.act(tick, [])]


def test_PLAZA30_who_waves_is_waved_at_and_called_by_name_by_one_bot() -> None:
    one = company()
    run(one, 10, None)
    player = player_at(one.bots[3].body)
    one.saw(player, 0)
    wave, words = acts_after(one, 41)
    assert (wave.line, wave.emote, words.number) == ("", WAVE, wave.number)
    assert "Ada" in words.line


def test_PLAZA30_many_words_at_once_make_no_bot_answer_twice() -> None:
    one = company()
    run(one, 10, None)
    player = player_at(one.bots[3].body)
    for _ in range(50):
        one.heard(player, "what now?", 0)
    numbers = [act.number for act in acts_after(one, 41)]
    assert 1 <= len(numbers) == len(set(numbers))


def test_PLAZA30_those_who_see_a_race_cheer() -> None:
    one = company()
    run(one, 10, None)
    for is_start, emote in ((True, "kite"), (False, "heart")):
        one.cheers(player_at(one.bots[3].body), 0, is_start=is_start)
        acts = acts_after(one, 41)
        assert {act.emote for act in acts if not act.line} == {EMOTES.index(emote)}
        assert ["Ada" in act.line for act in acts if act.line] == [True]


def test_PLAZA30_a_name_with_braces_is_a_name() -> None:
    one = company()
    run(one, 10, None)
    player = player_at(one.bots[3].body)
    player.name = "{0}{name}"
    one.heard(player, "hi", 0)
    assert any("0name" in act.line for act in acts_after(one, 41))


def test_PLAZA15_who_has_been_there_for_long_is_waved_at_and_not_welcomed() -> None:
    for came_tick, is_welcomed in ((0, True), (-NEWCOMER_TICKS - 1, False)):
        one, player = company(), player_at(Body(0, 0))
        run(one, 10, None)
        player.came_tick = came_tick
        said = []
        for bot in one.bots:
            player.body.x, player.body.y = bot.body.x, bot.body.y
            for tick in range(NEWCOMER_TICKS):
                one._greet_from = 0
                said += [act.line for act in one.act(tick, [player])]
        assert any(line in bots.HELLOS for line in said) is is_welcomed


def test_two_bots_that_rest_in_one_place_make_room() -> None:
    one = company()
    first, second = one.bots[:2]
    run(one, 10, None)
    assert first.bot is not None
    assert second.bot is not None
    second.body.x, second.body.y = first.body.x, first.body.y
    first.bot.stop(first.body, 0, 1_000)
    second.bot.stop(second.body, 0, 1_000)
    acts_after(one, len(one.bots))
    assert (first.bot.is_resting, second.bot.is_resting) == (True, False)


def test_nobody_says_the_same_twice_in_a_row() -> None:
    one, player = company(), player_at(Body(0, 0))
    said = [one._named(GREETINGS, player) for _ in range(40)]
    assert all(before != after for before, after in pairwise(said))


def test_bots_look_different() -> None:
    looks = [bot.dressed for bot in company().bots]
    assert len(set(looks)) == len(looks)


def test_PLAZA15_nobody_waves_back_from_afar() -> None:
    one = company()
    run(one, 10, None)
    one.saw(Person(99, "Ada", "pip-0", Body(0, 0)), 0)
    assert [act for tick in range(60) for act in one.act(tick, [])] == []


def test_bots_talk_to_those_who_can_hear_them_only() -> None:
    assert [act for _, act in run(company(), 600, None) if act.line] == []
    one = company()
    lines = [tick for tick, act in run(one, 600, player_at(one.bots[0].body)) if act.line in bots.LINES]
    assert 2 <= len(lines) <= 8
