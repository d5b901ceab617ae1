"""Notes of players, pinned to a build (rules FBK1 to FBK9 in docs/spec/feedback.md)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

import msgspec

from supergame.base.clock import as_datetime
from supergame.base.errors import FailedPrecondition, InvalidArgument, NotFound, ResourceExhausted
from supergame.base.ids import TitleId, UserId
from supergame.base.names import has_control
from supergame.features.feedback.png import NoPng, size_of
from supergame.wire import message
from supergame.wire.message import Message

TEXT_BYTES_MAX: Final = 4_000
POSITION_BYTES_MAX: Final = 200
LOG_BYTES_MAX: Final = 8_000
BUILD_BYTES_MAX: Final = 128
SCREENSHOT_BYTES_MAX: Final = 180_000
"""As base64 in JSON, with the texts beside it, it still fits into a request's body."""

PER_HOUR: Final = 10
"""Notes of one player in one title; one more is refused."""

KEPT_MAX: Final = 1_000
"""Notes of one title; beyond, the oldest that are done are forgotten, and without any the new one is refused."""

HOUR_S: Final = 3_600
PAGE_MAX: Final = 100


class FeedbackInvalid(InvalidArgument):
    """A text, position, log, build or screenshot does not have the required form."""

    code = "feedback.invalid"


class TooMuchFeedback(ResourceExhausted):
    """You have told us a lot in the last hour; wait a little."""

    code = "feedback.too_much"


class FeedbackFull(ResourceExhausted):
    """So much feedback waits to be read that no more is taken."""

    code = "feedback.full"


class FeedbackNotFound(NotFound):
    """There is no such feedback, or it has no screenshot."""

    code = "feedback.not_found"


class FeedbackUnchanged(FailedPrecondition):
    """The feedback has this state already."""

    code = "feedback.unchanged"


class State(StrEnum):
    OPEN = "open"
    DONE = "done"


class GiveFeedback(Message):
    """What a player sends. `screenshot` is a PNG, in JSON as base64; `position` and `log` are whatever helps to find the place again."""

    text: Annotated[str, message.field(1)] = ""
    build: Annotated[str, message.field(2)] = ""
    position: Annotated[str, message.field(3)] = ""
    log: Annotated[str, message.field(4)] = ""
    screenshot: Annotated[bytes, message.field(5)] = b""


class Note(msgspec.Struct, frozen=True):
    title_id: TitleId
    feedback_id: str
    user_id: UserId
    username: str
    build: str
    text: str
    position: str
    log: str
    has_screenshot: bool
    state: State
    created_at: int

    def shown(self) -> FeedbackNote:
        return FeedbackNote(
            feedback_id=self.feedback_id,
            user_id=self.user_id,
            username=self.username,
            build=self.build,
            text=self.text,
            position=self.position,
            log=self.log,
            has_screenshot=self.has_screenshot,
            state=self.state,
            created_at=as_datetime(self.created_at),
        )


class FeedbackNote(Message):
    """As operators see it."""

    feedback_id: Annotated[str, message.field(1)] = ""
    user_id: Annotated[str, message.field(2)] = ""
    username: Annotated[str, message.field(3)] = ""
    build: Annotated[str, message.field(4)] = ""
    text: Annotated[str, message.field(5)] = ""
    position: Annotated[str, message.field(6)] = ""
    log: Annotated[str, message.field(7)] = ""
    has_screenshot: Annotated[bool, message.field(8)] = False
    state: Annotated[str, message.field(9)] = ""
    created_at: Annotated[datetime | None, message.field(10)] = None


def check(given: GiveFeedback) -> None:
    """Raises FeedbackInvalid."""
    if not given.text.strip():
        raise FeedbackInvalid("Feedback has a text.")
    bounds = (given.text, TEXT_BYTES_MAX), (given.position, POSITION_BYTES_MAX), (given.log, LOG_BYTES_MAX), (given.build, BUILD_BYTES_MAX)
    for text, most in bounds:
        if len(text.encode(errors="replace")) > most or "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
            raise FeedbackInvalid(
                f"A text, position, log or build is too long: {most} bytes are possible; or it has a letter that none has."
            )
    if not given.build or has_control(given.build) or has_control(given.position):
        raise FeedbackInvalid("A build is named, and it and a position are one line each.")
    if len(given.screenshot) > SCREENSHOT_BYTES_MAX:
        raise FeedbackInvalid(f"A screenshot has at most {SCREENSHOT_BYTES_MAX} bytes.")
    if given.screenshot:
        try:
            size_of(given.screenshot)
        except NoPng as reason:
            raise FeedbackInvalid(f"A screenshot is a PNG: {reason}.") from None


def check_state(text: str) -> State:
    """Raises FeedbackInvalid."""
    try:
        return State(text)
    except ValueError:
        raise FeedbackInvalid("Feedback is open or done.") from None
