"""Why is it big? What a release brings, file by file, in sentences that say what to do about it."""

from __future__ import annotations

import posixpath
from typing import Final

from supergame.content.manifest import Manifest
from supergame.content.publish import FileReport
from supergame.content.publisher import Preview

SHOWN: Final = 10
_PACKED: Final = {".zip", ".gz", ".7z", ".rar", ".jar", ".apk", ".bz2", ".xz", ".br", ".lz4"}
MANY_NEW: Final = 0.8
"""The share of new bytes above which a changed file counts as made anew."""


def lines(preview: Preview, old: Manifest | None) -> list[str]:
    """The report of a push or preview, most of the bytes first."""
    release = preview.release
    told = [
        f"{release.version}: {release.files:,} files, {megabytes(release.installed_size)} installed",
        f"  first installation  {megabytes(release.download_size)}",
    ]
    if preview.update_size is not None:
        told.append(f"  update              {megabytes(preview.update_size)}")
    told.append(f"  added to the store  {megabytes(preview.published.stored_bytes)}")
    big = sorted((item for item in preview.published.reports if item.packed_bytes), key=lambda item: -item.packed_bytes)
    if big:
        told.append(f"  files with new chunks: {len(big):,}, before they are compared with the old bytes beside them")
    told += [f"    {megabytes(item.packed_bytes):>10}  {item.path}: {reason(item, old)}" for item in big[:SHOWN]]
    if len(big) > SHOWN:
        told.append(f"    {megabytes(sum(item.packed_bytes for item in big[SHOWN:])):>10}  in {len(big) - SHOWN:,} more")
    return told


def reason(item: FileReport, old: Manifest | None) -> str:
    """Why a file has so many new bytes, and what would help."""
    share = item.new_bytes / item.size
    known = {file.path: file for file in old.files} if old else {}
    if item.path not in known:
        return "a new file" if share > MANY_NEW else f"a new file, {1 - share:.0%} of it known from others"
    if share > MANY_NEW and posixpath.splitext(item.path)[1].lower() in _PACKED:
        return f"{share:.0%} new: an archive hides what stayed the same; store its files as they are, or without compression"
    if share > MANY_NEW:
        return f"{share:.0%} new: made or compiled anew"
    return f"{share:.0%} new"


def megabytes(size: int) -> str:
    return f"{size / 1e6:,.2f} MB"
