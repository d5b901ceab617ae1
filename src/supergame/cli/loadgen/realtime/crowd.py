"""Many sockets in one thread: plain non-blocking ones and one selector over them."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from supergame.base.errors import Unavailable
from supergame.cli.loadgen.load import ServerUnreachable
from supergame.cli.loadgen.realtime.frames import CLOSE, PING, PONG, TEXT, Message, masked, whole_frames
from supergame.cli.loadgen.target import Target

READ_BYTES = 262_144  # at once; a longer frame than this is an error
ANSWER_WITHIN_S = 20.0
PER_ADDRESS = 1_500  # sockets from one address of this machine; beyond: from the next of 127.0.0.0/8
KIND_WITHIN = 24  # bytes of an envelope, in which the name of its message stands


class SocketRefused(Unavailable):
    """The server refused a socket, or what it has to begin with."""

    code = "bench.socket_refused"


class Receiver(Protocol):
    """What players do with what comes."""

    kind: bytes
    """How the message that is counted is called in its envelope, with quotes and colon."""
    look_every: int
    """Of so many deliveries one is looked at."""

    def delivered(self, peer: Peer, buffer: bytearray, start: int, stop: int) -> None: ...
    def other(self, peer: Peer, envelope: bytes) -> None: ...
    def lost(self, peer: Peer, why: str) -> None: ...


class Peer:
    """One player's socket. `seat` is the place in the room."""

    __slots__ = ("acks", "last", "message", "number", "received", "rest", "room", "seat", "sent", "sock")

    def __init__(self, number: int, room: int, seat: int, sock: socket.socket, rest: bytes = b"") -> None:
        self.number, self.room, self.seat, self.sock = number, room, seat, sock
        self.sent = self.received = self.acks = 0
        self.last: list[int] = []
        self.rest = rest
        self.message: Message

    def call(self, envelope: dict[str, Any]) -> dict[str, Any]:
        """The reply to a message. Blocks; what else comes meanwhile is dropped, so this is for before the load begins.

        Raises:
            SocketRefused: it is an error, or there is none.
        """
        try:
            self.sock.sendall(masked(TEXT, msgspec.json.encode({"cid": "call", **envelope})))
            while True:
                reply = msgspec.json.decode(self._next())
                if reply.pop("cid", "") == "call":
                    break
        except OSError as error:
            raise SocketRefused(f"The server did not answer {next(iter(envelope))}: {error}") from None
        if "error" in reply:
            raise SocketRefused(f"The server refused {next(iter(envelope))}: {reply['error']}")
        return dict(reply)

    def _next(self) -> bytes:
        """The payload of the next text frame."""
        buffer = bytearray(self.rest)
        while True:
            for opcode, start, stop in whole_frames(buffer, len(buffer)):
                if opcode == TEXT:
                    self.rest = bytes(buffer[stop:])
                    return bytes(buffer[start:stop])
            got = self.sock.recv(READ_BYTES)
            if not got:
                raise OSError("the connection has ended")
            buffer += got


