"""The vectors that Kitewind's two motors and two codecs share. `python -m tests.support.kitewind` writes them anew, after a change that is
meant; the tests compare what lies in `tests/data/kitewind` with what this makes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

from kitewind import messages
from kitewind.messages import Coin, Introduced, shown
from kitewind.motor import FIELDS, Body, Tuning, hash_body, new_body, step
from kitewind.plaza import STAGE
from kitewind.stage import Stage
from kitewind.tuning import BOUNDS, Tunings

DATA = Path(__file__).parents[1] / "data" / "kitewind"
HASH_TICKS = 60
RUNS = 260
MARKS = "." * 14 + "##%%--~~^o"
DRAWN = ("idle", "run", "jump", "fall", "glide")
CAMEL = {"safe_x": "safeX", "safe_y": "safeY"}


def random_stage(rng: Random, width: int, height: int) -> Stage:
    """Tiles anywhere, with a free place for the start."""
    rows = [[rng.choice(MARKS) for _ in range(width)] for _ in range(height)]
    tx, ty = rng.randrange(width), rng.randrange(height)
    rows[ty][tx] = "@"
    return Stage.parse(["".join(row) for row in rows])


def random_runs(rng: Random, count: int) -> list[tuple[int, int]]:
    """Keys and for how many ticks: mostly to the right, often jumping, as players do."""
    return [(rng.choice((0, 1, 2, 2, 4, 5, 6, 6, 8, 9, 12, 15)), rng.randint(1, 30)) for _ in range(count)]


def play(stage: Stage, runs: list[tuple[int, int]], changes: Iterable[tuple[int, int, Tuning]] = ()) -> list[list[int]]:
    """Every 60 ticks: the body's hash, and the sum of what happened since the start. A change is told in a tick, for another."""
    body, total, hashes, tick, tunings = new_body(stage), 0, [], 0, Tunings()
    for keys, ticks in runs:
        for _ in range(ticks):
            for told, first, tuning in changes:
                if told == tick:
                    tunings.add(first, tuning)
            total += step(body, keys, stage, tunings.at(tick))
            tick += 1
            if tick % HASH_TICKS == 0:
                hashes.append([hash_body(body), total])
    return hashes


def motor_vectors() -> list[dict[str, Any]]:
    rng = Random("kitewind motor")
    stages = [STAGE] * 4 + [random_stage(rng, rng.randint(6, 40), rng.randint(4, 24)) for _ in range(12)]
    return [{"rows": list(stage.rows), "runs": (runs := random_runs(rng, RUNS)), "hashes": play(stage, runs)} for stage in stages]


def random_tuning(rng: Random) -> Tuning:
    return Tuning(*(rng.randint(low, high) for low, high in BOUNDS))


