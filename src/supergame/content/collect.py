"""Sweeping a store: what no channel can reach is marked, and removed by a later run once it has been marked for the grace period.

A publisher reuses only chunks of releases that channels reach, writes blocks before it points at them, and looks for them once more
before it does. So nothing that is being published goes away, as long as the grace is longer than the longest publishing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from blake3 import blake3

from supergame.base.clock import SECOND_US, Clock
from supergame.content import channels
from supergame.content.manifest import Manifest
from supergame.content.objects import Store, write_whole
from supergame.content.reader import read_manifest

GRACE_US: Final = 24 * 3_600 * SECOND_US


@dataclass(frozen=True)
class Swept:
    """Objects that were removed, and that wait for their grace to end."""

    removed: list[str]
    waiting: int


def sweep(store: Store, marks: Path, clock: Clock, grace_us: int = GRACE_US) -> Swept:
    """Remove what has been out of reach for the grace period.

    Args:
        marks: a file of this machine that remembers since when.

    Raises:
        ContentInUse: somebody publishes at this moment.
    """
    with store.alone():
        reachable = reach(store)
        now, before = clock.now(), _load(marks)
        lost = [name for folder in ("blocks", "manifests", "deltas") for name in store.names(folder) if name not in reachable]
        since = {name: before.get(name, now) for name in lost}
        removed = [name for name, at in since.items() if now - at >= grace_us]
        for name in removed:
            store.remove(name)
        kept = {name: at for name, at in since.items() if name not in set(removed)}
        write_whole(marks, msgspec.json.encode(kept))
        return Swept(removed, len(kept))


def reach(store: Store) -> set[str]:
    """All objects that a channel leads to, by any release that it can still point at."""
    found: set[str] = set()
    for name in store.names("channels"):
        channel = channels.read_unproven(store.read(name))
        for release in {*channel.known, *filter(None, (channel.current, channel.rollout))}:
            found.update(_of(read_manifest(store, release.manifest, release.manifest_size)))
            found.update(f"deltas/{item.name}" for item in release.deltas)
    return found


def _of(manifest: Manifest) -> set[str]:
    return {f"manifests/{manifest.name}", *(f"blocks/{block}" for block in manifest.block_names)}


def _load(marks: Path) -> dict[str, int]:
    try:
        return msgspec.json.decode(marks.read_bytes(), type=dict[str, int])
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
        return {}  # the grace begins anew


def check_store(store: Store) -> list[str]:
    """Objects whose bytes are not those of their name: reads the whole store."""
    damaged = []
    for folder in ("blocks", "manifests", "deltas"):
        damaged += [name for name in store.names(folder) if not _is_right(store, name)]
    return damaged


def _is_right(store: Store, name: str) -> bool:
    total, at = blake3(), 0
    while part := store.read(name, at):
        total.update(part)
        at += len(part)
    return total.hexdigest() == name.partition("/")[2]
