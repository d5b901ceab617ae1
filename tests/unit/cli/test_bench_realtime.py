"""The players of `supergame bench`: they notice every delivery that is lost, doubled, out of order or for somebody else."""

from __future__ import annotations

import json
import random
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import msgspec
import pytest

from supergame.cli.loadgen.bench_game import HEAD
from supergame.cli.loadgen.load import ServerUnreachable
from supergame.cli.loadgen.realtime import report
from supergame.cli.loadgen.realtime.authoritative import Authoritative
from supergame.cli.loadgen.realtime.chat import Chat
from supergame.cli.loadgen.realtime.crowd import Crowd, SocketRefused, connect
from supergame.cli.loadgen.realtime.frames import CLOSE, MASK, PING, PONG, TEXT, Message, Stamp, masked, text_of, whole_frames
from supergame.cli.loadgen.realtime.measures import AUTHORITATIVE, CHAT, RELAY
from supergame.cli.loadgen.realtime.play import Play
from supergame.cli.loadgen.realtime.relay import Relay
from supergame.cli.loadgen.realtime.run import Row, Search, settle
from supergame.cli.loadgen.target import Target
from supergame.cli.main import main
from supergame.wire import websocket

ROOM = 3
STEPS_MAX = 10_000  # a bound for a failing test

Fault = Callable[[int, int, bytes], list[bytes]]
"""What becomes of a delivery, given its number, the seat it goes to, and its frame."""


def sound(number: int, seat: int, frame: bytes) -> list[bytes]:
    return [frame]


def unmasked(payload: bytes) -> bytes:
    return bytes(byte ^ MASK[place % 4] for place, byte in enumerate(payload))


class FakeServer:
    """One room of players on a thread of its own; does what Nakama's protocol asks for, except for one planted fault."""

    def __init__(self, sockets: list[socket.socket], fault: Fault) -> None:
        self._sockets, self._fault, self._deliveries = sockets, fault, 0
        self.pongs = self._tick = self._inputs = 0
        self._newest: dict[int, bytes] = {}
        self._selector = selectors.DefaultSelector()
        self._wake, self._woken = socket.socketpair()
        self._selector.register(self._woken, selectors.EVENT_READ, None)
        for seat, sock in enumerate(sockets):
            self._selector.register(sock, selectors.EVENT_READ, seat)
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def stop(self) -> None:
        self._wake.send(b"x")
        self._thread.join()
        self._selector.close()
        for sock in (*self._sockets, self._wake, self._woken):
            sock.close()

    def frame_to(self, seat: int, opcode: int, payload: bytes) -> None:
        self._sockets[seat].sendall(websocket.frame(0x80 | opcode, payload))

    def _serve(self) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # a generator that has seen enough leaves at any moment
            self._serve_all()

    def _serve_all(self) -> None:
        rest = [bytearray() for _ in self._sockets]
        while True:
            for key, _ in self._selector.select():
                if key.data is None:
                    return
                data = key.fileobj.recv(65_536)
                if not data:
                    self._selector.unregister(key.fileobj)
                rest[key.data] += data
                while (size := _whole(rest[key.data])) is not None:
                    opcode, frame = rest[key.data][0] & 0x0F, bytes(rest[key.data][:size])
                    del rest[key.data][:size]
                    self._take(key.data, opcode, unmasked(frame[8 if frame[1] & 0x7F == 126 else 6 :]))

    def _take(self, seat: int, opcode: int, payload: bytes) -> None:
        if opcode == PONG:
            self.pongs += 1
            return
        envelope = json.loads(payload)
        cid = envelope.pop("cid", "")
        ((name, body),) = envelope.items()
        if name == "match_data_send":
            self._input(seat, body["data"])
        elif name == "channel_message_send":
            self._reply(seat, cid, {"channel_message_ack": {}})
            self._to_all({"channel_message": {"content": body["content"]}}, None)
        elif name == "rpc":
            self._reply(seat, cid, {"rpc": {"payload": '{"match_id":"m."}'}})
        elif name == "channel_join":
            self._reply(seat, cid, {"channel": {"id": "2...r"}})
        elif name in ("match_create", "match_join"):
            self._reply(seat, cid, {"match": {"match_id": "m."}})

    def _input(self, seat: int, data: str) -> None:
        self._to_all({"match_data": {"match_id": "m.", "data": data}}, seat)

    def _reply(self, seat: int, cid: str, envelope: dict[str, object]) -> None:
        self.frame_to(seat, TEXT, msgspec.json.encode({"cid": cid, **envelope}))

    def _to_all(self, envelope: dict[str, object], but: int | None) -> None:
        frame = websocket.frame(websocket.TEXT, msgspec.json.encode(envelope))
        for seat, sock in enumerate(self._sockets):
            if seat != but:
                for each in self._fault(self._deliveries, seat, frame):
                    sock.sendall(each)
                self._deliveries += 1


