"""One-time codes against the vectors of their RFCs."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from supergame.base.clock import WallMicros
from supergame.console.totp import STEP_S, code_at, read, step_of, uri, written

SECRET = b"12345678901234567890"
NOW = WallMicros(1_111_111_111 * 1_000_000)
STEP = 1_111_111_111 // STEP_S


@pytest.mark.parametrize(
    ("at_s", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_rfc_6238_appendix_b(at_s: int, code: str) -> None:
    assert code_at(SECRET, at_s // STEP_S, digits=8) == code


def test_a_phone_may_be_one_step_off_and_no_more() -> None:
    steps = {drift: step_of(SECRET, code_at(SECRET, STEP + drift), NOW, 0) for drift in range(-2, 3)}
    assert steps == {-2: None, -1: STEP - 1, 0: STEP, 1: STEP + 1, 2: None}


def test_a_step_that_was_used_or_passed_is_no_step() -> None:
    assert step_of(SECRET, code_at(SECRET, STEP), NOW, after_step=STEP) is None
    assert step_of(SECRET, code_at(SECRET, STEP - 1), NOW, after_step=STEP) is None
    assert step_of(SECRET, code_at(SECRET, STEP + 1), NOW, after_step=STEP) == STEP + 1


@pytest.mark.parametrize("code", ["", "1", "1405047", "١٤٠٥٠٤", "\ud800", "0" * 10_000])
def test_what_is_no_code_is_refused(code: str) -> None:
    assert step_of(SECRET, code, NOW, 0) is None


def test_an_app_reads_the_secret_from_the_address() -> None:
    told = urlsplit(uri(SECRET, "ada"))
    assert (told.scheme, told.netloc, told.path) == ("otpauth", "totp", "/supergame:ada")
    assert read(parse_qs(told.query)["secret"][0]) == SECRET == read(written(SECRET))
