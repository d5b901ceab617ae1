"""The publisher's desk: push a folder, promote, go back, pause, sign. Each changes one channel file, last of all and at once."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec

from supergame.base.clock import Clock
from supergame.content import channels, delta
from supergame.content.channels import Channel, Delta, Release
from supergame.content.manifest import Manifest, name_of
from supergame.content.model import ChannelUnknown, NotInStore, ReleaseUnknown, SourceDamaged
from supergame.content.objects import READ_BYTES_MAX, FolderStore, Shelf, Store
from supergame.content.publish import Published, publish
from supergame.content.reader import ReleaseReader, read_manifest
from supergame.content.signing import Keys, latest_keyset, sign


@dataclass(frozen=True)
class Preview:
    """What a release costs before anybody has it."""

    published: Published
    release: Release
    update_size: int | None
    """Bytes from what the channel has now; None when it has nothing."""


@dataclass(frozen=True)
class Publisher:
    """`by` names who acts, in each channel's history."""

    store: Store
    keys: Keys
    clock: Clock
    by: str

    def channel(self, title: str, name: str) -> Channel:
        """Raises ChannelUnknown."""
        try:
            return channels.read_unproven(self.store.read(_path(title, name)))
        except NotInStore:
            raise ChannelUnknown(f"{title} has no channel {name}.") from None

    def all(self, title: str = "") -> list[Channel]:
        """The channels of a title, or of all titles."""
        return [channels.read_unproven(self.store.read(name)) for name in self.store.names(f"channels/{title}" if title else "channels")]

    # --- publishing

    def push(self, folder: Path, title: str, name: str, version: str, *, percent: float = 100) -> Preview:
        """Publish a folder to a channel.

        Raises:
            InvalidArgument, PathUnsafe, KeyMissing, ContentInUse, DiskFull, SourceUnreachable.
        """
        channels.check_version(version)
        with self.store.alone():
            before = self._channel_or_new(title, name)
            self.keys.load_or_make(self.store)
            made = self._make(self.store, folder, before, version)
            self._save(channels.point(before, made.release, percent), f"push {percent:g} %")
        return made

    def preview(self, folder: Path, title: str, name: str, version: str) -> Preview:
        """The same, into a store that is thrown away: the figures are those that `push` would give."""
        channels.check_version(version)
        with tempfile.TemporaryDirectory(prefix="supergame-preview-") as scratch:
            return self._make(Overlay(self.store, FolderStore(Path(scratch))), folder, self._channel_or_new(title, name), version)

    def _make(self, store: Shelf, folder: Path, channel: Channel, version: str) -> Preview:
        known = [read_manifest(store, release.manifest, release.manifest_size) for release in self._known()]
        published = publish(store, folder, version, known)
        release = self._with_deltas(store, self._release(published.manifest), channel)
        old = channel.current.manifest if channel.current else None
        sizes = {item.old: item.size for item in release.deltas} | {release.manifest: 0}
        update = None if old is None else sizes.get(old, published.stored_bytes)
        return Preview(published, release, update)

    def _known(self) -> list[Release]:
        """Releases that no sweep can take away while this goes on: those of channels."""
        return list({release.manifest: release for channel in self.all() for release in channel.known}.values())

    def _release(self, manifest: Manifest) -> Release:
        lengths = manifest.body.chunks.lengths
        return Release(
            manifest=manifest.name,
            manifest_size=len(manifest.raw),
            version=manifest.version,
            files=len(manifest.files),
            installed_size=manifest.size,
            download_size=sum(lengths) + len(manifest.raw),
            published_at=self.clock.now(),
        )

    def _with_deltas(self, store: Shelf, release: Release, channel: Channel) -> Release:
        """With the ways from what the channel's players have now."""
        olds = {old.manifest: old for old in (channel.current, channel.rollout) if old is not None and old.manifest != release.manifest}
        made = [self._delta(store, old, release) for old in olds.values() if old.manifest not in {item.old for item in release.deltas}]
        deltas = (*(item for item in made if item is not None), *release.deltas)
        return msgspec.structs.replace(release, deltas=deltas[: channels.DELTAS_MAX])

    def _delta(self, store: Shelf, old: Release, new: Release) -> Delta | None:
        """Computed once for a pair; None when it is no gain."""
        before = read_manifest(store, old.manifest, old.manifest_size)
        after = read_manifest(store, new.manifest, new.manifest_size)
        old_reader, new_reader = ReleaseReader(store, before), ReleaseReader(store, after)
        data = delta.make(before, after, lambda file, at, length: old_reader.read(before.files[file], at, length), new_reader.chunk)
        lacking = sum(after.place(number).length for number, name in enumerate(after.hashes) if name not in before.index)
        if len(data) >= lacking + new.manifest_size:
            return None
        name = name_of(data)
        store.write(f"deltas/{name}", data)
        return Delta(old.manifest, name, len(data))

    # --- pointing

    def promote(self, title: str, source: str, target: str, *, percent: float = 100, reason: str = "") -> Channel:
        """Give a share of one channel's players the newest release of another.

        Raises:
            ChannelUnknown, ReleaseUnknown, InvalidArgument, KeyMissing, ContentInUse.
        """
        with self.store.alone():
            release, before = self.channel(title, source).newest, self._channel_or_new(title, target)
            if release is None:
                raise ReleaseUnknown(f"The channel {source} has no release yet.")
            release = self._with_deltas(self.store, release, before)
            return self._save(channels.point(before, release, percent), f"promote from {source} to {percent:g} %", reason)

    def roll_back(self, title: str, name: str, *, version: str = "", reason: str = "") -> Channel:
        """A new pointer to an older release. Raises ReleaseUnknown and what `promote` raises."""
        return self._change(title, name, partial(channels.rolled_back, version=version), "roll back", reason)

    def pause(self, title: str, name: str, is_paused: bool = True, *, reason: str = "") -> Channel:
        """Hold a rollout, or let it go on. Raises ReleaseUnknown and what `promote` raises."""
        return self._change(title, name, partial(channels.paused, is_paused=is_paused), "pause" if is_paused else "resume", reason)

    def set_clients(self, title: str, name: str, minimum: str, maximum: str, *, reason: str = "") -> Channel:
        """Which versions of the client may play; an empty end is open. Raises InvalidArgument and what `promote` raises."""
        for version in filter(None, (minimum, maximum)):
            channels.check_version(version)
        return self._change(
            title,
            name,
            lambda channel: msgspec.structs.replace(channel, client_min=minimum, client_max=maximum),
            f"clients {minimum or 'any'} to {maximum or 'any'}",
            reason,
        )

    def refresh(self) -> list[Channel]:
        """Sign every channel anew, so that none expires."""
        with self.store.alone():
            return [self._save(channel, "refresh") for channel in self.all()]

    def replace_key(self) -> list[Channel]:
        """Draw a new signing key and sign everything with it; copies in the field stop trusting the old one at their next look."""
        with self.store.alone():
            self.keys.replace_signer(self.store)
            return [self._save(channel, "new key") for channel in self.all()]

    def _change(self, title: str, name: str, change: Callable[[Channel], Channel], action: str, reason: str) -> Channel:
        with self.store.alone():
            return self._save(change(self.channel(title, name)), action, reason)

    def _channel_or_new(self, title: str, name: str) -> Channel:
        try:
            return self.channel(title, name)
        except ChannelUnknown:
            return Channel(title, name)

    def _save(self, channel: Channel, action: str, reason: str = "") -> Channel:
        ring = self.keys.load_or_make(self.store)
        keyset = latest_keyset(self.store)
        assert keyset is not None, "load_or_make writes the first key set"
        for release in filter(None, (channel.current, channel.rollout)):
            self._check_whole(release)
        after = channels.stepped(channel, keyset.number, self.clock.now(), self.by, action, reason)
        self.store.write(_path(after.title, after.name), sign("channel", msgspec.json.encode(after), ring.signer))
        return after

    def _check_whole(self, release: Release) -> None:
        """Never point at what is not there: a sweep, or a hand, may have been at the store."""
        manifest = read_manifest(self.store, release.manifest, release.manifest_size)
        for block in manifest.block_names:
            if not self.store.has(f"blocks/{block}"):
                raise SourceDamaged(f"Block {block[:16]} of {release.version} is missing in the store; publish it again.")


def _path(title: str, name: str) -> str:
    return f"channels/{title}/{name}"


class Overlay:
    """Reads through to a store and writes beside it."""

    def __init__(self, below: Shelf, above: FolderStore) -> None:
        self._below, self._above = below, above

    def read(self, name: str, start: int = 0, length: int = READ_BYTES_MAX) -> bytes:
        return (self._above if self._above.has(name) else self._below).read(name, start, length)

    def has(self, name: str) -> bool:
        return self._above.has(name) or self._below.has(name)

    def write(self, name: str, data: bytes) -> None:
        self._above.write(name, data)
