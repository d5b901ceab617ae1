"""Authoritative matches as a game writes them. Rules: docs/spec/matches.md."""

from __future__ import annotations

import asyncio
import base64
import time
from typing import Any

import pytest

from supergame.base.limits import Limits
from supergame.features.matches.running import RunningMatch
from supergame.game import Context, Game, JoinRefused, Match, MatchMessage, MatchNotFound, Player
from supergame.runtime.watchdog import Held, Watchdog
from supergame.testing import TestPlayer, TestServer, TestSocket


def make_game(name: str = "main", **options: Any) -> Game:
    """A game with one kind of match, `arena`, that does what it is sent."""
    game = Game(name)

    @game.match("arena", **options)
    class Arena:
        score: int = 0
        seen: list[str] = []

        def init(self, match: Match, params: dict[str, Any]) -> None:
            if params.get("fail"):
                raise RuntimeError("asked to fail")
            match.label = params.get("label", "")

        def join_attempt(self, match: Match, player: Player, metadata: dict[str, str]) -> None:
            if "why" in metadata:
                raise JoinRefused(metadata["why"])
            if "fail" in metadata:
                raise RuntimeError("asked to fail")

        def join(self, match: Match, players: list[Player]) -> None:
            self.seen += [f"+{player.username} {len(match.players)}" for player in players]
            if self.seen[-1].startswith("+breaker"):
                raise RuntimeError("asked to fail")

        def leave(self, match: Match, players: list[Player]) -> None:
            self.seen += [f"-{player.username} {len(match.players)}" for player in players]

        def loop(self, match: Match, messages: list[MatchMessage]) -> None:
            for message in messages:
                self.seen.append(f"{match.tick} {message.player.username} {message.text}")
                command, _, rest = message.text.partition(" ")
                getattr(self, "do_" + command)(match, message.player, rest)

        def do_say(self, match: Match, player: Player, rest: str) -> None:
            match.send(1, rest, sender=player)

        def do_whisper(self, match: Match, player: Player, rest: str) -> None:
            match.send(2, rest, to=[one for one in match.players if one.username == rest])

        def do_later(self, match: Match, player: Player, rest: str) -> None:
            match.send_later(3, "later")
            match.send(4, "now")

        def do_kick(self, match: Match, player: Player, rest: str) -> None:
            for one in match.players:
                if one.username == rest:
                    match.kick(one)
            self.seen.append(f"kicked {len(match.players)}")

        def do_label(self, match: Match, player: Player, rest: str) -> None:
            match.label = rest

        def do_end(self, match: Match, player: Player, rest: str) -> None:
            match.end()
            match.send(5, "last words")

        def do_fail(self, match: Match, player: Player, rest: str) -> None:
            match.send_later(6, "never")
            raise RuntimeError("asked to fail")

        def do_hold(self, match: Match, player: Player, rest: str) -> None:
            until = time.perf_counter() + 0.02
            while time.perf_counter() < until:
                pass

        def do_spawn(self, match: Match, player: Player, rest: str) -> None:
            async def work() -> None:
                if rest == "fail":
                    raise RuntimeError("asked to fail")
                await match.ctx.storage.write("arena", rest, {"tick": match.tick})
                match.send(8, rest)

            match.spawn(work())

        def signal(self, match: Match, data: str) -> str:
            if data == "fail":
                raise RuntimeError("asked to fail")
            return "|".join(self.seen) if data == "seen" else f"{match.id} {data}"

        def terminate(self, match: Match, grace_s: float) -> None:
            match.send(7, f"goodbye {grace_s:.0f}")

    @game.match("lean", tick_rate_hz=60, max_empty_s=None)
    class Lean:
        def loop(self, match: Match, messages: list[MatchMessage]) -> None: ...

    @game.rpc("create")
    async def create(ctx: Context, payload: str) -> str:
        kind, _, label = payload.partition(" ")
        return await ctx.matches.create(kind, {"label": label, "fail": label == "fail"})

    @game.rpc("signal")
    async def signal(ctx: Context, payload: str) -> str:
        match_id, _, data = payload.partition(" ")
        return await ctx.matches.signal(match_id, data)

    @game.rpc("list")
    async def list_matches(ctx: Context, payload: str) -> str:
        return " ".join(info.label for info in await ctx.matches.list(query=payload))

    return game


