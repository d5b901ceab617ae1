"""The tree of expected trouble: its sentences, and what each of the whole program's errors carries."""

from __future__ import annotations

import re

import pytest

from supergame.base.errors import InvalidArgument, NotFound, Status, SupergameError
from supergame.wire.status import HTTP_STATUS
from tests.support.errors import error_tree


def test_an_error_without_words_says_its_first_line() -> None:
    assert NotFound().message == str(NotFound()) == "There is no such thing."


def test_an_error_may_be_more_precise() -> None:
    assert InvalidArgument("A page has 1 to 100 objects.").message == "A page has 1 to 100 objects."


@pytest.mark.parametrize("error", error_tree(), ids=lambda error: error.__name__)
def test_every_error_has_a_sentence_a_code_and_a_status(error: type[SupergameError]) -> None:
    sentence = error.sentence()
    assert sentence[0].isupper(), sentence
    assert sentence.rstrip(".") != sentence, sentence
    assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", error.code), error.code
    assert isinstance(error.status, Status)
    assert HTTP_STATUS[error.status] >= 400
    assert "__doc__" in vars(error), "it says what its parent says"


def test_codes_are_unique() -> None:
    codes = [error.code for error in error_tree()]
    assert sorted(codes) == sorted(set(codes))


def test_every_status_has_an_http_status() -> None:
    assert set(HTTP_STATUS) == set(Status)
