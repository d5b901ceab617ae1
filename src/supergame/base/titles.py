"""Titles and their environments.

What is served is a title in one environment: `starhop` is the live one, which players get, `starhop@beta` another of the same game. Each
has a title id, and with it data, keys, tokens, sockets and matches of its own, so nothing of one environment reaches another. People,
and with them their friends, are the same in all.
"""

import re
from typing import Final

from supergame.base.ids import TitleId

LIVE: Final = "live"
"""The environment that a title always has."""

_TITLE = re.compile(r"[a-z][a-z0-9-]{0,63}")
_ENVIRONMENT = re.compile(r"[a-z][a-z0-9-]{0,31}")


def is_title(text: str) -> bool:
    """Whether a title may be called so: lower-case letters, digits and hyphens, beginning with a letter, at most 64."""
    return _TITLE.fullmatch(text) is not None


def is_environment(text: str) -> bool:
    """Whether an environment may be called so: as a title, at most 32."""
    return _ENVIRONMENT.fullmatch(text) is not None


def title_id(title: str, environment: str = LIVE) -> TitleId:
    """The id of a title in an environment; in `live` it is the title's own name."""
    return TitleId(title if environment == LIVE else f"{title}@{environment}")


def title_of(title_id: TitleId) -> str:
    """Which title this is, whatever its environment: `starhop` for `starhop@beta`."""
    return title_id.partition("@")[0]


def environment_of(title_id: TitleId) -> str:
    """Which environment of its title this is: `beta` for `starhop@beta`, `live` for `starhop`."""
    return title_id.partition("@")[2] or LIVE
