"""Channels of the deployment's store: asked at each sign-in, changed by operators (rules RLS1 to RLS9 in docs/spec/releases.md).

The signed channel files are the whole state; this looks at them again and again and keeps what it saw. The disk is only touched on
a thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from supergame.base.errors import SupergameError
from supergame.base.ids import TitleId
from supergame.base.titles import title_of
from supergame.content.channels import Channel, admits, pick
from supergame.content.model import ChannelUnknown, ReleaseUnknown
from supergame.content.objects import READ_BYTES_MAX, FolderStore, Store
from supergame.content.publisher import Publisher
from supergame.features.releases.model import ClientOutdated, ContentBusy, ReleaseInfo, address_of
from supergame.runtime.pool import Pool
from supergame.telemetry.logging import logger

LOOK_S: Final = 1.0
BUCKET_LOOK_S: Final = 10.0
"""Every look at a bucket is some requests, which cost."""
PART_BYTES: Final = 8 << 20
"""What one answer carries; whoever asks for more asks again for the rest."""
UNSENT_BYTES_MAX: Final = 256 << 20
"""Of all answers that their readers have not taken yet; beyond: refused."""

JOBS_QUEUED_MAX: Final = 64
"""Reads and steps that wait for the disk; beyond: refused."""

_log = logger("releases")


class Releases:
    """`unsent` tells how many bytes wait for slow readers in this process."""

    def __init__(self, publisher: Publisher, pool: Pool, unsent: Callable[[], int]) -> None:
        self._publisher, self._pool, self._unsent = publisher, pool, unsent
        self._channels: dict[tuple[str, str], Channel] = {}

    @property
    def look_every_s(self) -> float:
        return LOOK_S if isinstance(self._publisher.store, FolderStore) else BUCKET_LOOK_S

    async def look(self) -> None:
        """See what the command line, or another node, has changed. A store that cannot be read leaves what was seen before."""
        try:
            found = await self._pool.run(self._publisher.all)
        except SupergameError as error:
            _log.warning("channels not read", reason=error.message)
            return
        self._channels = {(channel.title, channel.name): channel for channel in found}

    # --- players

    def channel(self, title_id: TitleId, name: str) -> Channel:
        """Raises ChannelUnknown."""
        channel = self._channels.get((title_of(title_id), name))
        if channel is None:
            raise ChannelUnknown
        return channel

    def channels(self, title_id: TitleId) -> list[Channel]:
        """Those of a title, by name."""
        return sorted((channel for channel in self._channels.values() if channel.title == title_of(title_id)), key=lambda one: one.name)

    def check_client(self, title_id: TitleId, name: str, client: str) -> None:
        """Whether a client of this version may play. A title without releases, or a channel that nobody made, asks for nothing.

        Raises:
            ClientOutdated: the message says what may, and where it is.
        """
        channel = self._channels.get((title_of(title_id), name))
        if channel is None or admits(channel, client):
            return
        wanted = " to ".join(filter(None, (channel.client_min, channel.client_max)))
        shown = client if client.isprintable() and 0 < len(client) <= 64 else "unknown"
        raise ClientOutdated(f"This is version {shown} of the game; {wanted} may play. The update is at {address_of(channel)}.")

    def release_for(self, title_id: TitleId, name: str, who: str, installed: str = "") -> ReleaseInfo:
        """What a player or device gets from a channel, having `installed`. Raises ChannelUnknown, ReleaseUnknown."""
        channel = self.channel(title_id, name)
        release = pick(channel, who, installed)
        if release is None:
            raise ReleaseUnknown
        return ReleaseInfo(
            channel=name,
            version=release.version,
            manifest=release.manifest,
            size=release.installed_size,
            download_size=release.download_size,
            address=address_of(channel),
        )

    # --- operators

    async def change(self, operator: str, step: Callable[[Publisher], Channel]) -> Channel:
        """Let an operator take a step; their name goes into the channel's history.

        Raises:
            ChannelUnknown, ReleaseUnknown, InvalidArgument, KeyMissing, ContentInUse, SourceDamaged.
        """
        channel = await self._pool.run(step, replace(self._publisher, by=operator))
        self._channels[channel.title, channel.name] = channel
        return channel

    # --- bytes

    async def part(self, name: str, first: int, last: int | None) -> tuple[bytes, int]:
        """Bytes of an object from `first` to `last` included, at most 8 MiB of them, and its size.

        Raises:
            NotInStore, ContentBusy, Overloaded, SourceUnreachable.
        """
        if self._unsent() > UNSENT_BYTES_MAX:
            raise ContentBusy
        return await self._pool.run(_part, self._publisher.store, name, first, last)


def _part(store: Store, name: str, first: int, last: int | None) -> tuple[bytes, int]:
    size = store.size(name)
    if first < 0:  # so many from the end
        first = max(0, size + first)
    end = size if last is None else min(last + 1, size)
    if first >= end:
        return b"", size
    return store.read(name, first, min(end - first, PART_BYTES, READ_BYTES_MAX)), size
