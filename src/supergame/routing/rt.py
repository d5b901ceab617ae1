"""Realtime messages: how features declare what they do with them, and the router that runs it.

    def messages(chat: Chat) -> Messages:
        messages = Messages()

        @messages.on("channel_join")
        async def channel_join(call: Call, request: rtapi.ChannelJoin) -> rtapi.Channel: ...
        return messages

One session's messages are handled one after another. A handler that is no coroutine runs at once, as part of reading; it may return one for
what it has to wait for. What it returns is the reply, under the same `cid`; None is a bare acknowledgement, `SILENT` nothing at all.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any, Final

from supergame.base.errors import Internal, MalformedBody, Status, SupergameError
from supergame.base.limits import Limits
from supergame.realtime.frame import JSON, Format, Frame
from supergame.realtime.session import CloseCode, Session
from supergame.routing.context import Context, Effects
from supergame.routing.hooks import HookRefused, Hooks
from supergame.telemetry.logging import logger
from supergame.wire.codec_rt import Received
from supergame.wire.message import Message
from supergame.wire.rtapi import Error

SILENT: Final = object()

RUNTIME_EXCEPTION, UNRECOGNIZED_PAYLOAD, MISSING_PAYLOAD, BAD_INPUT = 0, 1, 2, 3
MATCH_NOT_FOUND, MATCH_JOIN_REJECTED, FUNCTION_NOT_FOUND, FUNCTION_EXCEPTION = 4, 5, 6, 7
"""Error codes of the socket. Source: nakama-common, rtapi/realtime.proto, Error.Code."""

_BY_ERROR = {"rpc.function_not_found": FUNCTION_NOT_FOUND, "match.not_found": MATCH_NOT_FOUND, "match.join_rejected": MATCH_JOIN_REJECTED}
_SERVERS_FAULT = {Status.INTERNAL, Status.UNAVAILABLE, Status.UNKNOWN, Status.RESOURCE_EXHAUSTED, Status.DATA_LOSS}

_log = logger("rt")


@dataclass(slots=True)
class Call:
    """One message of a player, and what waits for its reply."""

    session: Session
    ctx: Context
    cid: str = ""
    _after: list[Callable[[], None]] = field(default_factory=list)

    def after_reply(self, action: Callable[..., None], *args: Any) -> None:
        """Do something when the reply has left: tell others, and the caller, of what the message changed."""
        self._after.append(lambda: action(*args))

    def replied(self) -> None:
        for action in self._after:
            action()


Handler = Callable[[Call, Any], Any]
Guard = Callable[[str, Coroutine[Any, Any, Any]], Awaitable[Any]]


Begun = tuple[Call, str, Coroutine[Any, Any, Any]]
"""What a handler has returned to be waited for, and the name of its message."""

Opened = Callable[[Session, dict[str, list[str]]], None]
"""Hears of a socket that has just opened, with the query of its address."""


class Messages:
    """The realtime messages of a feature."""

    def __init__(self) -> None:
        self.handlers: dict[str, Handler] = {}
        self.openers: list[Opened] = []

    def opened(self, handler: Opened) -> Opened:
        """Have a function called with each socket that opens."""
        self.openers.append(handler)
        return handler

    def on(self, name: str) -> Callable[[Any], Any]:
        def declare(handler: Any) -> Any:
            self.handlers[name] = handler
            return handler

        return declare


class Inbox:
    """What one session has sent and nobody has handled yet."""

    __slots__ = ("messages", "task")

    def __init__(self) -> None:
        self.messages: list[Received] = []  # few, and mostly none: an empty deque would take 600 bytes of each socket
        self.task: asyncio.Task[None] | None = None


class RtRouter:
    """Reads what players send, finds its handler, runs hooks, answers. What cannot be understood closes only its sender."""

    def __init__(self, hooks: Hooks, guard: Guard, limits: Limits) -> None:
        self._hooks, self._guard, self._limits = hooks, guard, limits
        self._handlers: dict[str, tuple[Handler, bool]] = {"pong": (lambda call, request: SILENT, False)}
        self._openers: list[Opened] = []

    def add(self, messages: Messages) -> None:
        for name, handler in messages.handlers.items():
            assert name not in self._handlers, f"{name} is handled twice"
            self._handlers[name] = (handler, inspect.iscoroutinefunction(handler))
        self._openers += messages.openers

    def opened(self, session: Session, query: dict[str, list[str]]) -> None:
        """Greet a socket that has just opened."""
        for opener in self._openers:
            opener(session, query)

    def receive(self, session: Session, ctx: Context, inbox: Inbox, data: bytes, form: Format = JSON) -> None:
        """Handle one message, now or when those before it are done."""
        try:
            received = form.decode(data)
        except MalformedBody:
            session.close(CloseCode.NORMAL, "malformed or unrecognised message")
            return
        handler, waits = self._handlers.get(received.name, (_unsupported, False))
        if inbox.task is None and not waits and not self._hooks.has(ctx.title_id, received.name):
            self._run_now(session, ctx, inbox, received, handler)
            return
        if len(inbox.messages) >= self._limits.socket_messages_queued_max:
            session.close(CloseCode.POLICY, "too many messages at once")
            return
        inbox.messages.append(received)
        if inbox.task is None:
            inbox.task = asyncio.get_running_loop().create_task(self._work(session, ctx, inbox))

    def _run_now(self, session: Session, ctx: Context, inbox: Inbox, received: Received, handler: Handler) -> None:
        call = Call(session, ctx, received.cid)
        try:
            reply = handler(call, received.message)
        except Exception as error:  # noqa: BLE001 - told to the sender, and logged when it is ours
            self._refuse(call, received.name, error)
            return
        if inspect.iscoroutine(reply):
            inbox.task = asyncio.get_running_loop().create_task(self._work(session, ctx, inbox, (call, received.name, reply)))
        else:
            _answer(call, reply)

    async def _work(self, session: Session, ctx: Context, inbox: Inbox, begun: Begun | None = None) -> None:
        if begun is not None:
            await self._finish(*begun)
        while inbox.messages:
            received = inbox.messages.pop(0)
            effects = Effects()
            call = Call(session, replace(ctx, effects=effects), received.cid)
            await self._finish(call, received.name, self._run(call, received))
            effects.replied()
        inbox.task = None

    async def _finish(self, call: Call, name: str, work: Coroutine[Any, Any, Any]) -> None:
        try:
            reply = await self._guard(name, work)
        except HookRefused:
            call.session.close(CloseCode.NORMAL, "refused by the game")
        except Exception as error:  # noqa: BLE001
            self._refuse(call, name, error)
        else:
            _answer(call, reply)

    async def _run(self, call: Call, received: Received) -> Any:
        handler, _ = self._handlers.get(received.name, (_unsupported, False))
        request = await self._hooks.run_before(received.name, call.ctx, received.message)
        reply = handler(call, request)
        if inspect.iscoroutine(reply):
            reply = await reply
        await self._hooks.run_after(received.name, call.ctx, request, reply)
        return reply

    def _refuse(self, call: Call, name: str, error: Exception) -> None:
        if not isinstance(error, SupergameError):
            _log.error("handler failed", message=name, exc_info=error)
            error = Internal()
        call.session.send(Frame(Error(code=error_code(name, error), message=error.message), call.cid))


def error_code(name: str, error: SupergameError) -> int:
    """The socket's code for an error while handling the message `name`."""
    if error.code in _BY_ERROR:
        return _BY_ERROR[error.code]
    if name == "rpc" and error.status is not Status.INVALID_ARGUMENT:
        return FUNCTION_EXCEPTION
    return RUNTIME_EXCEPTION if error.status in _SERVERS_FAULT else BAD_INPUT


def _answer(call: Call, reply: Message | object | None) -> None:
    if isinstance(reply, Message):
        call.session.send(Frame(reply, call.cid))
    elif reply is None and call.cid:
        call.session.send(Frame(None, call.cid))
    call.replied()


def _unsupported(call: Call, request: Any) -> None:
    raise SupergameError("This server does not offer this yet.")
