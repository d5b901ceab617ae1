"""The node's numbers, second by second. Rules: docs/spec/console.md."""

from __future__ import annotations

from supergame.features.system.console import Now
from supergame.features.system.pulse import SAMPLES_MAX, Pulse, Sample
from supergame.game import Context, Game
from supergame.testing import TestServer

NOW = "/sg/v1/console/now"


def pulse_of(server: TestServer) -> Pulse:
    node = server.node
    return next(cell for cell in _closure(node.console_router.find("GET", NOW)[0].handler) if isinstance(cell, Pulse))


def _closure(function: object) -> list[object]:
    return [cell.cell_contents for cell in function.__closure__]  # type: ignore[attr-defined]


def test_CON30_the_columns_are_those_of_the_samples() -> None:
    assert Now.__struct_fields__ == Sample._fields


async def test_CON30_a_second_tells_who_is_there_and_what_was_asked_and_failed() -> None:
    game = Game("main")

    @game.rpc("fail")
    async def fail(ctx: Context, payload: str) -> None:
        raise ZeroDivisionError

    async with TestServer(game) as server:
        viewer = await server.operator("viewer")
        ada = await server.sign_in("ada")
        await ada.connect()
        await ada.connect()
        pulse = pulse_of(server)
        pulse.sample()
        await ada.get("/v2/account")
        await ada.request("GET", "/v2/account/nowhere/at/all")
        await ada.request("POST", "/v2/rpc/fail", body="")
        await ada.request("POST", "/v2/rpc/nothing", body="")
        pulse.felt(0.0125)
        server.clock.advance(2.0)
        pulse.sample()
        told = await viewer.get(NOW)
        latest = {name: column[-1] for name, column in told.items()}
        assert (latest["players"], latest["sockets"], latest["matches"]) == (1, 2, 0)
        assert (latest["requests_per_s"], latest["refused_per_s"], latest["failures_per_s"]) == (1.5, 1.0, 0.5)
        assert latest["loop_late_ms"] == 12.5


async def test_CON30_only_what_is_new_is_told_again_and_five_minutes_are_kept() -> None:
    async with TestServer() as server:
        viewer, pulse = await server.operator("viewer"), pulse_of(server)
        for _ in range(SAMPLES_MAX + 5):
            server.clock.advance(1.0)
            pulse.sample()
        told = await viewer.get(NOW)
        assert {len(column) for column in told.values()} == {SAMPLES_MAX}
        assert told["at_s"] == sorted(told["at_s"])
        assert (await viewer.get(NOW, after=told["at_s"][-3]))["at_s"] == told["at_s"][-2:]
        assert await viewer.get(NOW, after=told["at_s"][-1]) == {}


async def test_the_description_of_the_players_port_is_shown_to_operators() -> None:
    async with TestServer() as server:
        viewer = await server.operator("viewer")
        described = await viewer.get("/sg/v1/console/api")
        assert "/v2/account" in described["paths"]