def _whole(data: bytearray) -> int | None:
    """The size of the frame that `data` begins with, if it is all there."""
    if len(data) < 4:
        return None
    size = data[1] & 0x7F
    whole = 8 + int.from_bytes(data[2:4]) if size == 126 else 6 + size
    return whole if len(data) >= whole else None


class FakeMatch(FakeServer):
    """An authoritative match that ticks at each input."""

    def _input(self, seat: int, data: str) -> None:
        import base64

        self._newest[seat] = base64.b64decode(data)
        self._inputs += 1
        state = HEAD.pack(self._tick, self._inputs) + b"".join(self._newest.values())
        self._tick += 1
        self._to_all({"match_data": {"match_id": "m.", "data": base64.b64encode(state).decode()}}, None)


@contextmanager
def crowd_at(fault: Fault = sound, server: type[FakeServer] = FakeServer) -> Iterator[tuple[Crowd, FakeServer]]:
    pairs = [socket.socketpair() for _ in range(ROOM)]
    crowd = Crowd()
    for ours, _ in pairs:
        ours.settimeout(10)
        crowd.add(ours, b"", ROOM)
    served = server([theirs for _, theirs in pairs], fault)
    try:
        yield crowd, served
    finally:
        crowd.close()
        served.stop()


def played(play: Play, messages: int = 30) -> Play:
    """Send so many messages, and wait for what comes of them."""
    play.crowd.begin()
    for number in range(messages):
        peer = play.crowd.peers[number % ROOM]
        if peer.sock.fileno() >= 0:
            play.send(peer, peer.message, time.perf_counter_ns())
        play.pump(0.0)
    settle(play)
    return play


def relay(crowd: Crowd) -> Relay:
    return Relay(crowd, random.Random(1), look_every=1)


def chat(crowd: Crowd) -> Chat:
    return Chat(crowd, random.Random(1), is_stored=False, rate_s=100.0, look_every=1)


def authoritative(crowd: Crowd) -> Authoritative:
    return Authoritative(crowd, random.Random(1))


@pytest.mark.parametrize(
    ("make", "server", "deliveries"), [(relay, FakeServer, 60), (chat, FakeServer, 90), (authoritative, FakeMatch, 90)]
)
def test_every_delivery_comes_once_and_in_order(make: Callable[[Crowd], Play], server: type[FakeServer], deliveries: int) -> None:
    with crowd_at(server=server) as (crowd, _):
        play = played(make(crowd))
    assert (play.errors, play.first_error) == (0, "")
    assert (play.tally.sent, play.tally.delivered) == (30, deliveries)
    assert play.tally.waits.count == (30 if make is authoritative else deliveries)  # of a state only one's own input is timed


def lost(number: int, seat: int, frame: bytes) -> list[bytes]:
    return [] if number == 17 else [frame]


def doubled(number: int, seat: int, frame: bytes) -> list[bytes]:
    return [frame, frame] if number == 17 else [frame]


def garbled(number: int, seat: int, frame: bytes) -> list[bytes]:
    """Of the right kind and length, and with other data."""
    if number != 17:
        return [frame]
    head, _, data = frame.partition(b'"data":"')
    head, key, data = (head, b'"data":"', data) if data else frame.partition(b'\\"t\\":\\"')
    return [head + key + data.translate(bytes.maketrans(b"ABCUVW", b"UVWABC"))]


class Swapped:
    """Two deliveries to one seat in the wrong order."""

    def __init__(self) -> None:
        self._kept: list[bytes] = []
        self._to_first = 0

    def __call__(self, number: int, seat: int, frame: bytes) -> list[bytes]:
        if seat:
            return [frame]
        self._to_first += 1
        if self._to_first in (4, 5, 6):
            self._kept.append(frame)
            return []
        if self._to_first == 7:
            return [frame, *reversed(self._kept)]  # of four in a row, by three senders, two have one sender
        return [frame]


