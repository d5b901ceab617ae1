"""Feedback for those who make the game."""

from __future__ import annotations

from typing import Annotated, Final

from supergame.base.ids import TitleId
from supergame.features.feedback.model import FeedbackNote, State, check_state
from supergame.features.feedback.service import Feedback
from supergame.routing.console import Action, ConsoleRoutes, Permission
from supergame.routing.http import Request, Response
from supergame.wire.message import Int32, Message, field

FEEDBACK: Final = "/sg/v1/console/titles/{title_id}/feedback"
NOTE: Final = FEEDBACK + "/{feedback_id}"


class ListFeedback(Message):
    """`state` is open or done; empty is open."""

    title_id: Annotated[str, field(1)] = ""
    state: Annotated[str, field(2)] = ""
    limit: Annotated[Int32, field(3)] = 0
    cursor: Annotated[str, field(4)] = ""


class FeedbackList(Message):
    notes: Annotated[list[FeedbackNote], field(1)] = []
    cursor: Annotated[str, field(2)] = ""


class GetFeedback(Message):
    title_id: Annotated[str, field(1)] = ""
    feedback_id: Annotated[str, field(2)] = ""


class MarkFeedback(Message):
    title_id: Annotated[str, field(1)] = ""
    feedback_id: Annotated[str, field(2)] = ""
    state: Annotated[str, field(3)] = ""


def console_routes(feedback: Feedback) -> ConsoleRoutes:
    routes = ConsoleRoutes()

    @routes.read(FEEDBACK, Permission.FEEDBACK_READ)
    async def list_feedback(action: Action, request: ListFeedback) -> FeedbackList:
        state = check_state(request.state or State.OPEN)
        notes, cursor = await feedback.list(TitleId(request.title_id), state, request.limit, request.cursor)
        return FeedbackList(notes=[note.shown() for note in notes], cursor=cursor)

    @routes.read(NOTE, Permission.FEEDBACK_READ)
    async def get_feedback(action: Action, request: GetFeedback) -> FeedbackNote:
        return (await feedback.get(TitleId(request.title_id), request.feedback_id)).shown()

    @routes.read(NOTE + "/screenshot", Permission.FEEDBACK_READ)
    async def get_feedback_screenshot(action: Action, request: Request) -> Response:
        feedback_id = request.values["feedback_id"]
        png = await feedback.screenshot(TitleId(request.values["title_id"]), feedback_id)
        return Response(200, png, "image/png", _as_a_file(f"feedback-{feedback_id}.png"))

    @routes.act("PUT", NOTE, Permission.FEEDBACK_WRITE)
    async def mark_feedback(action: Action, request: MarkFeedback) -> FeedbackNote:
        title_id, state = TitleId(request.title_id), check_state(request.state)
        await feedback.mark(title_id, request.feedback_id, state)
        before = State.DONE if state is State.OPEN else State.OPEN
        action.changed(f"titles/{title_id}/feedback/{request.feedback_id}", before, state)
        return (await feedback.get(title_id, request.feedback_id)).shown()

    return routes


def _as_a_file(name: str) -> tuple[tuple[str, str], ...]:
    """A stranger's bytes are saved or shown as a picture, and never taken for a page or a script. `nosniff` all answers here have."""
    return (
        ("Content-Disposition", f'attachment; filename="{name}"'),
        ("Content-Security-Policy", "default-src 'none'; sandbox"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    )
