"""Channels: which release is out, for whom. A channel file is small, signed, and the only thing in a store that ever changes.

It answers The Update Framework's other three attacks: an old file in place of a newer (its serial only grows), an old file for ever (it
expires), and parts of different releases (it names one manifest, which names all the rest). Going back is a new pointer with a higher
serial; nothing is deleted, and nobody's copy is taken away.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec
from blake3 import blake3

from supergame.base.clock import SECOND_US, WallMicros
from supergame.base.errors import InvalidArgument
from supergame.content.model import ChannelStale, ReleaseUnknown, SignatureInvalid, StoreNewer
from supergame.content.signing import is_signed_by, opened

FORMAT: Final = 1
LIFETIME_US: Final = 90 * 86_400 * SECOND_US
"""How long a channel file is believed; every command that changes a channel signs it anew, and so does `supergame release refresh`."""
KNOWN_MAX: Final = 20
"""Releases of a channel that can be gone back to; older ones may be swept from the store."""
STEPS_MAX: Final = 100
DELTAS_MAX: Final = 8
_VERSION: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}")


class Delta(msgspec.Struct, frozen=True):
    """How to come here from the release `old` in `size` bytes."""

    old: str
    name: str
    size: int


class Release(msgspec.Struct, frozen=True):
    """A manifest and what one wants to know before fetching it, sizes in bytes."""

    manifest: str
    manifest_size: int
    version: str
    files: int
    installed_size: int
    download_size: int
    """Of a first installation."""
    published_at: int
    deltas: tuple[Delta, ...] = ()


class Step(msgspec.Struct, frozen=True):
    """One entry of a channel's history."""

    serial: int
    at: int
    by: str
    action: str
    version: str
    reason: str = ""


class Channel(msgspec.Struct, frozen=True):
    """Times in microseconds since 1970."""

    title: str
    name: str
    format: int = FORMAT
    serial: int = 0
    keyset: int = 1
    signed_at: int = 0
    expires_at: int = 0
    current: Release | None = None
    """What everybody gets to whom the rollout does not come."""
    rollout: Release | None = None
    percent: float = 0.0
    is_paused: bool = False
    client_min: str = ""
    client_max: str = ""
    """Versions of the client that may play, both included; empty: any."""
    known: tuple[Release, ...] = ()
    """What it has ever pointed at, the latest first; without deltas."""
    former: tuple[str, ...] = ()
    """Manifests that were for everybody before the current one, the latest first."""
    steps: tuple[Step, ...] = ()

    @property
    def newest(self) -> Release | None:
        return self.rollout or self.current


# --- who gets what


def bucket(title: str, manifest: str, who: str) -> float:
    """0 to 100, the same for ever for one release and one player or device."""
    number = int.from_bytes(blake3(f"{title}\0{manifest}\0{who}".encode()).digest(8), "big")
    return number * 100 / (1 << 64)


def pick(channel: Channel, who: str, installed: str = "") -> Release | None:
    """The release for a player or device that has the manifest `installed`. A pause takes nothing back from those who have it already."""
    rollout = channel.rollout
    if rollout is None:
        return channel.current
    is_chosen = bucket(channel.title, rollout.manifest, who) < channel.percent
    gets_it = installed == rollout.manifest if channel.is_paused else is_chosen
    return rollout if gets_it else channel.current


def version_key(version: str) -> tuple[tuple[int, str], ...]:
    """Versions in their order: numbers as numbers, so that 1.10 comes after 1.9. Empty parts and suffixes come before numbers."""
    parts = re.findall(r"\d{1,18}|[A-Za-z]+", version)
    key = [(int(part), "") if part.isdigit() else (-1, part) for part in parts]
    while key and key[-1] == (0, ""):
        key.pop()
    return tuple(key)


def check_version(version: str) -> None:
    """Raises InvalidArgument."""
    if not _VERSION.fullmatch(version):
        raise InvalidArgument("A version has 1 to 64 letters, digits, dots, hyphens and the like, beginning with a letter or digit.")


def admits(channel: Channel, client: str) -> bool:
    """Whether a client of this version may play. One that says nothing may, unless a range is set."""
    if not channel.client_min and not channel.client_max:
        return True
    key = version_key(client)
    return (
        bool(_VERSION.fullmatch(client))
        and version_key(channel.client_min) <= key
        and (not channel.client_max or key <= version_key(channel.client_max))
    )