class Arena:
    """One running match and its players."""

    def __init__(self, server: TestServer, host: TestPlayer, match_id: str) -> None:
        self.server, self.host, self.match_id = server, host, match_id
        self.sockets: dict[str, TestSocket] = {}

    @classmethod
    async def open(cls, server: TestServer, *names: str) -> Arena:
        host = await server.sign_in("host")
        arena = cls(server, host, await host.rpc("create", "arena"))
        for name in names:
            await arena.join(name)
        arena.heard()
        return arena

    async def join(self, name: str, **metadata: str) -> dict[str, Any]:
        socket = self.sockets[name] = self.sockets.get(name) or await (await self.server.sign_in(name)).connect()
        return await socket.call({"match_join": {"match_id": self.match_id, "metadata": metadata}})

    def say(self, name: str, text: str) -> None:
        data = base64.b64encode(text.encode()).decode()
        self.sockets[name].post({"match_data_send": {"match_id": self.match_id, "op_code": "0", "data": data}})

    def heard(self) -> dict[str, list[str]]:
        """By player: who came (+) and went (-), and what was sent, with its sender."""
        return {name: [line for envelope in socket.take() for line in _lines(envelope)] for name, socket in self.sockets.items()}

    async def seen(self) -> list[str]:
        """What the handler has seen."""
        return (await self.host.rpc("signal", f"{self.match_id} seen")).split("|")

    @property
    def is_over(self) -> bool:
        return self.server.node.matches.get(self.server.node.keys[0].title_id, self.match_id) is None


def _lines(envelope: dict[str, Any]) -> list[str]:
    if "match_data" in envelope:
        sent = envelope["match_data"]
        sender = sent.get("presence", {}).get("username", "")
        return [f"{sender}:{base64.b64decode(sent.get('data', '')).decode()}"]
    event = envelope.get("match_presence_event", {})
    signs = [f"+{one['username']}" for one in event.get("joins", [])] + [f"-{one['username']}" for one in event.get("leaves", [])]
    return signs or [next(iter(envelope))]


async def test_MAT10_the_loop_gets_what_was_sent_in_order() -> None:
    async with TestServer(make_game()) as server:
        arena = await Arena.open(server, "ada", "bob")
        arena.say("ada", "say one")
        arena.say("bob", "say two")
        assert arena.heard() == {"ada": [], "bob": []}
        server.tick()
        assert arena.heard() == {"ada": ["ada:one", "bob:two"], "bob": ["ada:one", "bob:two"]}
        server.tick(2)
        arena.say("ada", "say three")
        server.tick()
        assert (await arena.seen())[2:] == ["0 ada say one", "0 bob say two", "3 ada say three"]


async def test_MAT10_strangers_are_not_heard() -> None:
    async with TestServer(make_game()) as server:
        arena = await Arena.open(server, "ada")
        arena.sockets["eve"] = await (await server.sign_in("eve")).connect()
        arena.say("eve", "say hello")
        server.tick()
        assert arena.heard() == {"ada": [], "eve": []}


@pytest.mark.parametrize("rate", [0, -1, 61])
def test_MAT10_tick_rates_have_bounds(rate: int) -> None:
    with pytest.raises(ValueError, match="cannot tick"):
        make_game(tick_rate_hz=rate)


def test_MAT10_mistakes_are_told_when_the_game_is_loaded() -> None:
    game = Game("main")
    with pytest.raises(ValueError, match="needs a method"):
        game.match("empty")(type("Empty", (), {}))

    class Waiting:
        async def loop(self, match: Match, messages: list[MatchMessage]) -> None: ...

    with pytest.raises(ValueError, match=r"match\.spawn"):
        game.match("waiting")(Waiting)
    fine = type("Fine", (), {"loop": lambda self, match, messages: None})
    game.match("fine")(fine)
    with pytest.raises(ValueError, match="twice"):
        game.match("fine")(fine)


async def test_MAT11_defaults_are_each_matchs_own() -> None:
    async with TestServer(make_game()) as server:
        first, second = await Arena.open(server, "ada"), await Arena.open(server)
        assert (await first.seen(), await second.seen()) == (["+ada 1"], [""])


async def test_MAT12_the_handler_says_who_may_join() -> None:
    async with TestServer(make_game()) as server:
        arena = await Arena.open(server, "ada")
        refusal = (await arena.join("bob", why="too late"))["error"]
        assert (refusal["code"], refusal["message"]) == (5, "too late")
        assert (await arena.join("bob", fail="yes"))["error"]["code"] == 5
        server.tick()
        assert arena.heard() == {"ada": [], "bob": []}
        assert (await arena.join("bob"))["match"]["size"] == 1


async def test_MAT13_joins_and_leaves_are_told_between_callbacks() -> None:
    async with TestServer(make_game()) as server:
        arena = await Arena.open(server, "ada", "bob", "cat")
        arena.say("ada", "kick bob")
        server.tick()
        arena.sockets["cat"].close()
        assert await arena.seen() == ["+ada 1", "+bob 2", "+cat 3", "0 ada kick bob", "kicked 2", "-bob 2", "-cat 1"]