@pytest.mark.parametrize("fault", [lost, doubled, garbled, Swapped()])
@pytest.mark.parametrize(("make", "server"), [(relay, FakeServer), (chat, FakeServer), (authoritative, FakeMatch)])
def test_planted_faults_are_noticed(
    make: Callable[[Crowd], Play], server: type[FakeServer], fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("supergame.cli.loadgen.realtime.run.SETTLE_S_MAX", 0.3)
    if isinstance(fault, Swapped):
        fault = Swapped()
    with crowd_at(fault, server) as (crowd, _):
        play = played(make(crowd))
    assert play.errors > 0
    assert play.first_error


@pytest.mark.parametrize("fault", [lost, doubled])
def test_lost_ones_are_noticed_even_when_few_are_looked_at(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every delivery is counted for each socket, looked at or not."""
    monkeypatch.setattr("supergame.cli.loadgen.realtime.run.SETTLE_S_MAX", 0.3)
    with crowd_at(fault) as (crowd, _):
        play = played(Relay(crowd, random.Random(1), look_every=1_000))
    assert (play.errors, play.first_error) == (1, "deliveries are missing, or came twice")


def test_a_message_for_others_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: a relay that echoes to the sender as well."""
    monkeypatch.setattr("supergame.cli.loadgen.realtime.run.SETTLE_S_MAX", 0.3)

    class Echo(FakeServer):
        def _input(self, seat: int, data: str) -> None:
            self._to_all({"match_data": {"match_id": "m.", "data": data}}, None)

    with crowd_at(server=Echo) as (crowd, _):
        play = played(relay(crowd))
    assert "which was not for them" in play.first_error


def test_a_refusal_is_noticed() -> None:
    class Refusing(FakeServer):
        def _input(self, seat: int, data: str) -> None:
            self.frame_to(seat, TEXT, b'{"error":{"code":3}}')

    with crowd_at(server=Refusing) as (crowd, _):
        play = relay(crowd)
        play.crowd.begin()
        play.send(crowd.peers[0], crowd.peers[0].message, 0)
        until(lambda: play.errors > 0, play)
    assert play.first_error == 'the server answered {"error":{"code":3}}'


def until(condition: Callable[[], bool], play: Play) -> None:
    for _ in range(STEPS_MAX):
        if condition():
            return
        play.pump(0.01)
    raise AssertionError("it never came")


def test_pings_are_answered_and_closed_sockets_counted() -> None:
    with crowd_at() as (crowd, server):
        play = Play(crowd)
        crowd.begin()
        server.frame_to(0, PING, b"are you there")
        server.frame_to(1, CLOSE, b"\x03\xe8too slow")
        until(lambda: server.pongs == 1 and play.errors == 1, play)
    assert play.first_error == "the server has closed the socket: too slow"


def test_a_peer_that_does_not_read_is_given_up() -> None:
    """The generator never waits for a server, nor keeps what it does not take."""
    ours, theirs = socket.socketpair()
    crowd = Crowd()
    crowd.add(ours, b"", 1)
    play = Play(crowd)
    crowd.begin()
    frame = masked(TEXT, b"x" * 60_000)
    for _ in range(STEPS_MAX):
        if not crowd.send(crowd.peers[0], frame, play):
            break
    crowd.close()
    theirs.close()
    assert play.errors == 1


def test_a_stamp_changes_and_nothing_else_does() -> None:
    text = b'{"data":"%s"}' % text_of(64)
    message = Message(text, sender=77)
    for number, at_ns in ((0, 0), (2**32 - 1, 2**63), (5, 123_456_789)):
        frame = bytes(message.stamped(number, at_ns))
        payload = unmasked(frame[6:])
        assert frame[:6] == bytes((0x81, 0x80 | len(text))) + MASK
        assert Stamp.read_letters(payload[9:33]) == Stamp(77, number, at_ns)
        assert (payload[:9], payload[33:]) == (text[:9], text[33:])
    with pytest.raises(ValueError, match="no stamp"):
        Stamp.read(bytes(18))
    with pytest.raises(ValueError, match="too short"):
        Stamp.read(b"\x53\x47")


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 100_000])
def test_frames_of_all_lengths_are_found_whole(size: int) -> None:
    payloads = [b"a" * size, b"", b"b" * size]
    wire = bytearray(b"".join(websocket.frame(websocket.TEXT, payload) for payload in payloads))
    found = [bytes(wire[start:stop]) for _, start, stop in whole_frames(wire, len(wire))]
    assert found == payloads
    assert len(list(whole_frames(wire, len(wire) - 1))) == 2
    for cut in (0, 1):
        assert list(whole_frames(wire, cut)) == []


