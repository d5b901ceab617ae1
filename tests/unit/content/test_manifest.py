"""Manifests of strangers are checked whole before any of it is followed."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supergame.base.errors import SupergameError
from supergame.content import delta, manifest, zstd
from supergame.content.blocks import read_footer, unpack
from supergame.content.chunker import CHUNK_BYTES_MAX
from supergame.content.manifest import Body, Columns, File, decode, digest, name_of
from supergame.content.model import ManifestInvalid, PathUnsafe, SourceDamaged, StoreNewer
from tests.support.content import Desk, some_bytes


def a_body(**changes: Any) -> Body:
    """One file of two chunks."""
    columns = Columns(bytes(32) + bytes([1]) * 32, [10, 20], bytes(32), [0, 0], [8, 18], [10, 20])
    return msgspec.structs.replace(Body(1, "fastcdc2020-64k-1", "1", [File("a", 30, False, [(0, 2)])], [], columns), **changes)


def some_objects() -> list[bytes]:
    """A manifest, a delta from it, and a block."""
    new = decoded(a_body(version="2", chunks=columns(hashes=bytes([2]) * 32 + bytes([1]) * 32)))
    assert delta.plan(OLD, new), "one piece at least"
    made = delta.make(OLD, new, lambda file, at, length: bytes(length), lambda number: bytes(new.sizes[number]))
    footer = msgspec.msgpack.encode(([b"\0" * 32], [5], [9]))
    return [OLD.raw, made, b"SGBLOCK1" + bytes(9) + footer + len(footer).to_bytes(4, "big") + b"SGBLOCK1"]


def decoded(body: Body) -> manifest.Manifest:
    raw = msgspec.msgpack.encode(body)
    return decode(raw, name_of(raw))


def columns(**changes: Any) -> Columns:
    return msgspec.structs.replace(a_body().chunks, **changes)


OLD = decoded(a_body())
OBJECTS = some_objects()


def test_CNT6_a_sound_manifest_is_taken() -> None:
    assert decoded(a_body()).size == 30


@pytest.mark.parametrize(
    "body",
    [
        a_body(files=[File("a", 31, False, [(0, 2)])]),
        a_body(files=[File("a", 30, False, [(0, 3)])]),
        a_body(files=[File("a", 30, False, [(-1, 2)])]),
        a_body(files=[File("a", 0, False, [(0, 0)])]),
        a_body(files=[File("a", 1 << 62, False, [(0, 2)] * 3)]),
        a_body(files=[File("a", 1 << 62, False, [(0, 1 << 62)])]),
        a_body(chunks=columns(sizes=[10, CHUNK_BYTES_MAX + 1])),
        a_body(chunks=columns(sizes=[30, 0])),
        a_body(chunks=columns(sizes=[10])),
        a_body(chunks=columns(hashes=bytes(64))),
        a_body(chunks=columns(hashes=bytes(63))),
        a_body(chunks=columns(blocks=[0, 1])),
        a_body(chunks=columns(offsets=[8, -1])),
        a_body(chunks=columns(lengths=[10, 1 << 30])),
        a_body(chunks=columns(block_names=bytes(31))),
    ],
)
def test_CNT6_a_manifest_that_contradicts_itself_is_refused(body: Body) -> None:
    with pytest.raises(ManifestInvalid):
        decoded(body)


def test_CNT6_too_many_files_and_unsafe_paths_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PathUnsafe):
        decoded(a_body(files=[File("../a", 30, False, [(0, 2)])]))
    monkeypatch.setattr(manifest, "FILES_MAX", 1)
    with pytest.raises(ManifestInvalid):
        decoded(a_body(files=[File(name, 30, False, [(0, 2)]) for name in "ab"]))


def test_CNT6_other_bytes_than_named_other_formats_and_no_manifest_are_refused() -> None:
    raw = msgspec.msgpack.encode(a_body())
    with pytest.raises(SourceDamaged):
        decode(raw, name_of(b"another"))
    with pytest.raises(ManifestInvalid):
        decode(b"\x91" * 5_000, name_of(b"\x91" * 5_000))
    for newer in (a_body(format=2), a_body(chunker="fastcdc2020-32k-2")):
        with pytest.raises(StoreNewer):
            decoded(newer)


@pytest.mark.parametrize("stated", [0, 1, 999_999, 1_000_001])
def test_CNT7_a_frame_makes_no_more_of_itself_than_was_announced(stated: int) -> None:
    bomb = zstd.compress(bytes(1_000_000))
    with pytest.raises(SourceDamaged):
        zstd.decompress(bomb, stated)
    with pytest.raises(SourceDamaged):
        zstd.decompress_bounded(bomb, 1_000)
    assert len(zstd.decompress(bomb, 1_000_000)) == 1_000_000


@pytest.mark.parametrize("frame", [b"", b"nonsense", zstd.compress(b"abc")[:-1], zstd.compress(b"abc") * 2, zstd.compress(b"abc") + b"x"])
def test_CNT7_what_is_no_single_frame_is_refused(frame: bytes) -> None:
    with pytest.raises(SourceDamaged):
        zstd.decompress(frame, 3)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_CNT6_bytes_changed_by_chance_are_refused_in_words_or_sound(data: st.DataObject) -> None:
    """Manifests, deltas and blocks whose names were forged along with them."""
    whole = bytearray(data.draw(st.sampled_from(OBJECTS)))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    raw = bytes(whole[: data.draw(st.integers(0, len(whole)))]) if data.draw(st.booleans()) else bytes(whole)
    for read in (lambda: decode(raw, name_of(raw)), lambda: read_footer(raw), lambda: follow(raw)):
        with suppress(SupergameError):
            read()


def follow(raw: bytes) -> None:
    """All that an installation does with a delta."""
    opened = delta.DeltaFile(lambda at, length: raw[at : at + length])
    new = opened.manifest(OLD)
    for piece, read_packed in opened.pieces():
        list(delta.unpack(piece, read_packed(), OLD, new, lambda file, at, length: bytes(length)))


def test_a_block_tells_by_its_footer_what_is_in_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.push({"a": some_bytes(1, 500_000), "b": b"text"})
    (name,) = desk.store.names("blocks")
    data = desk.store.read(name)
    chunks = [unpack(data[place.offset :][: place.length], size, found) for found, size, place in read_footer(data)]
    assert b"".join(chunks) == some_bytes(1, 500_000) + b"text"
    assert [digest(chunk) for chunk in chunks] == [found for found, _, _ in read_footer(data)]
    with pytest.raises(SourceDamaged):
        read_footer(data[:-1])
