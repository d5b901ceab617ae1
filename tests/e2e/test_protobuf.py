"""Our protobuf against Nakama's own: its published JavaScript adapter reads what we write and writes what we read, field by field."""

from __future__ import annotations

import json
import re
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supergame.wire.codec_protobuf import decode_envelope, encode_envelope, record_class
from supergame.wire.rtapi import MESSAGES
from supergame.wire.shape import MessageShape, Shape, message_shape
from tests.support.messages import SUPPORTED, messages

ROOT = Path(__file__).parents[2]
E2E = ROOT / "web" / "e2e"
NODE = ROOT / ".build" / "node" / "bin" / "node"
PACKAGE = ROOT / "web" / "node_modules" / "@heroiclabs" / "nakama-js-protobuf"

YOUNGER = {"MatchCreate.name"}
"""Fields of the newer rtapi/realtime.proto that the adapter was published without."""
ONEOFS = {"MatchJoin.match_id", "MatchJoin.token"}
"""Of these JavaScript sees the absence; to us it is the empty text."""
NAMES = {"StreamName": "Stream"}


class Adapter:
    """The adapter in a process of its own: a line in, a line out."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, question: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def encode(self, envelope: dict[str, Any]) -> bytes:
        return b64decode(self.ask({"encode": envelope}))

    def decode(self, data: bytes) -> dict[str, Any]:
        envelope: dict[str, Any] = self.ask({"decode": b64encode(data).decode()})
        return envelope


@pytest.fixture(scope="module")
def adapter() -> Iterator[Adapter]:
    assert NODE.exists(), "Node is missing: run `make web`"
    assert PACKAGE.is_dir(), "the web packages are missing: run `make web`"
    pipe = subprocess.PIPE
    with subprocess.Popen([NODE, E2E / "src" / "protobuf.ts"], cwd=E2E, stdin=pipe, stdout=pipe, text=True) as process:
        yield Adapter(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(30.0) == 0


def as_javascript(shape: MessageShape, message: Any) -> dict[str, Any]:
    """A message as the adapter shows it: every field that it knows, null ones left out."""
    values = {
        field.wire_name: _value(field.shape, getattr(message, field.name))
        for field in shape.fields.values()
        if f"{shape.type.__name__}.{field.wire_name}" not in YOUNGER
    }
    return {name: value for name, value in values.items() if value is not None}


def _value(shape: Shape, value: Any) -> Any:
    if isinstance(value, bytes):
        return {"$bytes": b64encode(value).decode()}
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if shape.message is not None and value is not None:
        return as_javascript(shape.message, value)
    if isinstance(value, list) and shape.item is not None:
        return [_value(shape.item, item) for item in value]
    return value


def drawn(data: st.DataObject, name: str) -> Any:
    message = data.draw(messages(SUPPORTED[name].type, for_javascript=True))
    for younger in YOUNGER:
        kind, _, field = younger.partition(".")
        if type(message).__name__ == kind:
            setattr(message, field, "")
    return message


@pytest.mark.parametrize("name", SUPPORTED)
def test_the_adapter_reads_what_we_write(name: str, adapter: Adapter) -> None:
    @given(st.data(), st.text(max_size=4))
    @settings(max_examples=25, deadline=None, derandomize=True)
    def check(data: st.DataObject, cid: str) -> None:
        message = drawn(data, name)
        expected = as_javascript(message_shape(type(message)), message)
        if name == "match_join":
            expected = {key: value for key, value in expected.items() if value != ""}
        if name == "channel_message":  # what the adapter does to these alone
            expected = {"code": 0, "persistent": False} | expected
        assert adapter.decode(encode_envelope(message, cid)) == {"cid": cid, name: expected}

    check()


@pytest.mark.parametrize("name", SUPPORTED)
def test_we_read_what_the_adapter_writes(name: str, adapter: Adapter) -> None:
    @given(st.data(), st.text(max_size=4))
    @settings(max_examples=25, deadline=None, derandomize=True)
    def check(data: st.DataObject, cid: str) -> None:
        message = drawn(data, name)
        envelope = {"cid": cid, name: as_javascript(message_shape(type(message)), message)}
        assert decode_envelope(adapter.encode(envelope), MESSAGES) == (cid, name, message)

    check()


def test_an_acknowledgement_is_an_envelope_without_message(adapter: Adapter) -> None:
    assert adapter.decode(encode_envelope(None, "7")) == {"cid": "7"}


# --- the package's source holds every number and type


FIELD = re.compile(
    r"(?:if \(message\.|for \(const v of message\.|Object\.entries\(message\.)(\w+)"  # its name
    r"(?:(?!if \(message|for \(const|Object\.entries\()[\s\S])*?"
    r"(?:(\w+)\.encode\([\s\S]*?)?"  # of a message: its type
    r"writer\.uint32\((\d+)\)\.(\w+)\("  # its tag, and the type of a number or text
)


def published() -> dict[str, dict[str, tuple[int, str]]]:
    """Number and type of every field, as the package's source encodes them."""
    found: dict[str, dict[str, tuple[int, str]]] = {}
    for file in ("api/api.ts", "rtapi/realtime.ts"):
        text = (PACKAGE / file).read_text()
        for name, body in re.findall(r"^export const (\w+) = \{\n  encode\(([\s\S]*?)    return writer;", text, re.MULTILINE):
            found[name] = {
                field: (int(tag) >> 3, part or ("" if scalar == "fork" else scalar)) for field, part, tag, scalar in FIELD.findall(body)
            }
    return found


def ours(message: type) -> dict[str, tuple[int, str]]:
    """The same of our descriptors."""
    kinds = {9: "string", 8: "bool", 5: "int32", 3: "int64", 12: "bytes", 1: "double"}
    fields = {}
    for field in record_class(message).DESCRIPTOR.fields:
        kind = kinds.get(field.type) or field.message_type.name
        if kind.endswith("Entry"):
            kind = f"{message.__name__}_{kind}"
        fields[field.name] = (field.number, NAMES.get(kind, kind))
    return fields


def held(message: type) -> Iterator[type]:
    yield message
    for field in message_shape(message).fields.values():
        for shape in (field.shape, field.shape.item):
            if shape is not None and shape.message is not None:
                yield from held(shape.message.type)


def test_numbers_and_types_are_those_of_the_published_source() -> None:
    source = published()
    compared = {part for kind in SUPPORTED.values() for part in held(kind.type)}
    assert len(compared) >= len(SUPPORTED)
    for message in compared:
        name = NAMES.get(message.__name__, message.__name__)
        known = {field: kind for field, kind in ours(message).items() if f"{name}.{field}" not in YOUNGER}
        assert known == source[name], name
    envelope = {name: kind.number for name, kind in MESSAGES.items() if name in source["Envelope"]}
    assert {name: number for name, (number, _) in source["Envelope"].items()} == {"cid": 1} | envelope
    assert MESSAGES.keys() - envelope.keys() == {"party_update"}, "younger than the package"
