"""Titles as operators see them (rules TTL1 to TTL12 in docs/spec/titles.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Final

import msgspec

from supergame.base.errors import InvalidArgument, NotFound, PermissionDenied
from supergame.base.ids import TitleId
from supergame.base.titles import environment_of, title_of
from supergame.wire import message
from supergame.wire.message import Message

OVERLAP_S_MAX: Final = 30 * 86_400
"""How long replaced keys may go on, so that clients in the stores have time to follow."""


class TitleUnknown(NotFound):
    """This deployment serves no such title."""

    code = "title.unknown"


class TitleClosed(PermissionDenied):
    """This title is closed for now."""

    code = "title.closed"


class OverlapInvalid(InvalidArgument):
    """Replaced keys go on for 0 to 2,592,000 seconds: at most 30 days."""

    code = "title.overlap_invalid"


class Settings(Message):
    """What operators decide for a title. A setting that is left out is decided elsewhere: by the title's other environments' common
    settings, by the options of `supergame up`, at last by the default.
    """

    is_open: Annotated[bool | None, message.field(1)] = None
    """False: nobody signs in or renews a session; sockets that are open stay open. Default: true."""
    single_socket: Annotated[bool | None, message.field(2)] = None
    """A player's new socket closes the older ones. Default: false."""
    single_match: Annotated[bool | None, message.field(3)] = None
    """A socket that joins a match leaves all others. Default: false."""

    def over(self, other: Settings) -> Settings:
        """These, and where they say nothing the others."""
        return Settings(**{**_given(other), **_given(self)})


DEFAULTS: Final = Settings(is_open=True, single_socket=False, single_match=False)


def _given(settings: Settings) -> dict[str, bool]:
    return {name: value for name, value in msgspec.structs.asdict(settings).items() if value is not None}


@dataclass(frozen=True, slots=True)
class Title:
    """One title in one environment, as it is served."""

    id: TitleId
    name: str
    settings: Settings = field(default_factory=Settings)
    """As the deployment's file has them; what operators change lies over them."""

    @property
    def title(self) -> str:
        """The title's own name in ids, the same in every environment: `starhop`."""
        return title_of(self.id)

    @property
    def environment(self) -> str:
        return environment_of(self.id)

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/t/{self.id}/"