async def test_MAT14_now_later_to_all_and_to_some() -> None:
    async with TestServer(make_game()) as server:
        arena = await Arena.open(server, "ada", "bob")
        arena.say("ada", "later")
        arena.say("ada", "whisper bob")
        arena.say("ada", "whisper nobody")
        arena.say("ada", "say end")
        server.tick()
        assert arena.heard() == {"ada": [":now", "ada:end", ":later"], "bob": [":now", ":bob", "ada:end", ":later"]}


async def test_MAT15_kicks_are_told() -> None:
    async with TestServer(make_game()) as server:
        arena = await Arena.open(server, "ada", "bob")
        arena.say("ada", "kick bob")
        arena.say("bob", "say waiting")
        server.tick()
        arena.say("bob", "say too late")
        server.tick()
        assert arena.heard() == {"ada": ["-bob", "bob:waiting"], "bob": ["-bob"]}
        assert arena.sockets["bob"].closed is None


async def test_MAT16_a_match_ends_when_its_handler_says_so() -> None:
    async with TestServer(make_game()) as server:
        arena = await Arena.open(server, "ada", "bob")
        arena.say("ada", "end")
        server.tick()
        told = [":last words", "-ada", "-bob"]
        assert arena.heard() == {"ada": told, "bob": told}
        assert arena.is_over
        assert (await arena.join("ada"))["error"]["code"] == 4
        assert server.node.ticker.next_due() is None


@pytest.mark.parametrize(("max_empty_s", "ends"), [(None, False), (5.0, True)])
async def test_MAT16_empty_matches_end(max_empty_s: float | None, ends: bool) -> None:
    async with TestServer(make_game(max_empty_s=max_empty_s)) as server:
        arena = await Arena.open(server, "ada")
        server.tick(60)
        assert not arena.is_over
        arena.sockets["ada"].close()
        server.tick(49)
        assert not arena.is_over
        server.tick(3 if ends else 100)
        assert arena.is_over is ends


async def test_MAT16_when_the_server_stops_handlers_say_goodbye() -> None:
    async with TestServer(make_game()) as server:
        arena = await Arena.open(server, "ada")
    assert arena.heard() == {"ada": [":goodbye 5", "-ada"]}


async def test_MAT17_a_handler_that_raises_ends_its_match_only() -> None:
    async with TestServer(make_game()) as server:
        broken, fine = await Arena.open(server, "ada", "bob"), await Arena.open(server, "cat")
        broken.say("ada", "fail")
        fine.say("cat", "say hello")
        server.tick(2)
        told = ["error", "-ada", "-bob"]
        assert broken.heard() == {"ada": told, "bob": told}
        assert broken.is_over
        assert broken.sockets["ada"].closed is None
        assert fine.heard() == {"cat": ["cat:hello"]}


async def test_MAT17_also_when_a_join_raises() -> None:
    async with TestServer(make_game()) as server:
        arena = await Arena.open(server, "ada")
        await arena.join("breaker")
        assert arena.heard() == {"ada": ["+breaker", "error", "-ada", "-breaker"], "breaker": ["+breaker", "error", "-ada", "-breaker"]}
        assert arena.is_over


async def test_MAT17_a_planted_fault_is_caught_an_error_that_nobody_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RunningMatch, "_guarded", RunningMatch._run)
    async with TestServer(make_game()) as server:
        arena = await Arena.open(server, "ada")
        arena.say("ada", "fail")
        server.tick()
        assert arena.heard() != {"ada": ["error", "-ada"]}
        monkeypatch.undo()


async def test_MAT17_an_init_that_raises_makes_no_match() -> None:
    async with TestServer(make_game()) as server:
        host = await server.sign_in("host")
        answer = await host.request("POST", "/v2/rpc/create", body="arena fail")
        assert (answer.status, answer.headers["X-Supergame-Error"]) == (500, "match.failed")
        answer = await host.request("POST", "/v2/rpc/create", body="unknown")
        assert (answer.status, answer.headers["X-Supergame-Error"]) == (404, "match.handler_unknown")
        assert await host.get("/v2/match", limit=10) == {}


async def test_MAT18_waiting_input_is_bounded_and_counted() -> None:
    async with TestServer(make_game(), limits=Limits(match_messages_queued_max=3)) as server:
        arena = await Arena.open(server, "ada")
        for number in range(5):
            arena.say("ada", f"say {number}")
        server.tick(2)
        assert arena.heard() == {"ada": ["ada:0", "ada:1", "ada:2"]}
        assert b'supergame_match_messages_dropped_total{handler="arena"} 2.0' in server.node.matches._parts.metrics.text()


