"""What a function is, and how a call can fail."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from supergame.base.errors import Internal, InvalidArgument, NotFound
from supergame.routing.context import Context

Function = Callable[[Context, str], Awaitable[str | None]]
"""Receives the caller and a text, returns a text or nothing."""


class FunctionNotFound(NotFound):
    """There is no function of this name."""

    code = "rpc.function_not_found"


class FunctionFailed(Internal):
    """The function failed."""

    code = "rpc.function_failed"


class PayloadInvalid(InvalidArgument):
    """The body has to be a JSON string; use ?unwrap to send it as it is."""

    code = "rpc.payload_invalid"
