"""Logs: one event a line, readable on a terminal and JSON elsewhere. Secrets have no way in.

Requests are logged by the name of their route, never by path or query; what is passed under a secret's name is blacked out
all the same.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

SECRET_NAMES = frozenset(
    {"authorization", "password", "token", "refresh_token", "server_key", "http_key", "key", "secret", "cookie", "query", "url"}
)


def black_out(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: values under a secret's name become `***`."""
    for name in SECRET_NAMES & event.keys():
        event[name] = "***"
    return event


def configure(stream: TextIO = sys.stderr, level: str = "info") -> None:
    """Set up the process's logs once, before anything logs."""
    terminal = stream.isatty()
    # plain tracebacks: prettier ones show local variables, among them tokens and passwords
    console = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    renderer: Any = console if terminal else structlog.processors.JSONRenderer()
    plain_errors = [] if terminal else [structlog.processors.format_exc_info]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            black_out,
            *plain_errors,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )


def logger(part: str) -> Any:
    """A logger whose events carry the part of the platform that they come from."""
    return structlog.get_logger(part=part)
