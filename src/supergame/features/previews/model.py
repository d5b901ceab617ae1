"""A preview, as it stands in the data folder of the deployment beside which it runs (rules PRV1 to PRV7 in docs/spec/previews.md)."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from supergame.base.errors import InvalidArgument, NotFound
from supergame.base.ids import TitleId

FOLDER: Final = "previews"
RECORD: Final = "preview.json"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,47}")


class PreviewNameInvalid(InvalidArgument):
    """A preview is called by lower-case letters, digits and hyphens, at most 48; say a name with --name."""

    code = "preview.name_invalid"


class PreviewNotFound(NotFound):
    """There is no such preview; it may have ended."""

    code = "preview.not_found"


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """Times are seconds since 1970. `copied` is what of the deployment's data it began with; `commit` ends in + with changes beyond it."""

    name: str
    title_id: TitleId
    branch: str
    commit: str
    url: str
    console_url: str
    copied: list[str]
    started_at_s: int
    ends_at_s: int


def name_of(branch: str) -> str:
    """What a branch's preview is called: `feature/Big_Jump` is `feature-big-jump`. Raises PreviewNameInvalid when nothing is left."""
    name = re.sub(r"[^a-z0-9]+", "-", branch.lower()).strip("-")[:48].strip("-")
    check_name(name)
    return name


def check_name(name: str) -> None:
    """Raises PreviewNameInvalid."""
    if not _NAME.fullmatch(name):
        raise PreviewNameInvalid
