"""Queries over labels and their patterns. Rules MAT26, MAT27: docs/spec/matches.md."""

from __future__ import annotations

import json
import random
import re

import pytest

from supergame.features.matches.pattern import Budget, Pattern, QueryInvalid
from supergame.features.matches.search import document_of, parse_query

LABEL = json.dumps(
    {"mode": "duel", "level": 5, "open": True, "map": "ice caves", "tags": ["new", "fast"], "host": {"name": "Ada"}, "x:y": 1}
)


def score(query: str, label: str = LABEL) -> float | None:
    return parse_query(query, 1_024).score(document_of(label, {"handler_name": "arena", "tick_rate": 10}), Budget(10_000))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "*",
        "+label.mode:duel",
        "label.mode:duel label.mode:team",
        "+label.mode:duel -label.mode:team",
        "-label.mode:team",
        "+label.level:5",
        "+label.level:>4",
        "+label.level:>=5 +label.level:<=5",
        "+label.level:<5.5",
        "+label.open:true",
        "+label.open:T",
        '+label.map:"ice caves"',
        r"+label.map:ice\ caves",
        "+label.map:ice*",
        "+label.mode:du?l",
        "+label.mode:/d(u|o)el/",
        "+label.tags:fast",
        "+label.host.name:Ada",
        r"+label.x\:y:1",
        "+duel",
        '+"ice caves"',
        "+handler_name:arena +tick_rate:10",
        "+label.mode:duel^5",
        "label.mode:nothing +label.level:5",
    ],
)
def test_MAT26_these_fit(query: str) -> None:
    assert score(query) is not None


@pytest.mark.parametrize(
    "query",
    [
        "+label.mode:team",
        "label.mode:team label.level:6",
        "+label.mode:duel -label.level:5",
        "-*",
        "+label.level:>5",
        "+label.mode:>1",
        "+label.open:>0",
        "+label.open:false",
        "+label.open:1",
        "+label.mode:Duel",
        "+label.map:ice",
        "+label.mode:/du/",
        r"+label.map:ice\*",
        "+label.nothing:1",
        "+label.host:Ada",
        "+mode:duel",
        "+nothing",
        '+"ice"',
    ],
)
def test_MAT26_these_do_not_fit(query: str) -> None:
    assert score(query) is None


@pytest.mark.parametrize(
    "query",
    [
        "+",
        "-",
        ":",
        ":x",
        "label.x:",
        "label.x:>",
        "label.x:>six",
        '"open',
        "/open",
        "label.x:/(/",
        "label.x:/)/",
        "label.x:/*/",
        "label.x:/a{9/",
        "label.x:/a{2,1}/",
        "label.x:/a{65}/",
        "label.x:/[a/",
        "label.x:/" + "(" * 20 + ")" * 20 + "/",
        "label.x:/((a{64}){64}){64}/",
        "a " * 33,
        "x" * 1_025,
        r"label.x:/\p/",
    ],
)
def test_MAT26_malformed_queries_are_refused(query: str) -> None:
    with pytest.raises(QueryInvalid):
        parse_query(query, 1_024)


def test_MAT26_wishes_rank() -> None:
    assert score("label.mode:duel label.level:5") == 2
    assert score("label.mode:duel^3 label.level:6") == 3
    assert score("+label.mode:duel label.level:6") == 0


def test_MAT26_other_labels_are_searched_as_a_whole() -> None:
    assert score("+label:arena", "arena") is not None
    assert score("+label:arena", "[1, 2]") is None
    assert score(r"+label:/\{broken.*/", "{broken") is not None
    assert score("+label:arena", "") is None


def test_a_label_cannot_grow_what_is_searched_without_bound() -> None:
    deep = '{"a":' * 300 + "1" + "}" * 300
    assert score("+label.a:1", deep) is None
    many = document_of(json.dumps({"n": list(range(1_000))}), {})
    assert len(many["label.n"]) == 256


ATOMS = ["a", "b", "c", ".", "[ab]", "[^a]", "[a-c]", r"\d", r"\w", "(a|bc)", "(?:ab)", r"\.", "-"]
MARKS = ["", "", "", "*", "+", "?", "{2}", "{1,2}", "{1,}", "{0,2}"]


@pytest.mark.parametrize("seed", range(200))
def test_MAT27_patterns_agree_with_pythons(seed: int) -> None:
    """The slow twin is `re`, which knows these forms as well."""
    chance = random.Random(seed)
    text = "".join(chance.choice(ATOMS) + chance.choice(MARKS) for _ in range(chance.randrange(1, 6)))
    if chance.random() < 0.3:
        text = f"({text})" + chance.choice(["*", "|a", "?"])
    pattern, judge = Pattern(text), re.compile(text)
    for _ in range(30):
        word = "".join(chance.choice("abc1.-") for _ in range(chance.randrange(7)))
        assert pattern.fits(word, Budget(100_000)) == bool(judge.fullmatch(word)), (text, word)


@pytest.mark.parametrize("text", ["(a+)+b", "(a*)*b", "(a|a)*b", "(a?){30}a{30}b", "(.*)(.*)(.*)x"])
def test_MAT27_patterns_that_ruin_backtracking_do_no_harm(text: str) -> None:
    steps = 2_000 * 256
    assert not Pattern(text).fits("a" * 2_000, Budget(steps))


def test_MAT27_the_work_of_a_list_is_bounded() -> None:
    pattern, budget = Pattern("(a|b)*c"), Budget(1_000)
    for _ in range(5):
        pattern.fits("ab" * 10, budget)
    with pytest.raises(QueryInvalid):
        pattern.fits("ab" * 1_000, budget)
