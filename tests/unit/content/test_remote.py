"""Stores elsewhere: plain web servers, busy ones, broken ones, buckets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from supergame.base.errors import InvalidArgument
from supergame.content.model import NotInStore, SourceUnreachable
from supergame.content.publisher import Publisher
from supergame.content.remote import PAUSES_S, BucketStore, HttpSource, source_of, store_at
from tests.support.content import Desk, some_bytes

NAME = f"blocks/{'0' * 64}"


@contextmanager
def serving(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None: ...


def test_CNT8_a_plain_web_server_without_ranges_is_enough(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    tree = {"a": some_bytes(1, 400_000), "b": b"one"}
    desk.push(tree)
    with serving(partial(Quiet, directory=str(desk.store.folder))) as url:
        source, *_ = source_of(f"{url}/channels/game/live")
        player = desk.player(source=source)
        player.sync()
        desk.push(tree | {"b": b"two"})
        assert player.sync().used_delta
        assert player.tree() == tree | {"b": b"two"}
        with pytest.raises(NotInStore):
            source.read(NAME)
        (block, *_) = desk.store.names("blocks")
        assert source.read(block, 100, 50) == desk.store.read(block)[100:150]


def answering(status: int, body: bytes, stated: int | None = None) -> type[BaseHTTPRequestHandler]:
    class Handler(Quiet):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body) if stated is None else stated))
            self.end_headers()
            self.wfile.write(body)

    return Handler


@pytest.mark.parametrize(
    ("status", "body", "stated", "error"),
    [
        (404, b"", None, NotInStore),
        (500, b"oh", None, SourceUnreachable),
        (302, b"", None, SourceUnreachable),
        (206, b"ab", 90, SourceUnreachable),
    ],
)
def test_what_is_no_object_is_an_error_of_its_kind(status: int, body: bytes, stated: int | None, error: type[Exception]) -> None:
    with serving(answering(status, body, stated)) as url, pytest.raises(error):
        HttpSource(url).read(NAME, 0, 100)


def test_a_server_that_sends_more_than_was_asked_for_is_not_read_on() -> None:
    with serving(answering(206, bytes(100_000))) as url:
        assert HttpSource(url).read(NAME, 0, 10) == bytes(10)


def test_a_busy_server_is_asked_again_after_growing_pauses_and_then_given_up() -> None:
    pauses: list[float] = []
    with serving(answering(429, b"busy")) as url, pytest.raises(SourceUnreachable):
        HttpSource(url, wait=pauses.append).read(NAME)
    assert pauses == list(PAUSES_S)


def test_no_server_at_all_is_unreachable_and_a_name_that_is_none_is_never_asked_for() -> None:
    with serving(answering(200, b"")) as url:
        pass
    with pytest.raises(SourceUnreachable):
        HttpSource(url).read(NAME)
    with pytest.raises(NotInStore):
        HttpSource(url).read("../../etc/passwd")


def test_a_bucket_does_what_a_folder_does(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.push({"a": b"made to have a key"})
    bucket = BucketStore("memory:///")
    desk.keys.path.unlink()
    publisher = Publisher(bucket, desk.keys, desk.clock, "ada")
    tree = {"a": some_bytes(1, 300_000), "b": b"b"}
    publisher.push(desk.build(tree), "game", "live", "1")
    player = desk.player(source=bucket)
    player.sync()
    assert player.tree() == tree
    (block,) = bucket.names("blocks")
    assert (bucket.size(block), bucket.has(block)) == (len(bucket.read(block)), True)
    assert bucket.read(block, 5, 10) == bucket.read(block)[5:15]
    bucket.remove(block)
    assert not bucket.has(block)
    for call in (bucket.read, bucket.size):
        with pytest.raises(NotInStore):
            call(block)


@pytest.mark.parametrize("address", ["http://host/content", "channels/game/live", "http://host/channels/game"])
def test_an_address_that_names_no_channel_is_refused(address: str) -> None:
    with pytest.raises(InvalidArgument):
        source_of(address)
    with pytest.raises(InvalidArgument):
        store_at("https://host/content")
