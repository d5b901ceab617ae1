"""HTTP/1.1 on httptools: bytes to `Request`, `Response` to bytes, and a firm hand with peers that send too much or too slowly.

Why an own protocol instead of uvicorn's, with both measured: docs/decisions/0005-own-http-protocol.md. Parsing is llhttp's (strict
mode), through httptools; ours are the limits, deadlines, pipelining and the hand-over of WebSocket requests.
"""

from __future__ import annotations

import asyncio
from collections import deque
from http import HTTPStatus
from typing import NamedTuple, cast
from urllib.parse import unquote

import httptools

from supergame.gateway.refused import Refused
from supergame.gateway.server import NEVER, HandedOver, HttpServer
from supergame.gateway.unpack import unpack
from supergame.routing.http import Request, Response

PIECE_BYTES = 4_096  # parsed at a time: what a full queue or an exceeded limit may overshoot by
LINGER_S = 2.0  # a refused peer that still sends has so long to read why; closed at once, its system would drop our answer
_STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus}
_STATUS_LINES[499] = b"HTTP/1.1 499 Client Closed Request\r\n"
_HEAD_TOO_LARGE, _BODY_TOO_LARGE = "The head is too large.", "The body is too large."
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Waiting(NamedTuple):
    """A request whose turn has not come, with what its answer depends on."""

    request: Request
    keep_alive: bool