class Crowd:
    """`open` sockets, `begin`, then `pump` again and again; `close`."""

    def __init__(self) -> None:
        self.peers: list[Peer] = []
        self._selector = selectors.DefaultSelector()
        self._buffer = bytearray(READ_BYTES)
        self._view = memoryview(self._buffer)
        self._until_look = 1

    def open(self, target: Target, tokens: Sequence[str], room_size: int) -> None:
        """One socket for each token. Raises ServerUnreachable, SocketRefused."""
        for token in tokens:
            self.add(*connect(target, token, len(self.peers)), room_size)

    def add(self, sock: socket.socket, rest: bytes, room_size: int) -> None:
        """One more player, in the next seat."""
        number = len(self.peers)
        self.peers.append(Peer(number, number // room_size, number % room_size, sock, rest))

    def rooms(self) -> list[list[Peer]]:
        rooms: list[list[Peer]] = [[] for _ in range(self.peers[-1].room + 1)]
        for peer in self.peers:
            rooms[peer.room].append(peer)
        return rooms

    def begin(self) -> None:
        """From now on nothing blocks."""
        for peer in self.peers:
            peer.sock.setblocking(False)
            self._selector.register(peer.sock, selectors.EVENT_READ, peer)

    def pump(self, receiver: Receiver, wait_s: float) -> int:
        """Read what has come, once for each socket; how many deliveries that were."""
        return sum(self._read(key.data, receiver) for key, _ in self._selector.select(wait_s))

    def send(self, peer: Peer, frame: bytes | bytearray, receiver: Receiver) -> bool:
        """A frame that the system takes whole; if it does not, the server has not read for long, and the socket is given up."""
        try:
            if peer.sock.send(frame) == len(frame):
                return True
            self._drop(peer, receiver, "the server does not read")
        except OSError as error:
            self._drop(peer, receiver, f"the connection has ended: {error}")
        return False

    def close(self) -> None:
        for peer in self.peers:
            peer.sock.close()
        self._selector.close()

    def _read(self, peer: Peer, receiver: Receiver) -> int:
        buffer, have = self._buffer, len(peer.rest)
        if have:
            buffer[:have] = peer.rest
        try:
            got = peer.sock.recv_into(self._view[have:] if have else self._view)
        except BlockingIOError:
            return 0
        except OSError:
            got = 0
        if not got:
            self._drop(peer, receiver, "the server has ended the connection")
            return 0
        end, stop, count = have + got, 0, 0
        find, kind, until_look = buffer.find, receiver.kind, self._until_look
        for opcode, start, stop in whole_frames(buffer, end):
            if opcode == TEXT and find(kind, start, start + KIND_WITHIN) >= 0:
                count += 1
                until_look -= 1
                if not until_look:
                    until_look = receiver.look_every
                    receiver.delivered(peer, buffer, start, stop)
            else:
                self._until_look = until_look
                self._other(peer, receiver, opcode, bytes(self._view[start:stop]))
        self._until_look = until_look
        peer.received += count
        peer.rest = bytes(self._view[stop:end])
        return count

    def _other(self, peer: Peer, receiver: Receiver, opcode: int, payload: bytes) -> None:
        if opcode == PING:
            self.send(peer, masked(PONG, payload), receiver)
        elif opcode == CLOSE:
            self._drop(peer, receiver, f"the server has closed the socket: {payload[2:].decode(errors='replace')}")
        elif opcode == TEXT:
            receiver.other(peer, payload)

    def _drop(self, peer: Peer, receiver: Receiver, why: str) -> None:
        if peer.sock.fileno() >= 0:
            self._selector.unregister(peer.sock)
            peer.sock.close()
            receiver.lost(peer, why)


def connect(target: Target, token: str, number: int = 0) -> tuple[socket.socket, bytes]:
    """A socket that the server has accepted, still blocking, and what it has sent since. Raises ServerUnreachable, SocketRefused."""
    is_local = target.host.startswith("127.")
    source = (f"127.0.0.{1 + number // PER_ADDRESS}", 0) if is_local and number >= PER_ADDRESS else None
    try:
        sock = socket.create_connection((target.host, target.port), ANSWER_WITHIN_S, source)
    except OSError as error:
        raise ServerUnreachable(f"There is no answer from {target.host}, port {target.port}: {error}") from None
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    head = f"GET /ws?lang=en&status=false&token={token} HTTP/1.1\r\nHost: {target.host}:{target.port}\r\n"
    head += "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    try:
        sock.sendall(head.encode())
        answer = _answer(sock)
    except OSError as error:
        answer = str(error).encode()
    head_end = answer.find(b"\r\n\r\n")
    if head_end < 0 or not answer.startswith(b"HTTP/1.1 101"):
        sock.close()
        raise SocketRefused(f"The server refused a socket: {answer[:200].decode(errors='replace')}")
    return sock, answer[head_end + 4 :]


def _answer(sock: socket.socket) -> bytes:
    """The head of an answer, and what has come behind it."""
    answer = b""
    while b"\r\n\r\n" not in answer and (more := sock.recv(READ_BYTES)):
        answer += more
    return answer
