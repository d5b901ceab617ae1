"""Tokens and those who forge them. Rules: docs/spec/wire.md."""

from __future__ import annotations

import hmac
import json
import random
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supergame.base.ids import TitleId, TokenId, UserId
from supergame.wire import token as module
from supergame.wire.token import Claims, InvalidToken, Tokens

SECRET = bytes(range(32))
TITLE, OTHER = TitleId("main"), TitleId("other")
NOW_S = 1_767_225_600
CLAIMS = Claims(TokenId("t"), UserId("u"), "ada", NOW_S + 60, NOW_S, {"level": "5"})


def tokens(purpose: str = "session", secret: bytes = SECRET) -> Tokens:
    return Tokens(secret, purpose)


def part(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(data).decode().rstrip("=")


def read(segment: str) -> Any:
    return json.loads(urlsafe_b64decode(segment + "=="))


def refused(token: str, now_s: int = NOW_S, by: Tokens | None = None) -> bool:
    with pytest.raises(InvalidToken) as caught:
        (by or tokens()).verify(token, now_s)
    return caught.value.message == InvalidToken.sentence()  # one sentence for all: it teaches a forger nothing


def test_WIRE14_a_token_is_read_back_with_its_title() -> None:
    verified = tokens().verify(tokens().sign(TITLE, CLAIMS, 7), NOW_S)
    assert verified == (TITLE, CLAIMS, 7)


def test_WIRE14_titles_are_told_apart_also_when_both_are_known() -> None:
    by = tokens()
    for number in range(3):
        for title in (TITLE, OTHER):
            assert by.verify(by.sign(title, CLAIMS, number), NOW_S).title_id == title


def test_WIRE14_clients_read_the_claims_of_nakama() -> None:
    header, claims, _ = tokens().sign(TITLE, CLAIMS).split(".")
    assert read(header) == {"alg": "HS256", "typ": "JWT", "kid": "main"}
    assert read(claims) == {"tid": "t", "uid": "u", "usn": "ada", "exp": NOW_S + 60, "iat": NOW_S, "vrs": {"level": "5"}}


@pytest.mark.parametrize("is_known", [False, True])
def test_WIRE15_an_expired_token_is_refused_also_when_it_was_verified_before(is_known: bool) -> None:
    """Planted fault: a cache of verified tokens that does not look at the clock."""
    by, token = tokens(), tokens().sign(TITLE, CLAIMS)
    if is_known:
        by.verify(token, NOW_S + 59)
    assert refused(token, NOW_S + 60, by)


def test_WIRE15_tokens_of_another_kind_another_title_or_another_deployment_are_refused() -> None:
    assert refused(tokens("refresh").sign(TITLE, CLAIMS))
    assert refused(tokens(secret=bytes(32)).sign(TITLE, CLAIMS))
    _, claims, signature = tokens().sign(TITLE, CLAIMS).split(".")
    moved = part({"alg": "HS256", "typ": "JWT", "kid": OTHER})
    assert refused(f"{moved}.{claims}.{signature}")
    own = tokens()
    own.verify(own.sign(OTHER, CLAIMS), NOW_S)  # its header is known now
    assert refused(f"{moved}.{claims}.{signature}", by=own)


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "typ": "JWT", "kid": "main"},
        {"alg": "None", "typ": "JWT", "kid": "main"},
        {"alg": "HS512", "typ": "JWT", "kid": "main"},
        {"alg": "RS256", "typ": "JWT", "kid": "main"},
        {"alg": "HS256", "typ": "at+jwt", "kid": "main"},
        {"typ": "JWT", "kid": "main"},
        {"alg": "HS256", "typ": "JWT"},
        {"alg": "HS256", "typ": "JWT", "kid": 7},
        {"alg": ["HS256"], "typ": "JWT", "kid": "main"},
        {"alg": "HS256", "typ": "JWT", "kid": "../../keys"},
        [],
        "HS256",
        b"\xff",
        b"[" * 5_000,
    ],
)
@pytest.mark.parametrize("key", [None, b"", hmac.digest(SECRET, b"session:main", "sha256")], ids=["unsigned", "empty key", "right key"])
def test_WIRE15_the_sender_does_not_choose_how_it_is_checked(header: Any, key: bytes | None) -> None:
    text = f"{part(header)}.{part({'tid': 't', 'uid': 'u', 'usn': 'a', 'exp': NOW_S + 60, 'iat': NOW_S})}"
    signature = "" if key is None else part(hmac.digest(key, text.encode(), "sha256"))
    assert refused(f"{text}.{signature}")


@pytest.mark.parametrize(
    "claims", [{}, [], {"tid": 1}, {"tid": "t", "uid": "u", "usn": "a", "exp": "9", "iat": 0}, b"", b"[" * 5_000, b"\xff"]
)
def test_WIRE15_claims_that_are_none_are_refused_even_with_a_right_signature(claims: Any) -> None:
    key = hmac.digest(SECRET, b"session:main", "sha256")
    text = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': 'main'})}.{part(claims)}"
    assert refused(f"{text}.{part(hmac.digest(key, text.encode(), 'sha256'))}")


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "...",
        "a",
        "a.b",
        "a.b.c",
        "a.b.c.d",
        " ",
        "\x00.\x00.\x00",
        "\u2603.\u2603.\u2603",
        "\ud800.a.b",
        "=.=.=",
        "x" * 100_000,
    ],
)
def test_WIRE15_what_is_no_token_is_refused(token: str) -> None:
    assert refused(token)


def test_WIRE15_any_changed_letter_makes_it_invalid() -> None:
    """Planted fault: bits that base64 ignores at a text's end would let one token have many spellings, and revoking by text fail."""
    whole, chance = tokens().sign(TITLE, CLAIMS), random.Random(3)
    by = tokens()
    by.verify(whole, NOW_S)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=.+/"
    for at in range(len(whole)):
        letter = chance.choice(letters.replace(whole[at], ""))
        assert refused(whole[:at] + letter + whole[at + 1 :], by=by)
    for at in range(len(whole)):
        assert refused(whole[:at], by=by)
    for more in ("=", "==", "A", ".", "\n"):
        assert refused(whole + more, by=by)
        assert refused(more + whole, by=by)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(max_size=60) | st.tuples(*[st.binary(max_size=30).map(part)] * 3).map(".".join))
def test_WIRE15_random_texts_raise_nothing_else(token: str) -> None:
    assert refused(token)


def test_WIRE16_caches_are_bounded_and_hold_only_what_was_genuine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TOKENS_CACHED_MAX", 4)
    monkeypatch.setattr(module, "HEADERS_CACHED_MAX", 4)
    by = tokens()
    for number in range(50):
        by.verify(by.sign(TITLE, CLAIMS, number), NOW_S)
        assert refused(tokens(secret=bytes(32)).sign(TITLE, CLAIMS, number + 100), by=by)
        assert max(len(by._verified), len(by._headers)) <= 4
    assert all(verified.generation < 50 for verified in by._verified.values())
