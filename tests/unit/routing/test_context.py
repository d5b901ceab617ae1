"""What a handler is told of its caller."""

from __future__ import annotations

import pytest

from supergame.base.errors import Unauthenticated
from supergame.base.ids import TitleId, UserId
from supergame.routing.context import Context


def test_a_player_is_a_player() -> None:
    ctx = Context(TitleId("main"), UserId("ada"))
    assert ctx.is_player
    assert ctx.player() == "ada"


def test_a_call_with_a_key_has_no_player() -> None:
    ctx = Context(TitleId("main"))
    assert not ctx.is_player
    with pytest.raises(Unauthenticated):
        ctx.player()


def test_no_two_contexts_share_their_maps() -> None:
    one, other = Context(TitleId("main")), Context(TitleId("main"))
    one.vars["a"], one.query["b"] = "1", ["2"]
    assert (other.vars, other.query) == ({}, {})
