"""Third-party features: packages that announce themselves under the entry point `supergame.features`.

The entry point names a function that takes `Parts` and returns the feature's `Routes`. Its migrations, if any, are numbered SQL files
in the folder `migrations` of the same package, recorded under the entry point's name, and their tables begin with that name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata, resources
from typing import cast

from supergame.base.clock import Clock
from supergame.base.limits import Limits
from supergame.db.migrate import Migration, load
from supergame.db.port import Database
from supergame.game.services import Services
from supergame.routing.http import Routes
from supergame.runtime.outbox import Outbox

GROUP = "supergame.features"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a third-party feature is given."""

    db: Database
    clock: Clock
    limits: Limits
    outbox: Outbox
    services: Services


@dataclass(frozen=True, slots=True)
class Plugin:
    name: str
    build: Callable[[Parts], Routes]
    migrations: list[Migration]


def find_plugins() -> Iterator[Plugin]:
    """The installed third-party features, in the order of their names."""
    for entry in sorted(metadata.entry_points(group=GROUP), key=lambda entry: entry.name):
        build = cast("Callable[[Parts], Routes]", entry.load())
        package = entry.module.partition(".")[0]
        folder = resources.files(package) / "migrations"
        yield Plugin(entry.name, build, load(package) if folder.is_dir() else [])
