"""A game's streams and their forms (rules STR1 to STR7 in docs/spec/streams.md)."""

from __future__ import annotations

from typing import Final, NamedTuple

from supergame.base.errors import FailedPrecondition, InvalidArgument
from supergame.base.ids import TitleId
from supergame.base.limits import Limits
from supergame.realtime.stream import Stream

FIRST_MODE: Final = 8
LAST_MODE: Final = 255


class StreamInvalid(InvalidArgument):
    """A stream of a game has a mode of 8 to 255, and short texts."""

    code = "stream.invalid"


class SessionMissing(FailedPrecondition):
    """This needs a socket: the session is not open here, or the call came over HTTP."""

    code = "stream.session_missing"


class StreamId(NamedTuple):
    """Names a stream within a title. Modes of 8 and above are a game's own."""

    mode: int
    subject: str = ""
    subcontext: str = ""
    label: str = ""


def stream_of(title_id: TitleId, name: StreamId, limits: Limits) -> Stream:
    """Raises StreamInvalid."""
    if not FIRST_MODE <= name.mode <= LAST_MODE:
        raise StreamInvalid(f"A stream of a game has a mode of {FIRST_MODE} to {LAST_MODE}.")
    if any(len(text.encode()) > limits.stream_name_bytes_max for text in name[1:]):
        raise StreamInvalid(f"Each text of a stream's name has at most {limits.stream_name_bytes_max} bytes.")
    return Stream(title_id, *name)
