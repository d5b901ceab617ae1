"""Paths in manifests, which come from strangers: each must name the same file below the folder on every system, and no other.

What one system refuses is refused on all, so that a release that was published can be installed everywhere.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from typing import Final

from supergame.base.names import has_control, name_key
from supergame.content.model import PathUnsafe

PATH_BYTES_MAX: Final = 1_024
NAME_BYTES_MAX: Final = 255
LINK_HOPS_MAX: Final = 16

_FORBIDDEN: Final = re.compile(r'[\\:*?"<>|]')
_DEVICES: Final = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])(?:\..*)?", re.IGNORECASE | re.DOTALL)


def check_path(path: str) -> None:
    """A relative path with `/` between its names.

    Raises:
        PathUnsafe: absolute, with `..`, a drive, a device, a stream, control or invisible letters, too long.
    """
    if not path or len(path.encode(errors="surrogatepass")) > PATH_BYTES_MAX:
        raise PathUnsafe(f"A path has 1 to {PATH_BYTES_MAX} bytes.")
    for name in path.split("/"):
        _check_name(name, path)


def _check_name(name: str, path: str) -> None:
    wrong = (
        "has an empty name"
        if not name
        else "leaves its folder"
        if name in (".", "..")
        else "has a letter that file systems do not share"
        if _FORBIDDEN.search(name) or has_control(name)
        else "ends in a dot or space, which Windows drops"
        if name[-1] in ". "
        else "names a device of Windows"
        if _DEVICES.fullmatch(name.split(".")[0].rstrip() or name) or _DEVICES.fullmatch(name)
        else f"has a name of more than {NAME_BYTES_MAX} bytes"
        if len(name.encode()) > NAME_BYTES_MAX
        else ""
    )
    if wrong:
        raise PathUnsafe(f"The path {_shown(path)} {wrong}.")


def check_tree(files: Iterable[str], links: Iterable[tuple[str, str]]) -> None:
    """All paths of a release together; `links` are symbolic links with their targets.

    Raises:
        PathUnsafe: a path is unsafe, two become one where letter case does not count, a file is also a folder, a link leads out.
    """
    targets = dict(links)
    spelled: dict[str, str] = {}
    folders: set[str] = set()
    leaves: set[str] = set()
    for path in (*files, *targets):
        check_path(path)
        if path in leaves:
            raise PathUnsafe(f"The path {_shown(path)} is listed twice.")
        leaves.add(path)
        for prefix in _prefixes(path):
            if spelled.setdefault(name_key(prefix), prefix) != prefix:
                raise PathUnsafe(f"{_shown(prefix)} and {_shown(spelled[name_key(prefix)])} are one where letter case does not count.")
            if prefix != path:
                folders.add(prefix)
    if both := leaves & folders:
        raise PathUnsafe(f"{_shown(min(both))} is both a file and a folder.")
    for path, target in targets.items():
        _check_link(path, target, targets, leaves | folders)


def _check_link(path: str, target: str, links: dict[str, str], known: set[str]) -> None:
    """A link leads, perhaps over others, to something of the same release. No folder on the way is a link."""
    seen = path
    for _ in range(LINK_HOPS_MAX):
        names = target.split("/")
        while names[0] == ".." and len(names) > 1:
            names = names[1:]
        if not all(names) or {".", ".."} & set(names):
            raise PathUnsafe(f"The link {_shown(path)} leads out of the folder, or takes a way that depends on other links.")
        seen = posixpath.normpath(posixpath.join(posixpath.dirname(seen), target))
        if seen not in known or any(prefix in links for prefix in _prefixes(posixpath.dirname(seen))):
            raise PathUnsafe(f"The link {_shown(path)} leads out of the folder, or nowhere.")
        if seen not in links:
            return
        target = links[seen]
    raise PathUnsafe(f"The link {_shown(path)} leads in a circle.")


def _prefixes(path: str) -> list[str]:
    names = path.split("/") if path else []
    return ["/".join(names[:count]) for count in range(1, len(names) + 1)]


def _shown(path: str) -> str:
    """Safe in a terminal, and short."""
    text = ascii(path)
    return text if len(text) <= 120 else text[:117] + "...'"
