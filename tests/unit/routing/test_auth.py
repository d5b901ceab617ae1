"""Who may call: each kind of credentials opens its own doors, of its own title."""

from __future__ import annotations

import base64

import pytest

from supergame.base.errors import Unauthenticated
from supergame.base.ids import TitleId, TokenId, UserId
from supergame.routing.auth import Auth, Authenticator, TitleKeys
from supergame.wire.token import Claims

MAIN, BETA = TitleId("main"), TitleId("beta")


class OneSession:
    """Knows a single token."""

    def verify(self, token: str) -> tuple[TitleId, Claims]:
        if token != "genuine":
            raise Unauthenticated
        return MAIN, Claims(tid=TokenId("t1"), uid=UserId("ada-id"), usn="ada", exp=60, iat=0, vrs={"build": "7"})


def authenticator() -> Authenticator:
    return Authenticator([TitleKeys(MAIN, "server-main", "http-main"), TitleKeys(BETA, "server-beta", "http-beta")], OneSession())


def basic(credentials: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(credentials.encode()).decode()}


@pytest.mark.parametrize("password", ["", "ignored", "with:colon"])
@pytest.mark.parametrize(("key", "title"), [("server-main", MAIN), ("server-beta", BETA)])
def test_a_server_key_names_its_title_whatever_the_password(key: str, title: str, password: str) -> None:
    ctx = authenticator().authenticate(Auth.SERVER_KEY, basic(f"{key}:{password}"), {})
    assert (ctx.title_id, ctx.is_player) == (title, False)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("wrong:"),
        basic(""),
        basic("http-main:"),
        {"authorization": "Bearer genuine"},
        {"authorization": "Basic"},
        {"authorization": "Basic !!!"},
        {"authorization": "Basic /w=="},
        {"authorization": "Digest server-main"},
        {"authorization": "server-main"},
    ],
)
def test_anything_else_is_no_server_key(headers: dict[str, str]) -> None:
    with pytest.raises(Unauthenticated):
        authenticator().authenticate(Auth.SERVER_KEY, headers, {})


def test_a_session_tells_who_the_player_is() -> None:
    ctx = authenticator().authenticate(Auth.SESSION, {"authorization": "Bearer genuine"}, {})
    assert (ctx.title_id, ctx.user_id, ctx.username, ctx.token_id) == (MAIN, "ada-id", "ada", "t1")
    assert (ctx.vars, ctx.expires_at_s) == ({"build": "7"}, 60)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer forged", "bearer genuine", "genuine", "Basic genuine"])
@pytest.mark.parametrize("auth", [Auth.SESSION, Auth.SESSION_OR_HTTP_KEY])
def test_anything_else_is_no_session(auth: Auth, header: str) -> None:
    with pytest.raises(Unauthenticated):
        authenticator().authenticate(auth, {"authorization": header}, {})


def test_a_server_key_is_no_session_and_no_http_key() -> None:
    for auth in (Auth.SESSION, Auth.SESSION_OR_HTTP_KEY):
        with pytest.raises(Unauthenticated):
            authenticator().authenticate(auth, basic("server-main:"), {})


def test_an_http_key_may_stand_in_the_query_or_in_the_header() -> None:
    by_query = authenticator().authenticate(Auth.SESSION_OR_HTTP_KEY, {}, {"http_key": ["http-beta"]})
    by_header = authenticator().authenticate(Auth.SESSION_OR_HTTP_KEY, basic("http-beta:"), {})
    assert (by_query.title_id, by_header.title_id) == (BETA, BETA)
    assert not by_query.is_player


def test_a_wrong_http_key_is_refused_even_beside_a_good_header() -> None:
    with pytest.raises(Unauthenticated):
        authenticator().authenticate(Auth.SESSION_OR_HTTP_KEY, basic("http-main:"), {"http_key": ["server-main"]})


def test_a_session_goes_before_an_http_key() -> None:
    ctx = authenticator().authenticate(Auth.SESSION_OR_HTTP_KEY, {"authorization": "Bearer genuine"}, {"http_key": ["http-beta"]})
    assert ctx.title_id == MAIN


def test_an_open_door_asks_for_nothing() -> None:
    ctx = authenticator().authenticate(Auth.NONE, {"authorization": "nonsense"}, {})
    assert (ctx.title_id, ctx.is_player) == ("", False)


@pytest.mark.parametrize("second", [TitleKeys(BETA, "server-main", "http-beta"), TitleKeys(BETA, "server-beta", "http-main")])
def test_two_titles_cannot_share_a_key(second: TitleKeys) -> None:
    with pytest.raises(AssertionError, match="share a key"):
        Authenticator([TitleKeys(MAIN, "server-main", "http-main"), second], OneSession())
