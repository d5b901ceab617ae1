"""What pages of other origins may read (Fetch standard). Rules: docs/spec/gateway.md."""

from __future__ import annotations

import pytest

from tests.unit.gateway.peer import Heard, Stage

PAGE, OTHER = "https://play.example.com", "https://elsewhere.example.com"


async def ask(origins: tuple[str, ...], origin: str | None, method: str = "GET", *headers: str) -> Heard:
    peer = Stage(origins=origins).peer()
    lines = [f"{method} /a HTTP/1.1", *([f"Origin: {origin}"] if origin is not None else []), *headers, "", ""]
    await peer.send("\r\n".join(lines).encode())
    (answer,) = peer.heard()
    return answer


@pytest.mark.parametrize("origin", [PAGE, "null", ""])
async def test_GW23_all_origins_may_read_by_default_a_page_from_a_file_too(origin: str) -> None:
    answer = await ask(("*",), origin)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "X-Supergame-Error" in answer.headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    ("origin", "allowed"), [(PAGE, PAGE), ("null", "null"), (OTHER, None), (PAGE + ".evil.example", None), ("*", None)]
)
async def test_GW23_a_list_names_the_origins_exactly_and_caches_are_told(origin: str, allowed: str | None) -> None:
    answer = await ask((PAGE, "null"), origin)
    assert (answer.status, answer.headers.get("access-control-allow-origin"), answer.headers["vary"]) == (200, allowed, "Origin")


async def test_GW23_who_is_no_page_gets_no_such_lines() -> None:
    answer = await ask((PAGE,), None)
    assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_GW24_a_preflight_is_answered_for_any_path_and_tells_what_is_allowed() -> None:
    asked = "authorization, Content-Type,x-evil, idempotency-key"
    answer = await ask((PAGE,), PAGE, "OPTIONS", "Access-Control-Request-Method: PUT", f"Access-Control-Request-Headers: {asked}")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert answer.headers["access-control-allow-headers"] == "Authorization, Content-Type, Idempotency-Key"
    assert set(answer.headers["access-control-allow-methods"].split(", ")) == {"GET", "HEAD", "POST", "PUT", "DELETE"}


async def test_GW24_a_preflight_of_another_origin_gets_no_leave() -> None:
    assert "access-control-allow-origin" not in (await ask((PAGE,), OTHER, "OPTIONS")).headers


async def test_GW24_options_of_no_page_is_a_request_like_any_other() -> None:
    assert (await ask(("*",), None, "OPTIONS")).json["method"] == "OPTIONS"
