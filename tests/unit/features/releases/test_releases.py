"""Releases by the doors of players and operators."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from supergame.base.ids import TitleId
from supergame.content.install import Installation
from supergame.content.metered import Metered
from supergame.content.publisher import Publisher
from supergame.content.remote import source_of
from supergame.content.signing import Keys
from supergame.features.releases import service
from supergame.features.releases.service import PART_BYTES, Releases
from supergame.game import Game
from supergame.runtime.pool import Pool
from supergame.testing import Answer, FakeClock, TestServer
from tests.support.content import Desk, read_tree, some_bytes, write_tree

CHANNELS = "/sg/v1/console/titles/racing/channels"


@pytest.fixture
async def server() -> AsyncIterator[TestServer]:
    async with TestServer(Game("racing"), Game("boating")) as server:
        yield server


def publisher_of(server: TestServer) -> Publisher:
    """The command line on the same machine."""
    data = server.node.config.data_dir
    desk = Desk(data)
    return Publisher(desk.store.__class__(data / "content"), Keys(data / "release-keys.json", desk.chance), server.clock, "ada")


def push(server: TestServer, version: str, channel: str = "live", **files: bytes) -> None:
    folder = write_tree(server.node.config.data_dir / f"build-{version}", files or {"version": version.encode()})
    server.clock.advance(1)
    publisher_of(server).push(folder, "racing", channel, version)


async def sign_in(server: TestServer, title: int = 0, header: str = "", **variables: str) -> Answer:
    key = b64encode(f"{server.node.keys[title].server_key}:".encode()).decode()
    headers = {"authorization": f"Basic {key}"} | ({"x-supergame-client": header} if header else {})
    body: dict[str, Any] = {"id": "device-of-ada", "vars": variables}
    return await server.request("POST", "/v2/account/authenticate/device", body=body, headers=headers)


async def test_RLS5_a_client_out_of_range_is_told_what_may_play_and_where_the_update_is(server: TestServer) -> None:
    assert (await sign_in(server)).status == 200, "a title without releases asks for nothing"
    push(server, "1")
    publisher_of(server).set_clients("racing", "live", "1.2", "2.0")
    await server.node.releases.look()
    for answer in (
        await sign_in(server, sg_client="1.1"),
        await sign_in(server, header="2.1"),
        await sign_in(server),
        await sign_in(server, sg_client="1.1", header="1.3"),
    ):
        assert (answer.status, answer.headers["X-Supergame-Error"]) == (400, "client.outdated")
    told = (await sign_in(server, sg_client="1.1")).json["message"]
    assert told == "This is version 1.1 of the game; 1.2 to 2.0 may play. The update is at /content/channels/racing/live."
    assert "\n" not in (await sign_in(server, sg_client="1\n2")).json["message"]
    for answer in (
        await sign_in(server, sg_client="1.2"),
        await sign_in(server, header="1.10"),
        await sign_in(server, sg_channel="nightly"),
        await sign_in(server, title=1),
    ):
        assert answer.status == 200


async def test_RLS6_a_player_is_told_their_release_the_same_at_every_call(server: TestServer) -> None:
    push(server, "1")
    push(server, "2", channel="beta")
    publisher_of(server).promote("racing", "beta", "live", percent=50)
    await server.node.releases.look()
    players = [await server.sign_in(f"player-{number}") for number in range(20)]
    told = [(await player.get("/sg/v1/releases/live"))["version"] for player in players]
    assert set(told) == {"1", "2"}
    assert told == [(await player.get("/sg/v1/releases/live"))["version"] for player in players]
    release = await players[0].get("/sg/v1/releases/beta")
    assert (release["version"], release["address"]) == ("2", "/content/channels/racing/beta")
    assert (await players[0].request("GET", "/sg/v1/releases/nightly")).status == 404
    stranger = await server.sign_in("ada", title=1)
    assert (await stranger.request("GET", "/sg/v1/releases/live")).status == 404


async def test_RLS7_the_store_is_served_with_ranges_as_by_any_web_server(server: TestServer) -> None:
    push(server, "1", data=some_bytes(1, 100_000))
    store = publisher_of(server).store
    (block,) = store.names("blocks")
    whole = store.read(block)

    async def get(name: str, asked: str = "") -> Answer:
        return await server.request("GET", f"/content/{name}", headers={"range": asked} if asked else {})

    full = await get(block)
    assert (full.status, full.body, full.headers["Cache-Control"]) == (200, whole, "public, max-age=31536000, immutable")
    for asked, expected in (
        ("bytes=5-9", whole[5:10]),
        ("bytes=100-", whole[100:]),
        ("bytes=-7", whole[-7:]),
        ("bytes=0-999999999", whole),
    ):
        part = await get(block, asked)
        assert (part.status, part.body) == (206, expected)
        assert part.headers["Content-Range"].endswith(f"/{len(whole)}")
    assert (await get(block, f"bytes={len(whole)}-")).status == 416
    assert (await get(block, "bytes=0-1,5-6")).status == 200
    channel = await get("channels/racing/live")
    assert (channel.status, channel.headers["Cache-Control"]) == (200, "no-cache")
    for name in (
        "blocks/" + "0" * 64,
        "channels/racing/nightly",
        "keys/99",
        "keys/..",
        "..%2Fkeys.json/x",
        "channels/..%2F..%2Fx/keys.json",
    ):
        assert (await get(name)).status == 404


async def test_RLS7_an_answer_carries_8_MiB_and_slow_readers_are_no_more_than_memory_can_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    monkeypatch.setattr(service, "PART_BYTES", 1_000)
    name = f"deltas/{'0' * 64}"
    desk.store.write(name, bytes(1_500))
    pool, unsent = Pool("content", threads=1, jobs_queued_max=4), 0
    releases = Releases(desk.publisher, pool, lambda: unsent)
    assert [len(part) for part, _ in (await releases.part(name, 0, None), await releases.part(name, 1_000, 9_999))] == [1_000, 500]
    unsent = service.UNSENT_BYTES_MAX
    assert (await releases.part(name, 0, 9))[1] == 1_500
    unsent += 1
    with pytest.raises(service.ContentBusy):
        await releases.part(name, 0, 9)
    pool.close()
    assert PART_BYTES == 8 << 20


async def test_RLS7_a_copy_is_installed_and_updated_from_the_platform_itself(server: TestServer, tmp_path: Path) -> None:
    await server.node.serve()
    tree = {"game.pak": some_bytes(1, 9_000_000), "bin": b"one"}
    folder = write_tree(tmp_path / "one", tree)
    publisher_of(server).push(folder, "racing", "live", "1")
    source, title, name = source_of(f"http://127.0.0.1:{server.node.port}/content/channels/racing/live")
    metered = Metered(source)
    copy = Installation(tmp_path / "copy", metered, server.clock, Desk(tmp_path).chance)
    await asyncio.to_thread(copy.sync, title, name)
    assert read_tree(tmp_path / "copy" / "current") == tree
    server.clock.advance(1)
    write_tree(folder, {"bin": b"two"})
    publisher_of(server).push(folder, "racing", "live", "2")
    metered.bytes = 0
    synced = await asyncio.to_thread(copy.sync, title, name)
    assert synced.used_delta
    assert read_tree(tmp_path / "copy" / "current") == tree | {"bin": b"two"}
    assert metered.bytes < 5_000
    source.close()  # type: ignore[attr-defined]


async def test_RLS8_an_operator_promotes_pauses_and_goes_back_and_both_histories_tell_of_it(server: TestServer) -> None:
    push(server, "1")
    push(server, "2", channel="beta")
    await server.node.releases.look()
    olga = await server.operator("operator")
    assert [one["name"] for one in (await olga.get(CHANNELS))["channels"]] == ["beta", "live"]
    promote = {"source": "beta", "percent": 10}
    assert (await olga.request("POST", f"{CHANNELS}/live/promote", body=promote)).status == 400, "a reason is asked for"
    rolling = await olga.act("POST", f"{CHANNELS}/live/promote", promote, reason="looks good")
    assert (rolling["current"]["version"], rolling["rollout"]["version"], rolling["percent"]) == ("1", "2", 10)
    assert (await olga.act("POST", f"{CHANNELS}/live/pause", {}, reason="a report"))["is_paused"]
    assert "is_paused" not in await olga.act("POST", f"{CHANNELS}/live/resume", {}, reason="harmless")
    limited = await olga.act("PUT", f"{CHANNELS}/live/clients", {"min": "1.2"}, reason="the old one cheats")
    assert limited["client_min"] == "1.2"
    back = await olga.act("POST", f"{CHANNELS}/live/rollback", {}, reason="it crashes")
    assert (back["current"]["version"], back.get("rollout")) == ("1", None)
    assert [(step["operator"], step["reason"]) for step in back["steps"][:2]] == [
        (olga.name, "it crashes"),
        (olga.name, "the old one cheats"),
    ]
    assert (await olga.request("POST", f"{CHANNELS}/live/rollback", body={}, reason="again")).status == 404
    owner = await server.operator("owner")
    actions = [one["action"] for one in (await owner.get("/sg/v1/console/audit"))["actions"] if one["operator"] == olga.name]
    assert actions[:2] == ["roll_back_release", "roll_back_release"]


async def test_RLS8_who_looks_on_or_belongs_to_another_title_changes_nothing(server: TestServer) -> None:
    push(server, "1")
    push(server, "2")
    await server.node.releases.look()
    for role, titles in (("viewer", []), ("support", []), ("operator", ["boating"])):
        operator = await server.operator(role, titles=titles)
        assert (await operator.request("POST", f"{CHANNELS}/live/rollback", body={}, reason="x")).status in (403, 404)
    assert server.node.releases.channel(TitleId("racing"), "live").serial == 2


async def test_RLS9_what_the_command_line_publishes_is_seen_without_a_restart(server: TestServer) -> None:
    ada = await server.sign_in("ada")
    assert (await ada.request("GET", "/sg/v1/releases/live")).status == 404
    push(server, "1")
    await server.node.releases.look()
    assert (await ada.get("/sg/v1/releases/live"))["version"] == "1"
    (publisher_of(server).store.folder / "channels/racing/live").write_bytes(b"damaged")  # type: ignore[attr-defined]
    await server.node.releases.look()
    assert (await ada.get("/sg/v1/releases/live"))["version"] == "1", "what was seen before stays"
    assert isinstance(server.clock, FakeClock)