def tuning_vectors() -> list[dict[str, Any]]:
    """Changes of the motor while a body moves. Some are told for a tick before that of the one before."""
    rng = Random("kitewind tuning")
    vectors = []
    for stage in [STAGE] * 2 + [random_stage(rng, rng.randint(6, 40), rng.randint(4, 24)) for _ in range(4)]:
        runs = random_runs(rng, RUNS // 2)
        changes = [(told, told + rng.randint(1, 60), random_tuning(rng)) for told in range(5, 1_800, 23)]
        vectors.append({"rows": list(stage.rows), "runs": runs, "changes": changes, "hashes": play(stage, runs, changes)})
    return vectors


def shown_body(body: Body) -> dict[str, int]:
    return {CAMEL.get(name, name): getattr(body, name) for name in FIELDS}


def shown_state(body: Body, drawn: int, is_away: bool) -> dict[str, Any]:
    return {"x": body.x, "y": body.y, "drawn": DRAWN[drawn], "facing": body.facing, "away": is_away}


def message_vectors() -> dict[str, list[dict[str, Any]]]:
    runner = Body(70_000, -80_000, 576, -1_150, facing=-1, cuttable=1, held=1, safe_x=65_536, safe_y=4_096)
    glider = Body(1, 2, gliding=1)
    ada = Introduced(shown(21, runner, True), "player", "4c2ae592-b2a7-445e-98ec-697694478b1c", "Ada 🪁 é", "moss-1")
    bot = Introduced(shown(255, glider, False), "bot", "", "Cog-7", "bolt-2")
    people = [
        {"number": 21, "kind": "player", "userId": ada.user_id, "name": ada.name, "look": ada.look, **shown_state(runner, 2, True)},
        {"number": 255, "kind": "bot", "userId": "", "name": "Cog-7", "look": "bolt-2", **shown_state(glider, 4, False)},
    ]
    coins = [Coin(0, 34_816, 2_048, True), Coin(65_535, -1, 7, False)]
    rows = [".@.", "###"]
    welcome = messages.welcome(4_000_000_000, 21, 7, runner, Tuning(1_300, 200, 600), rows, [ada, bot], coins)
    tuning = {"jumpSpeed": 1_300, "glideSpeed": 200, "runSpeed": 600}
    moved = [{"number": one["number"], **shown_state(body, drawn, away)}
             for one, body, drawn, away in zip(people, (runner, glider), (2, 4), (True, False), strict=True)]  # fmt: skip
    said: list[tuple[int, bytes, dict[str, Any]]] = [
        (1, welcome, {"type": "welcome", "tick": 4_000_000_000, "number": 21, "epoch": 7, "body": shown_body(runner),
                      "tuning": tuning, "rows": rows, "people": people, "coins": [coin._asdict() for coin in coins]}),
        (2, messages.snapshot(9, [ada.shown, bot.shown]), {"type": "snapshot", "tick": 9, "moved": moved}),
        (2, messages.snapshot(10, []), {"type": "snapshot", "tick": 10, "moved": []}),
        (3, messages.entered(ada), {"type": "entered", "person": people[0]}),
        (4, messages.left(21), {"type": "left", "number": 21}),
        (5, messages.emoted(21, 3), {"type": "emoted", "number": 21, "emote": "kite"}),
        (6, messages.coin_taken(300, 21, 70_000), {"type": "coinTaken", "id": 300, "number": 21, "total": 65_535}),
        (7, messages.coin_back(300), {"type": "coinBack", "id": 300}),
        (8, messages.coin_thrown(Coin(301, 5, -6, True)), {"type": "coinThrown", "id": 301, "x": 5, "y": -6}),
        (9, messages.correction(255, 70_000, runner), {"type": "correction", "epoch": 255, "tick": 70_000, "body": shown_body(runner)}),
        (10, messages.line(255, "Beep – héllo!"), {"type": "line", "number": 255, "text": "Beep – héllo!"}),
        (11, messages.kite(21), {"type": "kite", "number": 21}),
        (12, messages.coin_gone(301), {"type": "coinGone", "id": 301}),
        (13, messages.purse(21, 325), {"type": "purse", "number": 21, "total": 325}),
        (14, messages.board([("Ada", 41_250), ("Bob é", 300_000)]), {"type": "board", "times": [
            {"timeMs": 41_250, "name": "Ada"}, {"timeMs": 300_000, "name": "Bob é"}]}),
        (14, messages.board([]), {"type": "board", "times": []}),
        (15, messages.race(21, "started"), {"type": "race", "number": 21, "what": "started", "timeMs": 0, "place": 0}),
        (15, messages.race(21, "finished", 41_250, 1), {"type": "race", "number": 21, "what": "finished", "timeMs": 41_250, "place": 1}),
        (16, messages.feathers(21, 5), {"type": "feathers", "number": 21, "found": 5}),
        (17, messages.dressed(21, "moss-1+crown"), {"type": "dressed", "number": 21, "look": "moss-1+crown"}),
        (18, messages.wardrobe(17), {"type": "wardrobe", "wares": 17}),
        (19, messages.tuned(4_000_000_000, Tuning(1_300, 200, 600)), {"type": "tuned", "first": 4_000_000_000, "tuning": tuning}),
    ]  # fmt: skip
    inputs = [(0, 0, [0]), (3, 4_000_000_000, [2, 2, 6, 6, 6, 0, 15]), (255, 120, [5] * 60)]
    return {
        "server": [{"op": op, "hex": data.hex(), "message": message} for op, data, message in said],
        "inputs": [
            {"epoch": epoch, "first": first, "keys": keys, "hex": messages.encode_inputs(epoch, first, keys).hex()}
            for epoch, first, keys in inputs
        ],
    }


def text_of(vectors: Any) -> str:
    return json.dumps(vectors, ensure_ascii=False, separators=(",", ":")) + "\n"


def files() -> dict[Path, str]:
    made = {"motor": motor_vectors(), "tuning": tuning_vectors(), "messages": message_vectors()}
    return {DATA / f"{name}.json": text_of(vectors) for name, vectors in made.items()}


if __name__ == "__main__":
    for file, text in files().items():
        file.write_text(text, "utf-8")