class HttpProtocol(asyncio.Protocol):
    """One connection. Requests are answered one at a time, in order."""

    def __init__(self, server: HttpServer) -> None:
        self._server, self._limits, self._loop = server, server.limits, server.loop
        self._parser, self._peer = httptools.HttpRequestParser(self), ""
        self._transport: asyncio.Transport  # from connection_made on
        self._queue: deque[Waiting | Refused] = deque()
        self._unread = b""  # came while the queue was full
        self._task: asyncio.Task[None] | None = None
        self._deaf = False  # nothing more is read: a request was the last, or refused, or the peer has ended its side
        self._ended_by_peer = self._closing = False
        self._begun = False  # a message is under way
        self._in_head = True
        self._received = 0  # bytes of the message under way
        self._can_write, self._unsent = True, 0
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
            self._write(Refused(503, "The server has too many connections.").response(), None, False)
            self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        self._closing = self._deaf = True
        self._server.forget(self, self._peer)
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        data, self._unread = self._unread + data, b""
        for start in range(0, len(data), PIECE_BYTES):
            if self._deaf:
                return
            if self._is_full:
                self._unread = data[start:]
                return
            piece = data[start : start + PIECE_BYTES]
            self._received += len(piece)
            try:
                self._parser.feed_data(piece)
            except httptools.HttpParserUpgrade as upgrade:
                self._upgrade(data[start + upgrade.args[0] :])
            except httptools.HttpParserError as error:
                reason = error.__context__  # what a callback raised
                self._refuse(reason if isinstance(reason, Refused) else Refused(400, "The request is malformed."))
            if self._received:
                self._check_size()

    def _check_size(self) -> None:
        """Also of what the parser keeps to itself: unfinished lines, sizes and extensions of chunks, trailers."""
        if self._in_head and self._received > self._limits.head_bytes_max:
            self._refuse(Refused(431, _HEAD_TOO_LARGE))
        elif self._received > self._limits.head_bytes_max + 2 * self._limits.body_bytes_max:
            self._refuse(Refused(413, _BODY_TOO_LARGE))

    def eof_received(self) -> bool:
        """Half-closed: the peer may still read its answers, except over TLS, which has no half."""
        self._deaf = self._ended_by_peer = True
        return not self._is_next and self._transport.can_write_eof()

    def pause_writing(self) -> None:
        self._can_write = False
        self._allow_stall()

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
        self._is_current = True  # HTTP/1.1

    def on_message_begin(self) -> None:
        self._begin_message()
        self._begun = True
        self._allow(self._limits.head_deadline_s)

    def on_url(self, url: bytes) -> None:
        self._url += url
        self._head_bytes += len(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._header_count += 1
        self._head_bytes += len(name) + len(value) + 4
        if self._header_count > self._limits.headers_max or self._head_bytes > self._limits.head_bytes_max:
            raise Refused(431, _HEAD_TOO_LARGE)
        if not self._in_head:
            return  # trailers are counted and dropped
        key, text = name.decode("latin-1").lower(), value.decode("latin-1").rstrip(" \t")
        self._headers[key] = f"{self._headers[key]}, {text}" if key in self._headers else text

    def on_headers_complete(self) -> None:
        self._in_head = False
        headers = self._headers
        if "connection" in headers or "transfer-encoding" in headers or not self._parser.should_keep_alive():
            self._check_version()  # which costs more than it looks; all others are HTTP/1.1
        if "content-length" in headers or "transfer-encoding" in headers:
            self._allow(self._limits.body_deadline_s)
            if int(headers.get("content-length", "0")) > self._limits.body_bytes_max:
                raise Refused(413, _BODY_TOO_LARGE)
            if headers.get("expect", "").lower() == "100-continue" and self._is_current and self._is_next:
                self._transport.write(_CONTINUE)

    def _check_version(self) -> None:
        headers, version = self._headers, self._parser.get_http_version()
        if version not in ("1.1", "1.0"):
            raise Refused(505, "This server speaks HTTP/1.1.")
        self._is_current = version == "1.1"
        if "transfer-encoding" in headers and (headers["transfer-encoding"].lower() != "chunked" or not self._is_current):
            raise Refused(400, "A body is sent in chunks or with its length.")

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if self._body_bytes > self._limits.body_bytes_max:
            raise Refused(413, _BODY_TOO_LARGE)
        self._body.append(body)

    def on_message_complete(self) -> None:
        self._in_head, self._begun, self._received = True, False, 0
        request = self._request()
        is_upgrade = self._parser.should_upgrade()
        keep_alive = self._is_current and not is_upgrade and self._parser.should_keep_alive()
        self._queue.append(Waiting(request, keep_alive))
        if is_upgrade and self._server.upgrade is not None and _is_websocket(request):
            return  # goes on in _upgrade, when the parser has stopped
        self._deaf = not keep_alive
        if self._is_full:
            self._transport.pause_reading()
        self._next()

    @property
    def _is_next(self) -> bool:
        """Whether nothing stands before the message under way."""
        return self._task is None and not self._queue

    @property
    def _is_full(self) -> bool:
        return len(self._queue) >= self._limits.requests_queued_max

    def _request(self) -> Request:
        target = self._url.decode("latin-1")
        if not target.startswith("/"):
            target = "/" + target.partition("://")[2].partition("/")[2] if "://" in target else target
        path, _, query = target.partition("?")
        if "%" in path:
            path = unquote(path)
        method = self._parser.get_method().decode("latin-1")
        body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        if "content-encoding" in self._headers:
            body = unpack(body, self._headers["content-encoding"].lower(), self._limits.body_bytes_max)
        return Request(method, path, query.partition("#")[0], self._headers, body, self._server.client_ip(self._peer, self._headers))

    # --- answering

    def _next(self) -> None:
        if not self._queue or self._task is not None or not self._can_write or self._closing:
            return
        first = self._queue.popleft()
        if isinstance(first, Refused):
            self._write(first.response(), None, False)
            self._end(linger=True)
            return
        self.deadline = self._loop.time() + self._limits.answer_deadline_s
        self._task = self._loop.create_task(self._answer(first))

    async def _answer(self, waiting: Waiting) -> None:
        request = waiting.request
        if request.method == "OPTIONS" and "origin" in request.headers:
            response = self._server.cors.preflight(request.headers)
        else:
            response = await self._dispatch(request)
        has_more = bool(self._queue) or not self._deaf
        keep_alive = waiting.keep_alive and has_more and not self._server.draining and not self._too_slow
        self._task = None
        self._write(response, request, keep_alive)
        if not keep_alive:
            self._end()
            return
        if not self._transport.is_reading() and not self._is_full and not self._deaf:
            self._transport.resume_reading()
            self.data_received(b"")  # what came while the queue was full, which it may now fill again
        self._rest()
        self._next()

    async def _dispatch(self, request: Request) -> Response:
        try:
            return await self._server.dispatch(request)
        except asyncio.CancelledError:
            if not self._too_slow:
                raise
            return Refused(504, "The answer took too long and was given up.").response()

    def _write(self, response: Response, request: Request | None, keep_alive: bool) -> None:
        if self._transport.is_closing():
            return
        lines = [_STATUS_LINES.get(response.status, _STATUS_LINES[500]), self._server.date_line]
        lines.append(f"Content-Type: {response.content_type}\r\nContent-Length: {len(response.body)}\r\n".encode())
        if request is not None and "origin" in request.headers:
            lines.append(self._server.cors.lines(request.headers["origin"]))
        lines += [f"{name}: {_printable(value)}\r\n".encode("latin-1") for name, value in response.headers]
        lines.append(b"\r\n" if keep_alive else b"Connection: close\r\n\r\n")
        if request is None or request.method != "HEAD":
            lines.append(response.body)
        self._transport.write(b"".join(lines))

    def _refuse(self, refused: Refused) -> None:
        """Read no further, answer the requests before the bad one, then tell the peer why, and end."""
        if not self._deaf:
            self._deaf = True
            self._queue.append(refused)
            self._next()

    def _end(self, linger: bool = False) -> None:
        if self._closing:
            return
        self._closing = self._deaf = True
        self._queue.clear()
        self._allow_stall()
        if linger and not self._ended_by_peer and self._transport.can_write_eof():
            self.deadline = self._loop.time() + LINGER_S
            self._transport.write_eof()
            self._transport.resume_reading()
        else:
            self._transport.close()

    # --- deadlines

    def _allow(self, seconds: float) -> None:
        """So long for what the peer does next, unless an answer is under way, or unread, and has a deadline of its own."""
        if self._task is None and self._can_write:
            self.deadline = self._loop.time() + seconds

    def _allow_stall(self) -> None:
        self.deadline = self._loop.time() + self._limits.write_stall_s
        self._unsent = self._transport.get_write_buffer_size()

    def _rest(self) -> None:
        """No answer is under way: the peer idles, or sends a head or a body."""
        limits = self._limits
        self._allow(limits.idle_s if not self._begun else limits.head_deadline_s if self._in_head else limits.body_deadline_s)

    def expire(self) -> None:
        if self._task is not None:
            self._too_slow = True
            self.deadline = NEVER
            self._task.cancel()
        elif (self._closing or not self._can_write) and self._is_read_slowly():
            self._allow_stall()
        elif self._closing or not self._can_write or not self._begun:
            self.abort()
        else:
            self._refuse(Refused(408, "The request came too slowly."))

    def _is_read_slowly(self) -> bool:
        """Whether the peer has taken any of its answer since the last look: a phone may take its time for a large one."""
        return self.unsent_bytes() < self._unsent

    def unsent_bytes(self) -> int:
        return self._transport.get_write_buffer_size()

    def drain(self) -> None:
        if self._is_next and not self._begun:
            self._end()

    def abort(self) -> None:
        self._transport.abort()

    # --- handing over

    def _upgrade(self, rest: bytes) -> None:
        """A WebSocket request ends HTTP on this connection: `ws` takes the transport, or a plain answer refuses."""
        if self._deaf or self._server.upgrade is None:
            return  # another upgrade, which is not offered: a request like any other, and the last
        self._deaf = True
        waiting = self._queue[0]
        if len(self._queue) > 1 or self._task is not None or isinstance(waiting, Refused):
            self._next()  # behind an unanswered request no socket opens
            return
        self._queue.clear()
        handed_over = HandedOver(self._server, self._transport, self._peer)
        refusal = self._server.upgrade(waiting.request, self._transport, rest, handed_over.ended)
        if refusal is not None:
            self._write(refusal, waiting.request, False)
            self._end()
            return
        self._server.replace(self, handed_over)  # still counted, until the socket is gone
        self._closing, self.deadline = True, NEVER
        del self._parser  # it knows this object, and this object it: now they go at once


def _is_websocket(request: Request) -> bool:
    return request.method == "GET" and request.headers.get("upgrade", "").lower() == "websocket"


def _printable(value: str) -> str:
    """A header value cannot end its line, whatever a game's error says."""
    return "".join(letter if " " <= letter <= "~" else "?" for letter in value)
