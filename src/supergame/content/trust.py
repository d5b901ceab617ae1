"""What a player's copy remembers of its publisher: keys, serials, and who it is. Kept beside the installed files."""

from __future__ import annotations

from pathlib import Path

import msgspec

from supergame.base.clock import Clock
from supergame.base.ids import Chance
from supergame.content.channels import Channel, read_proven, read_unproven
from supergame.content.model import ChannelUnknown, NotInStore, SignatureInvalid
from supergame.content.objects import Source, write_whole
from supergame.content.signing import KEYSETS_MAX, Keyset, next_keyset


class Memory(msgspec.Struct):
    """`device` decides which rollouts come here; serials are by title and channel."""

    device: str
    keyset: int = 0
    roots: list[str] = []
    signers: list[str] = []
    serials: dict[str, int] = {}


class Trust:
    """Believes channel files. The first publisher seen is believed ever after, unless `root` names the right one beforehand."""

    def __init__(self, file: Path, clock: Clock, chance: Chance, root: str = "") -> None:
        self._file, self._clock, self._root = file, clock, root
        self.memory = self._load() or Memory(chance.uuid4())

    def _load(self) -> Memory | None:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=Memory)
        except FileNotFoundError:
            return None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise SignatureInvalid(f"{self._file} is damaged: remove it to trust the publisher anew.") from None

    def channel(self, source: Source, title: str, name: str) -> Channel:
        """The channel as its publisher signed it; what it taught is remembered.

        Raises:
            ChannelUnknown, SourceUnreachable.
            SignatureInvalid, ChannelStale, StoreNewer: it must not be followed.
        """
        try:
            file = source.read(f"channels/{title}/{name}")
        except NotInStore:
            raise ChannelUnknown(f"{title} has no channel {name} there.") from None
        self._learn_keys(source, read_unproven(file).keyset)
        key = f"{title}/{name}"
        channel = read_proven(file, title, name, self.memory.signers, self.memory.serials.get(key, 0), self._clock.now())
        self.memory.serials[key] = channel.serial
        self._file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._file, msgspec.json.encode(self.memory))
        return channel

    def _learn_keys(self, source: Source, wanted: int) -> None:
        """Each key set from the last one known to the one that the channel file was signed under."""
        if wanted > KEYSETS_MAX:
            raise SignatureInvalid("The channel file names an impossible key set.")
        memory, roots_seen = self.memory, list(self.memory.roots)
        for number in range(memory.keyset + 1, wanted + 1):
            keyset = self._fetch(source, number, memory.roots)
            roots_seen += keyset.roots
            memory = Memory(memory.device, number, keyset.roots, keyset.signers, memory.serials)
        if self._root and self._root not in roots_seen:
            raise SignatureInvalid("The publisher's root key is not the one that was asked for.")
        self.memory = memory

    def _fetch(self, source: Source, number: int, roots: list[str]) -> Keyset:
        try:
            return next_keyset(source.read(f"keys/{number}"), number, roots)
        except NotInStore:
            raise SignatureInvalid(f"The publisher's key set {number} is missing.") from None