# --- steps


def point(channel: Channel, release: Release, percent: float) -> Channel:
    """Let a share of the players have a release; with 100, all of them.

    Raises:
        InvalidArgument: a percentage outside 0 to 100, or a first release for a part only.
    """
    if not 0 < percent <= 100:
        raise InvalidArgument("A percentage is above 0 and at most 100.")
    known = _remember(channel.known, release)
    if percent == 100:
        former = _without(release.manifest, (channel.current.manifest, *channel.former)) if channel.current else ()
        return msgspec.structs.replace(
            channel, current=release, rollout=None, percent=0.0, is_paused=False, known=known, former=former[:KNOWN_MAX]
        )
    if channel.current is None:
        raise InvalidArgument("The first release of a channel is for all its players: there is nothing to give the others.")
    return msgspec.structs.replace(channel, rollout=release, percent=percent, is_paused=False, known=known)


def _remember(known: tuple[Release, ...], release: Release) -> tuple[Release, ...]:
    others = [item for item in known if item.manifest != release.manifest]
    return (msgspec.structs.replace(release, deltas=()), *others)[:KNOWN_MAX]


def _without(manifest: str, manifests: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(item for item in manifests if item != manifest)


def rolled_back(channel: Channel, version: str = "") -> Channel:
    """End a rollout; without one, point to what everybody had before the current release; or to an earlier release by its version.

    Raises:
        ReleaseUnknown: there is none to go back to.
    """
    ended = msgspec.structs.replace(channel, rollout=None, percent=0.0, is_paused=False)
    if channel.rollout is not None and not version:
        return ended
    known = {item.manifest: item for item in channel.known}
    if version:
        found = [item for item in channel.known if item.version == version]
    else:
        found = [known[manifest] for manifest in channel.former if manifest in known]
    if not found:
        raise ReleaseUnknown
    return msgspec.structs.replace(ended, current=found[0], former=_without(found[0].manifest, channel.former))


def paused(channel: Channel, is_paused: bool) -> Channel:
    """Hold a rollout, or let it go on. Raises ReleaseUnknown without one."""
    if channel.rollout is None:
        raise ReleaseUnknown("No rollout is under way in this channel.")
    return msgspec.structs.replace(channel, is_paused=is_paused)


def stepped(channel: Channel, keyset: int, now: WallMicros, by: str, action: str, reason: str = "") -> Channel:
    """The channel with its next serial, ready to be signed."""
    serial, newest = channel.serial + 1, channel.newest
    step = Step(serial, now, by, action, newest.version if newest else "", reason)
    return msgspec.structs.replace(
        channel, serial=serial, keyset=keyset, signed_at=now, expires_at=now + LIFETIME_US, steps=(step, *channel.steps)[:STEPS_MAX]
    )


# --- files


def read_unproven(file: bytes) -> Channel:
    """What a channel file says, not yet to be believed. Raises SignatureInvalid, StoreNewer."""
    try:
        channel = msgspec.json.decode(opened(file)[0], type=Channel)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise SignatureInvalid("This is no channel file.") from None
    if channel.format != FORMAT:
        raise StoreNewer
    return channel


def read_proven(file: bytes, title: str, name: str, signers: list[str], serial_seen: int, now: WallMicros) -> Channel:
    """A channel file that may be followed.

    Raises:
        SignatureInvalid: not by one of `signers`, or of another channel.
        ChannelStale: older than one that was seen before, or expired.
    """
    payload, signatures = opened(file)
    channel = read_unproven(file)
    if not is_signed_by("channel", payload, signatures, signers):
        raise SignatureInvalid("The channel file is not signed by a key that is trusted here.")
    if (channel.title, channel.name) != (title, name):
        raise SignatureInvalid("The channel file is of another channel.")
    if channel.serial < serial_seen:
        raise ChannelStale(f"The channel file has serial {channel.serial}; {serial_seen} was seen before.")
    if channel.expires_at <= now:
        raise ChannelStale("The channel file has expired: its publisher has to sign it anew with `supergame release refresh`.")
    return channel