async def test_MAT19_missed_ticks_are_counted() -> None:
    async with TestServer(make_game()) as server:
        await Arena.open(server)
        server.clock.advance(1.05)
        server.node.ticker.run_due()
        assert b'supergame_match_ticks_missed_total{handler="arena"} 9.0' in server.node.matches._parts.metrics.text()


async def test_MAT21_a_loop_that_holds_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[Held] = []
    monkeypatch.setattr(Watchdog, "_report", lambda self, one: held.append(one))
    async with TestServer(make_game()) as server:
        arena = await Arena.open(server, "ada")
        arena.say("ada", "hold")
        server.tick()
    assert "match arena loop" in [one.name for one in held]


async def test_MAT22_signals_bring_their_answer_back() -> None:
    async with TestServer(make_game(), make_game("beta")) as server:
        arena = await Arena.open(server, "ada")
        assert await arena.host.rpc("signal", f"{arena.match_id} open the door") == f"{arena.match_id} open the door"
        answer = await arena.host.request("POST", "/v2/rpc/signal", body=f"{arena.match_id} fail")
        assert (answer.status, arena.is_over) == (500, False)
        stranger = await server.sign_in("eve", title=1)
        answer = await stranger.request("POST", "/v2/rpc/signal", body=f"{arena.match_id} open")
        assert (answer.status, answer.headers["X-Supergame-Error"]) == (404, MatchNotFound.code)


async def test_MAT23_spawned_work_runs_beside_the_match() -> None:
    async with TestServer(make_game()) as server:
        arena = await Arena.open(server, "ada")
        arena.say("ada", "spawn fail")
        arena.say("ada", "spawn save")
        server.tick()
        sent = await arena.sockets["ada"].next()
        assert _lines(sent) == [":save"]
        assert not arena.is_over


async def test_MAT23_spawned_work_is_bounded() -> None:
    async with TestServer(make_game(), limits=Limits(match_spawned_max=2)) as server:
        arena = await Arena.open(server, "ada")
        for _ in range(3):
            arena.say("ada", "spawn save")
        server.tick()
        assert arena.is_over  # the handler did not expect the refusal
        await asyncio.gather(*server.node.matches._parts.tasks)


async def test_MAT24_labels_are_found_at_once() -> None:
    async with TestServer(make_game()) as server:
        arena = await Arena.open(server, "ada")
        arena.say("ada", 'label {"mode":"duel"}')
        server.tick()
        found = (await arena.host.get("/v2/match", query="+label.mode:duel"))["matches"]
        assert [one["match_id"] for one in found] == [arena.match_id]
        arena.say("ada", "label " + "x" * 2_049)
        server.tick()
        assert arena.is_over


async def test_MAT25_lists_filter_by_label_size_and_query() -> None:
    async with TestServer(make_game(), make_game("beta")) as server:
        arena = await Arena.open(server, "ada")
        host = arena.host
        await (await server.sign_in("host", title=1)).rpc("create", 'arena {"n":9}')
        await host.rpc("create", "lean")
        for number in range(1, 4):
            await host.rpc("create", f'arena {{"n":{number}}}')
        assert await host.rpc("list", "+label.n:>1") == '{"n":2} {"n":3}'
        assert await host.rpc("list", "label.n:3^2 label.n:1") == '{"n":3} {"n":1}'
        (plain,) = (await host.get("/v2/match", min_size=1))["matches"]
        assert plain == {
            "match_id": arena.match_id,
            "authoritative": True,
            "label": "",
            "size": 1,
            "tick_rate": 10,
            "handler_name": "arena",
        }
        assert len((await host.get("/v2/match", limit=10, max_size=0))["matches"]) == 4
        assert len((await host.get("/v2/match", limit=10, label='{"n":1}'))["matches"]) == 1
        answer = await host.request("GET", "/v2/match", query={"query": "+"})
        assert (answer.status, answer.headers["X-Supergame-Error"]) == (400, "match.query_invalid")


async def test_MAT27_a_list_that_takes_too_much_work_is_refused() -> None:
    async with TestServer(make_game(), limits=Limits(match_query_steps_max=100)) as server:
        host = await server.sign_in("host")
        for _ in range(10):
            await host.rpc("create", "arena " + "x" * 50)
        answer = await host.request("GET", "/v2/match", query={"query": "+label:/x*y/"})
        assert (answer.status, answer.headers["X-Supergame-Error"]) == (400, "match.query_invalid")


async def test_matches_of_a_node_are_bounded() -> None:
    async with TestServer(make_game(), limits=Limits(matches_max=1)) as server:
        arena = await Arena.open(server)
        answer = await arena.host.request("POST", "/v2/rpc/create", body="arena")
        assert (answer.status, answer.headers["X-Supergame-Error"]) == (429, "match.too_many")
