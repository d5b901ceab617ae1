"""Our session tokens against PyJWT (`pip install pyjwt`): `python bench/gateway/tokens.py`. CPU time, medians of interleaved rounds."""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import jwt

from supergame.base.ids import TitleId, TokenId, UserId
from supergame.wire.token import Claims, Tokens

COUNT, ROUNDS = 2_000, 15
SECRET, TITLE, NOW_S = bytes(range(32)), TitleId("main"), int(time.time())
CLAIMS = {"tid": "b8e2" * 8, "uid": "53c4" * 8, "usn": "ada", "exp": NOW_S + 3600, "iat": NOW_S}


def main() -> None:
    tokens = Tokens(SECRET, "session")
    claims = Claims(TokenId(str(CLAIMS["tid"])), UserId(str(CLAIMS["uid"])), "ada", NOW_S + 3600, NOW_S)
    own, theirs = tokens.sign(TITLE, claims), jwt.encode(CLAIMS, SECRET, "HS256", {"kid": TITLE})

    def first_look() -> None:
        tokens._verified.clear()
        tokens.verify(own, NOW_S)

    steps: dict[str, Callable[[], Any]] = {
        "own: sign": lambda: tokens.sign(TITLE, claims),
        "PyJWT: sign": lambda: jwt.encode(CLAIMS, SECRET, "HS256", {"kid": TITLE}),
        "own: verify, first time": first_look,
        "own: verify, again": lambda: tokens.verify(own, NOW_S),
        "PyJWT: verify": lambda: jwt.decode(theirs, SECRET, ["HS256"]),
    }
    found: defaultdict[str, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        for name, step in steps.items():
            began = time.process_time()
            for _ in range(COUNT):
                step()
            found[name].append((time.process_time() - began) / COUNT * 1e6)
    for name, times in found.items():
        print(f"{name:<26} {statistics.median(times):6.2f} us")


if __name__ == "__main__":
    main()
