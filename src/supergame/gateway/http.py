"""HTTP/1.1 on httptools: bytes to `Request`, `Response` to bytes, and a firm hand with peers that send too much or too slowly.

Why an own protocol instead of uvicorn's, with both measured: docs/decisions/0005-own-http-protocol.md. Parsing is llhttp's (strict
mode), through httptools; ours are the limits, deadlines, pipelining and the hand-over of WebSocket requests.
"""

from __future__ import annotations

import asyncio
import zlib
from collections import deque
from http import HTTPStatus
from math import inf
from typing import NamedTuple, cast
from urllib.parse import unquote

import httptools

from supergame.gateway.server import HttpServer
from supergame.routing.http import Request, Response

NEVER = inf
_STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus}
_STATUS_LINES[499] = b"HTTP/1.1 499 Client Closed Request\r\n"
_CODES = {408: 4, 413: 3, 414: 3, 415: 3, 431: 3, 503: 14, 504: 4}  # gRPC codes for refusals that no route has a say in
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Refused(Exception):
    """The peer broke a rule of the protocol or a limit; it gets a status and the connection ends."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(status, sentence)
        self.status, self.sentence = status, sentence


class Waiting(NamedTuple):
    """A request whose turn has not come, with what its answer depends on."""

    request: Request
    keep_alive: bool


class HttpProtocol(asyncio.Protocol):
    """One connection. Requests are answered one at a time, in order."""

    def __init__(self, server: HttpServer) -> None:
        self._server, self._limits, self._loop = server, server.limits, server.loop
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._peer = ""
        self._queue: deque[Waiting] = deque()
        self._task: asyncio.Task[None] | None = None
        self._refusal: Refused | None = None
        self._closing = False
        self._in_head = True
        self._head_received = 0
        self._can_write = True
        self._too_slow = False  # the handler in flight was cancelled by the deadline
        self.deadline: float = NEVER
        self._begin_message()

    # --- asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own class is none by inheritance
        peer = transport.get_extra_info("peername")
        self._peer = peer[0] if isinstance(peer, tuple) else ""
        self.deadline = self._loop.time() + self._limits.head_deadline_s
        if not self._server.admit(self, self._peer):
            self._refuse(Refused(503, "The server has too many connections."))

    def connection_lost(self, exc: Exception | None) -> None:
        self._closing = True
        self._server.forget(self, self._peer)
        self._queue.clear()
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        if self._closing:
            return
        if self._in_head:
            if self._head_received == 0:
                self.deadline = self._loop.time() + self._limits.head_deadline_s
            self._head_received += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserCallbackError:
            self._refuse(self._refusal or Refused(400, "The request is malformed."))
        except httptools.HttpParserError:
            self._refuse(Refused(400, "The request is malformed."))
        else:
            if self._in_head and self._head_received > self._limits.head_bytes_max:
                self._refuse(Refused(431, "The head is too large."))

    def eof_received(self) -> bool:
        return self._task is not None  # half-closed: the peer may still read the answer

    def pause_writing(self) -> None:
        self._can_write = False
        self.deadline = self._loop.time() + self._limits.write_stall_s

    def resume_writing(self) -> None:
        self._can_write = True
        self._rest()
        self._next()

    # --- httptools' side

    def _begin_message(self) -> None:
        self._url = b""
        self._headers: dict[str, str] = {}
        self._header_count = 0
        self._head_bytes = 0
        self._body: list[bytes] = []
        self._body_bytes = 0

    def on_message_begin(self) -> None:
        self._begin_message()

    def on_url(self, url: bytes) -> None:
        self._url += url
        self._count_head(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        self._header_count += 1
        self._count_head(len(name) + len(value) + 4)
        if self._header_count > self._limits.headers_max:
            self._raise(431, "There are too many headers.")
        if not self._in_head:
            return  # trailers are counted and dropped
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        self._headers[key] = f"{self._headers[key]}, {text}" if key in self._headers else text

    def on_headers_complete(self) -> None:
        self._in_head = False
        self.deadline = self._loop.time() + self._limits.body_deadline_s
        if int(self._headers.get("content-length", "0")) > self._limits.body_bytes_max:
            self._raise(413, "The body is too large.")
        if self._headers.get("expect", "").lower() == "100-continue" and self._transport is not None and self._task is None:
            self._transport.write(_CONTINUE)

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if self._body_bytes > self._limits.body_bytes_max:
            self._raise(413, "The body is too large.")
        self._body.append(body)

    def on_message_complete(self) -> None:
        self._in_head, self._head_received = True, 0
        request = self._request()
        if self._parser.should_upgrade() and self._server.upgrade is not None and _is_websocket(request):
            self._queue.append(Waiting(request, False))  # answered by _upgrade, when the parser has stopped
            return
        keep_alive = self._parser.should_keep_alive() and not self._parser.should_upgrade()
        self._queue.append(Waiting(request, keep_alive))
        if len(self._queue) >= self._limits.requests_queued_max and self._transport is not None:
            self._transport.pause_reading()
        self._next()

    def _count_head(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > self._limits.head_bytes_max:
            self._raise(431, "The head is too large.")

    def _raise(self, status: int, sentence: str) -> None:
        """Out of a callback: httptools wraps what is raised, so the reason is put aside."""
        self._refusal = Refused(status, sentence)
        raise self._refusal

    def _request(self) -> Request:
        target = self._url.decode("latin-1")
        if not target.startswith("/"):
            target = "/" + target.partition("://")[2].partition("/")[2] if "://" in target else target
        path, _, query = target.partition("?")
        if "%" in path:
            path = unquote(path)
        method = self._parser.get_method().decode("latin-1")
        client_ip = self._server.client_ip(self._peer, self._headers)
        return Request(method, path, query.partition("#")[0], self._headers, self._unpacked(), client_ip)

    def _unpacked(self) -> bytes:
        body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        encoding = self._headers.get("content-encoding", "identity").lower()
        if encoding == "identity" or not body:
            return body
        if encoding not in ("gzip", "deflate"):
            self._raise(415, "Bodies may be packed by gzip or deflate.")
        return self._inflate(body)

    def _inflate(self, body: bytes) -> bytes:
        """Unpack up to the limit and not a byte more, whatever the body promises."""
        unpacker = zlib.decompressobj(wbits=47)  # gzip or zlib, by its head
        try:
            unpacked = unpacker.decompress(body, self._limits.body_bytes_max + 1)
        except zlib.error:
            self._raise(400, "The body is not packed as it says.")
        if len(unpacked) > self._limits.body_bytes_max:
            self._raise(413, "The body is too large.")
        return unpacked

    # --- answering

    def _next(self) -> None:
        if self._task is None and self._queue and self._can_write and not self._closing:
            self.deadline = self._loop.time() + self._limits.answer_deadline_s
            self._task = self._loop.create_task(self._answer(self._queue.popleft()))

    async def _answer(self, waiting: Waiting) -> None:
        request = waiting.request
        if request.method == "OPTIONS" and "origin" in request.headers:
            response = self._server.cors.preflight(request.headers)
        else:
            response = await self._dispatch(request)
        keep_alive = waiting.keep_alive and not self._server.draining and not self._too_slow
        self._task = None
        self._write(response, request, keep_alive)
        if not keep_alive or self._closing:
            self._end()
            return
        if self._transport is not None and not self._transport.is_reading() and len(self._queue) < self._limits.requests_queued_max:
            self._transport.resume_reading()
        self._rest()
        self._next()

    async def _dispatch(self, request: Request) -> Response:
        try:
            return await self._server.dispatch(request)
        except asyncio.CancelledError:
            if not self._too_slow:
                raise
            return Response(504, _refusal_body(Refused(504, "The answer took too long and was given up.")))

    def _write(self, response: Response, request: Request | None, keep_alive: bool) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        lines = [_STATUS_LINES.get(response.status, _STATUS_LINES[500]), self._server.date_line]
        lines.append(f"Content-Type: {response.content_type}\r\nContent-Length: {len(response.body)}\r\n".encode())
        if request is not None and "origin" in request.headers:
            lines.append(self._server.cors.lines(request.headers["origin"]))
        lines += [f"{name}: {_printable(value)}\r\n".encode("latin-1") for name, value in response.headers]
        if not keep_alive:
            lines.append(b"Connection: close\r\n")
        lines.append(b"\r\n")
        if request is None or request.method != "HEAD":
            lines.append(response.body)
        self._transport.write(b"".join(lines))

    def _refuse(self, refused: Refused) -> None:
        """Tell the peer why, and end. Requests before the bad one that wait for their turn are dropped with it."""
        if self._closing:
            return
        if self._task is None:
            self._write(Response(refused.status, _refusal_body(refused)), None, False)
        self._end()

    def _end(self) -> None:
        self._closing = True
        self._queue.clear()
        self.deadline = self._loop.time() + self._limits.write_stall_s
        if self._transport is not None and self._task is None:
            self._transport.close()

    def _rest(self) -> None:
        """Nothing is in flight: a head may be under way, or the connection idles."""
        if self._can_write and self._task is None:
            allowed_s = self._limits.idle_s if self._head_received == 0 else self._limits.head_deadline_s
            self.deadline = self._loop.time() + allowed_s

    def expire(self) -> None:
        if self._task is not None and self._can_write:
            self._too_slow = True
            self.deadline = NEVER
            self._task.cancel()
        elif self._closing or not self._can_write or (self._in_head and self._head_received == 0):
            self.abort()
        else:
            self._refuse(Refused(408, "The request came too slowly."))

    def drain(self) -> None:
        if self._task is None and not self._queue:
            self._end()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    # --- handing over

    def _upgrade(self, rest: bytes) -> None:
        """A WebSocket request ends HTTP on this connection: `ws` takes the transport, or a plain answer refuses."""
        if not self._queue or self._task is not None or self._transport is None or self._server.upgrade is None:
            self._closing = self._task is None and not self._queue
            return
        request = self._queue.popleft().request
        self._transport.resume_reading()
        refusal = self._server.upgrade(request, self._transport, rest)
        if refusal is not None:
            self._write(refusal, request, False)
            self._end()
            return
        self._closing = True
        self._server.forget(self, self._peer)


def _refusal_body(refused: Refused) -> bytes:
    return f'{{"code":{_CODES.get(refused.status, 3)},"message":"{refused.sentence}"}}'.encode()


def _is_websocket(request: Request) -> bool:
    return request.method == "GET" and request.headers.get("upgrade", "").lower() == "websocket"


def _printable(value: str) -> str:
    """A header value cannot end its line, whatever a game's error says."""
    return "".join(letter if " " <= letter <= "~" else "?" for letter in value)
