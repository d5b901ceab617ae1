"""A player or publisher that is killed while it works: starts in a quarter of a second, says `ready`, and begins.

python content_victim.py sync FOLDER NOW_US PLAYER
python content_victim.py push FOLDER NOW_US BUILD VERSION
"""

from __future__ import annotations

import sys
from pathlib import Path

from supergame.base.clock import MonotonicSeconds, WallMicros
from supergame.base.ids import Chance
from supergame.content.install import Installation
from supergame.content.objects import FolderStore
from supergame.content.publisher import Publisher
from supergame.content.signing import Keys


class StillClock:
    def now(self) -> WallMicros:
        return WallMicros(int(sys.argv[3]))

    def monotonic(self) -> MonotonicSeconds:
        return MonotonicSeconds(0.0)


def main() -> None:
    action, folder, rest = sys.argv[1], Path(sys.argv[2]), sys.argv[4:]
    store, chance = FolderStore(folder / "store"), Chance()
    print("ready", flush=True)
    if action == "sync":
        Installation(folder / rest[0], store, StillClock(), chance).sync("game", "live")
    else:
        Publisher(store, Keys(folder / "release-keys.json", chance), StillClock(), "ada").push(Path(rest[0]), "game", "live", rest[1])


if __name__ == "__main__":
    main()