def test_frames_in_pieces_are_counted_once() -> None:
    """A byte at a time, and all at once."""
    ours, theirs = socket.socketpair()
    crowd = Crowd()
    crowd.add(ours, b"", 1)
    play = Relay.__new__(Relay)
    Play.__init__(play, crowd)
    play.look_every = 1_000
    crowd.begin()
    wire = b"".join(websocket.frame(websocket.TEXT, b'{"match_data":{"data":"%s"}}' % (b"x" * size)) for size in (10, 200, 10))
    for byte in wire:
        theirs.send(bytes((byte,)))
        play.pump(1.0)
    theirs.send(wire * 3)
    play.pump(1.0)
    assert crowd.peers[0].received == 12
    assert crowd.peers[0].rest == b""
    crowd.close()
    theirs.close()


def test_nobody_there() -> None:
    with pytest.raises(ServerUnreachable):
        connect(Target("127.0.0.1", 1), "token")


@pytest.mark.parametrize("answer", [b"HTTP/1.1 401 Unauthorized\r\n\r\n", b"HTTP/1.1 101 Switch", b""])
def test_refused_sockets(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def refuse() -> None:
            accepted, _ = listener.accept()
            accepted.recv(65_536)
            accepted.sendall(answer)
            accepted.close()

        thread = threading.Thread(target=refuse)
        thread.start()
        with pytest.raises(SocketRefused):
            connect(Target("127.0.0.1", listener.getsockname()[1]), "token")
        thread.join()


@pytest.mark.parametrize(
    ("first", "limit", "found"), [(620, 700, 700), (620, 2_000, 1_900), (620, 300, 300), (1_200, 1_190, 1_160), (620, 5, 0)]
)
def test_a_search_ends_just_below_the_limit(first: int, limit: int, found: int) -> None:
    search, tried = Search(first), []
    for players in search:
        tried.append(players)
        search.tried(players, players <= limit)
    assert len(tried) <= 7
    assert tried[0] == first
    assert search.held <= limit
    assert search.held == found


def row(**figures: object) -> Row:
    fine: dict[str, object] = dict(
        name="x", players=10, ops_s=50_000.0, p50_ms=1.0, p99_ms=20.0, server_cpu=0.3, generator_cpu=0.1, errors=0
    )
    return Row(**{**fine, **figures})


def test_goals() -> None:
    assert RELAY.holds(row())
    assert not RELAY.holds(row(p99_ms=25.1))
    assert not RELAY.holds(row(server_cpu=0.81))
    assert not RELAY.holds(row(server_cpu=None))
    assert AUTHORITATIVE.holds(row(gap_p99_ms=75.0))
    assert not AUTHORITATIVE.holds(row(gap_p99_ms=75.1))
    assert not AUTHORITATIVE.holds(row())
    assert [what.holds(row()) for what in CHAT] == [False, True, True]
    assert [what.holds(row(ops_s=100_000.0, server_cpu=0.31)) for what in CHAT] == [True, False, True]


def test_lines_tell_whether_it_holds() -> None:
    assert report.line(row(holds=True)).endswith("   holds")
    assert report.line(row(holds=False), "45,000/s").endswith("45,000/s short")
    assert report.line(row(void=True)).endswith("void: the generator was busy")
    assert report.line(row(first_error="why")).endswith("first error: why")
    assert "21.5" in report.idle_line(row(kib_per_socket=21.5), "20 KiB")


@pytest.mark.parametrize(
    "arguments",
    [
        ["relay", "--seconds", "61"],
        ["relay", "--players", "10001"],
        ["sockets", "--sockets", "-1"],
        ["chat", "--only", "nothing", "--url", "http://127.0.0.1:1"],
        ["relay", "--url", "http://127.0.0.1:1"],  # no process to judge by
    ],
)
def test_options_that_make_no_sense(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", *arguments]) == 1
    assert "[invalid_argument]" in capsys.readouterr().err
