"""What can be wrong with content (rules CNT1 to CNT24 in docs/spec/content.md)."""

from __future__ import annotations

from supergame.base.errors import FailedPrecondition, InvalidArgument, NotFound, PermissionDenied, ResourceExhausted, Unavailable


class PathUnsafe(InvalidArgument):
    """A file's path could leave the folder, or means different files on different systems."""

    code = "content.path_unsafe"


class ManifestInvalid(InvalidArgument):
    """The list of a release's files contradicts itself, or is larger than allowed."""

    code = "content.manifest_invalid"


class SourceDamaged(Unavailable):
    """The store's bytes are not those that were published; nothing was installed from them."""

    code = "content.source_damaged"


class SourceUnreachable(Unavailable):
    """The store does not answer; run the command again, it goes on where it stopped."""

    code = "content.source_unreachable"


class StoreNewer(FailedPrecondition):
    """The store was written in a format that this program does not know."""

    code = "content.store_newer"


class NotInStore(NotFound):
    """The store has no object of this name."""

    code = "content.not_in_store"


class ChannelUnknown(NotFound):
    """There is no channel of this name."""

    code = "content.channel_unknown"


class ReleaseUnknown(NotFound):
    """The channel has no such release to go to."""

    code = "content.release_unknown"


class SignatureInvalid(PermissionDenied):
    """A signature is missing, or is of a key that is not trusted here."""

    code = "content.signature_invalid"


class ChannelStale(PermissionDenied):
    """The channel file has expired, or is older than one that was seen before."""

    code = "content.channel_stale"


class KeyMissing(FailedPrecondition):
    """The key that signs releases is not here."""

    code = "content.key_missing"


class ContentInUse(FailedPrecondition):
    """Another process publishes to this store, or installs into this folder."""

    code = "content.in_use"


class DiskFull(ResourceExhausted):
    """There is not enough room on the disk."""

    code = "content.disk_full"
