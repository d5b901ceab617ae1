"""What never reaches a log."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
import structlog

from supergame.telemetry import logging


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def configuration() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def log_of(stream: io.StringIO, level: str = "debug") -> structlog.typing.FilteringBoundLogger:
    logging.configure(stream, level)
    return logging.logger("test")  # type: ignore[no-any-return]


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
@pytest.mark.parametrize("name", sorted(logging.SECRET_NAMES))
def test_what_has_a_secrets_name_is_blacked_out(stream: type[io.StringIO], name: str) -> None:
    out = stream()
    log_of(out).info("event", **{name: "canary"}, other="shown")
    assert "canary" not in out.getvalue()
    assert "shown" in out.getvalue()


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_a_traceback_shows_no_local_variables(stream: type[io.StringIO]) -> None:
    """Planted fault: structlog's own tracebacks for terminals, which show them when a certain package is installed."""

    def fails(password: str) -> None:
        token = password * 2
        raise ValueError(len(token))

    out, secret = stream(), "canary"
    try:
        fails(secret)
    except ValueError as error:
        log_of(out).error("failed", exc_info=error)
    assert "ValueError: 12" in out.getvalue()
    assert "canary" not in out.getvalue()


def test_an_event_is_one_line_of_json() -> None:
    out = io.StringIO()
    log_of(out).warning("two\nlines", detail="a\nb")
    (line,) = out.getvalue().splitlines()
    assert json.loads(line) | {"timestamp": ""} == {
        "part": "test", "detail": "a\nb", "event": "two\nlines", "level": "warning", "timestamp": ""
    }  # fmt: skip


def test_events_below_the_level_are_not_written() -> None:
    out = io.StringIO()
    log_of(out, "warning").info("unseen")
    assert out.getvalue() == ""
