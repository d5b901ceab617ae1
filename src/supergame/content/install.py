"""`supergame sync`: a folder is brought to the release of a channel, in few bytes, and never seen half done.

current -> releases/<name>-<number>     what to start; exchanged in one step (where links are missing: a file with the folder's name)
releases/                               the release in use and the one before it, which share the files that are the same
.supergame/                             what is trusted, manifests, downloads under way
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from blake3 import blake3

from supergame.base.clock import Clock
from supergame.base.ids import Chance
from supergame.content import delta
from supergame.content.blocks import unpack
from supergame.content.channels import Channel, Release, pick
from supergame.content.manifest import Manifest, Place, decode, name_of
from supergame.content.model import ManifestInvalid, NotInStore, PathUnsafe, ReleaseUnknown, SourceDamaged, StoreNewer
from supergame.content.objects import Source, free_bytes, held, sync_folder, write_whole
from supergame.content.reader import read_manifest
from supergame.content.staging import Seed, Staging
from supergame.content.trust import Trust

PART_BYTES: Final = 8 << 20
"""What one request asks for at most: fewer than one request for 4 MB, and no more memory than this."""
GAP_BYTES: Final = 64 << 10
"""Frames that are not needed are fetched along when they are no more than this between two that are."""
NAME_DIGITS: Final = 16


@dataclass(frozen=True)
class Synced:
    """What a run did."""

    release: Release
    folder: Path
    was_current: bool
    healed_chunks: int = 0
    """Fetched by themselves: the release before lacked them, or they were damaged."""
    used_delta: bool = False


class Installation:
    """One folder of a player, and the source that it follows."""

    def __init__(self, folder: Path, source: Source, clock: Clock, chance: Chance, root: str = "") -> None:
        self._folder, self._source = folder, source
        self._own = folder / ".supergame"
        self._releases = folder / "releases"
        self._arguments = (self._own / "trust.json", clock, chance, root)

    def sync(self, title: str, channel: str, *, verify: bool = False, who: str = "") -> Synced:
        """Bring the folder up to date; whatever interrupts it, the next run goes on there.

        Args:
            verify: read and compare every byte, and heal what is damaged.
            who: the player that rollouts are decided by; otherwise this copy.

        Raises:
            ContentInUse, DiskFull, SourceUnreachable, SourceDamaged, SignatureInvalid, ChannelStale, ChannelUnknown,
            ReleaseUnknown: the channel is empty.
        """
        self._own.mkdir(parents=True, exist_ok=True)
        with held(self._own / "lock"):
            trust = Trust(*self._arguments)
            found = trust.channel(self._source, title, channel)
            return self._follow(found, who or trust.memory.device, verify)

    def _follow(self, channel: Channel, who: str, verify: bool) -> Synced:
        installed = self._installed()
        current = installed[0] if installed else None
        release = pick(channel, who, current.manifest.name if current else "")
        if release is None:
            raise ReleaseUnknown(f"The channel {channel.name} has no release yet.")
        if current and current.manifest.name == release.manifest and (is_whole(current) if verify else _looks_whole(current)):
            return Synced(release, current.folder, was_current=True)
        return self._install(release, installed)

    def _install(self, release: Release, seeds: list[Seed]) -> Synced:
        offered = self._delta(release, seeds)
        manifest = self._manifest(release, offered, seeds)
        staging = Staging(manifest, self._releases / f".{manifest.name[:NAME_DIGITS]}", seeds)
        staging.prepare()
        if offered is not None:
            self._apply(offered, staging)
        healed = len(staging.wounds)
        self._fetch(staging)
        staging.finish()
        return Synced(release, self._switch(staging), was_current=False, healed_chunks=healed, used_delta=offered is not None)

    # --- what is here

    def _installed(self) -> list[Seed]:
        """The current release first. Folders whose manifest is lost or damaged are of no use."""
        now = kept_seed(self._folder)
        if now is None:
            return []
        others = (path for path in self._releases.glob(f"{'[0-9a-f]' * NAME_DIGITS}-*") if path != now.folder)
        return [now, *(seed for path in sorted(others) if (seed := _seed(self._folder, path)) is not None)]

    def _kept_manifest(self, short: str) -> Manifest | None:
        return _read_kept(self._own / "manifests" / short)

    # --- what is fetched

    def _manifest(self, release: Release, offered: _Offered | None, seeds: list[Seed]) -> Manifest:
        if offered is not None:
            return offered.manifest
        kept = self._kept_manifest(release.manifest[:NAME_DIGITS])
        if kept is not None and kept.name == release.manifest:
            return kept
        return read_manifest(self._source, release.manifest, release.manifest_size)

    def _delta(self, release: Release, seeds: list[Seed]) -> _Offered | None:
        """The delta from a release that is here, fetched and proven; None when there is none, or it is damaged at its source."""
        by_name = {seed.manifest.name: seed for seed in seeds}
        if release.manifest in by_name:
            return None  # it only has to be healed
        for item in release.deltas:
            if item.old in by_name and item.size < release.download_size:
                file = self._own / "incoming" / item.name
                try:
                    self._download(f"deltas/{item.name}", item.size, file)
                    opened = delta.DeltaFile(lambda at, length, file=file: _part(file, at, length))  # type: ignore[misc]
                    manifest = opened.manifest(by_name[item.old].manifest)
                    if manifest.name == release.manifest:
                        return _Offered(opened, by_name[item.old], manifest)
                except (SourceDamaged, NotInStore, ManifestInvalid, PathUnsafe):
                    file.unlink(missing_ok=True)
        return None

    def _download(self, name: str, size: int, file: Path) -> None:
        """An object into a file, from where the last attempt stopped. Raises SourceDamaged, NotInStore, DiskFull."""
        file.parent.mkdir(parents=True, exist_ok=True)
        at = file.stat().st_size if file.exists() else 0
        if size - at > free_bytes(file.parent):
            raise SourceDamaged("There is no room for the delta.")
        with file.open("ab") as out:
            while at < size:
                part = self._source.read(name, at, min(PART_BYTES, size - at))
                if not part:
                    break
                out.write(part)
                at += len(part)
        if f"deltas/{_name_of_file(file)}" != name:
            raise SourceDamaged("The delta has other bytes than its name says.")

    def _apply(self, offered: _Offered, staging: Staging) -> None:
        """Heal what the delta can. A piece whose old bytes are damaged is left to the blocks."""
        old, new = offered.seed.manifest, staging.manifest

        def read_old(file: int, at: int, length: int) -> bytes:
            return _part(offered.seed.folder / old.files[file].path, at, length)

        for piece, read_packed in offered.delta.pieces():
            if not staging.wounds.keys() & set(piece.numbers()):
                continue
            try:
                for chunk, data in delta.unpack(piece, read_packed(), old, new, read_old):
                    staging.heal(chunk, data)
            except (SourceDamaged, OSError):
                continue

    def _fetch(self, staging: Staging) -> None:
        """The wounds that are left, from the blocks: neighbours with one request."""
        manifest = staging.manifest
        places = sorted((manifest.place(chunk), chunk) for chunk in staging.wounds)
        for group in _groups(places):
            first, last = group[0][0], group[-1][0]
            data = memoryview(self._source.read(f"blocks/{first.block}", first.offset, last.offset + last.length - first.offset))
            for place, chunk in group:
                self._take(staging, chunk, data[place.offset - first.offset :][: place.length])

    def _take(self, staging: Staging, chunk: int, frame: memoryview) -> None:
        """Once more from the source when it came damaged: the network, too, can flip a bit. Raises SourceDamaged."""
        manifest, place = staging.manifest, staging.manifest.place(chunk)
        try:
            data = unpack(frame, manifest.sizes[chunk], manifest.hashes[chunk])
        except SourceDamaged:
            again = self._source.read(f"blocks/{place.block}", place.offset, place.length)
            data = unpack(again, manifest.sizes[chunk], manifest.hashes[chunk])
        staging.heal(chunk, data)

    # --- the switch

    def _switch(self, staging: Staging) -> Path:
        manifests = self._own / "manifests"
        manifests.mkdir(exist_ok=True)
        short = staging.manifest.name[:NAME_DIGITS]
        write_whole(manifests / short, staging.manifest.raw)
        before = current(self._folder)
        target = self._releases / f"{short}-{self._next_number(short)}"
        staging.folder.rename(target)
        sync_folder(self._releases)
        point(self._folder, target)
        self._sweep({target, before}, short)
        return target

    def _next_number(self, short: str) -> int:
        taken = [int(path.name.rpartition("-")[2]) for path in self._releases.glob(f"{short}-*") if path.name.rpartition("-")[2].isdigit()]
        return max(taken, default=0) + 1

    def _sweep(self, kept: set[Path | None], short: str) -> None:
        """Only after the switch. The release before stays: a game that still runs reads from it, and going back costs nothing."""
        for path in self._releases.iterdir():
            if path not in kept:
                shutil.rmtree(path, ignore_errors=True)
        shutil.rmtree(self._own / "incoming", ignore_errors=True)
        shorts = {path.name[:NAME_DIGITS] for path in kept if path is not None}
        for file in (self._own / "manifests").iterdir():
            if file.name not in shorts:
                file.unlink(missing_ok=True)


@dataclass(frozen=True)
class _Offered:
    delta: delta.DeltaFile
    seed: Seed
    manifest: Manifest


def current(folder: Path) -> Path | None:
    """The folder of the release to start; None before the first installation."""
    pointer = folder / "current"
    try:
        name = os.readlink(pointer) if pointer.is_symlink() else pointer.read_text().strip()
    except OSError:
        return None
    target = folder / "releases" / Path(name).name
    return target if target.is_dir() else None


def point(folder: Path, target: Path) -> None:
    """The one step that players notice: before it all is old, after it all is new."""
    pointer, fresh = folder / "current", folder / ".current.new"
    name = f"releases/{target.name}"
    if sys.platform == "win32":
        write_whole(pointer, name.encode())
        return
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(name)
    fresh.replace(pointer)
    sync_folder(folder)


def kept_seed(folder: Path) -> Seed | None:
    """The current release of an installation with its manifest; None when there is none, or its manifest is damaged."""
    now = current(folder)
    return None if now is None else _seed(folder, now)


def _seed(folder: Path, release: Path) -> Seed | None:
    manifest = _read_kept(folder / ".supergame" / "manifests" / release.name[:NAME_DIGITS])
    return None if manifest is None else Seed(manifest, release)


def _read_kept(file: Path) -> Manifest | None:
    try:
        raw = file.read_bytes()
        manifest = decode(raw, name_of(raw))
    except (OSError, SourceDamaged, StoreNewer, ManifestInvalid, PathUnsafe):
        return None
    return manifest if manifest.name.startswith(file.name) else None


def is_whole(seed: Seed) -> bool:
    """Whether every byte of an installed release is as published: reads all of it."""
    return not damages(seed)


def damages(seed: Seed) -> list[tuple[str, int]]:
    """The chunks of a release on this disk that are not as published: path and offset of each."""
    found = []
    for file in seed.manifest.files:
        for chunk, at in seed.manifest.laid_out(file):
            data = _part(seed.folder / file.path, at, seed.manifest.sizes[chunk])
            if blake3(data).digest() != seed.manifest.hashes[chunk]:
                found.append((file.path, at))
    return found


def _looks_whole(seed: Seed) -> bool:
    return all(_size(seed.folder / file.path) == file.size for file in seed.manifest.files)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _part(file: Path, at: int, length: int) -> bytes:
    """Empty when it cannot be read."""
    try:
        with file.open("rb") as data:
            data.seek(at)
            return data.read(length)
    except OSError:
        return b""


def _name_of_file(file: Path) -> str:
    total = blake3()
    with file.open("rb") as data:
        while part := data.read(1 << 20):
            total.update(part)
    return total.hexdigest()


def _groups(places: list[tuple[Place, int]]) -> list[list[tuple[Place, int]]]:
    """Chunks of one block that are near each other, to be had with one request."""
    groups: list[list[tuple[Place, int]]] = []
    for place, chunk in places:
        if groups:
            first, last = groups[-1][0][0], groups[-1][-1][0]
            end = last.offset + last.length
            if last.block == place.block and place.offset - end <= GAP_BYTES and place.offset + place.length - first.offset <= PART_BYTES:
                groups[-1].append((place, chunk))
                continue
        groups.append([(place, chunk)])
    return groups
